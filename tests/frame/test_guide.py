"""The guide's example does what the guide says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "frame.md").read_text(encoding="utf-8")


def test_the_guides_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    [example] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)

    exec(compile(example, "frame.md", "exec"), {"__name__": "guide"})

    said = capsys.readouterr().out.splitlines()
    assert said[:2] == re.findall(r"^print.*  # (.+)$", example, re.MULTILINE)
    assert said[2].startswith("3 rows as polars run on the columns layout, which should be the fastest")

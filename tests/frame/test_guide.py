"""The guide's example does what the guide says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "frame.md").read_text(encoding="utf-8")


def test_the_guides_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    example, again = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {"__name__": "guide"}

    exec(compile(example, "frame.md", "exec"), names)
    exec(compile(again, "frame.md", "exec"), names)

    said = capsys.readouterr().out.splitlines()
    assert said[:2] == re.findall(r"^print.*  # (.+)$", example, re.MULTILINE)
    assert said[2].startswith("3 rows as polars run on the columns layout, which should be the fastest")
    assert names["made"].equals(names["plan"].of(names["rows"]))
    assert names["fitted"].of(names["rows"]).equals(names["made"])

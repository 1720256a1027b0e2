"""The guide's examples do what the guide says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "frame.md").read_text(encoding="utf-8")


def test_the_guides_examples_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    examples = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {"__name__": "guide"}

    for example in examples:
        exec(compile(example, "frame.md", "exec"), names)

    said = capsys.readouterr().out.splitlines()
    assert said[:3] == re.findall(r"^print.*  # (.+)$", "".join(examples), re.MULTILINE)
    assert said[3].startswith("3 rows as polars run on the columns layout, which should be the fastest")
    assert names["made"].equals(names["plan"].of(names["rows"]))
    assert names["fitted"].of(names["rows"]).equals(names["made"])

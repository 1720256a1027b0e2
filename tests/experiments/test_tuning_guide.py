"""The guide to tuning, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from litmus_core.engine import check_tuning

ROOT = Path(__file__).resolve().parents[2]


def test_the_guides_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "guides" / "tuning.md").read_text(encoding="utf-8")
    run, plan = re.findall(r"```python\n(.*?)```", text, re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(run, "tuning.md", "exec"), names)
    names["handle"].studio.close()
    exec(compile(plan, "tuning.md", "exec"), names)

    assert capsys.readouterr().out.splitlines()[0].startswith("0 finished")
    check_tuning(names["plan"])

"""The guide for scientists, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_guides_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "guides" / "python.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(code, "python.md", "exec"), names)

    handles = names["handles"]
    board = handles.leaderboard()
    runs = [handle.run.title for handle in handles]
    handles.studio.close()
    assert runs == ["linear", "forest + forest (n_estimators=30)"]
    assert (tmp_path / "penguins.zip").exists()
    assert {"Random forest", "Random forest: n_estimators=30"} <= set(board["name"])
    assert board["validation log_loss"].notna().all()

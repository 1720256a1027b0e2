"""The README's Python, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_readmes_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _ = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(code, "README.md", "exec"), names)

    assert names["bundle"].predict([names["row"] | {"body_mass_g": 5000, "sex": None, "year": 2008}]) == [
        "Gentoo"
    ]
    names["handle"].studio.close()
    names["bundle"].close()


def test_the_readmes_call_for_scientists_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, code = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(code, "README.md", "exec"), names)

    handles = names["handles"]
    board = handles.leaderboard()
    plans = [handle.run.plan for handle in handles]
    shown = handles._repr_html_()
    handles.studio.close()
    assert [plan.cards for plan in plans] == [("linear",), (), ("linear",), ()]
    assert [plan.kfold.repeats for plan in plans] == [2, 2, 1, 1]
    assert board["chosen"].sum() == 4
    chosen = board[board["chosen"]]
    assert (chosen["validation accuracy"] > 0.6).all()
    assert chosen["test log_loss"].notna().all()
    assert "Fast boosted trees (LightGBM): learning_rate=0.1, num_leaves=15" in shown

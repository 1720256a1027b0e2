"""The guide to models of one's own, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_guides_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "guides" / "custom-models.md").read_text(encoding="utf-8")
    module, code = re.findall(r"```python\n(.*?)```", text, re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    (tmp_path / "my_models.py").write_text(module)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(code, "custom-models.md", "exec"), names)

    board = names["handle"].leaderboard().set_index("name")
    names["handle"].studio.close()
    assert board.loc["NearestMean", "validation"] > 0.5

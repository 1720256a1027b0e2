"""The README's Python, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_readmes_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(code, "README.md", "exec"), names)

    assert names["bundle"].predict([names["row"] | {"body_mass_g": 5000, "sex": None, "year": 2008}]) == [
        "Gentoo"
    ]
    names["handle"].studio.close()
    names["bundle"].close()

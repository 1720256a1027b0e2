from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle as a folder."""
    return Path(tiny.bundle(tmp_path / "bundle").path)


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """A bundle as a zip."""
    return Path(tiny.bundle(tmp_path / "bundle.zip", zipped=True).path)


def forge(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a manifest and seal it again, as a careful forger or another version of Litmus would."""
    plain = json.loads((folder / "manifest.json").read_text())
    change(plain)
    content = json.dumps(plain).encode()
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.sha256").write_text(hashlib.sha256(content).hexdigest())

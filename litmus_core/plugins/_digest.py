"""The hash of someone's own source: what is trusted, and what is found to have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

SOURCE = "source"  # what the person's key signs: a hash of source that may be run


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the Python files in ``folder``, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else ():
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()

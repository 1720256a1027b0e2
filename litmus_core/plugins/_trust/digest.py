"""The hash of custom source code: shows which version is trusted, and whether it changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

SOURCE = "source"  # signed with the user's key: the hash of source that may run


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the Python files in ``folder``, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else ():
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()

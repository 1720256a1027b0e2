"""The revision of the checks, which changes with their code."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def revision() -> str:
    """Return a hash (12 hexadecimal digits) of this package's source; reports of another one are outdated."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]

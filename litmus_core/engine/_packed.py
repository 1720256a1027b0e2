"""Files as bytes, for a machine that has no folder in common with this one."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable
from pathlib import Path


def pack(folder: Path, names: Iterable[str]) -> bytes:
    """Return those of ``names`` that are in ``folder``, files or folders, as an archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in names:
            if (folder / name).exists():
                archive.add(folder / name, arcname=name)
    return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """Put what was packed into ``folder``."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")

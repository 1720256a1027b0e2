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
    """Put what was packed into ``folder``, where others may be putting their own at the same time."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for name in archive.getnames():  # tarfile's own folders fail if another makes them first
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        archive.extractall(folder, filter="data")

"""Files as bytes, for a machine that shares no folder with this one."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable
from pathlib import Path


def pack(folder: Path, names: Iterable[str]) -> bytes:
    """Return an archive of the existing files and folders among ``names`` in ``folder``."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in names:
            if (folder / name).exists():
                archive.add(folder / name, arcname=name)
    return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """Unpack into ``folder``, where others may be unpacking at the same time."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for name in archive.getnames():  # tarfile itself fails if another process creates a folder first
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        archive.extractall(folder, filter="data")

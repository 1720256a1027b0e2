"""Zip archives: unpack the one table in them, without filling the disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from litmus_core.errors import DataError
from litmus_core.runtime import gzip_bomb_error, largest_unpacked

_CHUNK = 1 << 20


def open_zip(source: Path, *, name: str) -> zipfile.ZipFile:
    """Open a zip file; raises DataError if it is damaged."""
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as damaged:
        raise _damaged_error(name) from damaged


def unpack_zip(
    archive: zipfile.ZipFile, *, name: str, scratch: Path, suffixes: Sequence[str]
) -> tuple[Path, str]:
    """Unpack the one table (by ``suffixes``) in ``archive`` and return its path and name.

    Raises DataError if there is none or several, or the archive is locked, damaged or a zip bomb.
    """
    member = _only_table(archive, name=name, suffixes=suffixes)
    member_name = PurePosixPath(member.filename.replace("\\", "/")).name
    if member.flag_bits & 1:
        raise DataError(
            f"'{name}' is protected with a password.", hint="Unpack it and choose the file in it."
        )
    limit = largest_unpacked(archive.fp.seek(0, 2) if archive.fp else 0)
    if member.file_size > limit:
        raise gzip_bomb_error(name)
    to = scratch / f"member{Path(member_name).suffix.lower()[:10]}"
    n_bytes = 0
    try:
        with archive.open(member) as packed, to.open("wb") as plain:
            for chunk in iter(lambda: packed.read(_CHUNK), b""):
                n_bytes += len(chunk)
                if n_bytes > limit:
                    raise gzip_bomb_error(name)
                plain.write(chunk)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        RuntimeError,
    ) as damaged:
        raise _damaged_error(name) from damaged
    return to, member_name


def _only_table(archive: zipfile.ZipFile, *, name: str, suffixes: Sequence[str]) -> zipfile.ZipInfo:
    members = [
        member for member in archive.infolist() if not member.is_dir() and not _is_hidden(member.filename)
    ]
    tables = [member for member in members if Path(member.filename.lower()).suffix in suffixes]
    tables = tables or (members if len(members) == 1 else [])
    if len(tables) == 1:
        return tables[0]
    listed = ", ".join(f"'{table.filename}'" for table in (tables or members)[:5])
    more = f" and {len(tables or members) - 5:,} more" if len(tables or members) > 5 else ""
    if not tables:
        listing = f"It has {listed}{more}." if members else "It is empty."
        raise DataError(
            f"There is no table in '{name}'. {listing}", hint="Choose a CSV, Excel or Parquet file."
        )
    raise DataError(
        f"'{name}' holds {len(tables):,} tables: {listed}{more}.", hint="Unpack it and choose one of them."
    )


def _is_hidden(filename: str) -> bool:
    parts = PurePosixPath(filename.replace("\\", "/")).parts
    return "__MACOSX" in parts or any(part.startswith(".") for part in parts[-1:])


def _damaged_error(name: str) -> DataError:
    return DataError(f"'{name}' is a damaged zip file.", hint="Copy or download it again.")

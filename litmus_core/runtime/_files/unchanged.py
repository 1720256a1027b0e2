"""Files that are read in several passes: what another process writes meanwhile must not mix with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litmus_core.errors import DataError
from litmus_core.runtime._files.parquet import SUFFIXES


@contextmanager
def unchanged(source: Path) -> Iterator[None]:
    """Raise DataError at the end if a file, or a Parquet file of a folder, changed inside the block.

    It is also raised in place of what a half-written file made the readers say.
    """
    before = _stamps(source)
    try:
        yield
    except (DataError, OSError) as error:
        if _stamps(source) != before:
            raise _changed_error(source) from error
        raise
    if _stamps(source) != before:
        raise _changed_error(source)


def _stamps(source: Path) -> dict[str, tuple[int, ...]]:
    paths = source.iterdir() if source.is_dir() else [source]
    stamps: dict[str, tuple[int, ...]] = {}
    for path in paths:
        if path == source or path.suffix.lower() in SUFFIXES:
            stamps[path.name] = _stamp(path)
    return stamps


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _changed_error(source: Path) -> DataError:
    return DataError(
        f"'{source.name}' was changed while it was read: its rows could be of different moments.",
        hint="Try again when nothing writes to it, or copy it first and read the copy.",
    )

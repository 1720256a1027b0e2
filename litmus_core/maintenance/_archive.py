"""A backup file: a zip whose last entry lists every other one with its SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from cattrs.errors import BaseValidationError

from litmus_core.errors import WorkspaceError
from litmus_core.types import from_plain, to_plain

CONTENTS = "backup.json"
FORMAT = 1
_CHUNK = 1 << 20
_MOST_CONTENTS = 256 << 20  # bytes of backup.json


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveEntry:
    """A file in the backup: its size in bytes, and its SHA-256 in hex."""

    sha256: str
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTable:
    """A data set in the backup."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The contents of a backup, up to the journal's ``last_event``; ``left_out`` are links and lost files."""

    format: int
    made_at: str
    journal_id: str
    last_event: int
    tables: tuple[SavedTable, ...]
    files: dict[str, ArchiveEntry]
    left_out: tuple[str, ...] = ()


def copy_hashed(source: IO[bytes], to: IO[bytes] | None) -> ArchiveEntry:
    """Copy all of ``source``; return its size and hash."""
    digest, n_bytes = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        n_bytes += len(chunk)
        if to is not None:
            to.write(chunk)
    return ArchiveEntry(sha256=digest.hexdigest(), n_bytes=n_bytes)


def write_contents(archive: zipfile.ZipFile, contents: Contents) -> None:
    """Write the list of the backup's contents as its last entry."""
    archive.writestr(CONTENTS, json.dumps(to_plain(contents), ensure_ascii=False))


@contextmanager
def open_archive(file: Path) -> Iterator[tuple[zipfile.ZipFile, Contents]]:
    """Open a backup; any damage is raised as WorkspaceError."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _contents(archive, file)
    except FileNotFoundError as error:
        raise WorkspaceError(
            f"There is no file {file}.", hint="Give the file that 'litmus backup' wrote."
        ) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise damaged_error(file, str(error)) from error


def damaged_error(file: Path, problem: str) -> WorkspaceError:
    """Return the error for an incomplete backup."""
    return WorkspaceError(
        f"{file} is not a complete backup: {problem}.",
        hint="Nothing was changed. Take another backup, or copy it again.",
    )


def _contents(archive: zipfile.ZipFile, file: Path) -> Contents:
    info = archive.getinfo(CONTENTS)
    if info.file_size > _MOST_CONTENTS:
        raise ValueError("its list of contents is far too large")
    plain = json.loads(archive.read(info))
    if isinstance(plain, dict) and isinstance(plain.get("format"), int) and plain["format"] > FORMAT:
        raise WorkspaceError(f"{file} was written by a newer Litmus.", hint="Install the newer Litmus.")
    try:
        contents = from_plain(Contents, plain)
    except (BaseValidationError, TypeError) as error:
        raise ValueError("its list of contents is not of this shape") from error
    for name in contents.files:
        _check_name(name)
    return contents


def _check_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    if (
        not parts
        or "/".join(parts) != name
        or ".." in parts
        or name.startswith("/")
        or set("\\\0") & set(name)
    ):
        raise ValueError(f"it names a file {name!r}, which no workspace has")


def unpack(archive: zipfile.ZipFile, contents: Contents, to: Path | None, file: Path) -> None:
    """Write every file below ``to`` (None: only verify); raises WorkspaceError if a file differs."""
    listed = [info for info in archive.infolist() if info.filename != CONTENTS]
    names = [info.filename for info in listed]
    if sorted(names) != sorted(contents.files):
        raise damaged_error(file, "its files are not those on its list")
    for info in listed:
        entry = contents.files[info.filename]
        if info.file_size != entry.n_bytes or _unpack_one(archive, info, to) != entry:
            raise damaged_error(file, f"{info.filename} is not as it was saved")


def _unpack_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path | None) -> ArchiveEntry:
    with archive.open(info) as source:
        if to is None:
            return copy_hashed(source, None)
        target = to / info.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as sink:
            return copy_hashed(source, sink)


def free_bytes(folder: Path) -> int:
    """Return the free disk space at ``folder``, which need not exist."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def sync(path: Path) -> None:
    """Flush the file to disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())

"""The files that a user wrote into a folder: named, hashed and signed, so that no others are opened.

    .signed.json    the files by name, size and SHA-256, and a signature over all of that
    .writing.json   the signer is still writing: every file in the folder is theirs

The writing mark holds only for this folder, by its inode, and not for a copy: the files of a killed process
stay their owner's, and files from someone else never pass as such. In a copy only what was signed so far
counts; files that the process was about to write are ignored and never opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from litmus_core.errors import UntrustedError, writing
from litmus_core.trust._key import is_signed, signature
from litmus_core.trust._workspace import foreign_home

SIGNED, WRITING = ".signed.json", ".writing.json"
FINAL = "final"  # in a run's folder: a folder for each of its models of all rows
_FILES, _OPEN = "files", "writing"  # what the key signs
_OF_ONE_MODEL = re.compile(r"predictor/(?:models|utils/attr)/[^/]+/|predictor/tuning/")
# Records of how a run went are read as data and change after the run: files and folders with these prefixes.
_DATA = (
    SIGNED,
    WRITING,
    ".queued.json",
    "actions.",
    "compiled",
    "custom.log",
    "diagnostics.json",
    FINAL,  # models that are signed on their own
    "grown.json",
    "students",  # signed on their own, and removed with their process
    "worker.",
)

Hashes = dict[str, tuple[int, str]]
_Stamp = tuple[int, int, int]
_hashes: dict[Path, tuple[_Stamp, str]] = {}
_hash_lock = threading.Lock()


def begin_writing(folder: Path) -> None:
    """Declare that this user now writes into ``folder``: every file in it is theirs until it is signed.

    Check existing files first. Creates the folder; raises UsageError if it cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / WRITING, {"signature": signature(_OPEN, *_place(folder))})


def sign_files(folder: Path, *, goes_on: bool = False) -> None:
    """Sign all files of ``folder`` as they are now; files that this process hashed before are not read again.

    ``goes_on``: more files will follow, and this is only the latest complete state.
    """
    with writing(folder):
        hashes = {path.relative_to(folder).as_posix(): _fact(path) for path in _walk(folder, ())}
        listed = _SignedState(files=hashes, goes_on=goes_on)
        _replace(folder / SIGNED, {**asdict(listed), "signature": signature(_FILES, listed.text)})
        if not goes_on:
            (folder / WRITING).unlink(missing_ok=True)


def check_files(folder: Path, *, except_for: Iterable[str] = ()) -> None:
    """Raise UntrustedError unless this user wrote or trusts every file of ``folder`` as it is now.

    Missing files are ignored: nothing in them can be opened. The folders ``except_for`` are skipped, and a
    folder without files needs no trust.
    """
    if not folder.is_dir() or is_being_written(folder):
        return
    listed = _read_signed(folder)
    if listed is None and next(_walk(folder, tuple(except_for)), None) is None:
        return
    if listed is None:
        home, owner = foreign_home(folder), _owner(folder)
        where = owner if home is None else f"--workspace {home}"
        raise UntrustedError(
            f"The files of '{owner}' were not written by you here, so Litmus did not open them.",
            hint=f"If you trust whoever sent them: litmus trust {where}",
        )
    for path in _walk(folder, tuple(except_for)):
        name = path.relative_to(folder).as_posix()
        if name not in listed.files and listed.ignores(name):
            continue
        if name not in listed.files or listed.files[name] != _fact(path):
            raise _changed(folder, name, is_listed=name in listed.files)


def _owner(folder: Path) -> str:
    """Return the id that people know; the files of a final model belong to its run."""
    return folder.parent.parent.name if folder.parent.name == FINAL else folder.name


def _changed(folder: Path, name: str, *, is_listed: bool) -> UntrustedError:
    change, way_out = ("changed", "Restore it") if is_listed else ("added", "Remove it")
    return UntrustedError(
        f"The file {name} of '{_owner(folder)}' was {change} after the others were signed, so Litmus did not "
        "open it.",
        hint=f"{way_out}, or, if you trust whoever did that: litmus trust {_owner(folder)}",
    )


def is_cut_short(folder: Path) -> bool:
    """Return whether ``folder`` is a copy, signed by this user, of one whose process was killed."""
    listed = _read_signed(folder)
    return listed is not None and listed.goes_on and not is_being_written(folder)


def is_as_signed(folder: Path, name: str) -> bool:
    """Return whether the file ``name`` of ``folder`` is unchanged since this user signed it."""
    listed, path = _read_signed(folder), folder / name
    return listed is not None and path.exists() and listed.files.get(name) == _fact(path)


def are_files_trusted(folder: Path) -> bool:
    """Return whether :func:`check_files` accepts all files of ``folder``; hashes them all the first time."""
    try:
        check_files(folder)
    except UntrustedError:
        return False
    return True


def is_being_written(folder: Path) -> bool:
    """Return whether this user began to write into this folder, not a copy, and has not signed it since."""
    mark = _read(folder / WRITING)
    return mark is not None and is_signed(str(mark.get("signature", "")), _OPEN, *_place(folder))


def _place(folder: Path) -> tuple[str, str]:
    return folder.name, str(folder.stat().st_ino)


@dataclass(frozen=True, kw_only=True)
class _SignedState:
    """The signed state: each file's size and hash, and whether more was to be written."""

    files: Hashes
    goes_on: bool

    @property
    def text(self) -> str:
        return json.dumps([self.goes_on, self.files], sort_keys=True)

    @cached_property
    def _homes(self) -> frozenset[str]:
        return frozenset(home for name in self.files if (home := _model_folder(name)))

    def ignores(self, name: str) -> bool:
        """Return whether an unsigned file is one that a killed process was about to write.

        Nothing opens such a file: a model is opened only if the signed list of models names it, and then its
        whole folder was signed.
        """
        home = _model_folder(name)
        return self.goes_on and (".partial" in name or bool(home and home not in self._homes))


def _model_folder(name: str) -> str:
    """Return the folder that belongs to one model of a run; "" for other files."""
    match = _OF_ONE_MODEL.match(name)
    return match.group() if match else ""


def _read_signed(folder: Path) -> _SignedState | None:
    mark = _read(folder / SIGNED)
    try:
        files = {name: (int(size), str(digest)) for name, (size, digest) in mark["files"].items()}  # type: ignore[index]
        listed = _SignedState(files=files, goes_on=bool(mark["goes_on"]))  # type: ignore[index]
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return listed if is_signed(str(mark.get("signature", "")), _FILES, listed.text) else None  # type: ignore[union-attr]


def _walk(folder: Path, except_for: tuple[str, ...]) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(_DATA) or entry.name.endswith(".lock") or entry.name in except_for:
            continue
        if entry.is_symlink() or not entry.is_dir():
            yield entry
            continue
        for inner, folders, names in os.walk(entry):
            folders.sort()
            links = [name for name in folders if os.path.islink(os.path.join(inner, name))]
            yield from (Path(inner, name) for name in sorted([*names, *links]))


def _fact(path: Path) -> tuple[int, str]:
    """Return a file's size and hash; for a link, its target; for anything else, that it is not a file."""
    if path.is_symlink():
        return 0, f"link to {os.readlink(path)}"
    return (path.stat().st_size, _digest(path)) if path.is_file() else (0, "no file")


def _digest(path: Path) -> str:
    status = path.stat()
    stamp = (status.st_size, status.st_mtime_ns, status.st_ino)
    with _hash_lock:
        cached = _hashes.get(path)
    if cached is not None and cached[0] == stamp:
        return cached[1]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with _hash_lock:
        _hashes[path] = stamp, digest
    return digest


def _read(path: Path) -> dict[str, Any] | None:
    try:
        mark = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return mark if isinstance(mark, dict) else None


def _replace(path: Path, mark: dict[str, Any]) -> None:
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        partial.write_text(json.dumps(mark), encoding="utf-8")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise

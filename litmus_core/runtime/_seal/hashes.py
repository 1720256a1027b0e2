"""Hashes, which show that a bundle's files are the exported ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from litmus_core.errors import BundleError
from litmus_core.runtime._seal.manifest import CERTIFICATE, EXPORT_AGAIN, MANIFEST, SEAL, FileEntry, Manifest

_CHUNK = 1 << 20
_UNLISTED = (MANIFEST, SEAL, CERTIFICATE)
_DESKTOP_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}  # written by file managers; nothing reads them
MAX_MANIFEST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A manifest with a valid seal; ``sha256`` is of manifest.json, and so of the whole bundle."""

    manifest: Manifest
    sha256: str


def copy_and_hash(source: IO[bytes], to: IO[bytes] | None, *, limit: int) -> FileEntry:
    """Read ``source`` to its end, but at most ``limit`` + 1 bytes, writing it to ``to``."""
    digest, n_bytes = hashlib.sha256(), 0
    while n_bytes <= limit and (chunk := source.read(min(_CHUNK, limit + 1 - n_bytes))):
        digest.update(chunk)
        n_bytes += len(chunk)
        if to is not None:
            to.write(chunk)
    return FileEntry(sha256=digest.hexdigest(), n_bytes=n_bytes)


def hash_folder(folder: Path) -> dict[str, FileEntry]:
    """Return every file of ``folder`` except manifest, seal and certificate, sorted by path with ``/``."""
    entries = {}
    for name in sorted(_files(folder)):
        with (folder / name).open("rb") as file:
            entries[name] = copy_and_hash(file, None, limit=(folder / name).stat().st_size)
    return entries


def seal_of(manifest: bytes) -> str:
    """Return the manifest's own SHA-256, in hex."""
    return hashlib.sha256(manifest).hexdigest()


def seal_folder(folder: Path, draft: Manifest) -> Sealed:
    """Write ``draft`` with the hashes of all current files, and its seal, into ``folder``."""
    manifest = replace(draft, files=hash_folder(folder))
    content = manifest.to_json()
    (folder / MANIFEST).write_bytes(content)
    (folder / SEAL).write_text(f"{seal_of(content)}  {MANIFEST}\n", encoding="ascii")
    return Sealed(manifest=manifest, sha256=seal_of(content))


def open_manifest(manifest: bytes, seal: bytes | None) -> Sealed:
    """Read a manifest with a valid seal; raises BundleError otherwise."""
    sealed = Manifest.from_json(manifest)  # first, so that a file of another kind is reported as such
    if seal is None:
        raise BundleError(f"The bundle's {SEAL} is missing.", hint=EXPORT_AGAIN)
    if seal.decode("ascii", "replace").split()[:1] != [seal_of(manifest)]:
        raise BundleError("The bundle's manifest.json was changed after the export.", hint=EXPORT_AGAIN)
    for name in sealed.files:
        check_name(name)
    return Sealed(manifest=sealed, sha256=seal_of(manifest))


def check_name(name: str) -> None:
    """Raise BundleError if a file's name leads out of the bundle, or means something else on other
    systems."""
    parts = PurePosixPath(name).parts
    good = bool(parts) and not name.startswith("/") and "/".join(parts) == name
    if not good or ".." in parts or any(bad in name for bad in ("\\", ":", "\0")) or name in _UNLISTED:
        raise BundleError(f"The bundle's manifest.json names a file {name!r}, which no bundle has.")


def read_folder_manifest(folder: Path) -> Sealed:
    """Return the manifest of a bundle in ``folder``, with its seal checked; raises BundleError."""
    if not (folder / MANIFEST).is_file():
        inner = [path.name for path in folder.iterdir() if (path / MANIFEST).is_file()]
        hint = f"Did you mean {folder / inner[0]}?" if inner else "Give the folder or .zip of an export."
        raise BundleError(f"{folder} is not a bundle: it has no {MANIFEST}.", hint=hint)
    if (folder / MANIFEST).stat().st_size > MAX_MANIFEST_BYTES:
        raise BundleError("The bundle's manifest.json is far too large.", hint=EXPORT_AGAIN)
    seal = (folder / SEAL).read_bytes() if (folder / SEAL).is_file() else None
    return open_manifest((folder / MANIFEST).read_bytes(), seal)


def verify_folder(folder: Path, manifest: Manifest) -> None:
    """Raise BundleError unless ``folder`` holds exactly the files of ``manifest``, byte for byte."""
    files = set(_files(folder))
    listed = set(manifest.files)
    _refuse("missing from", listed - files)
    _refuse("in the folder, but not part of", {name for name in files - listed if not _is_desktop_file(name)})
    changed = set()
    for name, entry in manifest.files.items():
        with (folder / name).open("rb") as file:
            if copy_and_hash(file, None, limit=entry.n_bytes) != entry:
                changed.add(name)
    _refuse("not as exported in", changed)


def _refuse(relation: str, names: Iterable[str]) -> None:
    bad = sorted(names)
    if bad:
        shown = ", ".join(bad[:3]) + (f" and {len(bad) - 3} more" if len(bad) > 3 else "")
        verb = "is" if len(bad) == 1 else "are"
        raise BundleError(f"{shown} {verb} {relation} the bundle.", hint=EXPORT_AGAIN)


def _files(folder: Path) -> list[str]:
    """Return the paths of all files in ``folder``; links are refused."""
    names = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise BundleError(f"{name} in the bundle is a link.", hint="Copy the bundle with its real files.")
        if not path.is_dir() and name not in _UNLISTED:
            names.append(name)
    return names


def _is_desktop_file(name: str) -> bool:
    return PurePosixPath(name).name in _DESKTOP_FILES

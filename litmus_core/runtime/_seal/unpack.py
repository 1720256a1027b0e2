"""Unpack a zipped bundle: only the manifest's files, of the stated sizes, hashed while unpacking."""

from __future__ import annotations

import contextlib
import lzma
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from litmus_core.errors import BundleError
from litmus_core.runtime._scratch import Scratch
from litmus_core.runtime._seal.hashes import MAX_MANIFEST_BYTES, Sealed, copy_and_hash, open_manifest
from litmus_core.runtime._seal.manifest import EXPORT_AGAIN, MANIFEST, SEAL, FileEntry, Manifest

_UNSUSPICIOUS_BYTES = 256 << 20  # below this, no ratio matters
# RuntimeError: encrypted, or an unknown compression; the others: invalid lengths or names.
_UNREADABLE = (zlib.error, lzma.LZMAError, struct.error, EOFError, OverflowError, RuntimeError, ValueError)
_MAX_RATIO = 200  # models shrink 2 to 20 times, a zip bomb a thousand times


def read_zip_manifest(path: Path) -> Sealed:
    """Return the manifest of the zipped bundle at ``path``, with its seal checked; raises BundleError."""
    with _opened(path) as archive:
        return open_manifest(*_manifest_and_seal(archive, _root(archive, path)))


def unpack(path: Path) -> tuple[Sealed, Scratch]:
    """Unpack the zipped bundle at ``path`` into a new temporary folder, which is a complete bundle.

    Every file's hash is checked. The caller closes the scratch folder. Raises BundleError for any difference
    from the export; then nothing is left behind.
    """
    with _opened(path) as archive:
        root = _root(archive, path)
        content, seal = _manifest_and_seal(archive, root)
        sealed = open_manifest(content, seal)
        _refuse_bomb(path, sealed.manifest)
        scratch = Scratch.create()
        try:
            for name, entry in sealed.manifest.files.items():
                _extract(archive, root + name, entry, to=scratch.folder / name)
            (scratch.folder / MANIFEST).write_bytes(content)  # the unpacked folder is a complete bundle again
            (scratch.folder / SEAL).write_bytes(seal or b"")
        except BaseException:
            scratch.close()
            raise
    return sealed, scratch


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise BundleError(
            f"{path} is not a bundle: it is neither a folder nor a whole zip file.", hint=EXPORT_AGAIN
        ) from error
    except _UNREADABLE as error:
        raise BundleError(f"{path} cannot be unpacked: {error}.", hint=EXPORT_AGAIN) from error
    except OSError as error:  # a position before the start of the file, or a full disk
        raise BundleError(
            f"{path} cannot be unpacked: {error.strerror or error}.",
            hint=f"Copy it again, or make room in {tempfile.gettempdir()}.",
        ) from error


def _root(archive: zipfile.ZipFile, path: Path) -> str:
    """Return the prefix of the bundle's paths: none, or the folder that was zipped by hand."""
    roots = [name[: -len(MANIFEST)] for name in archive.namelist() if name.rpartition("/")[2] == MANIFEST]
    shallow = [root for root in roots if root.count("/") <= 1 and not root.startswith("__MACOSX")]
    if not shallow:
        raise BundleError(
            f"{path} is not a bundle: it has no {MANIFEST}.", hint="Give the folder or .zip of an export."
        )
    return min(shallow, key=len)


def _manifest_and_seal(archive: zipfile.ZipFile, root: str) -> tuple[bytes, bytes | None]:
    with archive.open(root + MANIFEST) as file:
        content = file.read(MAX_MANIFEST_BYTES + 1)
    if len(content) > MAX_MANIFEST_BYTES:
        raise BundleError("The bundle's manifest.json is far too large.", hint=EXPORT_AGAIN)
    if root + SEAL not in archive.namelist():
        return content, None
    with archive.open(root + SEAL) as file:
        return content, file.read(1000)


def _refuse_bomb(path: Path, manifest: Manifest) -> None:
    n_bytes = sum(entry.n_bytes for entry in manifest.files.values())
    if n_bytes > max(_UNSUSPICIOUS_BYTES, _MAX_RATIO * path.stat().st_size):
        raise BundleError(
            f"{path} would unpack to {n_bytes / 1e9:,.1f} GB, which no model's zip of its size does.",
            hint="Load only bundles that you trust.",
        )
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if n_bytes > free:
        raise BundleError(
            f"Unpacking needs {n_bytes / 1e6:,.0f} MB; {tempfile.gettempdir()} has {free / 1e6:,.0f}.",
            hint="Make room, set TMPDIR to a larger disk, or unpack the zip yourself and load the folder.",
        )


def _extract(archive: zipfile.ZipFile, name: str, entry: FileEntry, *, to: Path) -> None:
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise BundleError(f"{name} is missing from the bundle.", hint=EXPORT_AGAIN) from error
    to.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(info) as source, to.open("xb") as target:
        digest = copy_and_hash(source, target, limit=entry.n_bytes)
    if digest != entry:
        raise BundleError(f"{name} is not as exported in the bundle.", hint=EXPORT_AGAIN)

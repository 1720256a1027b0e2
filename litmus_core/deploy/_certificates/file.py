"""certificate.json: in the bundle, but not under its seal, since it is issued after sealing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from litmus_core.errors import BundleError, writing
from litmus_core.runtime import CERTIFICATE, MANIFEST, read_sealed
from litmus_core.types import Certificate, from_plain, to_plain

_MOST_BYTES = 16 << 20
_AGAIN = "Certify the bundle again: litmus certify BUNDLE."


def write_certificate(path: Path, certificate: Certificate) -> None:
    """Put ``certificate`` into the bundle at ``path``, replacing an older one.

    The bundle's other files and its hash do not change. The old state stays until the new one is complete.
    Raises UsageError if it cannot be written.
    """
    plain = to_plain(certificate)
    content = json.dumps({"certificate": plain, "sha256": _hash(plain)}, indent=1, ensure_ascii=False)
    with writing(path):
        handle, name = tempfile.mkstemp(prefix=".certificate-", suffix=".partial", dir=path.absolute().parent)
        os.close(handle)
        partial = Path(name)
        try:
            if path.is_dir():
                partial.write_text(content, encoding="utf-8")
                partial.chmod(0o644)
                partial.replace(path / CERTIFICATE)
            else:
                _rewrite(path, partial, content)
                shutil.copymode(path, partial)
                partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def read_certificate(path: Path) -> Certificate | None:
    """Return the certificate in the bundle at ``path``, None if there is none.

    Raises BundleError if it is damaged, was changed, or belongs to another bundle.
    """
    sealed = read_sealed(path)
    content = _content(path)
    if content is None:
        return None
    try:
        plain = json.loads(content)
        certificate = from_plain(Certificate, plain["certificate"])
    except Exception as error:  # cattrs raises an exception group with one error per field
        raise BundleError(f"The bundle's {CERTIFICATE} is damaged.", hint=_AGAIN) from error
    if plain.get("sha256") != _hash(plain["certificate"]):
        raise BundleError(f"The bundle's {CERTIFICATE} was changed after it was earned.", hint=_AGAIN)
    if certificate.bundle_sha256 != sealed.sha256:
        raise BundleError(f"The bundle's {CERTIFICATE} is of another bundle.", hint=_AGAIN)
    return certificate


def _hash(plain: Any) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _content(path: Path) -> bytes | None:
    if path.is_dir():
        file = path / CERTIFICATE
        return file.read_bytes()[:_MOST_BYTES] if file.is_file() else None
    with zipfile.ZipFile(path) as archive:
        name = _root(archive) + CERTIFICATE
        if name not in archive.namelist():
            return None
        with archive.open(name) as member:
            return member.read(_MOST_BYTES)


def _root(archive: zipfile.ZipFile) -> str:
    """Return the prefix of the bundle's paths in a zip whose manifest was found before."""
    roots = [name[: -len(MANIFEST)] for name in archive.namelist() if name.rpartition("/")[2] == MANIFEST]
    return min((root for root in roots if not root.startswith("__MACOSX")), key=len)


def _rewrite(path: Path, to: Path, content: str) -> None:
    """Rewrite the zip with the certificate as its last entry, dated 1980 like the others."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w") as target:
        name = _root(source) + CERTIFICATE
        for info in source.infolist():
            if info.filename != name:
                with source.open(info) as member, target.open(_new_entry(info), "w") as copy:
                    shutil.copyfileobj(member, copy, 1 << 20)
        entry = zipfile.ZipInfo(name)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        target.writestr(entry, content)


def _new_entry(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return a new zip entry with the name, date and compression of ``info``."""
    entry = zipfile.ZipInfo(info.filename, info.date_time)
    entry.compress_type, entry.external_attr = info.compress_type, info.external_attr
    entry.file_size = info.file_size  # lets zipfile choose ZIP64 for large entries
    return entry

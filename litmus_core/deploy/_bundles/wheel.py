"""The base package as a wheel, built reproducibly from the installed files, without network or build tool."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import litmus_core
from litmus_core.errors import DISTRIBUTION, BundleError

_SHIPPED_SUFFIXES = {".py", ".typed", ".html", ".so"}
_PAGES = "_studio"  # the app in an installed package, which no bundle needs
_MADE_AT = (1980, 1, 1, 0, 0, 0)
_METADATA = ("Name", "Summary", "License-Expression", "Requires-Python", "Requires-Dist", "Provides-Extra")
_TAG = "py3-none-any"
_STEM = DISTRIBUTION.replace("-", "_")  # hyphens separate the parts of a file name, so the name has none
_WHEEL = f"Wheel-Version: 1.0\nGenerator: litmus\nRoot-Is-Purelib: true\nTag: {_TAG}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A built distribution: file name, version (with a hash of its code), and bytes."""

    name: str
    version: str
    content: bytes


@cache
def base_wheel() -> Wheel:
    """Return the wheel of the running ``litmus_core``, built once a process.

    Its version ends in a hash of its contents, such as ``0.1.0+c5f0e…``: no package index has such a version,
    so the bundle's own wheel is what gets installed. Raises BundleError if Litmus runs from bare files
    without metadata.
    """
    files = _files(Path(litmus_core.__file__).parent)
    about = _metadata()
    digest = hashlib.sha256(about.encode())
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    version = f"{litmus_core.__version__}+c{digest.hexdigest()[:12]}"
    folder = f"{_STEM}-{version}.dist-info"
    files |= {
        f"{folder}/METADATA": f"Metadata-Version: 2.4\nVersion: {version}\n{about}".encode(),
        f"{folder}/WHEEL": _WHEEL.encode(),
        f"{folder}/entry_points.txt": b"[console_scripts]\nlitmus = litmus_core.cli:main\n",
    }
    files[f"{folder}/RECORD"] = _record(files, f"{folder}/RECORD")
    return Wheel(name=f"{_STEM}-{version}-{_TAG}.whl", version=version, content=_zip_files(files))


def _files(package: Path) -> dict[str, bytes]:
    paths = sorted(
        path
        for path in package.rglob("*")
        if path.suffix in _SHIPPED_SUFFIXES
        and path.relative_to(package).parts[0] != _PAGES
        and path.is_file()
    )
    return {path.relative_to(package.parent).as_posix(): path.read_bytes() for path in paths}


def _metadata() -> str:
    """Return the installed Litmus's metadata: its name, and above all its requirements."""
    try:
        details = metadata.metadata(DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise BundleError(
            "Litmus is not installed here, only its files are there, so it cannot say what it needs.",
            hint="Install it, from a checkout: pip install -e .",
        ) from error
    return "".join(f"{field}: {value}\n" for field in _METADATA for value in details.get_all(field) or ())


def _record(files: dict[str, bytes], record_name: str) -> bytes:
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*lines, f"{record_name},,\n"]).encode()


def _zip_files(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _MADE_AT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()

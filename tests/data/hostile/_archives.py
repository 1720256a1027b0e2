"""Archives: broken, bombs, locked, of many files."""

from __future__ import annotations

import gzip
import struct
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from tests.data.hostile._file import Hostile


def _zipped(path: Path, members: dict[str, bytes | str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _gzip_bomb(path: Path) -> None:
    """Write 40 MiB of one letter, 1,000 times as small."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(40):
            file.write(b"a" * (1 << 20))


def _zip_bomb(path: Path) -> None:
    """Write 40 MiB of one letter whose size the archive says."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("t.csv", "w") as file,
    ):
        for _ in range(40):
            file.write(b"a" * (1 << 20))


def _lying_zip_bomb(path: Path) -> None:
    """Write the same bomb, with a size of 10 bytes in its directory."""
    _zip_bomb(path)
    content, size = path.read_bytes(), struct.pack("<I", 40 << 20)
    path.write_bytes(content.replace(size, struct.pack("<I", 10)))


def _locked_zip(path: Path) -> None:
    _zipped(path, {"t.csv": "a,b\n1,2\n"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    path.write_bytes(content)


def archives() -> Iterable[Hostile]:
    table = "a,b\n1,2\n3,4\n"
    packed = gzip.compress(table.encode() * 50)
    yield Hostile("gzip", "t.csv.gz", gzip.compress(table.encode()), n_rows=2)
    yield Hostile("gzip by another name", "t.csv", gzip.compress(table.encode()), n_rows=2)
    yield Hostile("gzip cut off", "t.csv.gz", packed[:-12], says="'t.csv.gz' is a damaged gzip file.")
    yield Hostile(
        "gzip with a flipped byte", "t.csv.gz", packed[:30] + b"\xff\x00" + packed[32:], says="damaged gzip"
    )
    yield Hostile("gzip of nothing", "t.csv.gz", gzip.compress(b""), says="'t.csv.gz' is empty.")
    yield Hostile("gzip within gzip", "t.csv.gz", gzip.compress(packed), n_rows=149)
    yield Hostile("gzip bomb", "t.csv.gz", _gzip_bomb, says="unpacks to more than 200 times its size")
    yield Hostile("zip", "t.zip", lambda path: _zipped(path, {"in/t.csv": table}), n_rows=2)
    yield Hostile("zip by another name", "t.csv", lambda path: _zipped(path, {"x.csv": table}), n_rows=2)
    yield Hostile(
        "zip from a Mac",
        "t.zip",
        lambda path: _zipped(path, {"t.csv": table, "__MACOSX/._t.csv": "\x00"}),
        n_rows=2,
    )
    yield Hostile(
        "zip of several tables", "t.zip", lambda path: _zipped(path, {"x.csv": table, "y.csv": table}),
        says="'t.zip' holds 2 tables: 'x.csv', 'y.csv'.",
    )  # fmt: skip
    yield Hostile(
        "zip of no table", "t.zip", lambda path: _zipped(path, {"a.png": "", "b.doc": ""}), says="no table"
    )
    yield Hostile("zip of nothing", "t.zip", lambda path: _zipped(path, {}), says="It is empty.")
    yield Hostile(
        "zip that climbs out", "t.zip", lambda path: _zipped(path, {"../../../evil.csv": table}), n_rows=2
    )
    yield Hostile(
        "zip with an absolute path", "t.zip", lambda path: _zipped(path, {"/etc/evil.csv": table}), n_rows=2
    )
    yield Hostile("zip bomb", "t.zip", _zip_bomb, says="unpacks to more than 200 times its size")
    yield Hostile("zip bomb that lies", "t.zip", _lying_zip_bomb, says="'t.zip' is a damaged zip file.")
    yield Hostile("zip with a password", "t.zip", _locked_zip, says="is protected with a password")
    yield Hostile("zip cut off", "t.zip", b"PK\x03\x04" + bytes(40), says="'t.zip' is a damaged zip file.")

    def nested(path: Path) -> None:
        inner = BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("t.csv", table)
        _zipped(path, {"inner.zip": inner.getvalue()})

    yield Hostile("zip within zip", "t.zip", nested, says="archive within an archive")
    yield Hostile("bzip2", "t.csv.bz2", b"BZh91AY&SY" + bytes(20), says="is compressed")
    yield Hostile("xz", "t.csv.xz", b"\xfd7zXZ\x00" + bytes(20), says="is compressed")

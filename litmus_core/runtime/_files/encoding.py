"""Convert a file to UTF-8 text that every reader accepts, or raise an error that names its kind."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import DataError

_CHUNK = 1 << 20
_SMALL = 256 << 20  # bytes that are unpacked from any archive
_MOST_EXPANSION = 200
_OFTEN, _SELDOM = 0.4, 0.02
_MARKS = (  # longest first: UTF-32's mark starts with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DUCKDB = b"DUCK"  # after a checksum of 8 bytes
_NOT_TABLES = (
    (b"PK\x03\x04", "is an Excel workbook or a zip archive", "Save the sheet as CSV, or unpack the archive."),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook", "Save the sheet as CSV and import that."),
    (b"%PDF", "is a PDF document", "Export the table itself as CSV."),
    (b"\x89PNG", "is a picture", "Choose a CSV or Parquet file."),
    (b"\xff\xd8\xff", "is a picture", "Choose a CSV or Parquet file."),
    (b"SQLite format 3", "is an SQLite database", "Export one of its tables as CSV."),
    (_DUCKDB, "is a DuckDB database", "Export one of its tables: COPY name TO 'rows.parquet'."),
    (b"BZh", "is compressed", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "is compressed", "Unpack it first."),
    (b"\xfd7zXZ", "is compressed", "Unpack it first."),
)
_DAMAGED = "\ufffd"  # the replacement for bytes that are not a character
_MOSTLY = 10  # valid characters for each damaged one, in UTF-8 text with a few accidents
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27})


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A UTF-8 file without a byte-order mark; ``note`` describes the changes.

    ``encoding`` is the source's encoding, ``why`` the evidence for it.
    """

    path: Path
    note: str = ""
    encoding: str = "utf-8"
    why: str = ""


def open_text(source: Path, *, scratch: Path, encoding: str | None = None) -> Text:
    """Return ``source`` itself if it is clean UTF-8, else a UTF-8 copy of it in the folder ``scratch``.

    UTF-16 and UTF-32 are recognised by their mark, gzip is unpacked, NUL characters are dropped, and other
    bytes are read as Western European (cp1252, else latin-1). Raises DataError if the file is not text, or
    not in the given ``encoding``.
    """
    name, head = source.name, _head(source)
    if head.startswith(b"\x1f\x8b"):
        source = unpack_gzip(source, to=scratch / "unpacked.csv")
        head = _head(source)
    _refuse_other_files(name, head)
    text_file = (
        _find(source, head, name=name) if encoding is None else _as_requested(source, encoding, name=name)
    )
    if text_file.read_as is None:
        return Text(path=source, encoding=text_file.encoding, why=text_file.why)
    copy = scratch / "text.csv"
    n_dropped, n_damaged = _rewrite(source, text_file.read_as, copy)
    note = _note(text_file.encoding if encoding is None else "", n_dropped, n_damaged)
    return Text(path=copy, note=note, encoding=text_file.encoding, why=text_file.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Encoding:
    """An encoding and the evidence for it; ``read_as`` None: the file needs no conversion."""

    encoding: str
    why: str
    read_as: str | None = None


def _as_requested(source: Path, encoding: str, *, name: str) -> _Encoding:
    """Use the requested encoding if the whole file is valid in it."""
    try:
        canonical = codecs.lookup(encoding).name
        for _ in _decoded(source, canonical):
            pass
    except UnicodeError as misfit:
        raise DataError(
            f"'{name}' cannot be read as {encoding}: {_where(misfit)}.",
            hint="Choose another encoding, or leave it out: Litmus then finds one that fits.",
        ) from misfit
    return _Encoding(encoding=encoding, why="as asked for", read_as=canonical)


def _where(misfit: UnicodeError) -> str:
    if isinstance(misfit, UnicodeDecodeError):
        return f"the byte {misfit.object[misfit.start]:#04x} is not a letter there"
    return "its bytes do not fit"


def largest_unpacked(n_packed: int) -> int:
    """Return how many bytes a packed file may hold: tables shrink to a tenth, rarely to a hundredth."""
    return max(_SMALL, _MOST_EXPANSION * n_packed)


def gzip_bomb_error(name: str) -> DataError:
    """Return the error for an archive that would fill the disk."""
    return DataError(
        f"'{name}' unpacks to more than {_MOST_EXPANSION} times its size, as no table does.",
        hint="If you trust it, unpack it yourself and choose the file in it.",
    )


def _head(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(_CHUNK)


def unpack_gzip(source: Path, *, to: Path) -> Path:
    """Write the contents of the gzip file to ``to``; raises DataError if it is damaged or a gzip bomb."""
    limit, n_bytes = largest_unpacked(source.stat().st_size), 0
    try:
        with gzip.open(source) as packed, to.open("wb") as plain:
            for chunk in iter(lambda: packed.read(_CHUNK), b""):
                n_bytes += len(chunk)
                if n_bytes > limit:
                    raise gzip_bomb_error(source.name)
                plain.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as damaged:
        raise DataError(
            f"'{source.name}' is a damaged gzip file.", hint="Copy or download it again."
        ) from damaged
    return to


def _refuse_other_files(name: str, head: bytes) -> None:
    for magic, kind, hint in _NOT_TABLES:
        if head.startswith(magic, 8 if magic == _DUCKDB else 0):
            raise DataError(f"'{name}' {kind}, not a table.", hint=hint)
    start = head[:2000].decode("latin-1").lstrip("\ufeff\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise DataError(
            f"'{name}' is a web page or XML document, not a table.", hint="Download the CSV file itself."
        )
    if start.startswith(("{", "[")) and start[1:].lstrip()[:1] in ('"', "{", "["):
        raise DataError(f"'{name}' holds JSON, not a table.", hint="Save it as CSV or Parquet.")


def _find(source: Path, head: bytes, *, name: str) -> _Encoding:
    """Return the encoding of ``source``, judged by its byte-order mark or else by all its bytes."""
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    unmarked = _unmarked_utf16(head) if marked is None else None
    if marked is None and unmarked is None and _is_binary(head):
        raise DataError(
            f"'{name}' does not look like text, so it is not a table Litmus can read.",
            hint="Choose a CSV, Excel, JSON or Parquet file.",
        )
    if unmarked is not None:
        return _Encoding(
            encoding=unmarked, why="its second bytes are often 0 and the first ones never", read_as=unmarked
        )
    if marked not in (None, "utf-8-sig"):
        return _Encoding(encoding=str(marked), why="the file begins with its mark", read_as=marked)
    counts = _count_letters(source)
    if marked or counts.damaged * _MOSTLY <= counts.letters:
        rewrite = "utf-8" if counts.nul or counts.damaged else None
        return _Encoding(encoding="utf-8", why=counts.why_utf8(marked=bool(marked)), read_as=rewrite)
    western = "cp1252" if _decodes(source, "cp1252") else "latin-1"
    why = f"{counts.damaged:,} of its letters are not UTF-8, and all are {western}"
    return _Encoding(encoding=western, why=why, read_as=western)


def _unmarked_utf16(head: bytes) -> str | None:
    """Return the UTF-16 variant whose every other byte is often 0, as for digits and Western letters."""
    some = head[:2000]
    if len(some) < 8:
        return None
    odd, even = (half.count(0) / len(half) for half in (some[1::2], some[::2]))
    if odd > _OFTEN and even < _SELDOM:
        return "utf-16-le"
    return "utf-16-be" if even > _OFTEN and odd < _SELDOM else None


def _is_binary(head: bytes) -> bool:
    """Return whether more than one byte in a hundred is a control character unusual in text."""
    n_control = len(head) - len(head.translate(None, _CONTROL))
    return n_control > len(head) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _CharacterCounts:
    """The numbers of NULs, other non-ASCII characters and damaged ones in a file read as UTF-8."""

    nul: int
    letters: int
    damaged: int

    def why_utf8(self, *, marked: bool) -> str:
        if marked:
            return "the file begins with its mark"
        if self.damaged:
            return f"{self.letters:,} letters fit and {self.damaged:,} do not"
        if self.letters:
            return f"all {self.letters:,} letters beyond ASCII fit"
        return "the file holds ASCII only"


def _count_letters(source: Path) -> _CharacterCounts:
    n_nul = n_letters = n_damaged = 0
    for text in _decoded(source, "utf-8", errors="replace"):
        n_nul += text.count("\x00")
        if not text.isascii():
            n_bad = text.count(_DAMAGED)
            n_damaged += n_bad
            n_letters += sum(1 for letter in text if letter > "\x7f") - n_bad
    return _CharacterCounts(nul=n_nul, letters=n_letters, damaged=n_damaged)


def _decodes(source: Path, encoding: str) -> bool:
    try:
        for _ in _decoded(source, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _decoded(source: Path, encoding: str, *, errors: str = "strict") -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with source.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _rewrite(source: Path, encoding: str, copy: Path) -> tuple[int, int]:
    """Write ``source`` as UTF-8 without NULs; return the numbers of NULs and of damaged characters."""
    n_dropped = n_damaged = 0
    with copy.open("w", encoding="utf-8", newline="") as file:
        for text in _decoded(source, encoding, errors="replace"):
            n_dropped += text.count("\x00")
            n_damaged += text.count(_DAMAGED)
            file.write(text.replace("\x00", "").replace("\ufeff", ""))
    return n_dropped, n_damaged


def _note(encoding: str, n_dropped: int, n_damaged: int) -> str:
    notes = []
    if encoding in ("cp1252", "latin-1"):
        notes.append("The file is not UTF-8; its letters were read as Western European.")
    if n_dropped:
        notes.append(f"{n_dropped:,} NUL characters were dropped.")
    if n_damaged:
        notes.append(f"{n_damaged:,} letters could not be read and stand as '{_DAMAGED}'.")
    return " ".join(notes)

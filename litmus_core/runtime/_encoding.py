"""From a file's bytes to UTF-8 text that every reader takes, or one sentence about what it is instead."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import DataError

_CHUNK = 1 << 20
_MARKS = (  # longest first: UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TABLES = (
    (b"PK\x03\x04", "is an Excel workbook or a zip archive", "Save the sheet as CSV, or unpack the archive."),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook", "Save the sheet as CSV and import that."),
    (b"%PDF", "is a PDF document", "Export the table itself as CSV."),
    (b"\x89PNG", "is a picture", "Choose a CSV or Parquet file."),
    (b"\xff\xd8\xff", "is a picture", "Choose a CSV or Parquet file."),
    (b"SQLite format 3", "is an SQLite database", "Export one of its tables as CSV."),
    (b"BZh", "is compressed", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "is compressed", "Unpack it first."),
    (b"\xfd7zXZ", "is compressed", "Unpack it first."),
)
_DAMAGED = "\ufffd"  # what stands for bytes that are no letter
_MOSTLY = 10  # sound letters for each damaged one, where a text is UTF-8 with a few accidents
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27})


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A UTF-8 file without a byte-order mark's surprises; ``note`` says what was changed to get it."""

    path: Path
    note: str = ""


def open_text(source: Path, *, scratch: Path) -> Text:
    """Return ``source`` itself when it is clean UTF-8, else a UTF-8 copy of it in the folder ``scratch``.

    UTF-16 and UTF-32 are known by their mark, gzip is unpacked, NUL characters are dropped, and what is
    not UTF-8 is read as Western European (cp1252, else latin-1). Raises DataError when it is no text.
    """
    head = _head(source)
    if head.startswith(b"\x1f\x8b"):
        source = _unpacked(source, to=scratch / "unpacked.csv")
        head = _head(source)
    _refuse_other_files(source.name, head)
    encoding = _encoding_to_rewrite(source, head)
    if encoding is None:
        return Text(path=source)
    copy = scratch / "text.csv"
    n_dropped, n_damaged = _rewrite(source, encoding, copy)
    return Text(path=copy, note=_note(encoding, n_dropped, n_damaged))


def _head(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(_CHUNK)


def _unpacked(source: Path, *, to: Path) -> Path:
    try:
        with gzip.open(source) as packed, to.open("wb") as plain:
            for chunk in iter(lambda: packed.read(_CHUNK), b""):
                plain.write(chunk)
    except (EOFError, gzip.BadGzipFile) as damaged:
        raise DataError(
            f"'{source.name}' is a damaged gzip file.", hint="Copy or download it again."
        ) from damaged
    return to


def _refuse_other_files(name: str, head: bytes) -> None:
    for magic, what, hint in _NOT_TABLES:
        if head.startswith(magic):
            raise DataError(f"'{name}' {what}, not a table.", hint=hint)
    start = head[:2000].decode("latin-1").lstrip("\ufeff\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise DataError(
            f"'{name}' is a web page or XML document, not a table.", hint="Download the CSV file itself."
        )
    if start.startswith(("{", "[")) and start[1:].lstrip()[:1] in ('"', "{", "["):
        raise DataError(f"'{name}' holds JSON, not a table.", hint="Save it as CSV or Parquet.")


def _encoding_to_rewrite(source: Path, head: bytes) -> str | None:
    """Return the encoding ``source`` has to be rewritten from; None when it can be read as it is."""
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), _unmarked_utf16(head))
    if marked is None and _looks_binary(head):
        raise DataError(
            f"'{source.name}' does not look like text, so it is not a table Litmus can read.",
            hint="Choose a CSV or Parquet file.",
        )
    if marked not in (None, "utf-8-sig"):
        return marked
    n_nul, n_letters, n_damaged = _count_letters(source)
    if not n_damaged:
        return "utf-8" if n_nul else None
    if marked or n_letters >= _MOSTLY * n_damaged:
        return "utf-8"
    return "cp1252" if _decodes(source, "cp1252") else "latin-1"


def _unmarked_utf16(head: bytes) -> str | None:
    """Return the UTF-16 whose every other byte is 0, as it is for Western letters."""
    some = head[:2000]
    if len(some) >= 8 and some[1::2].count(0) > 0.8 * len(some[1::2]):
        return "utf-16-le"
    if len(some) >= 8 and some[::2].count(0) > 0.8 * len(some[::2]):
        return "utf-16-be"
    return None


def _looks_binary(head: bytes) -> bool:
    """Say whether more than one byte in a hundred is a control character that texts do not have."""
    n_control = len(head) - len(head.translate(None, _CONTROL))
    return n_control > len(head) / 100


def _count_letters(source: Path) -> tuple[int, int, int]:
    """Return how many NULs, other non-ASCII letters and damaged ones ``source`` holds, read as UTF-8."""
    n_nul = n_letters = n_damaged = 0
    for text in _decoded(source, "utf-8", errors="replace"):
        n_nul += text.count("\x00")
        if not text.isascii():
            n_bad = text.count(_DAMAGED)
            n_damaged += n_bad
            n_letters += sum(1 for letter in text if letter > "\x7f") - n_bad
    return n_nul, n_letters, n_damaged


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
    """Write ``source`` as UTF-8 without NULs; returns how many of those, and damaged letters, there were."""
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

"""Recover events page by page from a journal file that SQLite can no longer open.

Each event has a checksum over all its fields, so anything that looks like a row and matches its checksum is
an event, wherever in the file it is. File layout: https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litmus_core.store._journal.facts import Record

_HEAD, _WAL_HEAD, _FRAME_HEAD = 100, 32, 24
_LEAF = 0x0D
_INT_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


@dataclass(slots=True)
class Carved:
    """The recovered data: undamaged events by id, and the journal's id if it could be read."""

    records: dict[int, Record] = field(default_factory=dict)
    journal_id: str | None = None


def carve(path: Path) -> Carved:
    """Return the undamaged events of a journal's file and its write-ahead log; changes nothing."""
    content = path.read_bytes() if path.is_file() else b""
    log = path.with_name(path.name + "-wal")
    frames = log.read_bytes() if log.is_file() else b""
    size = _page_size(content)
    carved = Carved()
    pages = {at + 1: content[at * size : (at + 1) * size] for at in range(-(-len(content) // size))}
    _scan_pages(pages, carved, pages.items())
    logged = list(_committed(frames, size))
    pages |= dict(logged)
    _scan_pages(pages, carved, logged)
    return carved


def _page_size(content: bytes) -> int:
    size = int.from_bytes(content[16:18], "big")
    size = 65536 if size == 1 else size
    return size if content[:16] == b"SQLite format 3\0" and size >= 512 and not size & (size - 1) else 4096


def _committed(log: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield the pages of the log's complete transactions, oldest first."""
    salt, waiting = log[16:24], []  # type: bytes, list[tuple[int, bytes]]
    for at in range(_WAL_HEAD, len(log), _FRAME_HEAD + size):
        head = log[at : at + _FRAME_HEAD]
        if head[8:16] != salt:
            return
        waiting.append((int.from_bytes(head[:4], "big"), log[at + _FRAME_HEAD : at + _FRAME_HEAD + size]))
        if any(head[4:8]):  # the file's size after a commit; 0 before the first commit
            yield from waiting
            waiting = []


def _scan_pages(pages: dict[int, bytes], carved: Carved, numbered_pages: Any) -> None:
    for number, page in numbered_pages:
        start = _HEAD if number == 1 else 0
        if len(page) > start + 8 and page[start] == _LEAF:
            for cell in _cells(page, start):
                _add_row(_values(pages, page, cell), carved)


def _cells(page: bytes, start: int) -> Iterator[int]:
    n_cells = int.from_bytes(page[start + 3 : start + 5], "big")
    for at in range(n_cells):
        place = start + 8 + 2 * at
        cell = int.from_bytes(page[place : place + 2], "big")
        if start + 8 < cell < len(page):
            yield cell


def _add_row(row: list[Any] | None, carved: Carved) -> None:
    if row is None:
        return
    if len(row) == 9:
        record = Record(row[0], *row[2:])
        if (
            all(isinstance(value, str) for value in (record.at, record.type, record.person, record.payload))
            and record.is_sound
        ):
            carved.records[record.id] = record
    elif len(row) == 3 and row[1] == "journal_id" and isinstance(row[2], str):
        carved.journal_id = row[2]


def _values(pages: dict[int, bytes], page: bytes, at: int) -> list[Any] | None:
    """Return the row's number and values; None if the cell is not valid."""
    try:
        n_bytes, at = _varint(page, at)
        row_id, at = _varint(page, at)
        content = _payload(pages, page, at, n_bytes)
        n_head, place = _varint(content, 0)
        kinds, start = [], n_head
        while place < n_head:
            kind, place = _varint(content, place)
            kinds.append(kind)
        values: list[Any] = [row_id]
        for kind in kinds:
            value, start = _value(content, start, kind)
            values.append(value)
        return values
    except (IndexError, KeyError, ValueError):
        return None


def _payload(pages: dict[int, bytes], page: bytes, at: int, n_bytes: int) -> bytes:
    usable = len(page)
    if n_bytes <= usable - 35:
        return page[at : at + n_bytes]
    least = (usable - 12) * 32 // 255 - 23
    local = least + (n_bytes - least) % (usable - 4)
    local = local if local <= usable - 35 else least
    parts, rest = [page[at : at + local]], n_bytes - local
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    while rest > 0:
        more = pages[following]
        parts.append(more[4 : 4 + rest])
        rest -= len(more) - 4
        following = int.from_bytes(more[:4], "big")
        if len(more) <= 4:
            raise ValueError("the file ends here")
    return b"".join(parts)


def _value(content: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (0, 8, 9):
        return (None, 0, 1)[(0, 8, 9).index(kind)], at
    if kind >= 12:
        n_bytes = (kind - 12) // 2
        part = content[at : at + n_bytes]
        return (part.decode("utf-8", "surrogateescape") if kind % 2 else part), at + n_bytes
    n_bytes = _INT_BYTES.get(kind, 8)
    return int.from_bytes(content[at : at + n_bytes], "big", signed=True), at + n_bytes


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n_read in range(9):
        byte = content[at + n_read]
        if n_read == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n_read + 1
    raise ValueError("no number")

"""Read an Arrow stream's unpacked size from its headers before anything is unpacked.

Each buffer of a compressed message starts with its unpacked size, and pyarrow unpacks to exactly that size or
refuses. pyarrow itself reports it only after unpacking, so the few fields are read here from the message's
flatbuffer (Apache Arrow's format/Message.fbs).
"""

from __future__ import annotations

import struct
from typing import Any

_HEADER = 2  # field slots: Message.header
_BATCH_OF_DICTIONARY = 1  # DictionaryBatch.data
_BUFFERS, _COMPRESSION = 2, 3  # of RecordBatch
_STORED = -1  # marks a buffer that is not compressed


def unpacked_bytes(message: Any) -> int:
    """Return how many bytes the body of a pyarrow ``Message`` takes once unpacked; 0 for a schema.

    Raises ValueError for a message with an invalid layout.
    """
    if message.type not in ("record batch", "dictionary"):
        return 0
    try:
        head, body = memoryview(message.metadata), memoryview(message.body)
        batch = _table(head, _Table(head, _u32(head, 0)), _HEADER)
        if message.type == "dictionary":
            batch = _table(head, batch, _BATCH_OF_DICTIONARY)
        return _bytes_of_batch(head, batch, body)
    except (struct.error, IndexError, TypeError) as error:
        raise ValueError("an Arrow message is damaged") from error


class _Table:
    """A flatbuffer table at a given position."""

    def __init__(self, data: memoryview, place: int) -> None:
        self._place = place
        self._vtable = place - _i32(data, place)
        self._size = _u16(data, self._vtable)
        self._data = data

    def field(self, slot: int) -> int:
        """Return the position of a field, 0 if the table does not have it."""
        at = 4 + 2 * slot
        offset = _u16(self._data, self._vtable + at) if at < self._size else 0
        return self._place + offset if offset else 0


def _table(data: memoryview, of: _Table, slot: int) -> _Table:
    place = of.field(slot)
    if not place:
        raise ValueError("an Arrow message has no content")
    return _Table(data, place + _u32(data, place))


def _bytes_of_batch(head: memoryview, batch: _Table, body: memoryview) -> int:
    place = batch.field(_BUFFERS)
    if not place:
        return 0
    vector = place + _u32(head, place)
    n_buffers, is_compressed = _u32(head, vector), batch.field(_COMPRESSION) != 0
    total = 0
    for at in range(vector + 4, vector + 4 + 16 * n_buffers, 16):
        offset, length = struct.unpack_from("<qq", head, at)
        if not is_compressed or length < 8:
            total += max(0, length)
            continue
        (unpacked,) = struct.unpack_from("<q", body, offset)
        total += length - 8 if unpacked == _STORED else unpacked
        if unpacked < _STORED:
            raise ValueError("an Arrow buffer has a negative size")
    return total


def _u32(data: memoryview, place: int) -> int:
    return int(struct.unpack_from("<I", data, place)[0])


def _i32(data: memoryview, place: int) -> int:
    return int(struct.unpack_from("<i", data, place)[0])


def _u16(data: memoryview, place: int) -> int:
    return int(struct.unpack_from("<H", data, place)[0])

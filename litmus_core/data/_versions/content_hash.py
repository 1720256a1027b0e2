"""A table's content hash: the same rows give the same hash, however the file stores them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from litmus_core.data._rows.arrow import values_of

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE = 65_536
_CELLS_AT_ONCE = 4_000_000


def content_hash(table: Path | pa.Table) -> str:
    """Return the SHA-256 (hex) of a Parquet file's names, types and rows, in order.

    Compression, row groups and the writer's version do not matter; memory stays bounded. The hash of a table
    in memory is that of the file it is written to.
    """
    import pyarrow.parquet as pq

    schema = pq.read_schema(table) if isinstance(table, Path) else table.schema
    digest = hashlib.sha256()
    for field in schema:
        digest.update(f"{field.name}\x00{field.type}\x00".encode())
    # Each column is hashed block by block, and the blocks' hashes together: equal cuts give equal hashes.
    size = max(1, min(_ROWS_AT_ONCE, _CELLS_AT_ONCE // max(1, len(schema))))
    size = 1 << (size.bit_length() - 1)
    batches = _batches(table, size)
    kinds = [_kind(field.type) for field in schema]
    for block in _blocks(batches, size):
        for column, kind in zip(block.columns, kinds, strict=True):
            for part in _bytes_of(column, kind):
                digest.update(part)
    return digest.hexdigest()


def _batches(table: Path | pa.Table, size: int) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    if isinstance(table, Path):
        yield from pq.ParquetFile(table).iter_batches(size, use_threads=False)
    else:
        yield from table.to_batches(size)


def _blocks(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    """Yield record batches of exactly ``size`` rows (the last may be shorter)."""
    import pyarrow as pa

    waiting, n_waiting = [], 0
    for batch in batches:
        if not n_waiting and batch.num_rows == size:  # as import writes them: no copy
            yield batch
            continue
        waiting.append(batch)
        n_waiting += batch.num_rows
        while n_waiting >= size:
            table = pa.Table.from_batches(waiting).combine_chunks()
            yield table.slice(0, size).combine_chunks().to_batches()[0]
            waiting = table.slice(size).to_batches()
            n_waiting -= size
    if len(waiting) == 1:
        yield waiting[0]
    elif n_waiting:
        yield pa.Table.from_batches(waiting).combine_chunks().to_batches()[0]


def _kind(stored: pa.DataType) -> Literal["text", "moment", "number"]:
    import pyarrow as pa

    if pa.types.is_string(stored) or pa.types.is_large_string(stored):
        return "text"
    return "moment" if pa.types.is_timestamp(stored) else "number"


def _bytes_of(column: pa.Array, kind: Literal["text", "moment", "number"]) -> Iterator[bytes | memoryview]:
    """Yield a column's validity, then its values with missing ones as zero (texts: lengths, then letters)."""
    import pyarrow as pa

    n_missing = column.null_count
    valid = values_of(column.is_valid()) if n_missing else _ones(len(column))
    yield valid.data
    values = column.drop_null() if n_missing else column
    if kind == "text":
        lengths, letters = _letters(values)
        yield _with_zeros(lengths, valid).data
        yield letters
        return
    if kind == "moment":
        values = values.cast(pa.timestamp("us")).cast(pa.int64())
    yield _with_zeros(values_of(values), valid).data


@lru_cache(maxsize=8)
def _ones(n: int) -> np.ndarray[Any, Any]:
    return np.ones(n, np.uint8)


def _with_zeros(values: np.ndarray[Any, Any], valid: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the values of all rows, 0 where missing."""
    if len(values) == len(valid):
        return values
    filled = np.zeros(len(valid), values.dtype)
    filled[valid.astype(bool)] = values
    return filled


def _letters(texts: pa.StringArray | pa.LargeStringArray) -> tuple[np.ndarray[Any, Any], bytes]:
    """Return the lengths (int64) and the concatenated UTF-8 bytes of texts, none of them missing."""
    import pyarrow as pa

    _, offsets, letters = texts.buffers()
    width = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    bounds = np.frombuffer(offsets, dtype=width)[texts.offset : texts.offset + len(texts) + 1]
    if letters is None or not len(bounds):
        return np.zeros(len(texts), np.int64), b""
    return np.diff(bounds).astype(np.int64), letters[int(bounds[0]) : int(bounds[-1])].to_pybytes()

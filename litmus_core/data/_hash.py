"""A table's content hash: the same rows give the same hash, however the file packs them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._arrow import values_of

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE = 65_536
_CELLS_AT_ONCE = 4_000_000


def content_hash(table: Path) -> str:
    """Return the SHA-256 (hex) of the Parquet file's names, types and rows, in their order.

    Compression, row groups and the writer's version do not matter; memory stays bounded.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(table)
    digest = hashlib.sha256()
    schema = file.schema_arrow
    for field in schema:
        digest.update(f"{field.name}\x00{field.type}\x00".encode())
    # Each column is hashed block by block, and the blocks' hashes together: equal cuts give equal hashes.
    size = max(1, min(_ROWS_AT_ONCE, _CELLS_AT_ONCE // max(1, len(schema))))
    size = 1 << (size.bit_length() - 1)
    for block in _blocks(file, size):
        for column in block.columns:
            for part in _bytes_of(column):
                digest.update(part)
    return digest.hexdigest()


def _blocks(file: Any, size: int) -> Iterator[pa.RecordBatch]:
    """Yield record batches of exactly ``size`` rows (the last may be shorter)."""
    import pyarrow as pa

    waiting, n_waiting = [], 0
    for batch in file.iter_batches(batch_size=size, use_threads=False):
        if not n_waiting and batch.num_rows == size:  # as import writes them: nothing is copied
            yield batch
            continue
        waiting.append(batch)
        n_waiting += batch.num_rows
        while n_waiting >= size:
            table = pa.Table.from_batches(waiting).combine_chunks()
            yield table.slice(0, size).combine_chunks().to_batches()[0]
            waiting = table.slice(size).to_batches()
            n_waiting -= size
    if n_waiting:
        yield pa.Table.from_batches(waiting).combine_chunks().to_batches()[0]


def _bytes_of(column: pa.Array) -> Iterator[bytes]:
    """Yield a column's validity, then its values with missing ones as zero (texts: lengths, then letters)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    valid = values_of(column.is_valid()) if column.null_count else np.ones(len(column), np.uint8)
    yield valid.tobytes()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        texts = column.cast(pa.large_string())
        yield _with_zeros(values_of(pc.binary_length(texts).drop_null()), valid).tobytes()
        yield _letters(texts.drop_null())
        return
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us")).cast(pa.int64())
    yield _with_zeros(values_of(column.drop_null()), valid).tobytes()


def _with_zeros(values: np.ndarray[Any, Any], valid: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the values of all rows, 0 where there is none."""
    if len(values) == len(valid):
        return values
    filled = np.zeros(len(valid), values.dtype)
    filled[valid.astype(bool)] = values
    return filled


def _letters(texts: pa.LargeStringArray) -> bytes:
    """Return the texts' UTF-8 bytes in a row."""
    _, offsets, letters = texts.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return b"" if letters is None else letters[int(bounds[0]) : int(bounds[-1])].to_pybytes()

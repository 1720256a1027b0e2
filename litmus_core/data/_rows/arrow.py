"""Arrow arrays as NumPy ones without pandas, which pyarrow's ``to_numpy`` imports (0.2 s and 40 MB)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

_CHUNKS_SEEN, _CELLS_SEEN, _FEWEST_CELLS = 1_000, 20, 10_000
_DISTINCT_SHARE = 0.995  # of the sample: then more than half of millions of cells differ, too
_MOST_BYTES = 1 << 30  # of one array


def values_of(array: pa.Array) -> np.ndarray[Any, Any]:
    """Return the values of an array of numbers or booleans (as 0 and 1, uint8) without missing values.

    Numbers are not copied: the result is read-only.
    """
    import pyarrow as pa

    if pa.types.is_boolean(array.type):
        array = array.cast(pa.uint8())
    return np.from_dlpack(array)


def array_of(values: np.ndarray[Any, Any]) -> pa.Array:
    """Return numbers as an Arrow array that shares their memory."""
    import pyarrow as pa

    contiguous = np.ascontiguousarray(values)
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(contiguous.dtype), contiguous.size, [None, pa.py_buffer(contiguous)]
    )


def _are_mostly_distinct(chunks: Sequence[pa.Array]) -> bool:
    """Return whether nearly all cells of a sample differ."""
    import pyarrow as pa

    step = max(1, len(chunks) // _CHUNKS_SEEN)
    sample = pa.chunked_array([chunk.slice(0, _CELLS_SEEN) for chunk in chunks[::step]], pa.string())
    if sum(chunk.nbytes for chunk in chunks) > _MOST_BYTES:
        return False
    return len(sample) >= _FEWEST_CELLS and len(sample.unique()) > _DISTINCT_SHARE * len(sample)


def encoded(columns: Sequence[pa.ChunkedArray], *, n_rows: int) -> tuple[pa.Array, np.ndarray[Any, Any]]:
    """Return the distinct texts of columns with ``n_rows`` rows, and cells (k, n_rows) as indexes of them.

    A missing text is one of them. There must be at least one row. If nearly all cells differ, as long numbers
    do, the texts are simply all cells.
    """
    import pyarrow as pa

    chunks = [chunk for column in columns for chunk in column.chunks]
    if _are_mostly_distinct(chunks):
        texts = pa.concat_arrays(chunks)
        return texts, np.arange(len(texts), dtype=np.int32).reshape(len(columns), n_rows)
    coded = pa.chunked_array(chunks, pa.string()).dictionary_encode(null_encoding="encode")
    codes = values_of(pa.chunked_array([chunk.indices for chunk in coded.chunks]).combine_chunks())
    return coded.chunk(coded.num_chunks - 1).dictionary, codes.reshape(len(columns), n_rows)

"""Arrow arrays as NumPy ones without pandas, which pyarrow's ``to_numpy`` imports (0.2 s and 40 MB)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


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

    kept = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(kept.dtype), kept.size, [None, pa.py_buffer(kept)])


def encoded(columns: Sequence[pa.ChunkedArray], *, n_rows: int) -> tuple[pa.Array, np.ndarray[Any, Any]]:
    """Return the distinct texts of columns with ``n_rows`` rows, and their cells (k, n_rows) as indexes into
    them.

    A missing text is one of them. There must be at least one row.
    """
    import pyarrow as pa

    chunks = [chunk for column in columns for chunk in column.chunks]
    coded = pa.chunked_array(chunks, pa.string()).dictionary_encode(null_encoding="encode")
    codes = values_of(pa.chunked_array([chunk.indices for chunk in coded.chunks]).combine_chunks())
    return coded.chunk(coded.num_chunks - 1).dictionary, codes.reshape(len(columns), n_rows)

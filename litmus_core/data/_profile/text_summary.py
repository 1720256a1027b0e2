# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Texts and booleans of one column: lengths, number of distinct values, and the most frequent ones."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._duckdb import identifier, open_duckdb, parquet
from litmus_core.data._profile.profile_types import TextFigures, ValueCount
from litmus_core.data._rows.arrow import values_of
from litmus_core.data._rows.cells import as_text

if TYPE_CHECKING:
    import pyarrow as pa


class _Lengths:
    """Letters and words of texts, each counted ``n`` times."""

    def __init__(self) -> None:
        self.n_values, self._n_letters, self._n_spaces, self._most = 0, 0, 0, 0

    def add(self, texts: pa.Array, counts: np.ndarray[Any, Any] | None = None) -> None:
        import pyarrow.compute as pc

        if not len(texts):
            return
        letters = pc.utf8_length(texts)
        if counts is None:
            self._most = max(self._most, pc.max(letters).as_py())
            self.n_values += len(texts)
            self._n_letters += pc.sum(letters).as_py()
            self._n_spaces += _n_spaces(texts)
        else:
            spaces = pc.count_substring(texts, " ")
            self._most = max(self._most, int((values_of(letters) * (counts > 0)).max()))
            self.n_values += int(counts.sum())
            self._n_letters += int((counts * values_of(letters)).sum())
            self._n_spaces += int((counts * values_of(spaces)).sum())

    def figures(self) -> TextFigures | None:
        if not self.n_values:
            return None
        return TextFigures(
            mean_letters=self._n_letters / self.n_values,
            most_letters=self._most,
            mean_words=self._n_spaces / self.n_values + 1,
        )


def _n_spaces(texts: pa.Array) -> int:
    """Return the total number of spaces in ``texts``, counted in their bytes, which is much faster."""
    _, offsets, letters = texts.buffers()
    if letters is None:
        return 0
    places = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return int(np.count_nonzero(np.frombuffer(letters, dtype=np.uint8)[places[0] : places[-1]] == ord(" ")))


class CountedTexts:
    """Collects a text column by counting each distinct text."""

    needs_second_pass = False

    def __init__(self, *, n_top: int) -> None:
        self._n_top = n_top
        self._n_rows = 0
        self._texts: list[pa.Array] = []
        self._counts: list[np.ndarray[Any, Any]] = []

    def add(self, values: pa.ChunkedArray) -> None:
        """Add the next row group's values (plain or as a dictionary)."""
        import pyarrow as pa

        self._n_rows += len(values)
        for chunk in values.chunks:
            coded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
            codes = values_of(coded.indices.drop_null())
            self._texts.append(coded.dictionary)
            self._counts.append(np.bincount(codes, minlength=len(coded.dictionary)))

    def second_pass(self, values: pa.ChunkedArray) -> None:
        """Do nothing: one pass suffices."""

    def summary(self) -> dict[str, Any]:
        """Return the summary fields."""
        import pyarrow as pa

        if not self._texts:
            return {"n_values": 0, "n_distinct": 0}
        coded = pa.concat_arrays(self._texts).dictionary_encode()
        texts, codes = coded.dictionary, values_of(coded.indices)
        counts = np.bincount(codes, weights=np.concatenate(self._counts), minlength=len(texts)).astype(
            np.int64
        )
        n_distinct = int(np.count_nonzero(counts))
        lengths = _Lengths()
        lengths.add(texts, counts)
        repeats = 0 < n_distinct <= max(0.5 * self._n_rows, 20)
        return {
            "n_values": lengths.n_values,
            "n_distinct": n_distinct,
            "top": self._top(texts, counts) if repeats else (),
            "texts": lengths.figures(),
        }

    def _top(self, texts: pa.Array, counts: np.ndarray[Any, Any]) -> tuple[ValueCount, ...]:
        """Return the most frequent texts, alphabetically among equals."""
        n_top = min(self._n_top, int(np.count_nonzero(counts)))
        fewest = np.partition(counts, -n_top)[-n_top]
        most_frequent = [
            (texts[int(place)].as_py(), int(counts[place])) for place in np.flatnonzero(counts >= fewest)
        ]
        most_frequent.sort(key=lambda pair: (-pair[1], pair[0].encode()))
        return tuple(ValueCount(value=as_text(text), n_rows=n_rows) for text, n_rows in most_frequent[:n_top])


class HashedTexts:
    """Collects a long column of many texts: DuckDB counts their 64-bit hashes, which take little memory.

    Two of a million texts share a hash with a chance of one in 40 million.
    """

    needs_second_pass = False

    def __init__(self, table: Path, name: str, *, n_top: int) -> None:
        self._table, self._name, self._n_top = table, name, n_top
        self._n_rows = 0
        self._lengths = _Lengths()

    def add(self, values: pa.ChunkedArray) -> None:
        """Add the next row group's values."""
        self._n_rows += len(values)
        for chunk in values.chunks:
            self._lengths.add(chunk.drop_null())

    def second_pass(self, values: pa.ChunkedArray) -> None:
        """Do nothing: one pass suffices."""

    def summary(self) -> dict[str, Any]:
        """Return the summary fields."""
        if not self._lengths.n_values:
            return {"n_values": 0, "n_distinct": 0}
        text, table = identifier(self._name), parquet(self._table)
        with (
            TemporaryDirectory(prefix="litmus-") as spill,
            open_duckdb("count texts", spill=Path(spill)) as connection,
        ):
            connection.execute("SET threads = 1")
            n_distinct, keys = connection.execute(
                f"SELECT count(*), max_by(k, (n, k), {self._n_top}) FROM (SELECT hash({text}) AS k, "
                f"count(*) AS n FROM {table} WHERE {text} IS NOT NULL GROUP BY k)"
            ).fetchone() or (0, [])
            top: list[tuple[str, int]] = []
            if n_distinct <= 0.5 * self._n_rows:
                top = connection.execute(
                    f"SELECT {text}, count(*) AS n FROM {table} WHERE list_contains(?, hash({text})) "
                    f"GROUP BY {text} ORDER BY n DESC, {text} LIMIT {self._n_top}",
                    [keys],
                ).fetchall()
        return {
            "n_values": self._lengths.n_values,
            "n_distinct": n_distinct,
            "top": tuple(ValueCount(value=as_text(value), n_rows=count) for value, count in top),
            "texts": self._lengths.figures(),
        }


class Truths:
    """Collects a column of booleans."""

    needs_second_pass = False

    def __init__(self) -> None:
        self._counts = {True: 0, False: 0}

    def add(self, values: pa.ChunkedArray) -> None:
        """Add the next row group's values."""
        import pyarrow.compute as pc

        n_true = pc.sum(values).as_py() or 0
        self._counts[True] += n_true
        self._counts[False] += len(values) - values.null_count - n_true

    def second_pass(self, values: pa.ChunkedArray) -> None:
        """Do nothing: one pass suffices."""

    def summary(self) -> dict[str, Any]:
        """Return the summary fields."""
        most_frequent = [(value, count) for value, count in sorted(self._counts.items()) if count]
        most_frequent.sort(key=lambda pair: -pair[1])
        return {
            "n_values": sum(self._counts.values()),
            "n_distinct": len(most_frequent),
            "top": tuple(ValueCount(value=as_text(value), n_rows=count) for value, count in most_frequent),
        }

# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Tables with very many columns: SQL over thousands of columns is slow to plan, and cells repeat.

Each measure is computed once for each distinct text of all columns; each column then combines the results of
its own texts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import numpy as np

from litmus_core.data._rows.arrow import array_of, encoded, values_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    from litmus_core.data._types.typed_column import Typed

CELL = "cell"
_VIEW = "wide_cells"
FEWEST_COLUMNS = 300
MOST_CELLS = 20_000_000  # held at once
_CELLS_AT_ONCE = 2_000_000
_BATCH_ROWS = 65_536  # a DuckDB thread takes one batch
_GROUP_ROWS = 65_536
_FIRST_SHAPES, _MOST_SHAPES = 10_000, 0.8
_ASCII = 0x80
_SHAPE_OF_BYTE = np.array([ord("9") if chr(byte) in "45678" else byte for byte in range(256)], np.uint8)
_Array = np.ndarray[Any, Any]
_Key = TypeVar("_Key", bound=Hashable)


class Measure(NamedTuple):
    """A measure of a column: SQL over one of its texts, and how the results are combined.

    ``known`` and ``true`` count the texts for which it is not NULL, or true; ``largest`` is the largest
    result, 1e18 at most, ``spread`` the largest minus the smallest, ``different`` the number of distinct
    ones. ``is_of_shape``: texts that differ only in digits from 4 to 9 have the same result.
    """

    sql: str
    how: Literal["known", "true", "largest", "spread", "different"]
    is_of_shape: bool = False

    @property
    def aggregate(self) -> str:
        """The SQL that computes it for a column of all rows (``different``: approximately)."""
        return {
            "known": f"count({self.sql})",
            "true": f"count(*) FILTER ({self.sql})",
            "largest": f"least(coalesce(max({self.sql}), 0), 1e18)",  # least() passes NULL over
            "spread": f"max({self.sql}) - min({self.sql})",
            "different": f"approx_count_distinct({self.sql})",
        }[self.how]

    @property
    def of_text(self) -> str:
        """The SQL that computes it for one text."""
        return {
            "known": f"({self.sql}) IS NOT NULL",
            "true": f"coalesce({self.sql}, false)",
            "largest": f"least(coalesce({self.sql}, 0)::DOUBLE, 1e18)",  # least() ignores NULL
            "spread": f"({self.sql})::BIGINT",
            "different": f"({self.sql})",
        }[self.how]

    def combine(self, results: pa.ChunkedArray, codes: _Array) -> _Array:
        """Return the combined results for columns (k,) with cells (k, n_rows) as indexes of ``results``."""
        if self.how in ("known", "true"):
            return np.asarray(values_of(results.combine_chunks())[codes].sum(axis=1))
        if self.how == "largest":
            return np.asarray(values_of(results.combine_chunks())[codes].max(axis=1))
        if self.how == "different":
            coded = results.combine_chunks().dictionary_encode().indices
            places = values_of(coded.fill_null(-1))[codes]
            return np.array([len(np.unique(place[place >= 0])) for place in places])
        is_known = values_of(results.is_valid().combine_chunks())[codes].astype(bool)
        values = values_of(results.fill_null(0).combine_chunks())[codes]
        most = np.where(is_known, values, np.iinfo(np.int64).min).max(axis=1)
        least = np.where(is_known, values, np.iinfo(np.int64).max).min(axis=1)
        return np.where(is_known.any(axis=1), most - least, 0)


@dataclass(frozen=True)
class _Block:
    """Columns of texts (``places``) and their cells (k, n_rows) as indexes into ``texts``."""

    places: dict[int, int]
    texts: pa.Array
    codes: _Array

    @cached_property
    def is_tidy(self) -> bool:
        """Whether no text has a space, or a letter that may be one: then none needs to be trimmed."""
        letters = self.texts.buffers()[2]
        codes = np.frombuffer(letters or b"", np.uint8)
        return not bool(((codes == ord(" ")) | (codes >= _ASCII)).any())

    def subset(self, rows: Sequence[int]) -> tuple[pa.Array, _Array]:
        """Return the texts and cells of the columns in only these rows of ``codes``."""
        codes = self.codes if len(rows) == len(self.codes) else self.codes[rows]
        is_used = np.zeros(len(self.texts), dtype=bool)
        is_used[codes] = True
        if is_used.all():
            return self.texts, codes
        return self.texts.take(array_of(np.flatnonzero(is_used))), (np.cumsum(is_used) - 1)[codes]


class WideCells:
    """The staged texts ``c0``, ``c1`` … of a table, in memory. Columns of other types stay as they are."""

    def __init__(self, staged: pa.Table | pq.ParquetFile) -> None:
        self._staged = staged
        self.n_rows: int = staged.num_rows if hasattr(staged, "num_rows") else staged.metadata.num_rows
        self._blocks = tuple(self._encoded())

    @classmethod
    def of(cls, staged: Path) -> WideCells | None:
        """Return the cells of a Parquet file; None if the table is narrow, or too long for memory."""
        import pyarrow.parquet as pq

        metadata = pq.read_metadata(staged)
        is_wide = (
            metadata.num_columns >= FEWEST_COLUMNS and metadata.num_rows * metadata.num_columns <= MOST_CELLS
        )
        return cls(pq.ParquetFile(staged, metadata=metadata)) if is_wide else None

    def readable(self, connection: duckdb.DuckDBPyConnection) -> str:
        """Return the SQL that reads all cells over ``connection``, which is slow to plan."""
        import pyarrow as pa

        staged = self._staged if isinstance(self._staged, pa.Table) else self._staged.read()
        connection.register(_VIEW, staged)
        return _VIEW

    def one_column(self, column: str) -> pa.Table:
        """Return the staged column of this name, as a table."""
        import pyarrow as pa

        return pa.Table.from_arrays(self._columns([int(column.removeprefix("c"))]), names=[column])

    def values(self, places: Sequence[int], rows: Sequence[int]) -> Iterator[list[str | None]]:
        """Yield the cells of the columns ``places`` (ascending), in these rows only."""
        for block, inside in self._blocks_with(places):
            chosen = block.codes[[block.places[place] for place in inside]][:, rows]
            if len(block.texts) == block.codes.size:  # nearly all cells differ
                flat = block.texts.take(array_of(chosen.ravel())).to_pylist()
                yield from (flat[at : at + len(rows)] for at in range(0, len(flat), len(rows)))
                continue
            codes, among = np.unique(chosen, return_inverse=True)
            texts = block.texts.take(array_of(codes)).to_pylist()
            for cells in among.reshape(len(inside), -1).tolist():
                yield [texts[code] for code in cells]

    def count(
        self,
        connection: duckdb.DuckDBPyConnection,
        measures_of: Mapping[int, Mapping[str, Measure]],
        *,
        cleaned: str,
    ) -> dict[int, dict[str, int]]:
        """Return the results of ``measures_of`` each column (by position), by key.

        Measures are over ``cell``; ``cleaned`` is the SQL of a staged ``cell`` that they apply to, trimmed.
        """
        counted: dict[int, dict[str, int]] = {place: {} for place in measures_of}
        for measures, places in _group_by_key(
            {place: tuple(wanted.items()) for place, wanted in measures_of.items()}
        ).items():
            keys, shared_measures = [key for key, _ in measures], [measure for _, measure in measures]
            for block, inside in self._blocks_with(places) if measures else ():
                texts, codes = block.subset([block.places[place] for place in inside])
                trimmed = cleaned if block.is_tidy else f"trim({cleaned})"
                counts = _counts(connection, texts, codes, shared_measures, cleaned=trimmed)
                for place, *values in zip(inside, *counts, strict=True):
                    counted[place] = {key: int(n) for key, n in zip(keys, values, strict=True)}
        return counted

    def typed(
        self, connection: duckdb.DuckDBPyConnection, columns: Sequence[Typed], *, names: Sequence[str]
    ) -> pa.Table:
        """Return the table that ``columns`` compute from the cells, called ``names``."""
        import pyarrow as pa

        arrays: dict[int, Any] = {}
        # The expression of a text, over ``cell``; numbers stored as such have none.
        expression_of = {
            place: typed.expression.replace(typed.cells, CELL) if typed.cells else ""
            for place, typed in enumerate(columns)
        }
        for sql, places in _group_by_key(expression_of).items():
            if not sql:
                arrays.update(zip(places, self._columns(places), strict=True))
                continue
            for block, inside in self._blocks_with(places):
                texts, codes = block.subset([block.places[place] for place in inside])
                expression = sql.replace(f"trim({CELL})", CELL) if block.is_tidy else sql
                values = _results_by_text(connection, texts, [expression]).column(0).combine_chunks()
                arrays.update(
                    (place, values.take(array_of(row))) for place, row in zip(inside, codes, strict=True)
                )
        return pa.Table.from_arrays([arrays[place] for place in range(len(columns))], names=list(names))

    def _encoded(self) -> Iterator[_Block]:
        import pyarrow as pa

        schema = self._staged.schema if isinstance(self._staged, pa.Table) else self._staged.schema_arrow
        places = [place for place, field in enumerate(schema) if pa.types.is_string(field.type)]
        size = max(1, _CELLS_AT_ONCE // max(1, self.n_rows))
        for start in range(0, len(places), size):
            batch = places[start : start + size]
            texts, codes = encoded(self._columns(batch), n_rows=self.n_rows)
            yield _Block({place: number for number, place in enumerate(batch)}, texts, codes)

    def _columns(self, places: Sequence[int]) -> list[pa.ChunkedArray]:
        """Return staged columns as they are."""
        import pyarrow as pa

        if isinstance(self._staged, pa.Table):
            return [self._staged.column(place) for place in places]
        read = self._staged.read(columns=[f"c{place}" for place in places])
        return [read.column(f"c{place}") for place in places]

    def _blocks_with(self, places: Sequence[int]) -> Iterator[tuple[_Block, list[int]]]:
        """Yield each block that holds some of these columns, and which ones."""
        for block in self._blocks:
            if inside := [place for place in places if place in block.places]:
                yield block, inside


def write_wide(table: pa.Table, to: Path) -> None:
    """Write a table with many columns as a Parquet file, which DuckDB does slowly."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    pq.write_table(
        table, to, version="2.6", compression="zstd", compression_level=1, row_group_size=_GROUP_ROWS,
        use_dictionary=texts or False,
    )  # fmt: skip


def _group_by_key(keys: Mapping[int, _Key]) -> dict[_Key, list[int]]:
    """Return the columns of each key."""
    grouped: dict[_Key, list[int]] = {}
    for place, key in keys.items():
        grouped.setdefault(key, []).append(place)
    return grouped


def _counts(
    connection: duckdb.DuckDBPyConnection,
    texts: pa.Array,
    codes: _Array,
    measures: Sequence[Measure],
    *,
    cleaned: str,
) -> list[list[float]]:
    """Return the results for the columns (k,) of ``codes`` (k, n_rows), for each measure."""
    shapes, shape_of = _shapes(texts)
    values: dict[Measure, list[float]] = {}
    of_shape = [measure for measure in measures if measure.is_of_shape and shapes is not texts]
    of_text = [measure for measure in measures if measure not in of_shape]
    for group, distinct, cells in ((of_shape, shapes, shape_of), (of_text, texts, None)):
        if not group:
            continue
        results = _results_by_text(
            connection, distinct, [measure.of_text for measure in group], cleaned=cleaned
        )
        coded = codes if cells is None else cells[codes]
        for number, measure in enumerate(group):
            values[measure] = measure.combine(results.column(number), coded).tolist()
    return [values[measure] for measure in measures]


def _shapes(texts: pa.Array) -> tuple[pa.Array, _Array]:
    """Return the distinct shapes of texts, with digits from 4 to 8 as 9, and the index of each text's."""
    import pyarrow as pa

    is_known, offsets, letters = texts.buffers()
    if letters is None:
        return texts, np.arange(len(texts))
    first = texts.slice(0, _FIRST_SHAPES)
    if len(first) < len(texts) and len(_shapes(first)[0]) > _MOST_SHAPES * len(first):
        return texts, np.arange(len(texts))  # long numbers: nearly all shapes differ
    shape_bytes = pa.py_buffer(_SHAPE_OF_BYTE[np.frombuffer(letters, np.uint8)])
    shapes = pa.StringArray.from_buffers(
        len(texts), offsets, shape_bytes, is_known, texts.null_count, texts.offset
    ).dictionary_encode(null_encoding="encode")
    return shapes.dictionary, values_of(shapes.indices)


def _results_by_text(
    connection: duckdb.DuckDBPyConnection, texts: pa.Array, expressions: Sequence[str], *, cleaned: str = CELL
) -> pa.Table:
    """Return the values of the SQL ``expressions`` (over ``cell``) for each of the texts, in order."""
    import pyarrow as pa

    lines = array_of(np.arange(len(texts)))
    table = pa.Table.from_arrays([texts, lines], names=[CELL, "line"])
    block = pa.Table.from_batches(table.to_batches(max_chunksize=_BATCH_ROWS), table.schema)
    flat = ", ".join(f"{sql} AS a{number}" for number, sql in enumerate(expressions))
    results = connection.sql(
        f"SELECT {flat}, line FROM (SELECT line, {cleaned} AS {CELL} FROM block)"
    ).to_arrow_table()
    del block
    order = values_of(results.column("line").combine_chunks())
    if len(order) > 1 and not (order[1:] > order[:-1]).all():
        results = results.take(array_of(np.argsort(order)))
    return results

# ruff: noqa: S608 - names and paths are quoted by _duck
"""Tables of very many columns, one cell below the other: SQL over thousands of columns takes long to plan.

The staged texts of columns that are asked the same are laid end to end as ``cell`` and asked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from litmus_core.data._typing import Typed

CELL = "cell"
FEWEST_COLUMNS = 300
_MOST_CELLS = 20_000_000  # that are written at once
_CELLS_AT_ONCE = 2_000_000
_GROUP_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class WideCells:
    """The staged texts ``c0``, ``c1`` … of a Parquet file that is worth asking this way."""

    staged: Path
    metadata: Any

    @classmethod
    def of(cls, staged: Path) -> WideCells | None:
        """Return the cells of ``staged``; None where the table is narrow, or too long for memory."""
        import pyarrow.parquet as pq

        metadata = pq.read_metadata(staged)
        is_wide = metadata.num_columns >= FEWEST_COLUMNS
        return (
            cls(staged, metadata)
            if is_wide and metadata.num_rows * metadata.num_columns <= _MOST_CELLS
            else None
        )

    def count(
        self, connection: duckdb.DuckDBPyConnection, asked: Mapping[int, Mapping[str, str]], *, cleaned: str
    ) -> dict[int, dict[str, int]]:
        """Return the answers to aggregates over ``cell`` (by key, of each column's place).

        ``cleaned`` is the SQL of a cell that they are asked of.
        """
        alike: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for place, each in asked.items():
            alike.setdefault(tuple(each.items()), []).append(place)
        found: dict[int, dict[str, int]] = {place: {} for place in asked}
        for questions, places in alike.items():
            if not questions:
                continue
            flat = ", ".join(sql for _, sql in questions)
            for block in self._blocks(places):
                rows = connection.execute(
                    f"SELECT place, {flat} FROM (SELECT place, {cleaned} AS {CELL} FROM block) GROUP BY place"
                ).fetchall()
                keys = [key for key, _ in questions]
                for place, *answers in rows:
                    found[place] = {key: int(n or 0) for key, n in zip(keys, answers, strict=True)}
                del block
        return found

    def _blocks(self, places: Sequence[int]) -> Iterator[pa.Table]:
        """Yield tables of ``place``, ``line`` (a count) and ``cell``, column after column."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.parquet as pq

        n_rows = self.metadata.num_rows
        size = max(1, _CELLS_AT_ONCE // max(1, n_rows))
        with pq.ParquetFile(self.staged, metadata=self.metadata) as file:
            for start in range(0, len(places), size):
                some = places[start : start + size]
                read = file.read(columns=[f"c{place}" for place in some])
                chunks = [chunk for place in some for chunk in read.column(f"c{place}").chunks]
                yield pa.table(
                    {
                        "place": np.repeat(np.array(some, dtype=np.int32), n_rows),
                        "line": np.arange(len(some) * n_rows),
                        CELL: pa.chunked_array(chunks, pa.string()),
                    }
                )

    def write(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: Sequence[Typed],
        *,
        names: Sequence[str],
        to: Path,
    ) -> None:
        """Write the table that ``columns`` make of the cells, called ``names``, to the file ``to``."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        alike: dict[str, list[int]] = {}
        for place, typed in enumerate(columns):
            # The expression of a text, over ``cell``; numbers that are stored as such have none.
            sql = typed.expression.replace(typed.cells, CELL) if typed.cells else ""
            alike.setdefault(sql, []).append(place)
        arrays: dict[int, pa.ChunkedArray] = {}
        for sql, places in alike.items():
            found = self._made(connection, sql, places) if sql else self._stored(places)
            arrays.update(found)
        table = pa.Table.from_arrays([arrays[place] for place in range(len(columns))], names=list(names))
        has_texts = any(each.storage == "VARCHAR" for each in columns)
        pq.write_table(
            table, to, version="2.6", compression="zstd", compression_level=1, row_group_size=_GROUP_ROWS,
            use_dictionary=has_texts,
        )  # fmt: skip

    def _stored(self, places: Sequence[int]) -> Iterator[tuple[int, pa.ChunkedArray]]:
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.staged, metadata=self.metadata) as file:
            read = file.read(columns=[f"c{place}" for place in places])
        return ((place, read.column(f"c{place}")) for place in places)

    def _made(
        self, connection: duckdb.DuckDBPyConnection, sql: str, places: Sequence[int]
    ) -> Iterator[tuple[int, pa.ChunkedArray]]:
        n_rows, done = self.metadata.num_rows, 0
        for block in self._blocks(places):
            made = connection.sql(f"SELECT line, {sql} AS value FROM block ORDER BY line").to_arrow_table()
            n_columns = block.num_rows // n_rows
            for number, place in enumerate(places[done : done + n_columns]):
                yield place, made.column(1).slice(number * n_rows, n_rows)
            done += n_columns

# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""The difference between two versions: added, removed and changed rows and columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duckdb import identifier, open_duckdb, parquet
from litmus_core.data._rows.cells import as_text
from litmus_core.data._rows.read import table_path
from litmus_core.errors import DataError, UnknownNameError
from litmus_core.types import ColumnChange, ColumnDifference, Difference, MatchedBy

if TYPE_CHECKING:
    import duckdb

    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion

_POSITION = "file_row_number"
_EXAMPLES = 3
_COLUMNS_AT_ONCE = 40  # planning time is quadratic in the number of expressions
_ROWS_SHOWN = 5
_COLUMNS_SHOWN = 12
_MOST_CHANGED = 0.5  # share of rows that may differ while rows still match by position


def difference(
    workspace: Workspace, before: DatasetVersion, newer: DatasetVersion, *, key: str | None = None
) -> Difference:
    """Return how ``newer`` differs from ``before``.

    Rows match by ``key``; None: by an id that both have and that is unique; else by position, if most rows
    have the same cells there; else by all their cells. Raises UnknownNameError for a key that one of them
    lacks, DataError if it has missing or repeated values, or if they have no column in common.
    """
    if not set(before.column_names) & set(newer.column_names):
        raise DataError(
            f"'{before.name}' (version {before.version}) and '{newer.name}' (version {newer.version}) have "
            "no column in common, so there is nothing to compare.",
            hint="Choose two versions of one table.",
        )
    for version in (before, newer):
        if key is not None and key not in version.column_names:
            raise UnknownNameError(kind="column", name=key, names=version.column_names)
    with open_duckdb(f"compare '{before.name}' and '{newer.name}'") as connection:
        _create_view(connection, "b", table_path(workspace, before))
        _create_view(connection, "a", table_path(workspace, newer))
        if key is not None:
            for side, version in (("b", before), ("a", newer)):
                if not _is_unique_column(connection, side, key):
                    raise DataError(
                        f"'{key}' does not tell the rows of '{version.name}' apart "
                        f"(version {version.version}).",
                        hint="Choose a column in which no value is missing or there twice.",
                    )
        pair = _Pair(connection, before, newer)
        key = key or pair.natural_key()
        if key is not None:
            return pair.compare("key", key)
        by_place = pair.compare("position", None)
        n_both = min(before.n_rows, newer.n_rows)
        return by_place if by_place.n_changed <= n_both * _MOST_CHANGED else pair.compare_contents()


def _create_view(connection: duckdb.DuckDBPyConnection, side: str, table: Path) -> None:
    read = parquet(table).removesuffix(")") + ", file_row_number = true)"
    connection.execute(f"CREATE VIEW {side} AS SELECT * FROM {read}")


def _is_unique_column(connection: duckdb.DuckDBPyConnection, side: str, key: str) -> bool:
    column = identifier(key)
    row = connection.execute(
        f"SELECT count(*), count({column}), count(DISTINCT {column}) FROM {side}"
    ).fetchone()
    return row is not None and row[0] == row[1] == row[2]


@dataclass(frozen=True)
class _Pair:
    """Two versions as the views ``b`` (before) and ``a`` (after)."""

    connection: duckdb.DuckDBPyConnection
    older: DatasetVersion
    newer: DatasetVersion

    @property
    def shared(self) -> list[str]:
        """Names of columns that both have with the same type."""
        kinds = {column.name: column.storage for column in self.older.columns}
        return [column.name for column in self.newer.columns if kinds.get(column.name) == column.storage]

    def natural_key(self) -> str | None:
        ids = {column.name for column in self.older.columns if column.traits.is_identifier}
        both = [
            column.name for column in self.newer.columns if column.traits.is_identifier and column.name in ids
        ]
        return next((name for name in both if name in self.shared and self._is_unique_column(name)), None)

    def _is_unique_column(self, name: str) -> bool:
        return all(_is_unique_column(self.connection, side, name) for side in ("b", "a"))

    def compare(self, by: MatchedBy, key: str | None) -> Difference:
        column = identifier(key or _POSITION)
        joined = f"b JOIN a ON b.{column} = a.{column}"
        cells = [name for name in self.shared if name != key]
        unequal = {name: f"b.{identifier(name)} IS DISTINCT FROM a.{identifier(name)}" for name in cells}
        counts = ["count(*)", f"count_if({' OR '.join(unequal.values()) or 'false'})"]
        counts += [f"count_if({condition})" for condition in unequal.values()]
        n_both, n_changed, *n_cells = self._row(f"SELECT {', '.join(counts)} FROM {joined}")
        changed = {name: n for name, n in zip(cells, n_cells, strict=True) if n}
        examples = self._examples(joined, column, {name: unequal[name] for name in changed}, by)
        changes = [ColumnChange(name=name, n_cells=changed[name], examples=rows) for name, rows in examples]
        only_one_side = "SELECT * FROM {0} ANTI JOIN {1} USING (" + column + ")"
        return self._difference(
            by, key, n_both=n_both, n_changed=n_changed, changes=changes, only_one_side=only_one_side
        )

    def compare_contents(self) -> Difference:
        """Compare as multisets of rows, over the columns that both have."""
        names = ", ".join(map(identifier, self.shared))
        only_one_side = f"SELECT {names} FROM {{0}} EXCEPT ALL SELECT {names} FROM {{1}}"
        if not names:
            return self._difference(
                "content", None, n_both=0, n_changed=0, changes=(), only_one_side="SELECT * FROM {0}"
            )
        (n_added,) = self._row(f"SELECT count(*) FROM ({only_one_side.format('a', 'b')})")
        n_both = self.newer.n_rows - n_added
        return self._difference(
            "content", None, n_both=n_both, n_changed=0, changes=(), only_one_side=only_one_side
        )

    def _difference(
        self,
        by: MatchedBy,
        key: str | None,
        *,
        n_both: int,
        n_changed: int,
        changes: Sequence[ColumnChange],
        only_one_side: str,
    ) -> Difference:
        before, newer = self.older, self.newer
        kinds = {column.name: column.storage for column in before.columns}
        header = self.shared[:_COLUMNS_SHOWN]
        return Difference(
            before_id=before.id,
            after_id=newer.id,
            matched_by=by,
            key=key,
            n_before=before.n_rows,
            n_after=newer.n_rows,
            n_added=newer.n_rows - n_both,
            n_removed=before.n_rows - n_both,
            n_changed=n_changed,
            columns=ColumnDifference(
                added=tuple(name for name in newer.column_names if name not in kinds),
                removed=tuple(name for name in before.column_names if name not in newer.column_names),
                retyped=tuple(
                    (column.name, kinds[column.name], column.storage)
                    for column in newer.columns
                    if kinds.get(column.name, column.storage) != column.storage
                ),
            ),
            changes=tuple(sorted(changes, key=lambda change: -change.n_cells)),
            header=tuple(header),
            added=self._example_rows(only_one_side.format("a", "b"), header) if newer.n_rows > n_both else (),
            removed=self._example_rows(only_one_side.format("b", "a"), header)
            if before.n_rows > n_both
            else (),
        )

    def _examples(
        self, joined: str, column: str, unequal: Mapping[str, str], by: MatchedBy
    ) -> Iterator[tuple[str, tuple[tuple[str, str, str], ...]]]:
        """Yield the first changes of each column: its row, and the cell before and after."""
        first = (
            f"arg_min(struct_pack(row := b.{column}, before := b.{shown}, after := a.{shown}), "
            f"CASE WHEN {condition} THEN b.{_POSITION} END, {_EXAMPLES})"
            for shown, condition in zip(map(identifier, unequal), unequal.values(), strict=True)
        )
        names = iter(unequal)
        while batch := list(islice(first, _COLUMNS_AT_ONCE)):
            record = self.connection.execute(f"SELECT {', '.join(batch)} FROM {joined}").fetchone() or ()
            for name, changes in zip(islice(names, len(batch)), record, strict=True):
                yield name, tuple(_example(change, by) for change in changes)

    def _example_rows(self, rows: str, header: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        if not header:
            return ()
        names = ", ".join(map(identifier, header))
        records = self.connection.execute(f"SELECT {names} FROM ({rows}) LIMIT {_ROWS_SHOWN}").fetchall()
        return tuple(tuple(map(_text, row)) for row in records)

    def _row(self, sql: str) -> list[int]:
        return [int(number) for number in self.connection.execute(sql).fetchone() or ()]


def _example(change: Mapping[str, Any], by: MatchedBy) -> tuple[str, str, str]:
    row = change["row"] + 1 if by == "position" else change["row"]
    return as_text(row), _text(change["before"]), _text(change["after"])


def _text(value: Any) -> str:
    return "" if value is None else as_text(value)

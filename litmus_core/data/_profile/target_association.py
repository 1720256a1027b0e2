# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""The target against each column: its mean or classes by ranges and values of the column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from litmus_core.data._duckdb import identifier, open_duckdb, parquet
from litmus_core.data._profile.histogram import named_edge
from litmus_core.data._rows.cells import as_text
from litmus_core.data._rows.read import check_names, table_path
from litmus_core.data._suggestions import check_target

if TYPE_CHECKING:
    import duckdb

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, KindName

_BINS = 10
_TOP = 10
_CLASSES = 10
_NUMBERS_AS_CLASSES = 10  # the same as for suggested task types
_US_PER_DAY = 86_400_000_000
OTHERS = "others"
MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows in one range, or with one value, of a column. Only rows with a target are counted.

    ``counts`` (k,) are rows of each class of the relations; ``mean`` is the target's, if it is a number.
    """

    label: str
    n_rows: int
    counts: tuple[int, ...] = ()
    mean: float | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """``counts`` as shares of the group's rows, 0 to 1."""
        return tuple(count / self.n_rows for count in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """The target by one column: ranges in order, or values by frequency.

    Texts are grouped by their number of letters (``by`` says so). The last groups may be ``others`` and
    ``missing``.
    """

    column: str
    kind: KindName
    by: str  # "ranges", "values" or "letters"
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """The target of a table against each other column, in the table's order.

    ``classes`` are the target's most frequent values as text, then perhaps ``others``; empty if the target
    is a number. ``overall`` covers all rows.
    """

    target: str
    classes: tuple[str, ...]
    overall: Group
    columns: tuple[Relation, ...]


def relations(workspace: Workspace, version: DatasetVersion, target: str) -> Relations:
    """Return ``target`` against each column of ``version``, counted over all rows, out of core.

    Raises UnknownNameError for an unknown column, UsageError or DataError for one that cannot be predicted.
    """
    check_names(version, [target])
    wanted = version.column(target)
    check_target(wanted, n_rows=version.n_rows)
    table = parquet(table_path(workspace, version))
    with (
        TemporaryDirectory(prefix="litmus-") as spill,
        open_duckdb(
            f"compare the columns of '{version.name}'", spill=Path(spill), plans_fully=True
        ) as connection,
    ):
        counter = _GroupCounter.of(connection, table, wanted)
        return Relations(
            target=target,
            classes=counter.classes,
            overall=counter.groups("0", ["all"])[0],
            columns=tuple(counter.relation(column) for column in version.columns if column.name != target),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _GroupCounter:
    """Counts the target's classes, or averages its numbers, in groups of another column."""

    connection: duckdb.DuckDBPyConnection
    table: str
    target: Column
    values: tuple[Any, ...]  # of the classes; empty if the target is a number
    has_others: bool

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, table: str, target: Column) -> _GroupCounter:
        is_number = target.stores_numbers and target.n_distinct > _NUMBERS_AS_CLASSES
        values = [] if is_number else _frequent(connection, table, target.name, n_values=_CLASSES)
        has_others = not is_number and target.n_distinct > len(values)
        return cls(
            connection=connection, table=table, target=target, values=tuple(values), has_others=has_others
        )

    @property
    def classes(self) -> tuple[str, ...]:
        return (*map(as_text, self.values), *([OTHERS] if self.has_others else []))

    def relation(self, column: Column) -> Relation:
        name = identifier(column.name)
        if (column.stores_text or column.stores_truths) and not column.traits.is_prose:
            values = _frequent(self.connection, self.table, column.name, n_values=_TOP)
            place = f"coalesce(list_position(?, {name}) - 1, {_TOP})"
            labels = [*map(as_text, values), *[""] * (_TOP - len(values)), OTHERS, MISSING]
            groups = self.groups(_or_missing(name, place, n_groups=_TOP + 1), labels, [values])
            return Relation(column=column.name, kind=column.kind, by="values", groups=groups)
        value = {"VARCHAR": f"length({name})", "TIMESTAMP": f"epoch_us({name})"}.get(column.storage, name)
        labels, place = self._ranges(column, f"{value}::DOUBLE")
        groups = self.groups(_or_missing(name, place, n_groups=_BINS), [*labels, MISSING])
        by = "letters" if column.stores_text else "ranges"
        return Relation(column=column.name, kind=column.kind, by=by, groups=groups)

    def _ranges(self, column: Column, value: str) -> tuple[list[str], str]:
        """Return labels of ten ranges of about equal size, and the SQL of a value's range."""
        shares = [place / _BINS for place in range(_BINS + 1)]
        low, limits, high = self.connection.execute(
            f"SELECT min({value}), approx_quantile({value}, {shares[1:-1]}), max({value}) FROM {self.table}"
        ).fetchone() or (None, None, None)
        if low is None or high is None:
            return [""] * _BINS, "0"
        is_integral = column.stores_whole_numbers or column.stores_text  # for texts, the number of letters
        cuts = sorted({float(ceil(cut)) if is_integral else cut for cut in limits if low < cut <= high})
        is_number = not column.stores_times
        step = 1 if is_integral else 0  # to the last value below a cut
        names = [
            [named_edge(edge if is_number else edge / _US_PER_DAY, is_number=is_number) for edge in edges]
            for edges in ([low, *cuts], [*(cut - step for cut in cuts), high])
        ]
        labels = [
            first if first == last else f"{first} to {last}" for first, last in zip(*names, strict=True)
        ]
        place = " + ".join(f"({value} >= {cut!r}::DOUBLE)::INTEGER" for cut in cuts) or "0"
        return [*labels, *[""] * (_BINS - len(labels))], place

    def groups(self, place: str, labels: Sequence[str], parameters: Sequence[Any] = ()) -> tuple[Group, ...]:
        """Return the groups that the SQL ``place`` assigns rows to, without empty ones."""
        target = identifier(self.target.name)
        chosen = f"avg({target}::DOUBLE)" if not self.classes else self._class_counts(target)
        records = self.connection.execute(
            f"SELECT {place} AS place, count(*), {chosen} FROM {self.table} WHERE {target} IS NOT NULL "
            "GROUP BY place ORDER BY place",
            [*parameters, *self.values],
        ).fetchall()
        return tuple(
            Group(
                label=labels[place],
                n_rows=n_rows,
                counts=self._counts(n_rows, more) if self.classes else (),
                mean=None if self.classes else more[0],
            )
            for place, n_rows, *more in records
        )

    def _class_counts(self, target: str) -> str:
        return ", ".join(f"count(*) FILTER ({target} = ?)" for _ in self.values)

    def _counts(self, n_rows: int, of_values: Sequence[int]) -> tuple[int, ...]:
        return (*of_values, *([n_rows - sum(of_values)] if self.has_others else []))


def _or_missing(name: str, place: str, *, n_groups: int) -> str:
    return f"CASE WHEN {name} IS NULL THEN {n_groups} ELSE {place} END"


def _frequent(connection: duckdb.DuckDBPyConnection, table: str, name: str, *, n_values: int) -> list[Any]:
    """Return a column's most frequent values, by frequency."""
    value = identifier(name)
    rows = connection.execute(
        f"SELECT {value} FROM {table} WHERE {value} IS NOT NULL GROUP BY {value} "
        f"ORDER BY count(*) DESC, {value} LIMIT {n_values}"
    ).fetchall()
    return [row[0] for row in rows]

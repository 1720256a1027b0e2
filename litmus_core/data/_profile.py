# ruff: noqa: S608 - names and paths are quoted by _duck
"""A table's profile: what each column holds, in counts that a page can draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from litmus_core.data._duck import duck, identifier, parquet
from litmus_core.data._kinds import as_text
from litmus_core.data._read import table_path
from litmus_core.types import Column, ColumnKind

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion

_COLUMNS_AT_ONCE = 40
_BINS = 20
_TOP = 10
_COUNTED_TOGETHER = 1_000  # columns with more different values are counted one by one
_EXACT_ROWS = 2_000_000
_MEASURED = ("BIGINT", "DOUBLE")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCount:
    """A value as text, and how many rows have it."""

    value: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """``counts`` (k,) of values between ``edges`` (k + 1,); the last bin holds its upper edge.

    Edges of dates are days since 1970-01-01; ``labels`` (k,) name each bin in plain words.
    """

    counts: tuple[int, ...]
    edges: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One column over all rows. What does not apply to its kind is None or empty.

    ``low`` and ``high`` to ``upper_quartile`` are of numbers; ``first`` and ``last`` of dates (ISO 8601);
    ``mean_letters`` to ``mean_words`` of texts, categories and textual ids; ``top`` holds the most
    frequent values (none where values hardly repeat); ``examples`` a few values as they stand.
    """

    name: str
    kind: ColumnKind
    storage: str
    n_rows: int
    n_missing: int
    n_distinct: int
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    std: float | None = None
    lower_quartile: float | None = None
    median: float | None = None
    upper_quartile: float | None = None
    first: str | None = None
    last: str | None = None
    mean_letters: float | None = None
    most_letters: int | None = None
    mean_words: float | None = None
    top: tuple[ValueCount, ...] = ()
    histogram: Histogram | None = None
    examples: tuple[str, ...] = ()

    @property
    def missing_share(self) -> float:
        """Share of rows without a value, 0 to 1."""
        return self.n_missing / self.n_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All columns of a data set version, in its own order."""

    dataset_version_id: str
    n_rows: int
    columns: tuple[ColumnProfile, ...]

    def column(self, name: str) -> ColumnProfile:
        """Return the column called ``name``; raises KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def profile(workspace: Workspace, version: DatasetVersion) -> Profile:
    """Count what each column of ``version`` holds; raises NotFoundError when its file is gone.

    Above two million rows quartiles are estimates.
    """
    table = table_path(workspace, version)
    found: list[ColumnProfile] = []
    with duck(f"profile '{version.name}'") as connection:
        for start in range(0, len(version.columns), _COLUMNS_AT_ONCE):
            columns = version.columns[start : start + _COLUMNS_AT_ONCE]
            statistics = _statistics(connection, table, columns, n_rows=version.n_rows)
            histograms = _histograms(connection, table, columns, statistics)
            tops = _tops(connection, table, columns, n_rows=version.n_rows)
            found += [
                ColumnProfile(
                    name=column.name,
                    kind=column.kind,
                    storage=column.storage,
                    n_rows=version.n_rows,
                    n_missing=column.n_missing,
                    n_distinct=column.n_distinct,
                    top=tops.get(column.name, ()),
                    histogram=histograms.get(column.name),
                    examples=column.examples,
                    **known,
                )
                for column, known in zip(columns, statistics, strict=True)
            ]
    return Profile(dataset_version_id=version.id, n_rows=version.n_rows, columns=tuple(found))


def _statistics(
    connection: duckdb.DuckDBPyConnection, table: Path, columns: Sequence[Column], *, n_rows: int
) -> list[dict[str, Any]]:
    """Return each column's statistics by their ColumnProfile field."""
    asked = [_aggregates(column, exact=n_rows <= _EXACT_ROWS) for column in columns]
    flat = [sql for each in asked for sql in each.values()]
    sql = f"SELECT {', '.join(flat) or '0'} FROM {parquet(table)}"
    answers = iter(connection.execute(sql).fetchone() or ())
    return [_named_fields({field: next(answers) for field in each}) for each in asked]


def _aggregates(column: Column, *, exact: bool) -> dict[str, str]:
    value = identifier(column.name)
    if column.storage in _MEASURED:
        number = f"{value}::DOUBLE"
        quantile = "quantile_cont" if exact else "approx_quantile"
        return {
            "low": f"min({number})",
            "high": f"max({number})",
            "mean": f"avg({number})",
            "std": f"stddev_samp({number})",
            "quartiles": f"{quantile}({number}, [0.25, 0.5, 0.75])",
        }
    if column.storage == "TIMESTAMP":
        return {"first": f"min({value})", "last": f"max({value})"}
    if column.storage == "VARCHAR":
        return {
            "mean_letters": f"avg(length({value}))",
            "most_letters": f"max(length({value}))",
            "mean_words": f"avg(length({value}) - length(replace({value}, ' ', '')) + 1)",
        }
    return {}


def _named_fields(answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers by ColumnProfile field: the three quartiles have one each."""
    if "quartiles" in answers:
        names = ("lower_quartile", "median", "upper_quartile")
        answers |= dict(zip(names, answers.pop("quartiles") or (None, None, None), strict=True))
    return {field: _plain(value) for field, value in answers.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None  # sums of very large numbers are beyond a float
    return value.isoformat() if isinstance(value, datetime) else value


def _histograms(
    connection: duckdb.DuckDBPyConnection,
    table: Path,
    columns: Sequence[Column],
    statistics: Sequence[dict[str, Any]],
) -> dict[str, Histogram]:
    ranges = {}
    for column, known in zip(columns, statistics, strict=True):
        low, high = known.get("low", known.get("first")), known.get("high", known.get("last"))
        if low is not None and high is not None:
            ranges[column.name] = (_days(low), _days(high), "low" in known)
    if not ranges:
        return {}
    questions = ", ".join(_bins(name, low, high, number) for name, (low, high, number) in ranges.items())
    answers = connection.execute(f"SELECT {questions} FROM {parquet(table)}").fetchone() or ()
    return {
        name: _histogram(low, high, counts or {}, is_number=number)
        for (name, (low, high, number)), counts in zip(ranges.items(), answers, strict=True)
    }


def _days(value: float | str) -> float:
    """Return a number as it is, a moment (ISO 8601) as days since 1970-01-01."""
    if isinstance(value, str):
        return (datetime.fromisoformat(value) - datetime(1970, 1, 1)) / timedelta(days=1)
    return float(value)


def _bins(name: str, low: float, high: float, is_number: bool) -> str:
    value = identifier(name)
    number = f"{value}::DOUBLE" if is_number else f"epoch_us({value}) / 86400000000.0"
    if low == high:
        return f"histogram(CASE WHEN {value} IS NOT NULL THEN 0 END)"
    width = high / _BINS - low / _BINS
    place = f"least({_BINS - 1}, greatest(0, floor(({number} - {low!r}::DOUBLE) / {width!r}::DOUBLE)))"
    # greatest() passes over NULL: a missing value must not land in the first bin.
    return f"histogram(CASE WHEN {value} IS NOT NULL THEN {place}::INTEGER END)"


def _histogram(low: float, high: float, counts: dict[int, int], *, is_number: bool) -> Histogram:
    if low == high:
        return Histogram(counts=(counts.get(0, 0),), edges=(low, high), labels=(_named(low, is_number),))
    width = high / _BINS - low / _BINS
    edges = [*(low + place * width for place in range(_BINS)), high]
    names = [_named(edge, is_number) for edge in edges]
    return Histogram(
        counts=tuple(counts.get(place, 0) for place in range(_BINS)),
        edges=tuple(edges),
        labels=tuple(f"{first} to {last}" for first, last in pairwise(names)),
    )


def _named(edge: float, is_number: bool) -> str:
    if is_number:
        return f"{edge:,.0f}" if abs(edge) >= 1000 else f"{edge:.3g}"
    return (datetime(1970, 1, 1) + timedelta(days=edge)).date().isoformat()


def _tops(
    connection: duckdb.DuckDBPyConnection, table: Path, columns: Sequence[Column], *, n_rows: int
) -> dict[str, tuple[ValueCount, ...]]:
    """Return the most frequent values of the columns whose values repeat."""
    repeating = [column for column in columns if _repeats(column, n_rows=n_rows)]
    together = [column for column in repeating if column.n_distinct <= _COUNTED_TOGETHER]
    tops: dict[str, tuple[ValueCount, ...]] = {}
    if together:
        questions = ", ".join(f"histogram({identifier(column.name)})" for column in together)
        answers = connection.execute(f"SELECT {questions} FROM {parquet(table)}").fetchone() or ()
        for column, counts in zip(together, answers, strict=True):
            tops[column.name] = _most_frequent(list((counts or {}).items()))
    for column in repeating:
        if column.n_distinct > _COUNTED_TOGETHER:
            value = identifier(column.name)
            rows = connection.execute(
                f"SELECT {value}, count(*) AS n FROM {parquet(table)} WHERE {value} IS NOT NULL "
                f"GROUP BY {value} ORDER BY n DESC, {value} LIMIT {_TOP}"
            ).fetchall()
            tops[column.name] = _most_frequent(rows)
    return tops


def _repeats(column: Column, *, n_rows: int) -> bool:
    most = _BINS if column.storage in _MEASURED else max(0.5 * n_rows, _BINS)
    return 0 < column.n_distinct <= most


def _most_frequent(counts: Sequence[tuple[Any, int]]) -> tuple[ValueCount, ...]:
    ordered = sorted(counts, key=lambda item: -item[1])[:_TOP]
    return tuple(ValueCount(value=as_text(value), n_rows=count) for value, count in ordered)

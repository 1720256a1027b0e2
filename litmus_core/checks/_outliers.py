# ruff: noqa: S608 - names are quoted by identifier
"""Implausible numbers: infinite ones, and a few far away from all others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.aggregates import numbers_of, query_each
from litmus_core.checks._format import short_cell
from litmus_core.checks._phrases import combine_findings
from litmus_core.data import identifier
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_NOTE = re.compile(r"(\d[\d,]*) infinite values? in '(.+?)' became missing\.")
_FAR = 20.0  # times the interquartile range
_GAP, _GAP_OF_ONE = 5.0, 10.0  # times as far as the next one
_MOST_SHARE, _MOST_ROWS = 0.005, 500
_FEWEST_ROWS = 50
_SHOWN = 5


def infinities(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns with infinite numbers, including those that import read as missing."""
    columns = [
        number
        for number in numbers_of(table, with_target=True)
        if not np.isfinite(table.ranges[number.name]).all()
    ]
    counts = query_each(table, columns, lambda c: [f"count(*) FILTER (isinf({c}))"])
    for column, (n_infinite,) in zip(columns, counts, strict=True):
        if n_infinite:
            fix = Fix(
                kind="as_missing",
                columns=(column.name,),
                values=(("inf", None), ("-inf", None)),
            )
            yield _infinite_finding(column.name, n_infinite, fix)
    for note in table.version.notes:
        for notes in _NOTE.finditer(note):
            if notes[2] in table.version.column_names:
                yield _infinite_finding(notes[2], int(notes[1].replace(",", "")), None)


def _infinite_finding(column: str, n_rows: int, fix: Fix | None) -> Finding:
    return Finding(
        kind="infinities",
        severity="warning",
        columns=(column,),
        statement=Statement.of("infinities", "infinite", columns=[column], n_rows=n_rows),
        evidence=() if fix else (Statement.of("infinities", "read as missing"),),
        fix=fix,
        n_rows=n_rows,
    )


def outliers(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns in which a few numbers lie far away from all others, with a gap in between."""
    if table.n_rows < _FEWEST_ROWS:
        return iter(())
    columns = [number for number in numbers_of(table, with_target=True) if number.n_distinct > 10]
    middles = [_middle(table, other) for other in columns]
    chosen = [(column, *middle) for column, middle in zip(columns, middles, strict=True) if middle]
    bounds = {column.name: (centre, width) for column, centre, width in chosen}
    names = iter(bounds.values())
    counts = query_each(
        table, [column for column, *_ in chosen], lambda c: _distance_aggregates(c, *next(names))
    )
    most = min(_MOST_ROWS, max(3, int(_MOST_SHARE * table.n_rows)))
    findings: list[Finding] = []
    for (column, centre, width), (n_far, furthest_near) in zip(chosen, counts, strict=True):
        if 0 < n_far <= most:
            findings += _outlier_finding(table, column, centre, width, furthest_near or 0.0)
    return combine_findings(findings)


def _middle(table: CheckContext, column: Column) -> tuple[float, float] | None:
    """Return the sample's median and interquartile range (or more); None if the range has no width."""
    values = np.asarray(table.sample[column.name], dtype=np.float64)
    values = values[np.isfinite(values)]
    if len(values) < _FEWEST_ROWS:
        return None
    centre = float(np.median(values))
    for low, high in ((25, 75), (5, 95), (1, 99)):
        width = float(np.subtract(*np.percentile(values, (high, low))))
        if width > 0:
            return centre, width
    return None


def _distance_aggregates(cell: str, centre: float, width: float) -> tuple[str, str]:
    away = f"abs({cell}::DOUBLE - {centre!r})"
    far = _FAR * width
    return f"count(*) FILTER ({away} > {far!r})", f"max({away}) FILTER ({away} <= {far!r})"


def _outlier_finding(
    table: CheckContext, column: Column, centre: float, width: float, furthest_near: float
) -> Iterator[Finding]:
    cell = identifier(column.name)
    rows = table.query(
        f"SELECT file_row_number, {cell}::DOUBLE AS v, abs(v - {centre!r}) AS away FROM rows "
        f"WHERE away > {_FAR * width!r} ORDER BY away DESC, 1"
    )
    away = np.array([row[2] for row in rows] + [max(furthest_near, width)])
    ratios = away[:-1] / away[1:]
    needed = np.where(np.arange(len(ratios)) == 0, _GAP_OF_ONE, _GAP)
    distant = np.flatnonzero(ratios >= needed)
    if not len(distant):
        return
    chosen = rows[: int(distant[-1]) + 1]
    values = [row[1] for row in chosen]
    if len(chosen) >= 3 and len(set(values)) == 1:
        return  # a single repeated number is a placeholder, which disguised_missing handles
    distinct = sorted(set(values))
    low, high = short_cell(centre - furthest_near), short_cell(centre + furthest_near)
    yield Finding(
        kind="outliers",
        severity="warning",
        columns=(column.name,),
        statement=Statement.of("outliers", "far", n_rows=len(chosen), columns=[column.name]),
        evidence=(Statement.of("outliers", "others", low=low, high=high, width=short_cell(width)),),
        table=EvidenceTable(
            header=("row", column.name),
            rows=tuple((f"{row[0] + 1:,}", short_cell(row[1])) for row in chosen[:_SHOWN]),
        ),
        fix=Fix(
            kind="as_missing",
            columns=(column.name,),
            values=tuple((repr(value), None) for value in distinct),
        ),
        n_rows=len(chosen),
        score=len(chosen) / table.n_rows,
    )

"""Rows that belong together: of one thing, or one time. A random split lets a model peek."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._flattery import Flattery, flattery_of_groups, flattery_of_time
from litmus_core.checks._words import plain_score
from litmus_core.data import as_numbers, looks_like_id
from litmus_core.types import EvidenceTable, Finding, Fix, SplitPlan

if TYPE_CHECKING:
    from litmus_core.checks._quick import Floats, Ints
    from litmus_core.checks._table import Table
    from litmus_core.types import Column

_THINGS = re.compile(
    r"account|animal|author|batch|block|building|buyer|case|cluster|client|clinic|company|customer|device|donor"
    r"|driver|employee|engine|entity|family|farm|firm|group|hospital|house|household|machine|member|merchant"
    r"|owner|participant|patient|person|plant|player|respondent|school|seller|sensor|serial|session|shop|site"
    r"|store|student|subject|supplier|teacher|team|tenant|user|vehicle|vendor|visitor|worker",
    re.IGNORECASE,
)
_TIME = re.compile(r"(^|[\W_])(year|yr|date|month|week|quarter|period|time|day)([\W_]|$)", re.IGNORECASE)
_FEWEST_GROUPS, _FEWEST_MOMENTS = 12, 12
_FEWEST_PER_GROUP = 1.7
_MOST_MISSING = 0.5
_MANY_GROUPS, _SMALL_GROUPS = 40, 50  # a category with so many values, so few rows each, names things
_ALIKE = 0.05  # skill of a group's own average in telling the target
_TRIED = 3


def structure(table: Table) -> Iterator[Finding]:
    """Yield the group and time columns found, each with the score of a random and of a structured split."""
    for column, alike in _group_columns(table)[:_TRIED]:
        flattery = flattery_of_groups(table, _codes(table, column))
        if flattery is not None:
            yield _group_finding(table, column, flattery, alike)
    for column in _time_columns(table)[:_TRIED]:
        flattery = flattery_of_time(table, as_numbers(table.sample[column.name].to_numpy()))
        if flattery is not None:
            yield _time_finding(table, column, flattery)


def _group_columns(table: Table) -> list[tuple[Column, float]]:
    """Return the columns that name things with several rows each, where such rows have like answers."""
    found = []
    for each in table.columns:
        if each.name in table.leaks.same or not _may_be_group(table, each):
            continue
        codes = _codes(table, each)
        n_groups = len(np.unique(codes))
        if n_groups < _FEWEST_GROUPS or len(codes) / n_groups < _FEWEST_PER_GROUP:
            continue
        alike = table.question.skill(table.question.told_by(codes.astype(object), "category"))
        if alike >= _ALIKE:
            found.append((each, alike))
    return sorted(found, key=lambda pair: -pair[1])


def _may_be_group(table: Table, column: Column) -> bool:
    if column.kind in ("date", "boolean") or column.storage == "DOUBLE" or column.name in table.followers:
        return False
    if column.n_distinct < _FEWEST_GROUPS or column.n_missing > _MOST_MISSING * table.n_rows:
        return False
    says_so = bool(looks_like_id(column.name) or _THINGS.search(column.name))
    per_value = table.n_rows / max(1, column.n_distinct)
    if column.kind == "number":
        return says_so
    return says_so or (column.n_distinct >= _MANY_GROUPS and per_value <= _SMALL_GROUPS)


def _codes(table: Table, column: Column) -> Ints:
    """Return each row's group; a row without one is its own."""
    import pandas as pd

    codes = pd.factorize(table.sample[column.name])[0].astype(np.int64)
    lone = codes < 0
    codes[lone] = codes.max(initial=-1) + 1 + np.arange(int(lone.sum()))
    return np.asarray(codes)


def _time_columns(table: Table) -> list[Column]:
    return [
        each
        for each in table.columns
        if each.n_distinct >= _FEWEST_MOMENTS
        and (
            each.kind == "date"
            or (each.kind == "number" and _TIME.search(each.name) and _are_years(table, each))
        )
    ]


def _are_years(table: Table, column: Column) -> bool:
    numbers: Floats = as_numbers(table.sample[column.name].to_numpy())
    known = numbers[~np.isnan(numbers)]
    return bool(len(known)) and bool(((known >= 1800) & (known <= 2200)).all())


def _group_finding(table: Table, column: Column, flattery: Flattery, alike: float) -> Finding:
    per_group = table.n_rows / max(1, column.n_distinct)
    name = column.name
    about = f"'{name}' names {column.n_distinct:,} things with {per_group:.1f} rows each on average"
    return _finding(
        column,
        flattery,
        harmful=(
            f"{about}, and rows of one are alike. {_flatters(flattery)}: "
            f"keep all rows of one '{name}' together."
        ),
        harmless=f"{about}. {_harmless(flattery)}",
        structured=f"rows of one '{name}' kept together",
        split=SplitPlan(kind="group", column=name),
        title=f"Split by '{name}'",
        more=(f"The average of its '{name}' alone explains {alike:.0%} of what there is to tell.",),
    )


def _time_finding(table: Table, column: Column, flattery: Flattery) -> Finding:
    name = column.name
    return _finding(
        column,
        flattery,
        harmful=(
            f"Rows have a time in '{name}', and later ones are unlike earlier ones. {_flatters(flattery)}: "
            "test on the latest rows."
        ),
        harmless=f"Rows have a time in '{name}'. {_harmless(flattery)}",
        structured="later rows asked, earlier ones learnt from",
        split=SplitPlan(kind="time", column=name),
        title=f"Test on the latest rows by '{name}'",
        more=(),
    )


def _finding(
    column: Column,
    flattery: Flattery,
    *,
    harmful: str,
    harmless: str,
    structured: str,
    split: SplitPlan,
    title: str,
    more: tuple[str, ...],
) -> Finding:
    return Finding(
        kind="structure",
        severity="harmful" if flattery.is_material else "hint",
        columns=(column.name,),
        sentence=harmful if flattery.is_material else harmless,
        evidence=(flattery.said(structured), *more),
        table=EvidenceTable(
            header=("split", flattery.scale),
            rows=(
                ("at random", plain_score(flattery.random)),
                (structured, plain_score(flattery.structured)),
            ),
        ),
        fix=Fix(kind="split", columns=(column.name,), split=split, title=title),
        score=max(0.0, flattery.difference),
    )


def _flatters(flattery: Flattery) -> str:
    points = round(flattery.points)
    said = "1 point" if points == 1 else f"{points} points"
    return f"A random split flatters by {said} ({_side_by_side(flattery)})"


def _harmless(flattery: Flattery) -> str:
    return f"A random split does not flatter beyond what chance does ({_side_by_side(flattery)})."


def _side_by_side(flattery: Flattery) -> str:
    return f"{flattery.scale} {plain_score(flattery.random)} against {plain_score(flattery.structured)}"

"""Rows that belong together: of one thing, or one time. A random split lets a model peek."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.split_optimism import SplitOptimism, flattery_of_groups
from litmus_core.checks._context.time_drift import drifts_over, find_drift, find_times
from litmus_core.data import looks_like_id
from litmus_core.text import format_score, join_names
from litmus_core.types import EvidenceTable, Finding, Fix, Severity, SplitPlan

if TYPE_CHECKING:
    from litmus_core.checks._context.quick_model import Ints
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.checks._context.time_drift import Drift
    from litmus_core.types import Column

_THINGS = re.compile(
    r"account|animal|author|batch|block|building|buyer|case|cluster|client|clinic|company|customer|device|donor"
    r"|driver|employee|engine|entity|family|farm|firm|group|hospital|house|household|machine|member|merchant"
    r"|owner|participant|patient|person|plant|player|respondent|school|seller|sensor|serial|session|shop|site"
    r"|store|student|subject|supplier|teacher|team|tenant|user|vehicle|vendor|visitor|worker",
    re.IGNORECASE,
)
_FEWEST_GROUPS = 12
_FEWEST_PER_GROUP = 1.7
_MOST_MISSING = 0.5
_MANY_GROUPS, _SMALL_GROUPS = 40, 50  # a category with so many values, so few rows each, names things
_ALIKE = 0.05  # skill of a group's own average in telling the target
_TRIED = 3


def structure(table: CheckContext) -> Iterator[Finding]:
    """Yield the group and time columns found, each with the score of a random and of a structured split."""
    for column, alike in _group_columns(table)[:_TRIED]:
        if _is_in_time(table, column.name):
            continue  # rows of one are alike as they came one after the other
        flattery = flattery_of_groups(table, _codes(table, column))
        if flattery is not None:
            yield _group_finding(table, column, flattery, alike)
    for time in table.once(find_times):
        if (time.may_do_harm or table.warns) and (drift := table.once(find_drift, time)) is not None:
            yield _time_finding(drift)


def _is_in_time(table: CheckContext, name: str) -> bool:
    """Say whether answers drift along the column by itself."""
    return any(each.columns == (name,) and each.flattery.is_material for each in drifts_over(table, [name]))


def _group_columns(table: CheckContext) -> list[tuple[Column, float]]:
    """Return the columns that name things with several rows each, where such rows have like answers."""
    found = []
    for each in table.columns:
        if each.name in table.once(find_leaks).same or not _may_be_group(table, each):
            continue
        codes = _codes(table, each)
        n_groups = len(np.unique(codes))
        if n_groups < _FEWEST_GROUPS or len(codes) / n_groups < _FEWEST_PER_GROUP:
            continue
        alike = table.question.skill(table.question.told_by(codes.astype(object), "category"))
        if alike >= _ALIKE:
            found.append((each, alike))
    return sorted(found, key=lambda pair: -pair[1])


def _may_be_group(table: CheckContext, column: Column) -> bool:
    if (
        column.kind in ("date", "boolean")
        or column.storage == "DOUBLE"
        or column.name in table.once(find_followers)
    ):
        return False
    if column.n_distinct < _FEWEST_GROUPS or column.n_missing > _MOST_MISSING * table.n_rows:
        return False
    says_so = bool(looks_like_id(column.name) or _THINGS.search(column.name))
    per_value = table.n_rows / max(1, column.n_distinct)
    if column.kind == "number":
        return says_so
    return says_so or (column.n_distinct >= _MANY_GROUPS and per_value <= _SMALL_GROUPS)


def _codes(table: CheckContext, column: Column) -> Ints:
    """Return each row's group; a row without one is its own."""
    import pandas as pd

    codes = pd.factorize(table.sample[column.name])[0].astype(np.int64)
    lone = codes < 0
    codes[lone] = codes.max(initial=-1) + 1 + np.arange(int(lone.sum()))
    return np.asarray(codes)


def _group_finding(table: CheckContext, column: Column, flattery: SplitOptimism, alike: float) -> Finding:
    per_group = table.n_rows / max(1, column.n_distinct)
    name = column.name
    about = f"'{name}' names {column.n_distinct:,} things with {per_group:.1f} rows each on average"
    return _finding(
        (name,),
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


def _time_finding(drift: Drift) -> Finding:
    flattery, by, names = (
        drift.flattery,
        drift.split.by,
        join_names([f"'{each}'" for each in drift.columns], most=4),
    )
    told = {
        "date": f"Rows have a time in {names}",
        "calendar": f"{names} together tell the time of a row",
        "counter": f"The rows come in an order, which {names} counts",
        "number": f"{names} may count the rows as they came: answers change along it",
    }[drift.kind]
    more: tuple[str, ...] = ()
    if drift.is_left_out and flattery.is_material:
        more = (f"The models of both scores see {names}, which Litmus leaves out by itself.",)
    may_only = drift.is_left_out or drift.kind == "number" or flattery.is_backward  # who predicts looks ahead
    return _finding(
        drift.columns,
        flattery,
        harmful=(
            f"{told}, and later ones are unlike earlier ones. {_flatters(flattery)}"
            f"{' where earlier rows are asked' if flattery.is_backward else ''}: test on the latest rows."
            if drift.kind != "number"
            else f"{told}. If it does: {_flatters(flattery, first='a')}, and the latest rows should test."
        ),
        harmless=f"{told}. {_harmless(flattery)}",
        structured="earlier rows asked, later ones learnt from"
        if flattery.is_backward
        else "later rows asked, earlier ones learnt from",
        split=drift.split,
        title=f"Test on the latest rows by '{by}'",
        more=more,
        worst="warning" if may_only else "harmful",
    )


def _finding(
    columns: tuple[str, ...],
    flattery: SplitOptimism,
    *,
    harmful: str,
    harmless: str,
    structured: str,
    split: SplitPlan,
    title: str,
    more: tuple[str, ...],
    worst: Severity = "harmful",
) -> Finding:
    return Finding(
        kind="structure",
        severity=worst if flattery.is_material else "warning" if flattery.is_worth_a_look else "hint",
        columns=columns,
        sentence=harmful if flattery.is_material else harmless,
        evidence=(flattery.said(structured), *more),
        table=EvidenceTable(
            header=("split", flattery.scale.name),
            rows=(
                ("at random", format_score(flattery.random)),
                (structured, format_score(flattery.structured)),
            ),
        ),
        fix=Fix(kind="split", columns=columns, split=split, title=title),
        score=max(0.0, flattery.difference),
    )


def _flatters(flattery: SplitOptimism, *, first: str = "A") -> str:
    points = round(flattery.points)
    said = "1 point" if points == 1 else f"{points} points"
    return f"{first} random split flatters by {said} ({_side_by_side(flattery)})"


def _harmless(flattery: SplitOptimism) -> str:
    if flattery.is_doubtful:
        return (
            f"Answers change along it, and one of two models is flattered by a random split "
            f"({_side_by_side(flattery)}): test on the latest rows."
        )
    if flattery.overall is not None:
        return (
            f"The latest rows are unlike the others: a random split of all rows scores {flattery.scale.name} "
            f"{format_score(flattery.overall)}, the latest ones, answered from earlier ones, "
            f"{format_score(flattery.structured)}. Test on the latest rows."
        )
    if flattery.is_likely:
        return f"Models do not agree on whether a random split flatters ({_side_by_side(flattery)})."
    return f"A random split does not flatter beyond what chance does ({_side_by_side(flattery)})."


def _side_by_side(flattery: SplitOptimism) -> str:
    return (
        f"{flattery.scale.name} {format_score(flattery.random)} against {format_score(flattery.structured)}"
    )

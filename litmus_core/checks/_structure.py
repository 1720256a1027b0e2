"""Rows that belong together, by a thing or by time: a random split lets a model peek."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.split_optimism import SplitOptimism, optimism_by_group
from litmus_core.checks._context.time_drift import drift_optimism, find_drift, find_times
from litmus_core.checks._texts import comparison_text
from litmus_core.data import looks_like_id
from litmus_core.text import format_score
from litmus_core.types import EvidenceTable, Finding, Fix, Severity, SplitPlan, Statement

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
_MANY_GROUPS, _SMALL_GROUPS = 40, 50  # a category with this many values and so few rows each names things
_MANY_NUMBERS = 100  # so many values has a number that names things, if it is not called so
_INTERVALS, _BEYOND_ORDER = 20, 0.05  # it tells more than the interval that it lies in
_ALIKE = 0.05  # skill of a group's own average in predicting the target
_TRIED = 3


def structure(table: CheckContext) -> Iterator[Finding]:
    """Yield the group and time columns found, each with the scores of a random and of a structured split."""
    groups = []
    for column, alike in _group_columns(table)[:_TRIED]:
        if _is_in_time(table, column.name):
            continue  # rows of one group are alike because they came one after the other
        flattery = optimism_by_group(table, _codes(table, column))
        if flattery is not None:
            finding = _group_finding(table, column, flattery, alike)
            groups += [column] if finding.severity == "harmful" else []
            yield finding
    for time in table.once(find_times):
        if (time.may_do_harm or table.warns) and (drift := table.once(find_drift, time)) is not None:
            finding = _time_finding(drift, is_sorted=any(_is_sorted_by(table, drift, one) for one in groups))
            yield finding
            if finding.severity == "harmful" and not table.warns:
                return  # the other times of these rows ask for the same split, and take as many models


def _is_in_time(table: CheckContext, name: str) -> bool:
    """Return whether the target drifts along the column by itself."""
    return any(
        optimism.columns == (name,) and optimism.flattery.is_material
        for optimism in drift_optimism(table, [name])
    )


def _is_sorted_by(table: CheckContext, drift: Drift, group: Column) -> bool:
    """Return whether what counts the rows only goes through the groups, one after the other."""
    if drift.kind != "counter":
        return False
    codes = _codes(table, group)[table.sample[drift.columns[0]].argsort(kind="stable").to_numpy()]
    n_runs = 1 + int((codes[1:] != codes[:-1]).sum())
    return n_runs == len(np.unique(codes))


def _group_columns(table: CheckContext) -> list[tuple[Column, float]]:
    """Return the columns that name things with several rows each, if such rows have similar targets."""
    columns = []
    for column in table.columns:
        if not _may_be_group(table, column) or column.name in table.once(find_leaks).same:  # leaks take long
            continue
        codes = _codes(table, column)
        n_groups = len(np.unique(codes))
        if n_groups < _FEWEST_GROUPS or len(codes) / n_groups < _FEWEST_PER_GROUP:
            continue
        alike = _told_by(table, codes)
        order = _told_by_order(table, column) + _BEYOND_ORDER if _is_unnamed_number(column) else 0.0
        if alike >= max(_ALIKE, order):
            columns.append((column, alike))
    chosen = [
        pair for pair in columns if not _is_trait_of_groups(table, *pair, [other for other, _ in columns])
    ]
    return sorted(chosen, key=lambda pair: -pair[1])


def _is_trait_of_groups(table: CheckContext, column: Column, alike: float, others: list[Column]) -> bool:
    """Return whether a number is the same in all rows of a finer group, and tells no more than its interval.

    A person's years of schooling look like a group, since all rows of a person have them.
    """
    if not column.traits.is_quantity or alike >= _told_by_order(table, column) + _BEYOND_ORDER:
        return False
    codes = _codes(table, column)
    return any(_determines(_codes(table, other), codes) for other in others if other is not column)


def _determines(finer: Ints, coarser: Ints) -> bool:
    n_finer = len(np.unique(finer))
    n_pairs = len(np.unique(np.stack([finer, coarser]), axis=1)[0])
    return n_finer == n_pairs > len(np.unique(coarser))


def _may_be_group(table: CheckContext, column: Column) -> bool:
    if (
        column.traits.is_moment
        or column.traits.is_truth
        or column.traits.units
        or column.stores_fractions
        or column.name in table.once(find_followers)
    ):
        return False
    if column.n_distinct < _FEWEST_GROUPS or column.n_missing > _MOST_MISSING * table.n_rows:
        return False
    per_value = table.n_rows / max(1, column.n_distinct)
    many = _MANY_NUMBERS if column.traits.is_quantity else _MANY_GROUPS
    return _says_so(column) or (column.n_distinct >= many and per_value <= _SMALL_GROUPS)


def _says_so(column: Column) -> bool:
    """Return whether the name says that the column names things."""
    return bool(looks_like_id(column.name) or _THINGS.search(column.name))


def _is_unnamed_number(column: Column) -> bool:
    return column.traits.is_quantity and not _says_so(column)


def _told_by(table: CheckContext, codes: Ints) -> float:
    """Return the skill of a group's own average in predicting the target."""
    return table.question.skill(table.question.column_score(codes.astype(object), "category"))


def _told_by_order(table: CheckContext, column: Column) -> float:
    """Return the skill of the interval that a number lies in: it is as large for amounts, not for ids."""
    import pandas as pd

    ranks = pd.to_numeric(table.sample[column.name], errors="coerce").rank(pct=True).fillna(0.0)
    return _told_by(table, np.ceil(_INTERVALS * ranks.to_numpy()).astype(np.int64))


def _codes(table: CheckContext, column: Column) -> Ints:
    """Return each row's group; a row without one is its own group."""
    import pandas as pd

    codes = pd.factorize(table.sample[column.name])[0].astype(np.int64)
    lone = codes < 0
    codes[lone] = codes.max(initial=-1) + 1 + np.arange(int(lone.sum()))
    return np.asarray(codes)


def _group_finding(table: CheckContext, column: Column, flattery: SplitOptimism, alike: float) -> Finding:
    name = column.name
    return _finding(
        _statement(
            "groups", (name,), flattery,
            n_distinct=column.n_distinct, per_group=table.n_rows / max(1, column.n_distinct),
        ),
        flattery,
        (name,),
        structured="groups",
        split=SplitPlan(kind="group", column=name),
        more=(Statement.of("structure", "explains", columns=[name], share=float(alike)),),
    )  # fmt: skip


def _time_finding(drift: Drift, *, is_sorted: bool) -> Finding:
    flattery = drift.flattery
    more: tuple[Statement, ...] = ()
    if drift.is_left_out and flattery.is_material:
        more = (Statement.of("structure", "left out", columns=drift.columns),)
    may_only = drift.is_left_out or drift.kind == "number" or is_sorted
    may_only = may_only or flattery.is_backward  # who predicts looks ahead
    return _finding(
        _statement(drift.kind, drift.columns, flattery),
        flattery,
        drift.columns,
        structured="earlier rows" if flattery.is_backward else "later rows",
        split=drift.split,
        more=more,
        worst="warning" if may_only else "harmful",
    )


def _finding(
    statement: Statement,
    flattery: SplitOptimism,
    columns: tuple[str, ...],
    *,
    structured: str,
    split: SplitPlan,
    more: tuple[Statement, ...],
    worst: Severity = "harmful",
) -> Finding:
    return Finding(
        kind="structure",
        severity=worst if flattery.is_material else "warning" if flattery.is_worth_a_look else "hint",
        columns=columns,
        statement=statement,
        evidence=(flattery.comparison(structured, columns=columns), *more),
        table=EvidenceTable(
            header=("split", flattery.scale.name),
            rows=(
                ("at random", format_score(flattery.random)),
                (comparison_text(structured, columns=columns), format_score(flattery.structured)),
            ),
        ),
        fix=Fix(kind="split", columns=columns, split=split),
        score=max(0.0, flattery.difference),
    )


def _statement(key: str, columns: tuple[str, ...], flattery: SplitOptimism, **figures: float) -> Statement:
    """Return the facts; ``ends`` is what both splits come to."""
    overall = {} if flattery.overall is None else {"overall": float(flattery.overall)}
    return Statement.of(
        "structure",
        key,
        columns=columns,
        scale=flattery.scale.name,
        ends=_ends(flattery, key),
        is_backward=flattery.is_backward,
        random=float(flattery.random),
        structured=float(flattery.structured),
        points=round(flattery.points),
        **overall,
        **figures,
    )


def _ends(flattery: SplitOptimism, key: str) -> str:
    if flattery.is_material:
        return f"{key if key in ('groups', 'number') else 'time'} flattered"
    if flattery.is_doubtful:
        return "doubtful"
    if flattery.overall is not None:
        return "unlike"
    return "disagree" if flattery.is_likely else "harmless"

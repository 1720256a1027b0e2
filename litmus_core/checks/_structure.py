"""Rows that belong together, by entity or by time: after a random split, training reveals test rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.split_optimism import SplitOptimism, optimism_by_group
from litmus_core.checks._context.time_drift import ONLY_MAY_COUNT, drift_optimism, find_drift, find_times
from litmus_core.checks._context.whole_groups import sample_whole_groups
from litmus_core.checks._texts import comparison_text
from litmus_core.data import looks_like_id
from litmus_core.text import format_score
from litmus_core.types import EvidenceTable, Finding, Fix, Severity, SplitPlan, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.quick_model import Ints
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.checks._context.time_drift import Drift
    from litmus_core.types import Column

_ENTITIES = re.compile(
    r"account|animal|author|batch|block|building|buyer|case|cluster|client|clinic|company|customer|device|donor"
    r"|driver|employee|engine|entity|family|farm|firm|group|hospital|house|household|machine|member|merchant"
    r"|owner|participant|patient|person|plant|player|respondent|school|seller|sensor|serial|session|shop|site"
    r"|store|student|subject|supplier|teacher|team|tenant|user|vehicle|vendor|visitor|worker",
    re.IGNORECASE,
)
_FEWEST_GROUPS = 12
_FEWEST_PER_GROUP = 1.7
_MOST_MISSING = 0.5
_MANY_GROUPS, _SMALL_GROUPS = (
    40,
    50,
)  # a category with as many values, and as few rows each, identifies things
_MANY_CODES = 100  # a number with as many values may identify things without a name that says so
_INTERVALS, _BEYOND_INTERVALS = 20, 0.05  # skill beyond that of the intervals
_SIMILAR = 0.05  # skill of a group's own average in predicting the target
_TRIED = 3


def structure(table: CheckContext) -> Iterator[Finding]:
    """Yield the group and time columns found, each with the scores of a random and of a structured split."""
    groups = []
    for column, alike in _group_columns(table)[:_TRIED]:
        if _is_in_time(table, column.name):
            continue  # rows of one group are alike because they came one after the other
        sample = table.once(_whole_groups, column)
        optimism = optimism_by_group(sample, _codes(sample, column), repeats=_names_entity(column))
        if optimism is not None:
            finding = _group_finding(table, column, optimism, alike)
            groups += [column] if finding.severity == "harmful" else []
            yield finding
    for time in () if table.split == "time" else table.once(find_times):
        if (time.may_do_harm or not table.split) and (drift := table.once(find_drift, time)) is not None:
            is_sorted = any(_is_sorted_by(table, drift, group) for group in groups)
            if is_sorted and drift.kind == "rows":
                continue  # it says nothing beyond the groups
            finding = _time_finding(drift, is_sorted=is_sorted)
            yield finding
            if finding.severity == "harmful" and table.split:
                return  # other time columns lead to the same split and need as many fits


def _is_in_time(table: CheckContext, name: str) -> bool:
    """Return whether the target drifts along the column."""
    return any(
        optimism.columns == (name,) and optimism.optimism.is_material
        for optimism in drift_optimism(table, [name])
    )


def _is_sorted_by(table: CheckContext, drift: Drift, group: Column) -> bool:
    """Return whether the row counter only goes through the groups, one after the other."""
    if drift.kind not in ("counter", "rows"):
        return False
    codes = _codes(table, group)[table.sample[drift.columns[0]].argsort(kind="stable").to_numpy()]
    n_runs = 1 + int((codes[1:] != codes[:-1]).sum())
    return n_runs == len(np.unique(codes))


def _group_columns(table: CheckContext) -> list[tuple[Column, float]]:
    """Return the columns that identify things with several rows each, if such rows have similar targets."""
    columns = []
    for column in table.columns:
        if (
            not _may_be_group(table, column) or column.name in table.once(find_leaks).same
        ):  # finding leaks is slow, so it comes last
            continue
        sample = table.once(_whole_groups, column)
        codes = _codes(sample, column)
        n_groups = len(np.unique(codes))
        if n_groups < _FEWEST_GROUPS or len(codes) / n_groups < _FEWEST_PER_GROUP:
            continue
        alike = _group_skill(sample, codes)
        order = _interval_skill(sample, column) + _BEYOND_INTERVALS if _is_unnamed_number(column) else 0.0
        if alike >= max(_SIMILAR, order):
            columns.append((column, alike))
    chosen = [
        pair for pair in columns if not _is_trait_of_groups(table, *pair, [other for other, _ in columns])
    ]
    return sorted(chosen, key=lambda pair: -pair[1])


def _whole_groups(table: CheckContext, column: Column) -> CheckContext:
    """Return the table with all rows of each group in its sample, where groups are small."""
    if table.n_rows > _SMALL_GROUPS * column.n_distinct:
        return table
    return sample_whole_groups(table, [column.name])


def _is_trait_of_groups(table: CheckContext, column: Column, alike: float, others: list[Column]) -> bool:
    """Return whether a number is constant in all rows of a finer group and predicts as well as its interval.

    A person's years of schooling look like a group, since all rows of a person have them.
    """
    if not column.traits.is_quantity or alike >= _interval_skill(table, column) + _BEYOND_INTERVALS:
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
    many = _MANY_CODES if column.traits.is_quantity else _MANY_GROUPS
    return _names_entity(column) or (column.n_distinct >= many and per_value <= _SMALL_GROUPS)


def _names_entity(column: Column) -> bool:
    """Return whether the column's name says that it identifies things."""
    return bool(looks_like_id(column.name) or _ENTITIES.search(column.name))


def _is_unnamed_number(column: Column) -> bool:
    return column.traits.is_quantity and not _names_entity(column)


def _group_skill(table: CheckContext, codes: Ints) -> float:
    """Return the skill of a group's own average in predicting the target."""
    return table.scorer.skill(table.scorer.column_score(codes.astype(object), "category"))


def _interval_skill(table: CheckContext, column: Column) -> float:
    """Return the skill of a number's interval.

    For amounts, but not for ids, the bin predicts as well as the value.
    """
    import pandas as pd

    ranks = pd.to_numeric(table.sample[column.name], errors="coerce").rank(pct=True).fillna(0.0)
    return _group_skill(table, np.ceil(_INTERVALS * ranks.to_numpy()).astype(np.int64))


def _codes(table: CheckContext, column: Column) -> Ints:
    """Return each row's group; a row without one is its own group."""
    import pandas as pd

    codes = pd.factorize(table.sample[column.name])[0].astype(np.int64)
    is_missing = codes < 0
    codes[is_missing] = codes.max(initial=-1) + 1 + np.arange(int(is_missing.sum()))
    return np.asarray(codes)


def _group_finding(table: CheckContext, column: Column, optimism: SplitOptimism, alike: float) -> Finding:
    name = column.name
    return _finding(
        _statement(
            "groups", (name,), optimism,
            n_distinct=column.n_distinct, per_group=table.n_rows / max(1, column.n_distinct),
        ),
        optimism,
        (name,),
        structured="groups",
        split=SplitPlan(kind="group", column=name),
        more=(Statement.of("structure", "explains", columns=[name], share=float(alike)),),
    )  # fmt: skip


def _time_finding(drift: Drift, *, is_sorted: bool) -> Finding:
    optimism = drift.optimism
    more: tuple[Statement, ...] = ()
    if drift.is_left_out and optimism.is_material:
        more = (Statement.of("structure", "left out", columns=drift.columns),)
    warns_only = drift.is_left_out or drift.kind in ONLY_MAY_COUNT or is_sorted
    warns_only = warns_only or optimism.is_backward  # the model predicts from later rows
    return _finding(
        _statement(drift.kind, drift.columns, optimism),
        optimism,
        drift.columns,
        structured="earlier rows" if optimism.is_backward else "later rows",
        split=drift.split,
        more=more,
        worst="warning" if warns_only else "harmful",
    )


def _finding(
    statement: Statement,
    optimism: SplitOptimism,
    columns: tuple[str, ...],
    *,
    structured: str,
    split: SplitPlan,
    more: tuple[Statement, ...],
    worst: Severity = "harmful",
) -> Finding:
    return Finding(
        kind="structure",
        severity=worst if optimism.is_material else "warning" if optimism.deserves_warning else "hint",
        columns=columns,
        statement=statement,
        evidence=(optimism.comparison(structured, columns=columns), *more),
        table=EvidenceTable(
            header=("split", optimism.scale.name),
            rows=(
                ("at random", format_score(optimism.random)),
                (comparison_text(structured, columns=columns), format_score(optimism.structured)),
            ),
        ),
        fix=Fix(kind="split", columns=columns, split=split),
        score=max(0.0, optimism.difference),
    )


def _statement(key: str, columns: tuple[str, ...], optimism: SplitOptimism, **figures: float) -> Statement:
    """Return the statement; ``ends`` is the conclusion from both splits."""
    overall = {} if optimism.overall is None else {"overall": float(optimism.overall)}
    return Statement.of(
        "structure",
        key,
        columns=columns,
        scale=optimism.scale.name,
        ends=_conclusion(optimism, key),
        is_backward=optimism.is_backward,
        random=float(optimism.random),
        structured=float(optimism.structured),
        points=round(optimism.points),
        **overall,
        **figures,
    )


def _conclusion(optimism: SplitOptimism, key: str) -> str:
    if optimism.is_material:
        return f"{key if key in ('groups', *ONLY_MAY_COUNT) else 'time'} flattered"
    if optimism.is_doubtful:
        return "doubtful"
    if optimism.overall is not None:
        return "unlike"
    return "disagree" if optimism.is_likely else "harmless"

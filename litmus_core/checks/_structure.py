"""Rows that belong together, by entity or by time: after a random split, training reveals test rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.groups import (
    find_groups,
    group_codes,
    is_beyond_order,
    names_entity,
    numbers_panel,
    whole_groups,
)
from litmus_core.checks._context.split_optimism import SplitOptimism, optimism_by_group
from litmus_core.checks._context.time_drift import ONLY_MAY_COUNT, drift_optimism, find_drift, find_times
from litmus_core.checks._texts import comparison_text
from litmus_core.text import format_score
from litmus_core.types import EvidenceTable, Finding, Fix, Severity, SplitPlan, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.groups import ThingGroup
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.checks._context.time_drift import Drift
    from litmus_core.types import Column

_TRIED = 3


def structure(table: CheckContext) -> Iterator[Finding]:
    """Yield the group and time columns found, each with the scores of a random and of a structured split."""
    groups = []
    for group in table.once(find_groups)[:_TRIED]:
        column = group.column
        if not numbers_panel(table, column) and _is_in_time(table, group):
            continue  # rows of one group are alike because they came one after the other
        sample = table.once(whole_groups, column)
        optimism = optimism_by_group(sample, group_codes(sample, column), repeats=names_entity(column))
        if optimism is not None and group.is_clear:
            optimism = replace(optimism, confirmed=True)  # averages are a second model, and see it too
        if optimism is None or (group.is_hidden and not optimism.is_material):
            continue
        finding = _group_finding(table, group, optimism)
        groups += [column] if finding.severity == "harmful" else []
        yield finding
    for time in () if table.split == "time" else table.once(find_times):
        if not time.is_sure and _numbers_things(table, table.version.column(time.names[0]), groups):
            continue
        if (time.may_do_harm or not table.split) and (drift := table.once(find_drift, time)) is not None:
            is_sorted = any(_is_sorted_by(table, drift, group) for group in groups)
            if is_sorted and drift.kind == "rows":
                continue  # it says nothing beyond the groups
            finding = _time_finding(drift, is_sorted=is_sorted)
            yield finding
            if finding.severity == "harmful" and table.split:
                return  # other time columns lead to the same split and need as many fits


def _numbers_things(table: CheckContext, column: Column, groups: list[Column]) -> bool:
    return column in groups or numbers_panel(table, column)


def _is_in_time(table: CheckContext, group: ThingGroup) -> bool:
    """Return whether the target drifts along the column, and a group says no more than its place."""
    drifts = [drift for drift in drift_optimism(table, [group.column.name]) if drift.optimism.is_material]
    return any(
        drift.columns == (group.column.name,)
        and not (drift.kind in ONLY_MAY_COUNT and is_beyond_order(table, group))
        for drift in drifts
    )


def _is_sorted_by(table: CheckContext, drift: Drift, group: Column) -> bool:
    """Return whether the row counter only goes through the groups, one after the other."""
    if drift.kind not in ("counter", "rows"):
        return False
    codes = group_codes(table, group)[table.sample[drift.columns[0]].argsort(kind="stable").to_numpy()]
    n_runs = 1 + int((codes[1:] != codes[:-1]).sum())
    return n_runs == len(np.unique(codes))


def _group_finding(table: CheckContext, group: ThingGroup, optimism: SplitOptimism) -> Finding:
    column, name = group.column, group.column.name
    key, share = ("explains more", group.beyond) if group.is_hidden else ("explains", group.alike)
    more = [Statement.of("structure", key, columns=[name], share=float(share))]
    if group.same:
        more.append(Statement.of("structure", "same groups", columns=group.same, group=name))
    return _finding(
        _statement(
            "groups", (name,), optimism,
            n_distinct=column.n_distinct, per_group=table.n_rows / max(1, column.n_distinct),
        ),
        optimism,
        (name,),
        structured="groups",
        split=SplitPlan(kind="group", column=name),
        more=tuple(more),
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
        is_lost=optimism.structured < 0,
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
    if optimism.is_likely:
        return "disagree"
    is_same = format_score(optimism.random) == format_score(optimism.structured)
    return "same" if is_same else "harmless"

"""Columns that leak the target: they are known only after the outcome is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litmus_core.checks._context.groups import find_groups
from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.time_drift import drift_optimism
from litmus_core.checks._context.univariate import univariate_scores
from litmus_core.text import format_score
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.arithmetic_leak import ArithmeticRelation
    from litmus_core.checks._context.table import CheckContext

_SHOWN = 8
_IN_ALL = 0.999  # share of the rows
_LITTLE = 0.1  # skill that any useful column may add


def leakage(table: CheckContext) -> Iterator[Finding]:
    """Yield each column that (nearly) reveals the target, with a model's score without it."""
    assert table.target is not None  # noqa: S101 - the check needs a target
    leaks = table.once(find_leaks)
    board = _best_columns(table)
    for column in (*leaks.same, *leaks.certain):
        yield _leak_finding(table, column, board)
    if leaks.relation is not None:
        yield _arithmetic_finding(table, leaks.relation, board)
    for column in leaks.entity_columns:
        yield _suspected_finding(table, column, "names a thing", None, board)
    named = _group_names(table)
    for key, suspected in (("nearly alone", leaks.near), ("more than others", leaks.suspected)):
        for column, others in suspected:
            if column in named:
                continue  # it names things, and the check of groups says what that does
            yield _suspected_finding(table, column, key, others.score, board)

    yield from _needed_finding(table, board)


def _needed_finding(table: CheckContext, board: EvidenceTable) -> Iterator[Finding]:
    """Yield the columns that models cannot do without, except times along which the target drifts."""
    assert table.target is not None  # noqa: S101 - as above
    needed = table.once(find_leaks).needed
    if needed is None:
        return
    names, others = needed
    if drift_optimism(table, names) or set(names) & _group_names(table):
        return
    everything = table.once(find_leaks).without
    best = float(everything.score)
    yield Finding(
        kind="leakage",
        severity="hint" if everything.skill - others.skill < _LITTLE else "warning",
        columns=names,
        statement=_statement("needed", names, table, score=best, others=float(others.score)),
        evidence=(_statement("without", names, table, others=float(others.score)),),
        table=board,
        fix=Fix(kind="leave_out", columns=names),
        score=best,
    )


def _group_names(table: CheckContext) -> set[str]:
    """Return the columns that name things with several rows each."""
    return {name for group in table.once(find_groups) for name in (group.column.name, *group.same)}


def _leak_finding(table: CheckContext, column: str, board: EvidenceTable) -> Finding:
    assert table.target is not None  # noqa: S101 - as above
    score, before = float(table.once(univariate_scores)[column]), float(table.once(find_leaks).without.score)
    is_same = column in table.once(find_leaks).same
    key = "same" if is_same else "all but same"
    return Finding(
        kind="leakage",
        severity="harmful",
        columns=(column,),
        statement=_statement(key, (column,), table, score=score, others=before),
        evidence=(
            _statement("alone", (column,), table, score=score),
            _statement("without leaks", (column,), table, others=before),
        ),
        table=board,
        fix=Fix(kind="leave_out", columns=(column,), safe=is_same),
        score=score,
    )


def _suspected_finding(
    table: CheckContext, column: str, key: str, others: float | None, board: EvidenceTable
) -> Finding:
    """Return a warning; ``others`` is a quick model's score on the other columns, if that matters."""
    score = float(table.once(univariate_scores)[column])
    facts = {} if others is None else {"others": float(others)}
    evidence = () if others is None else (_statement("without leaks", (column,), table, **facts),)
    return Finding(
        kind="leakage",
        severity="warning",
        columns=(column,),
        statement=_statement(key, (column,), table, score=score, **facts),
        evidence=(_statement("alone", (column,), table, score=score), *evidence),
        table=board,
        fix=Fix(kind="leave_out", columns=(column,)),
        score=score,
    )


def _arithmetic_finding(table: CheckContext, relation: ArithmeticRelation, board: EvidenceTable) -> Finding:
    assert table.target is not None  # noqa: S101 - as above
    columns = (relation.column,)
    return Finding(
        kind="leakage",
        severity="harmful",
        columns=(relation.column,),
        statement=_statement(
            "worked out",
            columns,
            table,
            others=float(table.once(find_leaks).without.score),
            share=float(relation.share),
            is_exact=relation.share > _IN_ALL,
            formula=relation.formula,
        ),
        evidence=(
            _statement(
                "together", columns, table, terms=[term for term in relation.terms if term not in columns]
            ),
        ),
        table=board,
        fix=Fix(kind="leave_out", columns=(relation.column,)),
        score=1.0,
    )


def _statement(
    key: str, columns: Sequence[str], table: CheckContext, **facts: float | str | Sequence[str] | None
) -> Statement:
    assert table.target is not None  # noqa: S101 - as above
    scale, target = table.scorer.scale, table.target.name
    return Statement.of("leakage", key, columns=columns, target=target, scale=scale, **facts)


def _best_columns(table: CheckContext) -> EvidenceTable:
    """Return the columns that predict best on their own."""
    best = sorted(table.once(univariate_scores).items(), key=lambda entry: -entry[1])[:_SHOWN]
    return EvidenceTable(
        header=("column", f"{table.scorer.scale} alone"),
        rows=tuple((name, format_score(score)) for name, score in best),
    )

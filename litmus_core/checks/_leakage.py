"""Columns that give the answer away: they are known only once the answer is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.time_drift import drifts_over
from litmus_core.checks._context.univariate import univariate_scores
from litmus_core.text import format_score, join_names
from litmus_core.types import EvidenceTable, Finding, Fix

if TYPE_CHECKING:
    from litmus_core.checks._context.arithmetic_leak import ArithmeticRelation
    from litmus_core.checks._context.table import CheckContext

_SHOWN = 8
_IN_ALL = 0.999  # share of the rows


def leakage(table: CheckContext) -> Iterator[Finding]:
    """Yield each column that (nearly) says the target, with what a model reaches without it."""
    assert table.target is not None  # noqa: S101 - the check needs a target
    leaks, name = table.once(find_leaks), table.target.name
    board = _board(table)
    for column in (*leaks.same, *leaks.certain):
        yield _says_it(table, column, board)
    if leaks.relation is not None:
        yield _worked_out(name, leaks.relation, format_score(leaks.without.score), board)
    for column in leaks.things:
        said = (
            f"Each value of '{column}' nearly always goes with one '{name}'. A model learns these values "
            "by heart, and cannot answer for a new one."
        )
        yield _doubted(table, column, said, (), board)
    for column, others in leaks.near:
        rest, scale = format_score(others.score), table.question.scale
        score = format_score(table.once(univariate_scores)[column])
        said = (
            f"'{column}' alone nearly gives '{name}' away: {scale} {score}, "
            f"where the columns that do not reach {rest}. Keep it only if it is known before the answer is."
        )
        yield _doubted(table, column, said, (_others_said(rest, scale),), board)
    for column, others in leaks.doubtful:
        rest, scale = format_score(others.score), table.question.scale
        said = (
            f"'{column}' alone says far more about '{name}' than all other columns together "
            f"({scale} {format_score(table.once(univariate_scores)[column])} against {rest}). "
            "Keep it only if it is known before the answer is."
        )
        yield _doubted(table, column, said, (_others_said(rest, scale),), board)

    yield from _needed(table, board)


def _needed(table: CheckContext, board: EvidenceTable) -> Iterator[Finding]:
    """Yield the columns that models cannot do without, but not the time along which answers drift."""
    assert table.target is not None  # noqa: S101 - as above
    needed = table.once(find_leaks).needed
    if needed is None:
        return
    names, others = needed
    if drifts_over(table, names):
        return
    scale, rest = table.question.scale, format_score(others.score)
    best = format_score(table.once(find_leaks).without.score)
    said, are_many = join_names([f"'{name}'" for name in names], most=4), len(names) > 1
    yield Finding(
        kind="leakage",
        severity="warning",
        columns=names,
        sentence=(
            f"With {said} a quick model reaches {scale} {best}, without {rest}. "
            f"If {'they are' if are_many else 'it is'} "
            f"known only after '{table.target.name}' is, leave {'them' if are_many else 'it'} out."
        ),
        evidence=(f"A quick model of all other columns: {scale} {rest}.",),
        table=board,
        fix=Fix(kind="leave_out", columns=names, title=f"Leave {said} out"),
        score=table.once(find_leaks).without.score,
    )


def _says_it(table: CheckContext, column: str, board: EvidenceTable) -> Finding:
    assert table.target is not None  # noqa: S101 - as above
    name, scale, score = table.target.name, table.question.scale, table.once(univariate_scores)[column]
    before = format_score(table.once(find_leaks).without.score)
    is_same = column in table.once(find_leaks).same
    says = f"says the same as '{name}'" if is_same else f"all but says what '{name}' is"
    return Finding(
        kind="leakage",
        severity="harmful",
        columns=(column,),
        sentence=(
            f"'{column}' {says}. With it {scale} {format_score(score)}, without it {before}. "
            "If it is known only afterwards, a model that looks at it fails in use."
        ),
        evidence=(_alone_said(column, score, scale), _others_said(before, scale)),
        table=board,
        fix=Fix(kind="leave_out", columns=(column,), title=f"Leave '{column}' out", safe=is_same),
        score=score,
    )


def _doubted(
    table: CheckContext, column: str, sentence: str, evidence: tuple[str, ...], board: EvidenceTable
) -> Finding:
    score = table.once(univariate_scores)[column]
    return Finding(
        kind="leakage",
        severity="warning",
        columns=(column,),
        sentence=sentence,
        evidence=(_alone_said(column, score, table.question.scale), *evidence),
        table=board,
        fix=Fix(kind="leave_out", columns=(column,), title=f"Leave '{column}' out"),
        score=score,
    )


def _worked_out(name: str, relation: ArithmeticRelation, before: str, board: EvidenceTable) -> Finding:
    others = join_names([f"'{each}'" for each in relation.terms if each != relation.column], most=4)
    return Finding(
        kind="leakage",
        severity="harmful",
        columns=(relation.column,),
        sentence=(
            f"'{name}' can be worked out{_in_rows(relation)}: it is {relation.formula}. "
            f"Without '{relation.column}' a quick model reaches R² {before}."
        ),
        evidence=(
            f"Together with {others} it gives '{name}', in rows that the formula was not taken from, too.",
        ),
        table=board,
        fix=Fix(kind="leave_out", columns=(relation.column,), title=f"Leave '{relation.column}' out"),
        score=1.0,
    )


def _in_rows(relation: ArithmeticRelation) -> str:
    return " exactly" if relation.share > _IN_ALL else f" in {100 * relation.share:.0f} % of the rows"


def _alone_said(column: str, score: float, scale: str) -> str:
    return (
        f"A small model that looks at '{column}' alone: {scale} {format_score(score)} on rows not "
        "learnt from."
    )


def _others_said(score: str, scale: str) -> str:
    return f"A quick model of all other columns, without those that give the answer away: {scale} {score}."


def _board(table: CheckContext) -> EvidenceTable:
    """Return the columns that say most alone."""
    best = sorted(table.once(univariate_scores).items(), key=lambda each: -each[1])[:_SHOWN]
    return EvidenceTable(
        header=("column", f"{table.question.scale} alone"),
        rows=tuple((name, format_score(score)) for name, score in best),
    )

"""Columns that give the answer away: they are known only once the answer is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.checks._words import plain_score
from litmus_core.types import EvidenceTable, Finding, Fix

if TYPE_CHECKING:
    from litmus_core.checks._table import Table

_SHOWN = 8


def leakage(table: Table) -> Iterator[Finding]:
    """Yield each column that (nearly) says the target, with what a model reaches without it."""
    assert table.target is not None  # noqa: S101 - the check needs a target
    question, leaks, alone = table.question, table.leaks, table.alone
    name = table.target.name
    before = plain_score(leaks.without.score)
    board = _board(table)
    for column in (*leaks.same, *leaks.certain):
        score = alone[column]
        same = column in leaks.same
        says = f"says the same as '{name}'" if same else f"all but says what '{name}' is"
        yield Finding(
            kind="leakage",
            severity="harmful",
            columns=(column,),
            sentence=(
                f"'{column}' {says}. With it {question.scale} {plain_score(score)}, without it {before}. "
                "If it is known only afterwards, a model that looks at it fails in use."
            ),
            evidence=(_alone_said(column, score, question.scale), _others_said(before, question.scale)),
            table=board,
            fix=Fix(kind="leave_out", columns=(column,), title=f"Leave '{column}' out", safe=same),
            score=score,
        )
    for column in leaks.things:
        yield Finding(
            kind="leakage",
            severity="warning",
            columns=(column,),
            sentence=(
                f"Each value of '{column}' nearly always goes with one '{name}'. A model learns these values "
                "by heart, and cannot answer for a new one."
            ),
            evidence=(_alone_said(column, alone[column], question.scale),),
            table=board,
            fix=Fix(kind="leave_out", columns=(column,), title=f"Leave '{column}' out"),
            score=alone[column],
        )
    for column, others in leaks.doubtful:
        rest = plain_score(others.score)
        yield Finding(
            kind="leakage",
            severity="warning",
            columns=(column,),
            sentence=(
                f"'{column}' alone says far more about '{name}' than all other columns together "
                f"({question.scale} {plain_score(alone[column])} against {rest}). "
                "Keep it only if it is known before the answer is."
            ),
            evidence=(_alone_said(column, alone[column], question.scale), _others_said(rest, question.scale)),
            table=board,
            fix=Fix(kind="leave_out", columns=(column,), title=f"Leave '{column}' out"),
            score=alone[column],
        )


def _alone_said(column: str, score: float, scale: str) -> str:
    return (
        f"A small model that looks at '{column}' alone: {scale} {plain_score(score)} on rows not learnt from."
    )


def _others_said(score: str, scale: str) -> str:
    return f"A quick model of all other columns, without those that give the answer away: {scale} {score}."


def _board(table: Table) -> EvidenceTable:
    """Return the columns that say most alone."""
    best = sorted(table.alone.items(), key=lambda each: -each[1])[:_SHOWN]
    return EvidenceTable(
        header=("column", f"{table.question.scale} alone"),
        rows=tuple((name, plain_score(score)) for name, score in best),
    )

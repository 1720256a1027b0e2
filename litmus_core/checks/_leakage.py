"""Columns that leak the target: they are known only once the outcome is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.time_drift import drift_optimism
from litmus_core.checks._context.univariate import univariate_scores
from litmus_core.text import format_score, join_names
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.arithmetic_leak import ArithmeticRelation
    from litmus_core.checks._context.table import CheckContext

_SHOWN = 8
_IN_ALL = 0.999  # share of the rows
_SENTENCES = {
    "same": "{columns} says the same as '{target}'. With it {scale} {score}, without it {others}. "
    "If it is known only afterwards, a model that looks at it fails in use.",
    "all but same": "{columns} all but says what '{target}' is. With it {scale} {score}, without it "
    "{others}. If it is known only afterwards, a model that looks at it fails in use.",
    "worked out": "'{target}' can be worked out {in_rows}: it is {formula}. "
    "Without {columns} a quick model reaches R² {others}.",
    "names a thing": "Each value of {columns} nearly always goes with one '{target}'. A model memorises "
    "these values and has no answer for a new one.",
    "nearly alone": "{columns} alone nearly gives '{target}' away: {scale} {score}, where the columns that "
    "do not reach {others}. Keep it only if it is known before the answer is.",
    "more than others": "{columns} alone says far more about '{target}' than all other columns together "
    "({scale} {score} against {others}). Keep it only if it is known before the answer is.",
    "needed": "With {columns} a quick model reaches {scale} {score}, without {others}. "
    "If {they_are} known only after '{target}' is, leave {them} out.",
}


def leakage(table: CheckContext) -> Iterator[Finding]:
    """Yield each column that (nearly) reveals the target, with a model's score without it."""
    assert table.target is not None  # noqa: S101 - the check needs a target
    leaks = table.once(find_leaks)
    board = _board(table)
    for column in (*leaks.same, *leaks.certain):
        yield _says_it(table, column, board)
    if leaks.relation is not None:
        yield _worked_out(table, leaks.relation, board)
    for column in leaks.entity_columns:
        yield _doubted(table, column, "names a thing", None, board)
    for key, doubted in (("nearly alone", leaks.near), ("more than others", leaks.suspected)):
        for column, others in doubted:
            yield _doubted(table, column, key, others.score, board)

    yield from _needed(table, board)


def _needed(table: CheckContext, board: EvidenceTable) -> Iterator[Finding]:
    """Yield the columns that models cannot do without, except times along which the target drifts."""
    assert table.target is not None  # noqa: S101 - as above
    needed = table.once(find_leaks).needed
    if needed is None:
        return
    names, others = needed
    if drift_optimism(table, names):
        return
    scale, best = table.question.scale, table.once(find_leaks).without.score
    statement = _statement("needed", names, table, score=best, others=others.score)
    yield Finding(
        kind="leakage",
        severity="warning",
        columns=names,
        sentence=leakage_sentence(statement),
        statement=statement,
        evidence=(f"A quick model of all other columns: {scale} {format_score(others.score)}.",),
        table=board,
        fix=Fix(kind="leave_out", columns=names, title=f"Leave {_quoted(names)} out"),
        score=best,
    )


def _says_it(table: CheckContext, column: str, board: EvidenceTable) -> Finding:
    assert table.target is not None  # noqa: S101 - as above
    scale, score = table.question.scale, table.once(univariate_scores)[column]
    before = table.once(find_leaks).without.score
    is_same = column in table.once(find_leaks).same
    statement = _statement(
        "same" if is_same else "all but same", (column,), table, score=score, others=before
    )
    return Finding(
        kind="leakage",
        severity="harmful",
        columns=(column,),
        sentence=leakage_sentence(statement),
        statement=statement,
        evidence=(_single_score_text(column, score, scale), _other_score_text(format_score(before), scale)),
        table=board,
        fix=Fix(kind="leave_out", columns=(column,), title=f"Leave '{column}' out", safe=is_same),
        score=score,
    )


def _doubted(
    table: CheckContext, column: str, key: str, others: float | None, board: EvidenceTable
) -> Finding:
    """Return a warning; ``others`` is what a quick model of the other columns scores, where that matters."""
    score, scale = table.once(univariate_scores)[column], table.question.scale
    statement = _statement(key, (column,), table, score=score, others=others)
    evidence = () if others is None else (_other_score_text(format_score(others), scale),)
    return Finding(
        kind="leakage",
        severity="warning",
        columns=(column,),
        sentence=leakage_sentence(statement),
        statement=statement,
        evidence=(_single_score_text(column, score, scale), *evidence),
        table=board,
        fix=Fix(kind="leave_out", columns=(column,), title=f"Leave '{column}' out"),
        score=score,
    )


def _worked_out(table: CheckContext, relation: ArithmeticRelation, board: EvidenceTable) -> Finding:
    assert table.target is not None  # noqa: S101 - as above
    before, name = table.once(find_leaks).without.score, table.target.name
    statement = _statement(
        "worked out", (relation.column,), table, others=before, share=relation.share, formula=relation.formula
    )
    others = join_names([f"'{term}'" for term in relation.terms if term != relation.column], most=4)
    return Finding(
        kind="leakage",
        severity="harmful",
        columns=(relation.column,),
        sentence=leakage_sentence(statement),
        statement=statement,
        evidence=(
            f"Together with {others} it gives '{name}', in rows that the formula was not taken from, too.",
        ),
        table=board,
        fix=Fix(kind="leave_out", columns=(relation.column,), title=f"Leave '{relation.column}' out"),
        score=1.0,
    )


def _statement(
    key: str, columns: tuple[str, ...], table: CheckContext, *, others: float | None, **figures: float | str
) -> Statement:
    assert table.target is not None  # noqa: S101 - as above
    more_figures = (
        figures | {"scale": table.question.scale} | ({} if others is None else {"others": float(others)})
    )
    return Statement(
        kind="leakage",
        key=key,
        columns=columns,
        target=table.target.name,
        figures=tuple(more_figures.items()),
    )


def leakage_sentence(statement: Statement) -> str:
    """Return what the check says in words."""
    figures: dict[str, Any] = dict(statement.figures)
    share, many = figures.get("share", 1.0), len(statement.columns) > 1
    return _SENTENCES[statement.key].format(
        columns=_quoted(statement.columns),
        target=statement.target,
        scale=figures["scale"],
        score=format_score(figures.get("score", 0.0)),
        others=format_score(figures.get("others", 0.0)),
        formula=figures.get("formula", ""),
        in_rows="exactly" if share > _IN_ALL else f"in {100 * share:.0f} % of the rows",
        they_are="they are" if many else "it is",
        them="them" if many else "it",
    )


def _quoted(names: tuple[str, ...]) -> str:
    return join_names([f"'{name}'" for name in names], most=4)


def _single_score_text(column: str, score: float, scale: str) -> str:
    return f"A small model of '{column}' alone: {scale} {format_score(score)} on rows that it had not seen."


def _other_score_text(score: str, scale: str) -> str:
    return f"A quick model of all other columns, without those that give the answer away: {scale} {score}."


def _board(table: CheckContext) -> EvidenceTable:
    """Return the columns that predict best alone."""
    best = sorted(table.once(univariate_scores).items(), key=lambda entry: -entry[1])[:_SHOWN]
    return EvidenceTable(
        header=("column", f"{table.question.scale} alone"),
        rows=tuple((name, format_score(score)) for name, score in best),
    )

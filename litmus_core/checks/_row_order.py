"""Rows that come sorted by the answer, and the columns that follow their order and so give it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.checks._format import counted, listed, plain_score
from litmus_core.data import follows_row_order, may_follow
from litmus_core.runtime import label_text
from litmus_core.types import EvidenceTable, Finding, Fix

if TYPE_CHECKING:
    from litmus_core.checks._context.table import Table

_TELLS = 0.5  # of the way from guessing to always right: what an order that gives answers away reaches
_SORTED = 0.9
_LOCAL, _LOCALLY = 12, 0.6  # stretches, and how well numbers have to rise in each: a trend alone does not
_IN_BLOCKS = 0.8  # of the rows lie where their label would, were each label in one piece
_STRETCHES = 6


def row_order(table: Table) -> Iterator[Finding]:
    """Yield the columns that follow an order of rows which tells the target, or that order itself."""
    assert table.target is not None  # noqa: S101 - the check needs a target
    question = table.question
    by_place = question.told_by(table.rows, "number")
    if question.skill(by_place) < _TELLS:
        return
    name, target = table.target.name, table.target
    blocks = _stretches(table)
    drifting = {name for drift in table.drifts_of(table.followers) for name in drift.columns}
    followers = [
        each
        for each in table.followers
        if question.skill(table.alone[each]) >= _TELLS and each not in drifting
    ]
    yield from (_follower(table, each, by_place, blocks) for each in followers)
    if (
        not followers
        and not drifting.intersection(table.followers)
        and table.is_sorted
        and question.skill(by_place) >= _SORTED
        and target.kind != "date"
    ):
        yield Finding(
            kind="row_order",
            severity="hint",
            sentence=(
                f"The rows are sorted by '{name}'. No column follows their order, so this does no harm here: "
                "Litmus mixes rows before it parts them."
            ),
            evidence=(f"The row number alone: {question.scale} {plain_score(by_place)}.",),
            table=blocks,
            score=by_place,
        )


def _follower(table: Table, name: str, by_place: float, blocks: EvidenceTable) -> Finding:
    assert table.target is not None  # noqa: S101 - the check needs a target
    question, score, target = table.question, table.alone[name], table.target.name
    apart = " (spellings of one label counted as one)" if question.merged else ""
    return Finding(
        kind="row_order",
        severity="harmful",
        columns=(name,),
        sentence=(
            f"The rows are sorted by '{target}', and '{name}' follows their order: it alone scores "
            f"{question.scale} {plain_score(score)}, which no new row will repeat."
        ),
        evidence=(
            f"'{name}' alone, on rows not learnt from: {question.scale} {plain_score(score)}{apart}.",
            f"The row number alone: {question.scale} {plain_score(by_place)}. "
            f"Guessing: {plain_score(question.chance)}.",
        ),
        table=blocks,
        fix=Fix(kind="leave_out", columns=(name,), title=f"Leave '{name}' out", safe=True),
        score=score,
    )


def find_followers(table: Table) -> tuple[str, ...]:
    """Return the columns, not the target, that rise or fall with the row number."""
    return tuple(
        each.name
        for each in table.columns
        if may_follow(each, n_rows=table.n_rows)
        and follows_row_order(each, table.sample[each.name].to_numpy(), table.rows)
    )


def is_sorted(table: Table) -> bool:
    """Say whether the rows come sorted by the target: one label after the other, or rising or falling."""
    question = table.question
    places = table.rows[question.rows]
    if len(places) < 2:
        return False
    if question.problem_type == "regression":
        in_order = question.target[np.argsort(places, kind="stable")]
        stretches = [np.arange(len(in_order)), *np.array_split(np.arange(len(in_order)), _LOCAL)]
        locally = [_rises(in_order[part]) for part in stretches if len(part) > 2]
        known = [each for each in locally if each is not None]
        if not known or locally[0] is None:
            return False  # all answers are one number
        return abs(locally[0]) >= _SORTED and abs(float(np.mean(known))) >= _LOCALLY
    in_order = question.target[np.argsort(places, kind="stable")]
    counts = np.bincount(in_order, minlength=question.n_classes)
    sums = np.bincount(in_order, weights=np.arange(len(in_order)), minlength=question.n_classes)
    by_place = np.argsort(sums / np.maximum(counts, 1), kind="stable")
    return float((np.repeat(by_place, counts[by_place]) == in_order).mean()) >= _IN_BLOCKS


def are_in_order(table: Table) -> bool:
    """Say whether numbers to predict rise or fall with the row: sorted by something like them, or a trend."""
    question = table.question
    if question.problem_type != "regression" or len(question.rows) < 3:
        return False
    rises = _rises(question.target[np.argsort(table.rows[question.rows], kind="stable")])
    return rises is not None and abs(rises) >= _SORTED


def _rises(answers: np.ndarray[Any, np.dtype[Any]]) -> float | None:
    """Return the rank correlation of numbers with their places; None where all are one number."""
    from scipy.stats import spearmanr

    if (answers == answers[0]).all():
        return None
    return float(spearmanr(np.arange(len(answers)), answers).statistic)


def _stretches(table: Table) -> EvidenceTable:
    """Return what the answers are in equal stretches of rows."""
    assert table.target is not None  # noqa: S101 - as above
    question = table.question
    places = table.rows[question.rows]
    cuts = np.array_split(np.argsort(places, kind="stable"), _STRETCHES)
    rows = []
    for inside in cuts:
        if not len(inside):
            continue
        span = f"{places[inside].min() + 1:,} to {places[inside].max() + 1:,}"
        rows.append((span, _answers(table, inside)))
    return EvidenceTable(header=("rows", table.target.name), rows=tuple(rows))


def _answers(table: Table, inside: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    question = table.question
    labels = table.labels[question.rows[inside]]
    if question.problem_type == "regression":
        return f"{np.min(labels):,.6g} to {np.max(labels):,.6g}"
    texts, counts = np.unique([label_text(each) for each in labels], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:2]
    said = [f"{texts[place]} ({counted(counts[place], len(labels))})" for place in order]
    return listed(said)

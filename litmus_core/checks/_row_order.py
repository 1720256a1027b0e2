"""Rows sorted by the target, and columns that follow their order and so reveal it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.row_order import SORTED, find_followers, is_sorted
from litmus_core.checks._context.time_drift import drift_optimism
from litmus_core.checks._context.univariate import univariate_scores
from litmus_core.runtime import label_text
from litmus_core.text import format_share, join_names
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

_REVEALS = 0.5  # skill, from 0 to 1, of an order that reveals the target
_BLOCKS = 6
_statement = partial(Statement.of, "row_order")


def row_order(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that follow a row order which reveals the target, or that order itself."""
    assert table.target is not None  # noqa: S101 - the check needs a target
    scorer = table.scorer
    by_place = scorer.column_score(table.rows, "number")
    if scorer.skill(by_place) < _REVEALS:
        return
    name, target = table.target.name, table.target
    blocks = _blocks_table(table)
    drifting = {name for drift in drift_optimism(table, table.once(find_followers)) for name in drift.columns}
    followers = [
        follower
        for follower in table.once(find_followers)
        if scorer.skill(table.once(univariate_scores)[follower]) >= _REVEALS and follower not in drifting
    ]
    yield from (_follower_finding(table, follower, by_place, blocks) for follower in followers)
    if (
        not followers
        and not drifting.intersection(table.once(find_followers))
        and table.once(is_sorted)
        and scorer.skill(by_place) >= SORTED
        and not target.traits.is_moment
    ):
        yield Finding(
            kind="row_order",
            severity="hint",
            statement=_statement("sorted", target=name),
            evidence=(_statement("row number", scale=scorer.scale, score=float(by_place)),),
            table=blocks,
            score=by_place,
        )


def _follower_finding(table: CheckContext, name: str, by_place: float, blocks: EvidenceTable) -> Finding:
    assert table.target is not None  # noqa: S101 - the check needs a target
    scorer, score, target = table.scorer, table.once(univariate_scores)[name], table.target.name
    statement = partial(_statement, scale=scorer.scale, columns=[name])
    return Finding(
        kind="row_order",
        severity="harmful",
        columns=(name,),
        statement=statement("follows", target=target, score=float(score)),
        evidence=(
            statement("alone", score=float(score), is_merged=bool(scorer.merged)),
            statement("row number and guessing", score=float(by_place), chance=float(scorer.chance)),
        ),
        table=blocks,
        fix=Fix(kind="leave_out", columns=(name,), safe=True),
        score=score,
    )


def _blocks_table(table: CheckContext) -> EvidenceTable:
    """Return the target in blocks of equally many rows."""
    assert table.target is not None  # noqa: S101 - as above
    scorer = table.scorer
    places = table.rows[scorer.rows]
    cuts = np.array_split(np.argsort(places, kind="stable"), _BLOCKS)
    rows = []
    for inside in cuts:
        if not len(inside):
            continue
        span = f"{places[inside].min() + 1:,} to {places[inside].max() + 1:,}"
        rows.append((span, _label_text(table, inside)))
    return EvidenceTable(header=("rows", table.target.name), rows=tuple(rows))


def _label_text(table: CheckContext, inside: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    scorer = table.scorer
    labels = table.labels[scorer.rows[inside]]
    if not scorer.n_classes:
        return f"{np.min(labels):,.6g} to {np.max(labels):,.6g}"
    texts, counts = np.unique([label_text(label) for label in labels], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:2]
    phrases = [f"{texts[place]} ({format_share(counts[place] / max(1, len(labels)))})" for place in order]
    return join_names(phrases, most=4)

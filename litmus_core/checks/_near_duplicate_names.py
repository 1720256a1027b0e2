"""Categories and labels with nearly the same spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.checks._context.aggregates import count_values, texts_of
from litmus_core.checks._label_balance import is_classes, label_counts, required_target
from litmus_core.checks._similarity.labels import LabelAgreement, confusable
from litmus_core.checks._similarity.strings import SimilarNames, similar_names
from litmus_core.checks._similarity.yes_no import yes_no_synonyms
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litmus_core.checks._context.table import CheckContext

_MOST_CATEGORIES = 2_000
_SHOWN = 10
_DISTINGUISHED = 0.5  # separation, from 0 to 1, of two classes rather than two names of one
_statement = partial(Statement.of, "near_duplicate_names")


def near_duplicate_categories(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns in which two categories have nearly the same spelling."""
    for column in texts_of(table):
        if not column.traits.is_vocabulary or not 2 < column.n_distinct <= _MOST_CATEGORIES:
            continue
        counts = count_values(table, column)
        near = yes_no_synonyms(counts) or similar_names(counts)
        if near:
            confused = [pair for pair in near if pair.why != "plural"]
            yield _finding("near_duplicate_categories", column.name, near, counts, merged=confused)


def near_duplicate_labels(table: CheckContext) -> Iterator[Finding]:
    """Yield the target if two labels have nearly the same spelling.

    The fix merges labels that a quick model confuses. If the model distinguishes all, the finding is a hint.
    Two words for yes are one label without asking a model.
    """
    if not is_classes(table) or not required_target(table).stores_text:
        return
    counts = label_counts(table)
    if synonyms := yes_no_synonyms(counts):
        name = required_target(table).name
        finding = _finding("near_duplicate_labels", name, synonyms, counts, merged=synonyms)
        yield replace(finding, severity="harmful")
        return
    near = similar_names(counts)
    if not near:
        return
    pairs = [(pair.rarer, pair.commoner) for pair in near]
    agreements = dict(zip(pairs, confusable(table, pairs), strict=True))
    merged = [pair for pair in near if agreements[pair.rarer, pair.commoner].is_confusable]
    distinguished = [
        agreement
        for agreement in agreements.values()
        if agreement.is_known and agreement.separation > _DISTINGUISHED
    ]
    finding = _finding("near_duplicate_labels", required_target(table).name, near, counts, merged=merged)
    yield replace(
        finding,
        severity="hint" if len(distinguished) == len(near) else "warning",
        evidence=tuple(_evidence(agreement) for agreement in list(agreements.values())[:_SHOWN]),
    )


def _evidence(agreement: LabelAgreement) -> Statement:
    facts = {"first": agreement.first, "second": agreement.second}
    if not agreement.is_known:
        return _statement("unknown", **facts)
    key = "distinguished" if agreement.separation > _DISTINGUISHED else "unclear"
    key = "confused" if agreement.is_confusable else key
    return _statement(key, **facts, share=float(agreement.separation), usual=float(agreement.usual))


def _finding(
    kind: str,
    column: str,
    near: Sequence[SimilarNames],
    counts: Mapping[str, int],
    *,
    merged: Sequence[SimilarNames],
) -> Finding:
    first = near[0]
    n_rows = sum(counts[pair.rarer] for pair in near)
    fix = None
    if merged:
        into = {pair.rarer: pair.commoner for pair in merged}
        fix = Fix(
            kind="replace",
            columns=(column,),
            values=tuple((rarer, into.get(commoner, commoner)) for rarer, commoner in into.items()),
        )
    return Finding(
        kind=kind,
        severity="warning",
        columns=(column,),
        statement=_statement(
            "near", rarer=first.rarer, commoner=first.commoner, columns=[column], n_more=len(near) - 1
        ),
        table=EvidenceTable(
            header=("rarer", "its rows", "more frequent", "rows of that", "how they differ"),
            rows=tuple(
                (pair.rarer, f"{counts[pair.rarer]:,}", pair.commoner, f"{counts[pair.commoner]:,}", pair.why)
                for pair in near[:_SHOWN]
            ),
        ),
        fix=fix,
        n_rows=n_rows,
    )

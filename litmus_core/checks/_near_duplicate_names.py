"""Categories and labels with nearly the same spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.checks._context.aggregates import count_values, texts_of
from litmus_core.checks._label_balance import is_classes, label_counts, target_of
from litmus_core.checks._similarity.labels import LabelAgreement, confusable
from litmus_core.checks._similarity.strings import Near, near_names
from litmus_core.text import format_count, format_share
from litmus_core.types import EvidenceTable, Finding, Fix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litmus_core.checks._context.table import CheckContext

_MOST_CATEGORIES = 2_000
_SHOWN = 10
_TOLD_APART = 0.5  # of the way from guessing to certainty: two classes rather than two names of one


def near_duplicate_categories(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns in which two categories have nearly the same spelling."""
    for column in texts_of(table):
        if not column.traits.is_vocabulary or not 2 < column.n_distinct <= _MOST_CATEGORIES:
            continue
        counts = count_values(table, column)
        near = near_names(counts)
        if near:
            sure = [pair for pair in near if pair.why != "plural"]
            yield _finding("near_duplicate_categories", column.name, near, counts, merged=sure)


def near_duplicate_labels(table: CheckContext) -> Iterator[Finding]:
    """Yield the target if two labels have nearly the same spelling.

    The fix merges those that a quick model confuses; it is a hint if the model distinguishes all of them.
    """
    if not is_classes(table) or not target_of(table).stores_text:
        return
    counts = label_counts(table)
    near = near_names(counts)
    if not near:
        return
    pairs = [(pair.rarer, pair.commoner) for pair in near]
    agreements = dict(zip(pairs, confusable(table, pairs), strict=True))
    merged = [pair for pair in near if agreements[pair.rarer, pair.commoner].is_confusable]
    distinguished = [
        agreement for agreement in agreements.values() if agreement.is_known and agreement.told > _TOLD_APART
    ]
    finding = _finding("near_duplicate_labels", target_of(table).name, near, counts, merged=merged)
    yield replace(
        finding,
        severity="hint" if len(distinguished) == len(near) else "warning",
        evidence=tuple(_evidence(agreement) for agreement in list(agreements.values())[:_SHOWN]),
    )


def _evidence(agreement: LabelAgreement) -> str:
    pair = f"'{agreement.first}' and '{agreement.second}'"
    if not agreement.is_known:
        return f"Too few rows to say whether a model can tell {pair} apart."
    text = (
        f"{format_share(agreement.told)} of the way from guessing to certainty; other labels "
        f"{format_share(agreement.usual)}"
    )
    if agreement.is_confusable:
        return f"A quick model cannot tell {pair} apart: it gets {text}."
    if agreement.told > _TOLD_APART:
        return f"A quick model tells {pair} apart: it gets {text}."
    return f"Whether {pair} can be told apart is not clear: a quick model gets {text}."


def _finding(
    kind: str, column: str, near: Sequence[Near], counts: Mapping[str, int], *, merged: Sequence[Near]
) -> Finding:
    first = near[0]
    more = f", and {len(near) - 1} more" if len(near) > 1 else ""
    n_rows = sum(counts[pair.rarer] for pair in near)
    fix = None
    if merged:
        title = (
            f"Merge '{merged[0].rarer}' into '{merged[0].commoner}'"
            if len(merged) == 1
            else f"Merge {format_count(len(merged), 'spelling')} in '{column}'"
        )
        into = {pair.rarer: pair.commoner for pair in merged}
        fix = Fix(
            kind="replace",
            columns=(column,),
            title=title,
            values=tuple((rarer, into.get(commoner, commoner)) for rarer, commoner in into.items()),
        )
    return Finding(
        kind=kind,
        severity="warning",
        columns=(column,),
        sentence=f"'{first.rarer}' and '{first.commoner}' in '{column}' may be the same{more}.",
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

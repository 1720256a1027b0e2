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
            sure = [each for each in near if each.why != "plural"]
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
    pairs = [(each.rarer, each.commoner) for each in near]
    found = dict(zip(pairs, confusable(table, pairs), strict=True))
    merged = [each for each in near if found[each.rarer, each.commoner].is_confusable]
    told = [each for each in found.values() if each.is_known and each.told > _TOLD_APART]
    finding = _finding("near_duplicate_labels", target_of(table).name, near, counts, merged=merged)
    yield replace(
        finding,
        severity="hint" if len(told) == len(near) else "warning",
        evidence=tuple(_evidence(each) for each in list(found.values())[:_SHOWN]),
    )


def _evidence(found: LabelAgreement) -> str:
    pair = f"'{found.first}' and '{found.second}'"
    if not found.is_known:
        return f"Too few rows to say whether a model can tell {pair} apart."
    said = (
        f"{format_share(found.told)} of the way from guessing to certainty; other labels "
        f"{format_share(found.usual)}"
    )
    if found.is_confusable:
        return f"A quick model cannot tell {pair} apart: it gets {said}."
    if found.told > _TOLD_APART:
        return f"A quick model tells {pair} apart: it gets {said}."
    return f"Whether {pair} can be told apart is not clear: a quick model gets {said}."


def _finding(
    kind: str, column: str, near: Sequence[Near], counts: Mapping[str, int], *, merged: Sequence[Near]
) -> Finding:
    first = near[0]
    more = f", and {len(near) - 1} more" if len(near) > 1 else ""
    n_rows = sum(counts[each.rarer] for each in near)
    fix = None
    if merged:
        title = (
            f"Merge '{merged[0].rarer}' into '{merged[0].commoner}'"
            if len(merged) == 1
            else f"Merge {format_count(len(merged), 'spelling')} in '{column}'"
        )
        into = {each.rarer: each.commoner for each in merged}
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
                (each.rarer, f"{counts[each.rarer]:,}", each.commoner, f"{counts[each.commoner]:,}", each.why)
                for each in near[:_SHOWN]
            ),
        ),
        fix=fix,
        n_rows=n_rows,
    )

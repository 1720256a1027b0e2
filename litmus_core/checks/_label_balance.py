# ruff: noqa: S608 - names are quoted by identifier
"""Labels that are missing, too rare to be tested, or nearly all the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.data import identifier
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_FEWEST, _FEW = 5, 10  # rows of a label: one for each part and some for training; too few to evaluate it
_IMBALANCED, _VERY_IMBALANCED = 0.8, 0.9
_MANY_MISSING = 0.05
_SHOWN = 10


def required_target(table: CheckContext) -> Column:
    """Return the target for a check that needs one."""
    assert table.target is not None  # noqa: S101 - only checks with a target ask
    return table.target


def is_classes(table: CheckContext) -> bool:
    """Return whether the task is classification."""
    return table.suggestion.type.has_classes


def label_counts(table: CheckContext) -> dict[str, int]:
    """Return how many rows each stored label has, most frequent first."""
    cell = identifier(required_target(table).name)
    sql = f"SELECT {cell}::VARCHAR, count(*) FROM rows WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    return dict(table.query(sql))


def missing_labels(table: CheckContext) -> Iterator[Finding]:
    """Yield the target if some rows have no label to learn from."""
    target = required_target(table)
    if not 0 < target.n_missing < table.n_rows:
        return
    part = target.n_missing / table.n_rows
    yield Finding(
        kind="missing_labels",
        severity="warning" if part >= _MANY_MISSING else "hint",
        columns=(target.name,),
        statement=Statement.of(
            "missing_labels", "missing", n_rows=target.n_missing, share=part, columns=[target.name]
        ),
        evidence=(Statement.of("missing_labels", "set aside"),),
        fix=Fix(
            kind="drop_missing",
            columns=(target.name,),
            safe=True,
        ),
        n_rows=target.n_missing,
        score=part,
    )


def rare_labels(table: CheckContext) -> Iterator[Finding]:
    """Yield the target if some labels have too few rows for training and testing."""
    if not is_classes(table):
        return
    target, counts = required_target(table), label_counts(table)
    rare = {label: n for label, n in counts.items() if n < _FEW}
    rarest = {label: n for label, n in rare.items() if n < _FEWEST}
    if not rare or len(rare) == len(counts):
        return
    chosen = rarest or rare
    n_rows = sum(chosen.values())
    yield Finding(
        kind="rare_labels",
        severity="warning" if rarest else "hint",
        columns=(target.name,),
        statement=Statement.of(
            "rare_labels",
            "labels" if len(chosen) > 1 else "label",
            columns=[target.name],
            labels=list(chosen)[:_SHOWN],
            n_labels=len(chosen),
            n_rows=n_rows,
            fewest=_FEWEST if rarest else _FEW,
            is_harmful=bool(rarest),
        ),
        table=EvidenceTable(
            header=(target.name, "rows"),
            rows=tuple((label, f"{n:,}") for label, n in list(chosen.items())[-_SHOWN:]),
        ),
        fix=_rare_labels_fix(target, list(chosen), counts),
        n_rows=n_rows,
        score=n_rows / table.n_rows,
    )


def _rare_labels_fix(target: Column, rare: list[str], counts: dict[str, int]) -> Fix:
    """Return the fix: rare labels become 'other'; a single one, or numbers, are excluded."""
    other = next((label for label in counts if label.lower() in ("other", "others")), "other")
    rare = [label for label in rare if label != other]
    if target.stores_text and (len(rare) > 1 or other in counts) and rare:
        return Fix(
            kind="replace",
            columns=(target.name,),
            values=tuple((label, other) for label in rare),
        )
    return Fix(
        kind="as_missing",
        columns=(target.name,),
        values=tuple((label, None) for label in rare or [other]),
    )


def imbalance(table: CheckContext) -> Iterator[Finding]:
    """Yield the target if nearly all labels are the same, with the effect on scores."""
    if not is_classes(table):
        return
    target, counts = required_target(table), label_counts(table)
    label, n_rows = next(iter(counts.items()))
    total = sum(counts.values())
    if n_rows < _IMBALANCED * total:
        return
    part = n_rows / total
    rest = total - n_rows
    statement = partial(Statement.of, "imbalance")
    yield Finding(
        kind="imbalance",
        severity="warning" if part >= _VERY_IMBALANCED else "hint",
        columns=(target.name,),
        statement=statement("lopsided", label=label, share=part),
        evidence=(
            statement("rows", label=label, n_rows=n_rows, n_others=rest),
            statement("test", n_test=max(1, round(rest / 5)), n_others=rest),
        ),
        table=EvidenceTable(
            header=(target.name, "rows"),
            rows=tuple((name, f"{n:,}") for name, n in list(counts.items())[:_SHOWN]),
        ),
        score=part,
    )

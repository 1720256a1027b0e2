"""The effect of a fix: rows before and after, and the change of the score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.presenters.improvement.gain_format import format_gain
from app.presenters.markdown import literal
from app.presenters.metrics import metric_messages
from litmus_core.text import format_count, format_score
from litmus_core.types import Fix

if TYPE_CHECKING:
    from litmus_core.data import FixEffect, FixPreview

__all__ = ["ChangeView", "ChangedRow", "present_change", "present_effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """One row: its number from 1, and each cell's text before and after (None: the same)."""

    number: int
    is_removed: bool
    cells: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """The effect of a fix on the table as a sentence, and the first rows that change."""

    sentence: str
    header: tuple[str, ...]
    rows: tuple[ChangedRow, ...]


def present_change(preview: FixPreview) -> ChangeView:
    """Present the rows that a fix changes, with the columns that help to see the change."""
    rows = tuple(
        ChangedRow(
            number=place + 1,
            is_removed=new_cells is None,
            cells=tuple(
                (old, None if new_cells is None or new_cells[at] == old else new_cells[at])
                for at, old in enumerate(before)
            ),
        )
        for place, before, new_cells in zip(preview.rows, preview.old_cells, preview.new_cells, strict=True)
    )
    return ChangeView(sentence=_sentence(preview), header=preview.header, rows=rows)


def _sentence(preview: FixPreview) -> str:
    if not preview.n_rows:
        return "No cell changes: models only look at the table differently."
    rows = format_count(preview.n_rows, "row")
    shown = "" if preview.n_rows <= len(preview.rows) else f" The first {len(preview.rows)} of them:"
    if all(new_cells is None for new_cells in preview.new_cells):
        return f"{rows} would go.{shown}"
    if preview.n_cells:
        return f"Changes {format_count(preview.n_cells, 'cell')} in {rows}.{shown}"
    return f"Touches {rows}.{shown}"


def present_effect(effect: FixEffect, fix: Fix) -> str:
    """Return the effect of a fix on the score, with its standard error (Markdown)."""
    gain, name = effect.difference, metric_messages(effect.difference.metric).technical
    scores = f"{name} {format_score(effect.before)} before, {format_score(effect.fixed)} after"
    low, high = (format_gain(bound, gain.metric) for bound in (gain.low, gain.high))
    change = f"a change of {format_gain(gain.value, gain.metric)} (likely {low} to {high})"
    if gain.low == gain.high == 0.0:
        change = "no change at all"
    elif gain.low <= 0.0 <= gain.high:
        change = f"{change}, so no clear effect"
    rows = "rows that remain" if fix.kind != "leave_out" else "rows"
    return literal(
        f"Measured with a quick model on {gain.n_rows:,} {rows}, in five folds: {scores}; {change}."
    )

"""Small plots of columns: a histogram, the most frequent values, or a few examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.presenters import humanize
from litmus_core.types import COLUMN_KINDS

if TYPE_CHECKING:
    from litmus_core.data import ColumnProfile

__all__ = ["KINDS", "CardPlot", "LabelledBar", "present_plot"]

KINDS: dict[str, str] = {name: kind.label for name, kind in COLUMN_KINDS.items()}
_N_TOP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledBar:
    """A value with its share of the rows, 0 to 1."""

    label: str
    share: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlot:
    """A small plot of a column: ``heights`` of a histogram (0 to 1), ``bars`` of values, or ``quotes``."""

    reading: str  # the plot's content as one line, for screen readers
    heights: tuple[float, ...] = ()
    bars: tuple[LabelledBar, ...] = ()
    quotes: tuple[str, ...] = ()


def present_plot(column: ColumnProfile) -> CardPlot:
    """Choose the most informative plot for a column."""
    if column.histogram is not None and column.traits.is_ordered:
        counts = column.histogram.counts
        tallest = max(counts, default=0) or 1
        most = column.histogram.labels[counts.index(max(counts))] if counts else ""
        return CardPlot(
            heights=tuple(count / tallest for count in counts),
            reading=f"Most values of {column.name}: {most}.",
        )
    if column.top and column.traits.is_choice:
        bars = tuple(
            LabelledBar(
                label=top.value,
                share=top.n_rows / column.n_rows,
                text=humanize.share(top.n_rows / column.n_rows),
            )
            for top in column.top[:_N_TOP]
        )
        first = bars[0]
        return CardPlot(bars=bars, reading=f"Most frequent in {column.name}: {first.label}, {first.text}.")
    quotes = tuple(text if len(text) <= 60 else text[:59] + "…" for text in column.examples[:3])
    return CardPlot(quotes=quotes, reading=f"Examples of {column.name}: {'; '.join(quotes)}.")

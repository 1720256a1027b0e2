"""The certainty of a verdict: equally likely true scores against the bar, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.metrics import metric_messages
from litmus_core.text import format_score, in_unit, unbroken
from litmus_core.types import Verdict
from litmus_core.verdicts import bar_text, certainty_notes, judged_by, unit_of

__all__ = ["CertaintyView", "present_certainty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertaintyView:
    """The reasons, and the drawing's numbers.

    ``dots`` are equally likely true scores, ascending. ``passes`` says which of them are on the bar's good
    side; ``low``, ``point`` and ``high`` are the deciding interval.
    """

    notes: tuple[str, ...]
    dots: tuple[float, ...]
    passes: tuple[bool, ...]
    low: float
    point: float
    high: float
    bar: float
    bar_label: str
    point_label: str
    measure: str
    reading: str  # the drawing's content in one line


def present_certainty(verdict: Verdict) -> CertaintyView | None:
    """Present the certainty of a verdict; None without a bar, or without stored likely scores."""
    bar = verdict.bar
    if bar is None or verdict.probability_passes is None or not verdict.spread:
        return None
    score, unit = judged_by(verdict), unit_of(verdict)
    passes = tuple(bar.passes(part) for part in verdict.spread)
    return CertaintyView(
        notes=tuple(map(unbroken, certainty_notes(verdict))),
        dots=verdict.spread,
        passes=passes,
        low=score.low,
        point=score.value,
        high=score.high,
        bar=bar.value,
        bar_label=f"bar {bar_text(bar, unit)}",
        point_label=f"score {in_unit(format_score(score.value), unit)}",
        measure=metric_messages(score.metric).plain,
        reading=(
            f"{len(passes)} dots, each as likely as the others to be the true score; {sum(passes)} of them "
            f"pass the bar of {bar_text(bar, unit)}."
        ),
    )

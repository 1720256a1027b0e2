"""The certainty of a verdict: equally likely true scores against the bar, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.metrics import metric_messages
from litmus_core.text import format_score, unbroken
from litmus_core.types import Verdict
from litmus_core.verdicts import certainty_notes

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
    measure: str
    reading: str  # the drawing's content in one line


def present_certainty(verdict: Verdict) -> CertaintyView | None:
    """Present the certainty of a verdict; None without a bar, or without stored likely scores."""
    bar = verdict.bar
    if bar is None or verdict.probability_passes is None or not verdict.spread:
        return None
    score = verdict.score
    low = score.low if verdict.low is None else verdict.low
    high = score.high if verdict.high is None else verdict.high
    passes = tuple(bar.passes(part) for part in verdict.spread)
    return CertaintyView(
        notes=tuple(map(unbroken, certainty_notes(verdict))),
        dots=verdict.spread,
        passes=passes,
        low=low,
        point=score.value,
        high=high,
        bar=bar.value,
        measure=metric_messages(score.metric).plain,
        reading=(
            f"{len(passes)} dots, each as likely as the others to be the true score; {sum(passes)} of them "
            f"pass the bar of {format_score(bar.value)}."
        ),
    )

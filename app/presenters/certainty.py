"""Is the miss real? A verdict's chance against its bar, what would settle it, and what was allowed for."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.metrics import metric_messages
from litmus_core.advice import most_rows, stretch
from litmus_core.text import NARROW, format_count, format_score
from litmus_core.types import Bar, Verdict

__all__ = ["CertaintyView", "chance_message", "present_certainty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertaintyView:
    """The question, its answer in one line, what stands behind it, and the drawing's numbers.

    ``dots`` are equally likely places of the true score, ascending, and ``passes`` says which of them are on
    the bar's good side; ``low``, ``point`` and ``high`` are the interval that decides.
    """

    title: str
    headline: str
    notes: tuple[str, ...]
    dots: tuple[float, ...]
    passes: tuple[bool, ...]
    low: float
    point: float
    high: float
    bar: float
    measure: str
    reading: str  # what the drawing shows, in one line


def present_certainty(verdict: Verdict) -> CertaintyView | None:
    """Phrase how sure a verdict is; None without a bar, or where an older Litmus kept too little."""
    bar = verdict.bar
    if bar is None or verdict.probability_passes is None or not verdict.spread:
        return None
    score = verdict.score
    low = score.low if verdict.low is None else verdict.low
    high = score.high if verdict.high is None else verdict.high
    passes = tuple(_passes(each, bar) for each in verdict.spread)
    titles = {"meets": "Is it really good enough?", "undecided": "Is it good enough, or not?"}
    return CertaintyView(
        title=titles.get(verdict.outcome, "Is the miss real?"),
        headline=_headline(verdict, bar, low, high),
        notes=tuple(_notes(verdict)),
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


def chance_message(chance: float) -> str:
    """Write a chance as a percentage, never as certainty.

    >>> chance_message(0.071), chance_message(0.0), chance_message(0.999)
    ('7\\u202f%', 'less than 1\\u202f%', 'more than 99\\u202f%')
    """
    said = "more than 99" if chance > 0.99 else "less than 1" if chance < 0.01 else f"{100 * chance:.0f}"
    return f"{said}{NARROW}%"


def _headline(verdict: Verdict, bar: Bar, low: float, high: float) -> str:
    score = verdict.score
    chance = chance_message(verdict.probability_passes or 0.0)
    passes = "passes" if verdict.outcome == "meets" else "already passes"
    said = (
        f"{format_score(score.value)} ({format_score(low)} to {format_score(high)}) against "
        f"{format_score(bar.value)}: {chance} chance that it {passes}"
    )
    if verdict.outcome != "undecided":
        return f"{said}."
    if verdict.more_rows is None:
        return f"{said}; score and bar are too close for any practical number of test rows."
    return f"{said}; {format_count(verdict.more_rows, 'more test row')} would settle it."


def _notes(verdict: Verdict) -> list[str]:
    notes = []
    if verdict.outcome == "undecided" and verdict.more_rows is not None:
        notes.append(
            "Four times in five so many rows would show whether it passes or misses, if they are like those "
            "at hand; the true score may also turn out so near the bar that they do not."
        )
    elif verdict.outcome == "undecided":
        more = most_rows(verdict.score.n_rows)
        notes.append(f"Not even {more:,} more test rows would be likely to tell them apart.")
    notes.append(_looks(verdict))
    if verdict.luck is not None and verdict.n_compared > 1:
        notes.append(
            f"Choosing the best of {verdict.n_compared:,} models flatters its validation score by about "
            f"{format_score(verdict.luck)}. The test score is free of that: "
            "it was looked at after the choice."
        )
    return notes


def _looks(verdict: Verdict) -> str:
    if verdict.n_looks <= 1:
        return "Nobody had looked at a score of these test rows before, so nothing had to be allowed for."
    times = stretch(verdict.n_looks)
    return (
        f"{format_count(verdict.n_looks, 'score')} of these test rows have been looked at, and the best "
        "of "
        f"several is partly luck. So the range is {times:.2g} times as wide as at a first look "
        f"({100 * verdict.certainty:.4g}{NARROW}% certain instead of 95{NARROW}%), as "
        f"if there were {times**2:.2g} times fewer test rows."
    )


def _passes(value: float, bar: Bar) -> bool:
    return value >= bar.value if bar.op == ">=" else value <= bar.value

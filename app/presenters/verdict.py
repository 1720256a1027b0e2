"""A verdict as a banner shows it: word, shape, sentence, certainty, and the score drawn against the bar."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.presenters import humanize
from app.presenters.certainty import CertaintyView, chance_message, present_certainty
from app.theme import Tone
from litmus_core.text import NARROW, format_count, format_score, unbroken
from litmus_core.types import Bar, Score, Verdict

__all__ = ["StripView", "VerdictView", "evaluations_message", "present_strip", "present_verdict"]


_FAR = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StripView:
    """A score's interval on a line, with bar and baseline; positions are shares of the line's width."""

    low: float
    point: float
    high: float
    bar: float | None
    baseline: float | None
    baseline_is_far: bool  # beyond the line's end, where its place would crush all that decides
    good_side: str  # "right" | "left" | "" (no bar)
    labels: tuple[str, str, str]  # score, bar, baseline; "" where there is none
    tone: Tone
    reading: str  # what the drawing shows, in one line


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """All that the banner draws."""

    word: str
    icon: str
    tone: Tone
    sentence: str
    certainty: str
    flags: tuple[str, ...]
    strip: StripView
    sureness: CertaintyView | None = None  # chance, rows to settle it, looks
    cautions: tuple[str, ...] = ()  # what in the data makes the score look better than it is


def present_verdict(verdict: Verdict, *, n_looks: int) -> VerdictView:
    """Phrase a verdict; ``n_looks`` test scores were looked at in its experiment, its own among them."""
    state = humanize.outcome_message(verdict.outcome)
    flags = []
    if verdict.too_slow:
        flags.append("Too slow for the budget")
    if verdict.too_big:
        flags.append("Too big for the budget")
    return VerdictView(
        word=state.word,
        icon=state.icon,
        tone=state.tone,
        sentence=unbroken(verdict.judgement),
        certainty=_certainty(verdict, n_looks=n_looks),
        flags=tuple(flags),
        strip=present_strip(
            _judged_by(verdict),
            bar=verdict.bar,
            baseline=verdict.baseline,
            tone=state.tone,
            certainty=verdict.certainty,
        ),
        sureness=present_certainty(verdict),
        cautions=tuple(unbroken(each.sentence) for each in verdict.cautions),
    )


def _judged_by(verdict: Verdict) -> Score:
    """Return the score with the interval that decided, which is wider where it was a later look."""
    if verdict.low is None or verdict.high is None:
        return verdict.score
    return replace(verdict.score, low=verdict.low, high=verdict.high)


def evaluations_message(n_looks: int) -> str:
    """Say how often an experiment's test rows were looked at, and what that does to the best score.

    >>> evaluations_message(1), evaluations_message(3)[:40]
    ('These test rows have been looked at once.', 'These test rows have been looked at 3 ti')
    """
    if n_looks <= 1:
        return "These test rows have been looked at once."
    return f"These test rows have been looked at {n_looks:,} times; {humanize.MORE_LOOKS_MORE_LUCK}."


def _certainty(verdict: Verdict, *, n_looks: int) -> str:
    rows = format_count(verdict.score.n_rows, "test row")
    looks = evaluations_message(max(n_looks, verdict.n_looks))  # of these rows in other experiments, too
    learned = verdict.n_learned
    told = f", {learned:,} of which it also learned from" if learned else " that no model had learnt from"
    judged = f"Judged on {rows}{told}. {looks}"
    if verdict.probability_passes is None:
        return judged
    return f"Chance that the bar is really passed: {chance_message(verdict.probability_passes)}. {judged}"


def present_strip(
    score: Score,
    *,
    bar: Bar | None = None,
    baseline: float | None = None,
    tone: Tone = "accent",
    certainty: float = 0.95,
) -> StripView:
    """Place a score's interval, as sure as ``certainty``, the bar and the baseline on one line."""
    values = [score.low, score.value, score.high]
    values += [] if bar is None else [bar.value]
    far = baseline is not None and _is_far(baseline, values)
    values += [] if baseline is None or far else [baseline]
    low, high = min(values), max(values)
    sure = 100 * certainty
    margin = 0.12 * (high - low) or 0.5 * abs(high) or 0.5
    low, high = low - margin, high + margin

    def place(value: float) -> float:
        return min(1.0, max(0.0, (value - low) / (high - low)))

    reading = (
        f"Score {format_score(score.value)}, with {sure:.4g}{NARROW}% certainty between "
        f"{format_score(score.low)} and {format_score(score.high)}"
    )
    if bar is not None:
        reading += f"; the bar is {format_score(bar.value)}"
    if baseline is not None:
        reading += f"; guessing reaches {format_score(baseline)}"
    return StripView(
        low=place(score.low),
        point=place(score.value),
        high=place(score.high),
        bar=None if bar is None else place(bar.value),
        baseline=None if baseline is None else place(baseline),
        baseline_is_far=far,
        good_side="" if bar is None else ("right" if bar.op == ">=" else "left"),
        labels=(
            format_score(score.value),
            "" if bar is None else f"bar {format_score(bar.value)}",
            "" if baseline is None else f"guessing {format_score(baseline)}",
        ),
        tone=tone,
        reading=reading + ".",
    )


def _is_far(baseline: float, values: list[float]) -> bool:
    """Say whether the baseline lies so far off that score and bar could not be told apart beside it."""
    spread = max(values) - min(values)
    return spread > 0 and min(abs(value - baseline) for value in values) > _FAR * spread

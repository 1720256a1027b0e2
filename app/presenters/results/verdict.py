"""The verdict banner: word, icon, sentence, certainty, and the score drawn against the bar."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters import humanize
from app.theme import Tone
from litmus_core.text import NARROW, format_chance, format_score, in_unit, unbroken
from litmus_core.types import Bar, Score, Verdict
from litmus_core.verdicts import (
    bar_text,
    caution_sentence,
    evidence_sentence,
    excess_messages,
    is_untrusted,
    judged_by,
    judgement_sentence,
    unit_of,
)

__all__ = [
    "StripView",
    "VerdictView",
    "budget_flags",
    "chance_text",
    "present_strip",
    "present_verdict",
    "verdict_flags",
]


_FAR = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StripView:
    """A score's interval on a line, with bar and baseline; positions are shares of the line's width."""

    low: float
    point: float
    high: float
    bar: float | None
    baseline: float | None
    baseline_is_far: (
        bool  # the baseline is beyond the end of the line: its true position would squeeze the rest
    )
    good_side: str  # "right" | "left" | "" (no bar)
    labels: tuple[str, str, str]  # the texts of score, bar and baseline; "" for none
    tone: Tone
    reading: str  # the drawing's content in one line


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """The data of the banner."""

    word: str
    icon: str
    tone: Tone
    sentence: str
    certainty: str
    flags: tuple[str, ...]
    strip: StripView
    cautions: tuple[str, ...] = ()  # problems in the data that make the score look too good


def present_verdict(verdict: Verdict, *, n_evaluations: int) -> VerdictView:
    """Present a verdict.

    ``n_evaluations`` is its experiment's number of test-set evaluations, this one included.
    """
    state = humanize.verdict_state(verdict)
    return VerdictView(
        word=state.word,
        icon=state.icon,
        tone=state.tone,
        sentence=unbroken(judgement_sentence(verdict)),
        certainty=unbroken(evidence_sentence(verdict, n_evaluations=n_evaluations)),
        flags=verdict_flags(verdict),
        strip=present_strip(
            judged_by(verdict),
            bar=verdict.bar,
            baseline=verdict.baseline,
            tone=state.tone,
            certainty=verdict.certainty,
            unit=unit_of(verdict),
        ),
        cautions=tuple(unbroken(caution_sentence(caution, verdict)) for caution in verdict.cautions),
    )


def chance_text(verdict: Verdict) -> str:
    """Return the chance of reaching the bar as text; "" without a bar."""
    if verdict.bar is None or verdict.probability_passes is None:
        return ""
    chance = unbroken(format_chance(verdict.probability_passes))
    return f"{chance} chance of reaching {bar_text(verdict.bar, unit_of(verdict))}"


def verdict_flags(verdict: Verdict) -> tuple[str, ...]:
    """Return flags for an exceeded budget, untrustworthy data and a broken assertion."""
    untrusted = ("Score not to be trusted yet",) if is_untrusted(verdict) else ()
    unsure = ("Data to be checked",) if verdict.obstacles and not untrusted else ()
    return budget_flags(verdict) + untrusted + unsure + (("Breaks an assertion",) if verdict.broken else ())


def budget_flags(verdict: Verdict) -> tuple[str, ...]:
    """Return flags for exceeded limits: "Too slow for the budget"."""
    return tuple(f"{message.capitalize()} for the budget" for message in excess_messages(verdict))


def present_strip(
    score: Score,
    *,
    bar: Bar | None = None,
    baseline: float | None = None,
    tone: Tone = "accent",
    certainty: float = 0.95,
    unit: str = "",
    guess_is_said: bool = False,
) -> StripView:
    """Place a score's interval at the level ``certainty``, the bar and the baseline on one line.

    ``unit`` is the target's. ``guess_is_said``: a sentence beside the line has the baseline's figure.
    """
    value, low_end, high_end = (
        in_unit(format_score(at), unit) for at in (score.value, score.low, score.high)
    )
    guess = "" if baseline is None else in_unit(format_score(baseline), unit)
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

    reading = f"Score {value}, with {sure:.4g}{NARROW}% certainty between {low_end} and {high_end}"
    if bar is not None:
        reading += f"; the bar is {bar_text(bar, unit)}"
    if baseline is not None:
        reading += f"; guessing reaches {guess}"
    return StripView(
        low=place(score.low),
        point=place(score.value),
        high=place(score.high),
        bar=None if bar is None else place(bar.value),
        baseline=None if baseline is None else place(baseline),
        baseline_is_far=far,
        good_side="" if bar is None else ("right" if bar.is_floor else "left"),
        labels=(
            value,
            "" if bar is None else f"bar {bar_text(bar, unit)}",
            "" if baseline is None else "guessing" if guess_is_said else f"guessing {guess}",
        ),
        tone=tone,
        reading=reading + ".",
    )


def _is_far(baseline: float, values: list[float]) -> bool:
    """Return whether the baseline is so far away that score and bar would overlap."""
    spread = max(values) - min(values)
    return spread > 0 and min(abs(value - baseline) for value in values) > _FAR * spread

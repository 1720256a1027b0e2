"""The five grades of a verdict, by the chance that the bar is passed: each has a word, a mark and a colour.

*Probably meets*, *toss-up* and *probably misses* are all undecided, split at two thirds and one third, the
IPCC's limits of *likely* and *unlikely* (docs/guides/verdicts.md). Gates, benchmarks and conditions of
recipes use the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from litmus_core.text import format_chance, format_score, format_share
from litmus_core.types import Caution, Score, Verdict, to_plain
from litmus_core.verdicts._messages import is_flattered, verdict_sentence
from litmus_core.verdicts._texts import BASELINE, EXCESSES, FLAGS, FLATTERING, GRADES, HEADLINE, NO_INTERVAL
from litmus_core.verdicts._verdict import FEWEST_ROWS

GradeKey = Literal["meets", "probably meets", "toss-up", "probably misses", "misses", "no bar"]
GradeTone = Literal["good", "likely", "unsure", "near", "bad", "quiet"]
LIKELY, UNLIKELY = 2 / 3, 1 / 3  # the chances at which an undecided verdict becomes likely or unlikely


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade as a ``word``, a shape (``mark``) and a colour (``tone``); ``rank`` 0 is the best."""

    key: GradeKey
    word: str
    mark: str
    tone: GradeTone
    rank: int


_DRAWN: tuple[tuple[GradeKey, str, GradeTone], ...] = (
    ("meets", "✓", "good"),
    ("probably meets", "◕", "likely"),
    ("toss-up", "◑", "unsure"),
    ("probably misses", "◔", "near"),
    ("misses", "✗", "bad"),
    ("no bar", "·", "quiet"),
)
_GRADES: dict[GradeKey, Grade] = {
    key: Grade(key=key, word=GRADES[key], mark=mark, tone=tone, rank=rank)
    for rank, (key, mark, tone) in enumerate(_DRAWN)
}


def all_grades() -> tuple[Grade, ...]:
    """Return the grades, the best first."""
    return tuple(_GRADES.values())


def grade_of(verdict: Verdict) -> Grade:
    """Return the grade of a verdict."""
    if verdict.outcome != "undecided":
        return _GRADES["misses" if verdict.outcome == "misses narrowly" else verdict.outcome]
    chance = verdict.probability_passes
    if chance is None or verdict.score.n_rows < FEWEST_ROWS or UNLIKELY < chance < LIKELY:
        return _GRADES["toss-up"]
    return _GRADES["probably meets" if chance >= LIKELY else "probably misses"]


def verdict_headline(verdict: Verdict) -> str:
    """Return the grade with its flags and the chance that the bar is passed: "Toss-up: 48 % chance"."""
    words = " · ".join((grade_of(verdict).word, *flag_messages(verdict)))
    chance = verdict.probability_passes
    if chance is None or verdict.score.n_rows < FEWEST_ROWS:
        return words
    return HEADLINE.format(words=words, chance=format_chance(chance))


def baseline_message(verdict: Verdict, name: str, *, is_beaten: bool | None) -> str:
    """Return the score beside that of its baseline ``name``: "Better than last season (0.967)".

    ``is_beaten`` is None where the interval leaves that open.
    """
    value = format_work_score(verdict.score.metric, verdict.baseline)
    return BASELINE[is_beaten].format(name=name.lower(), value=value)


def score_message(score: Score, title: str) -> str:
    """Return a score with its interval, under its metric's ``title``."""
    value, low, high = (format_work_score(score.metric, at) for at in (score.value, score.low, score.high))
    if not (isfinite(score.low) and isfinite(score.high)):
        return NO_INTERVAL.format(score=f"{title} {value}")
    return f"{title} {value} ({low} to {high})" if score.n_rows else f"{title} {value}"


def format_work_score(metric: str, value: float) -> str:
    """Write a value of a metric of forecasts or of many targets: WAPE is a share of the values.

    >>> format_work_score("wape", 0.0771), format_work_score("mase", 0.0771)
    ('7.7 %', '0.077')
    """
    return format_share(value, decimals=1) if metric == "wape" else format_score(value)


def verdict_report(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON values: its facts, its grade, and the sentence for people."""
    facts: dict[str, Any] = to_plain(verdict)
    return facts | {"grade": grade_of(verdict).key, "sentence": verdict_sentence(verdict)}


def is_doubtful(caution: Caution, verdict: Verdict) -> bool:
    """Return whether the score may pass only because of what a caution says."""
    if caution.kind in FLATTERING:
        return caution.score is None or is_flattered(verdict.score, caution.score)
    return caution.kind == "not_checked" or caution.severity == "harmful"


def is_untrusted(verdict: Verdict) -> bool:
    """Return whether the data flatter the score; gates are undecided then."""
    return any(is_doubtful(caution, verdict) for caution in verdict.obstacles)


def flag_keys(verdict: Verdict) -> tuple[str, ...]:
    """Return the keys of the flags next to a grade: "latency", "size", "untrusted", "unsure", "broken"."""
    untrusted = is_untrusted(verdict)
    flags = {
        "untrusted": untrusted,
        "unsure": verdict.obstacles and not untrusted,
        "broken": verdict.broken,
    }
    excesses = (excess.kind for excess in verdict.excesses)
    return (*excesses, *(name for name, reasons in flags.items() if reasons))


def flag_messages(verdict: Verdict) -> tuple[str, ...]:
    """Return the flags next to a grade: exceeded budgets, broken assertions, data that flatter or may."""
    words = EXCESSES | FLAGS
    return tuple(words[key] for key in flag_keys(verdict))


def all_flags() -> tuple[str, ...]:
    """Return all possible results of :func:`flag_messages`."""
    return (*EXCESSES.values(), *FLAGS.values())

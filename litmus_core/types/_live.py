"""The live verdict: whether a deployed model still meets its bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._tasks import Bar
from litmus_core.types._verdicts import Score

LiveState = Literal["still meets", "probably", "doubtful", "not any more", "too few outcomes", "no bar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveJudgement:
    """What outcomes say about the bar.

    ``score`` is of all rows with outcomes, with an interval that holds at every look. ``evidence`` (1: none
    either way) that the score fell below the bar exceeds 20 at most once in 20 lives of an endpoint that
    meets it. Where it exceeds 1, ``began_at_row`` is the row from which the fall most likely began, in the
    order in which outcomes came, and ``score_since`` the score since then.
    """

    state: LiveState
    bar: Bar | None = None
    score: Score | None = None
    evidence: float = 1.0
    began_at_row: int | None = None
    score_since: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedScore:
    """The score to expect of ``n_rows`` answers whose outcomes are not known, with its error."""

    value: float
    low: float
    high: float
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVerdict:
    """The live verdict on the version of an endpoint that answers now.

    ``n_answers`` are stored, ``n_outcomes`` of them have an outcome; ``began_at`` (ISO 8601) is when the
    answer was given from which on the score fell. ``expected`` is the score to expect from the newest answers
    alone, or None with the reason ``why_not_expected``. ``sentence`` says it all.
    """

    name: str
    version: int
    bundle_id: str
    judgement: LiveJudgement
    n_answers: int
    n_outcomes: int
    began_at: str | None = None
    expected: ExpectedScore | None = None
    why_not_expected: str = ""
    headline: str = ""
    sentence: str = ""

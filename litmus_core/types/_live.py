"""The live verdict: whether a deployed model still meets its bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._tasks import Bar
from litmus_core.types._verdicts import AssertionResult, Score

LiveState = Literal["still meets", "probably", "doubtful", "not any more", "too few outcomes", "no bar"]
CauseKind = Literal["values changed", "values missing", "values new", "group worse", "group grew"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveJudgement:
    """The evidence of outcomes about the bar.

    ``score`` is of all rows with outcomes, with an interval that is valid at every evaluation. ``evidence``
    (1: none either way) that the score fell below the bar exceeds 20 at most once in 20 lives of an endpoint
    that meets it. Where it exceeds 1, ``began_at_row`` is the row where the fall most likely began, in the
    order of the outcomes' arrival, and ``score_since`` the score since then.
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
    """The live verdict on the current version of an endpoint.

    ``n_answers`` are stored, ``n_outcomes`` of them have an outcome; ``began_at`` (ISO 8601) is the time of
    the answer from which on the score fell. ``expected`` is the score to expect from the newest answers
    alone, or None with the reason ``why_not_expected``. ``sentence`` states the verdict. It was ``judged_at``
    (ISO 8601). The experiment's ``assertions`` were tested on stored rows with outcomes.
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
    judged_at: str = ""
    assertions: tuple[AssertionResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A reason why a deployed model got worse, and the ``share`` of the fall (0 to 1) that it accounts for.

    *values changed*: the column's values moved to a range where the model predicts worse. *values missing*,
    *values new*: more of its values are missing, or were not in the training data, and the model predicts
    such rows worse. *group worse*: the predictions for the rows of ``group`` got worse. *group grew*: the
    group was always hard to predict, and more rows belong to it. ``share_before`` and ``share_now`` are the
    group's shares of the rows.
    """

    kind: CauseKind
    column: str
    group: str = ""
    share: float = 0.0
    share_before: float | None = None
    share_now: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCauses:
    """Why the live version of an endpoint got worse: ``causes``, the largest first, in ``n_rows`` rows.

    Without causes, ``why_not`` says why: too few stored rows with outcomes, no validation rows to compare
    with, no certain fall, a fall that all rows share, or predictions that only rank rows. ``sentences``
    describe the causes.
    """

    name: str
    causes: tuple[Cause, ...] = ()
    n_rows: int = 0
    why_not: Literal["", "few rows", "no reference", "no fall", "alike", "order"] = ""
    sentences: tuple[str, ...] = ()

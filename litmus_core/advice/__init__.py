"""Advice: which candidate to take, what its test score says about the bar, and what to do next."""

from litmus_core.advice._actions import OtherCard, Situation, next_actions
from litmus_core.advice._after import afresh, as_asked, plan_after, plan_as_asked
from litmus_core.advice._choice import choose, keeps_budget, ranked
from litmus_core.advice._frontier import (
    Axis,
    FrontierPoint,
    Spent,
    affordable,
    family_of,
    frontier,
    parents_of,
    signed_score,
)
from litmus_core.advice._known_actions import KNOWN_ACTIONS
from litmus_core.advice._looks import certainty, stretch, widened
from litmus_core.advice._more_rows import twice_the_rows, twice_the_rows_words
from litmus_core.advice._more_time import FOLDS, Longer, longer_s
from litmus_core.advice._nearest import Nearest, nearest
from litmus_core.advice._obstacles import OBSTACLES
from litmus_core.advice._points import (
    Answered,
    Point,
    ThresholdCurve,
    answered_curve,
    cheapest,
    keep_precision,
    point_at,
    score_at,
    threshold_curve,
)
from litmus_core.advice._predicted import corrected
from litmus_core.advice._probe import Known
from litmus_core.advice._said import Said
from litmus_core.advice._settle import most_rows, rows_to_settle
from litmus_core.advice._verdict import verdict
from litmus_core.advice._words import gained

__all__ = [
    "FOLDS",
    "KNOWN_ACTIONS",
    "OBSTACLES",
    "Answered",
    "Axis",
    "FrontierPoint",
    "Known",
    "Longer",
    "Nearest",
    "OtherCard",
    "Point",
    "Said",
    "Situation",
    "Spent",
    "ThresholdCurve",
    "affordable",
    "afresh",
    "answered_curve",
    "as_asked",
    "certainty",
    "cheapest",
    "choose",
    "corrected",
    "family_of",
    "frontier",
    "gained",
    "keep_precision",
    "keeps_budget",
    "longer_s",
    "most_rows",
    "nearest",
    "next_actions",
    "parents_of",
    "plan_after",
    "plan_as_asked",
    "point_at",
    "ranked",
    "rows_to_settle",
    "score_at",
    "signed_score",
    "stretch",
    "threshold_curve",
    "twice_the_rows",
    "twice_the_rows_words",
    "verdict",
    "widened",
]

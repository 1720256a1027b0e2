"""Advice: which candidate to take, what its test score says about the bar, and what to do next."""

from litmus_core.advice._actions import OtherCard, Situation, next_actions
from litmus_core.advice._after import plan_after
from litmus_core.advice._choice import choose, keeps_budget, ranked
from litmus_core.advice._looks import certainty, stretch, widened
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
from litmus_core.advice._probe import Known
from litmus_core.advice._said import Said
from litmus_core.advice._settle import most_rows, rows_to_settle
from litmus_core.advice._verdict import verdict

__all__ = [
    "Answered",
    "Known",
    "OtherCard",
    "Point",
    "Said",
    "Situation",
    "ThresholdCurve",
    "answered_curve",
    "certainty",
    "cheapest",
    "choose",
    "keep_precision",
    "keeps_budget",
    "most_rows",
    "next_actions",
    "plan_after",
    "point_at",
    "ranked",
    "rows_to_settle",
    "score_at",
    "stretch",
    "threshold_curve",
    "verdict",
    "widened",
]

"""Advice: which candidate to take, what its test score says about the bar, and what to do next."""

from litmus_core.advice._actions.builtin import KNOWN_ACTIONS
from litmus_core.advice._actions.larger_sample import twice_the_rows, twice_the_rows_message
from litmus_core.advice._actions.longer_run import FOLDS, longer_s
from litmus_core.advice._actions.obstacles import OBSTACLES
from litmus_core.advice._derived_plans import (
    follow_up_plan,
    standalone_plan,
    unresolved_part,
    unresolved_plan,
)
from litmus_core.advice._format import gained
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
from litmus_core.advice._gain_calibration import corrected
from litmus_core.advice._next_actions import next_actions
from litmus_core.advice._selection import choose, keeps_budget, ranked
from litmus_core.advice._situation import Longer, OtherFamily, Situation
from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.advice._surrogate import TrialData
from litmus_core.advice._threshold_curve import (
    Answered,
    ThresholdCurve,
    ThresholdPoint,
    answered_curve,
    cheapest,
    keep_precision,
    point_at,
    score_at,
    threshold_curve,
)
from litmus_core.advice._verdict.budget_gap import Nearest, nearest
from litmus_core.advice._verdict.sample_size import most_rows, rows_to_settle
from litmus_core.advice._verdict.sequential_testing import certainty, stretch, widened
from litmus_core.advice._verdict.verdict import verdict

__all__ = [
    "FOLDS",
    "KNOWN_ACTIONS",
    "OBSTACLES",
    "Answered",
    "Axis",
    "FrontierPoint",
    "Longer",
    "Nearest",
    "OtherFamily",
    "Situation",
    "Spent",
    "StoredPredictions",
    "ThresholdCurve",
    "ThresholdPoint",
    "TrialData",
    "affordable",
    "answered_curve",
    "certainty",
    "cheapest",
    "choose",
    "corrected",
    "family_of",
    "follow_up_plan",
    "frontier",
    "gained",
    "keep_precision",
    "keeps_budget",
    "longer_s",
    "most_rows",
    "nearest",
    "next_actions",
    "parents_of",
    "point_at",
    "ranked",
    "rows_to_settle",
    "score_at",
    "signed_score",
    "standalone_plan",
    "stretch",
    "threshold_curve",
    "twice_the_rows",
    "twice_the_rows_message",
    "unresolved_part",
    "unresolved_plan",
    "verdict",
    "widened",
]

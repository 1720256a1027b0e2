"""Advice: which candidate to take, and what to do next."""

from litmus_core.advice._actions.builtin import KNOWN_ACTIONS
from litmus_core.advice._actions.larger_sample import twice_the_rows, twice_the_rows_message
from litmus_core.advice._actions.longer_run import FOLDS, longer_s
from litmus_core.advice._actions.obstacles import OBSTACLES
from litmus_core.advice._actions.settle import SETTLING
from litmus_core.advice._budget_gap import Nearest, nearest
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
from litmus_core.advice._quote_calibration import quote_of
from litmus_core.advice._selection import choose, keeps_budget, ranked
from litmus_core.advice._situation import (
    FamiliesTried,
    Longer,
    OtherFamily,
    SampledRows,
    Situation,
    TimeSpent,
)
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

__all__ = [
    "FOLDS",
    "KNOWN_ACTIONS",
    "OBSTACLES",
    "SETTLING",
    "Answered",
    "Axis",
    "FamiliesTried",
    "FrontierPoint",
    "Longer",
    "Nearest",
    "OtherFamily",
    "SampledRows",
    "Situation",
    "Spent",
    "StoredPredictions",
    "ThresholdCurve",
    "ThresholdPoint",
    "TimeSpent",
    "TrialData",
    "affordable",
    "answered_curve",
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
    "nearest",
    "next_actions",
    "parents_of",
    "point_at",
    "quote_of",
    "ranked",
    "score_at",
    "signed_score",
    "standalone_plan",
    "threshold_curve",
    "twice_the_rows",
    "twice_the_rows_message",
    "unresolved_part",
    "unresolved_plan",
]

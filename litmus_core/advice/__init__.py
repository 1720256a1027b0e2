"""Advice: which candidate to choose, and what to do next."""

from litmus_core.advice._actions.builtin import KNOWN_ACTIONS
from litmus_core.advice._actions.collect_rows import GATHERING, GROUP_KEY, rows_of_group
from litmus_core.advice._actions.larger_sample import doubled_rows_message, gain_of_doubled_rows
from litmus_core.advice._actions.longer_run import FOLDS, longer_run_seconds
from litmus_core.advice._actions.obstacles import OBSTACLES
from litmus_core.advice._actions.settle import SETTLING
from litmus_core.advice._actions.texts import action_evidence, action_sentence, action_text, action_title
from litmus_core.advice._budget_gap import BudgetGap, closest_to_budget
from litmus_core.advice._derived_plans import (
    follow_up_plan,
    standalone_plan,
    unresolved_part,
    unresolved_plan,
)
from litmus_core.advice._format import format_gain
from litmus_core.advice._frontier import (
    Axis,
    FrontierPoint,
    Spent,
    frontier,
    parents_of,
    runs_of_one_source,
    signed_score,
)
from litmus_core.advice._gain_calibration import calibrate_plugin_gain
from litmus_core.advice._next_actions import next_actions
from litmus_core.advice._quote_calibration import quote_of
from litmus_core.advice._selection import choose, keeps_budget, ranked
from litmus_core.advice._situation import (
    FamiliesTried,
    LongerRun,
    OtherFamily,
    SampledRows,
    Situation,
    TimeSpent,
)
from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.advice._summary import (
    action_list_limits,
    action_list_sentence,
    is_out_of_reach,
    worth_doing,
)
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
    "GATHERING",
    "GROUP_KEY",
    "KNOWN_ACTIONS",
    "OBSTACLES",
    "SETTLING",
    "Answered",
    "Axis",
    "BudgetGap",
    "FamiliesTried",
    "FrontierPoint",
    "LongerRun",
    "OtherFamily",
    "SampledRows",
    "Situation",
    "Spent",
    "StoredPredictions",
    "ThresholdCurve",
    "ThresholdPoint",
    "TimeSpent",
    "TrialData",
    "action_evidence",
    "action_list_limits",
    "action_list_sentence",
    "action_sentence",
    "action_text",
    "action_title",
    "answered_curve",
    "calibrate_plugin_gain",
    "cheapest",
    "choose",
    "closest_to_budget",
    "doubled_rows_message",
    "follow_up_plan",
    "format_gain",
    "frontier",
    "gain_of_doubled_rows",
    "is_out_of_reach",
    "keep_precision",
    "keeps_budget",
    "longer_run_seconds",
    "next_actions",
    "parents_of",
    "point_at",
    "quote_of",
    "ranked",
    "rows_of_group",
    "runs_of_one_source",
    "score_at",
    "signed_score",
    "standalone_plan",
    "threshold_curve",
    "unresolved_part",
    "unresolved_plan",
    "worth_doing",
]

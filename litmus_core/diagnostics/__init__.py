"""What drives a model's predictions, and where it errs: on validation rows only, never on test rows.

Works on anything with the interface of ``runtime.Predictor``; pandas is imported late.
"""

from litmus_core.diagnostics._assertions import FEWEST_TRIED, check_assertions
from litmus_core.diagnostics._causes import FEWEST_JUDGED, RowLosses, find_causes, has_fallen
from litmus_core.diagnostics._cell_values import plain_text, plain_value
from litmus_core.diagnostics._contributions import Contributions, contributions
from litmus_core.diagnostics._dependence import ice, partial_dependence
from litmus_core.diagnostics._diagnose import diagnose
from litmus_core.diagnostics._importance import importance
from litmus_core.diagnostics._mistakes import confusion, mistakes, residuals
from litmus_core.diagnostics._parts import value_rows
from litmus_core.diagnostics._plots import plot_ice, plot_importance, plot_partial_dependence
from litmus_core.diagnostics._reliability import ReliabilityBin, reliability
from litmus_core.diagnostics._scoring import PredictorLike, Scorer, scorer_for
from litmus_core.diagnostics._segments import segments
from litmus_core.diagnostics._types import (
    ColumnImportance,
    ConfusedPair,
    Confusion,
    Diagnostics,
    Importance,
    Mistake,
    Plain,
    Push,
    Residuals,
    Segments,
    SegmentScore,
    WhatIf,
)
from litmus_core.diagnostics._what_if import what_if

__all__ = [
    "FEWEST_JUDGED",
    "FEWEST_TRIED",
    "ColumnImportance",
    "ConfusedPair",
    "Confusion",
    "Contributions",
    "Diagnostics",
    "Importance",
    "Mistake",
    "Plain",
    "PredictorLike",
    "Push",
    "ReliabilityBin",
    "Residuals",
    "RowLosses",
    "Scorer",
    "SegmentScore",
    "Segments",
    "WhatIf",
    "check_assertions",
    "confusion",
    "contributions",
    "diagnose",
    "find_causes",
    "has_fallen",
    "ice",
    "importance",
    "mistakes",
    "partial_dependence",
    "plain_text",
    "plain_value",
    "plot_ice",
    "plot_importance",
    "plot_partial_dependence",
    "reliability",
    "residuals",
    "scorer_for",
    "segments",
    "value_rows",
    "what_if",
]

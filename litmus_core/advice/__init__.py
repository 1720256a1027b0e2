"""Advice: which candidate to take, what its test score says about the bar, and what to do next."""

from litmus_core.advice._actions import Situation, next_actions
from litmus_core.advice._choice import choose, keeps_budget, ranked
from litmus_core.advice._frontier import (
    Axis,
    FrontierPoint,
    affordable,
    family_of,
    frontier,
    parents_of,
    signed_score,
)
from litmus_core.advice._known_actions import KNOWN_ACTIONS
from litmus_core.advice._looks import certainty, stretch, widened
from litmus_core.advice._predicted import corrected
from litmus_core.advice._probe import Known
from litmus_core.advice._settle import most_rows, rows_to_settle
from litmus_core.advice._verdict import verdict
from litmus_core.advice._words import gained

__all__ = [
    "KNOWN_ACTIONS",
    "Axis",
    "FrontierPoint",
    "Known",
    "Situation",
    "affordable",
    "certainty",
    "choose",
    "corrected",
    "family_of",
    "frontier",
    "gained",
    "keeps_budget",
    "most_rows",
    "next_actions",
    "parents_of",
    "ranked",
    "rows_to_settle",
    "signed_score",
    "stretch",
    "verdict",
    "widened",
]

"""Advice: which candidate to take, what its test score says about the bar, and what to do next."""

from litmus_core.advice._actions import Situation, next_actions
from litmus_core.advice._after import plan_after
from litmus_core.advice._choice import choose, keeps_budget, ranked
from litmus_core.advice._looks import certainty, stretch, widened
from litmus_core.advice._probe import Known
from litmus_core.advice._said import Said
from litmus_core.advice._settle import most_rows, rows_to_settle
from litmus_core.advice._verdict import verdict

__all__ = [
    "Known",
    "Said",
    "Situation",
    "certainty",
    "choose",
    "keeps_budget",
    "most_rows",
    "next_actions",
    "plan_after",
    "ranked",
    "rows_to_settle",
    "stretch",
    "verdict",
    "widened",
]

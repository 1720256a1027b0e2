"""Advice: which candidate to take, and what its test score says about the bar."""

from litmus_core.advice._choice import choose, keeps_budget, ranked
from litmus_core.advice._looks import certainty, stretch, widened
from litmus_core.advice._settle import most_rows, rows_to_settle
from litmus_core.advice._verdict import verdict

__all__ = [
    "certainty",
    "choose",
    "keeps_budget",
    "most_rows",
    "ranked",
    "rows_to_settle",
    "stretch",
    "verdict",
    "widened",
]

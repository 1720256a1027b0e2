"""Advice: which candidate to take, and what its test score says about the bar."""

from litmus_core.advice._choice import choose, keeps_budget, ranked
from litmus_core.advice._verdict import verdict

__all__ = ["choose", "keeps_budget", "ranked", "verdict"]

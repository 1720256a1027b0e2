"""Advice: which candidate to take, what its test score says about the bar, and what to do next."""

from litmus_core.advice._actions import Situation, next_actions
from litmus_core.advice._choice import choose, keeps_budget, ranked
from litmus_core.advice._probe import Known
from litmus_core.advice._verdict import verdict

__all__ = ["Known", "Situation", "choose", "keeps_budget", "next_actions", "ranked", "verdict"]

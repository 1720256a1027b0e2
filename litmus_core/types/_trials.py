"""Trials: what tuning tried, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._plans import Hyperparameter

TrialState = Literal["finished", "given up", "failed"]
TrialOrigin = Literal["default", "start", "history", "suggested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One setting of an algorithm, tried on the run's validation rows or folds.

    ``algorithm`` is the card's key (``lightgbm``; a second entry of it in one plan is ``lightgbm-2``), and
    ``number`` counts its trials in the run from 0, which is the algorithm as it is without tuning.
    ``settings`` hold each value beside the space it was taken from. ``value`` is in ``metric``'s own sign,
    None unless the trial is finished. ``share`` of the training rows were learned from when it was given
    up. ``origin`` says who thought of the setting.
    """

    algorithm: str
    number: int
    metric: str
    state: TrialState
    settings: tuple[Hyperparameter, ...] = ()
    value: float | None = None
    seconds: float = 0.0
    share: float = 1.0
    origin: TrialOrigin = "suggested"
    message: str = ""

"""Tuning trials and their results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._plans import Hyperparameter

TrialState = Literal["finished", "given up", "failed"]
TrialOrigin = Literal["default", "start", "history", "suggested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One setting of an algorithm, scored on the run's validation rows or folds.

    ``algorithm`` is the family's key (``lightgbm``; a second entry in one plan is ``lightgbm-2``), and
    ``number`` counts its trials in the run from 0, which is the untuned algorithm. ``settings`` hold each
    value with its search space. ``value`` is in ``metric``'s own sign, None unless the trial finished.
    ``share`` is the share of training rows used when it was stopped early. ``origin`` is the source of the
    setting.
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

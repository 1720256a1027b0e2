"""The surrogate's predictions with equal class weights."""

from __future__ import annotations

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of
from litmus_core.metrics import get_metric

BALANCED = "balanced"
_METRICS = ("balanced_accuracy", "f1_macro", "f1", "fbeta", "recall", "mcc", "kappa")


def try_balanced(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return the surrogate's predictions for the held-out rows with equal class weights."""
    family = get_metric(surrogate.data.task.metric).family
    if surrogate.words or not surrogate.data.classes or family not in _METRICS or not clock.has_time_for(2):
        return {}
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    return {BALANCED: [clock.timed(lambda: surrogate.fit(rest, stop, rows, balanced=True))]}

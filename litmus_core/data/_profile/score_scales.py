"""The scales on which checks score quick models, by task type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from litmus_core.task_types import Facet

Floats = NDArray[np.float64]


class ScoreScale(ABC):
    """A scale of scores on which 1 is always right; ``name`` is shown to people."""

    name: ClassVar[str]
    averages_classes: ClassVar[bool] = False  # each class counts alike, so rare ones make it noisy

    @abstractmethod
    def chance(self, n_classes: int) -> float:
        """Return the score of always guessing the same, or at random."""

    @abstractmethod
    def score(self, truth: NDArray[Any], prediction: Floats) -> float:
        """Return the score of probabilities (n, k) of the classes, or of values (n,)."""


class _ExplainedVariance(ScoreScale):
    name = "R²"

    def chance(self, n_classes: int) -> float:
        return 0.0

    def score(self, truth: NDArray[Any], prediction: Floats) -> float:
        spread = float(np.square(truth - truth.mean()).sum())
        return 1 - float(np.square(truth - prediction).sum()) / spread if spread else 0.0


class _Area(ScoreScale):
    name = "AUC"

    def chance(self, n_classes: int) -> float:
        return 0.5

    def score(self, truth: NDArray[Any], prediction: Floats) -> float:
        """Return the share of pairs (one row of class 1, one of class 0) that are in the right order."""
        from scipy.stats import rankdata

        n_yes = int((truth == 1).sum())
        n_no = len(truth) - n_yes
        if not n_yes or not n_no:
            return 0.5
        ranks = rankdata(prediction[:, 1])
        return float((ranks[truth == 1].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


class _MacroF1(ScoreScale):
    name = "macro-F1"
    averages_classes = True

    def chance(self, n_classes: int) -> float:
        return 1 / max(2, n_classes)

    def score(self, truth: NDArray[Any], prediction: Floats) -> float:
        n_classes, answered = prediction.shape[1], prediction.argmax(axis=1)
        right = np.bincount(truth[truth == answered], minlength=n_classes)
        both = np.bincount(truth, minlength=n_classes) + np.bincount(answered, minlength=n_classes)
        present = np.bincount(truth, minlength=n_classes) > 0
        return float((2 * right[present] / np.maximum(both[present], 1)).mean())


SCORE_SCALES: Facet[ScoreScale] = Facet(
    "score scale", {"binary": _Area(), "multiclass": _MacroF1(), "regression": _ExplainedVariance()}
)

"""Score predictions of validation rows while variants are chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._refine._select import Predictions, Score
from litmus_core.engine._run_folder.folder import read_model_info, read_target
from litmus_core.errors import DataError
from litmus_core.metrics import constant_answer, get_metric

_MOST_SCORED = 5_000  # it is done thousands of times


def scorer_of(folder: Path, truth: NDArray[Any], *, seed: int) -> tuple[Score, float]:
    """Return a scorer of predictions for the rows of ``truth``, more is better, and a constant prediction's
    score.

    The metric is that of the run in ``folder``.
    """
    info = read_model_info(folder)
    target = read_target(info)
    metric = get_metric(info["metric"]).for_classes(target.classes)
    sign = 1.0 if metric.greater_is_better else -1.0
    codes = range(len(target.classes))
    rows = np.random.default_rng([seed, 21]).permutation(len(truth))[:_MOST_SCORED]
    true_labels = truth[rows]

    def score(outputs: Predictions) -> float:
        try:
            return sign * metric.score(
                true_labels, outputs[rows], classes=codes, positive_class=1 if len(codes) == 2 else None
            )
        except DataError:
            return -np.inf

    positive = 1 if len(codes) == 2 else None
    answer = constant_answer(truth, classes=codes, positive_class=positive, metric=metric)
    constant = np.tile(answer, (len(truth), 1)) if codes else np.repeat(answer, len(truth))
    return score, score(constant)

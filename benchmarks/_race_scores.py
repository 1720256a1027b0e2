"""Scores of answers to hidden rows, and the same on bootstrap draws that all racers of a table share."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._race_tables import Table

if TYPE_CHECKING:
    import pandas as pd

N_DRAWS = 200
_SUREST = 1e-6  # no probability is taken for surer than this


def score_answers(table: Table, answers: pd.DataFrame, truth: pd.Series, *, seed: int) -> dict[str, Any]:
    """Return ``metric`` and ``loss`` (log loss or RMSE), and the metric on each draw; higher is better.

    ``answers`` has a column for each class, in any order, or one of values; ``truth`` are labels or values.
    Raises ValueError where an answer is missing or no number.
    """
    metric, loss = _measures(table)
    predicted, known = _aligned(table, answers, truth)
    rng = np.random.default_rng([seed, zlib.crc32(table.name.encode())])
    drawn = []
    while len(drawn) < N_DRAWS:
        rows = rng.integers(0, len(known), len(known))
        if table.problem != "binary" or len(np.unique(known[rows])) == 2:
            drawn.append(round(metric(known[rows], predicted[rows]), 6))
    return {"metric": metric(known, predicted), "loss": loss(known, predicted), "draws": drawn}


def _aligned(table: Table, answers: pd.DataFrame, truth: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return predictions (n, k) or (n,), and the truth as places of classes, or as values."""
    if len(answers) != len(truth):
        message = f"{len(answers)} answers to {len(truth)} rows"
        raise ValueError(message)
    values = answers.to_numpy(np.float64)
    if not np.isfinite(values).all():
        message = "an answer is not a number"
        raise ValueError(message)
    if table.problem == "regression":
        return values[:, 0], truth.to_numpy(np.float64)
    classes = sorted({*answers.columns, *truth.unique()})
    full = answers.reindex(columns=classes, fill_value=0.0).to_numpy(np.float64).clip(_SUREST, 1)
    places = {label: at for at, label in enumerate(classes)}
    return full / full.sum(axis=1, keepdims=True), truth.map(places).to_numpy(np.int64)


def _measures(table: Table) -> tuple[Callable[..., float], Callable[..., float]]:
    return {
        "binary": (_roc_auc, _log_loss),
        "multiclass": (_log_loss, _log_loss),
        "regression": (_rmse, _rmse),
    }[table.problem]


def _roc_auc(known: np.ndarray, predicted: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(known, predicted[:, 1]))


def _log_loss(known: np.ndarray, predicted: np.ndarray) -> float:
    return float(np.mean(np.log(predicted[np.arange(len(known)), known])))


def _rmse(known: np.ndarray, predicted: np.ndarray) -> float:
    return -float(np.sqrt(np.mean((known - predicted) ** 2)))

"""A model's errors: its worst mistakes, its confusions, its residuals."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.diagnostics._cell_values import plain_value
from litmus_core.diagnostics._scoring import Array, answered_codes, class_codes
from litmus_core.diagnostics._types import ConfusedPair, Confusion, Mistake, Residuals
from litmus_core.runtime import label_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_MAX_POINTS = 1_000
_TOP_CLASSES = 12
_TOP_PAIRS = 12


def mistakes(
    frame: pd.DataFrame,
    y: Array,
    prediction: Array,
    *,
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    threshold: float | None = None,
    costs: Sequence[Sequence[float]] = (),
    n: int = 50,
) -> tuple[Mistake, ...]:
    """Return the ``n`` worst mistakes as rows of ``frame``, worst first.

    Classification (``prediction`` (n, k)): wrong predictions, lowest probability of the truth first.
    Regression (``prediction`` (n,)): the largest absolute errors.
    """
    if prediction.ndim == 1:
        return _largest_errors(frame, y, prediction, n=n)
    truth = class_codes(y, classes)
    answered = answered_codes(
        prediction, classes, positive_class=positive_class, threshold=threshold, costs=costs
    )
    rows = np.arange(len(truth))
    of_truth = np.where(truth >= 0, prediction[rows, np.maximum(truth, 0)], 0.0)
    wrong = np.flatnonzero(answered != truth)
    worst = wrong[np.argsort(of_truth[wrong], kind="stable")][:n]
    return tuple(
        Mistake(
            position=int(row),
            truth=label_text(_python(y[row])),
            prediction=label_text(classes[answered[row]]),
            values=_row(frame, int(row)),
            probability=float(prediction[row, answered[row]]),
            truth_probability=float(of_truth[row]),
        )
        for row in worst
    )


def _python(label: Any) -> Any:
    """Return a NumPy scalar as its Python value, so that a boolean is written like one."""
    return label.item() if isinstance(label, np.generic) else label


def _largest_errors(frame: pd.DataFrame, y: Array, prediction: Array, *, n: int) -> tuple[Mistake, ...]:
    errors = prediction - y.astype(float)
    worst = np.argsort(-np.abs(errors), kind="stable")[:n]
    return tuple(
        Mistake(
            position=int(row),
            truth=plain_value(y[row]),
            prediction=float(prediction[row]),
            values=_row(frame, int(row)),
            error=float(errors[row]),
        )
        for row in worst
    )


def misplaced(
    frame: pd.DataFrame, y: Array, scores: Array, *, groups: Array | None, n: int = 50
) -> tuple[Mistake, ...]:
    """Return the ``n`` rows furthest from their place in the order of their group by ``scores`` (n,).

    A row's place is any place of the rows with its truth, the largest truth first; rows with one score share
    the middle of their places. ``error`` is in places, positive if the row is too far down. ``groups`` None:
    one group.
    """
    codes = np.zeros(len(y), dtype=np.int64) if groups is None else groups
    distances = np.zeros(len(y))
    for code in np.unique(codes):
        rows = np.flatnonzero(codes == code)
        truth, score = y[rows].astype(float)[:, np.newaxis], scores[rows][:, np.newaxis]
        place = (score < score.T).sum(axis=1) + ((score == score.T).sum(axis=1) - 1) / 2
        first, same = (truth < truth.T).sum(axis=1), (truth == truth.T).sum(axis=1)
        distances[rows] = place - np.clip(place, first, first + same - 1)
    worst = np.argsort(-np.abs(distances), kind="stable")[:n]
    return tuple(
        Mistake(
            position=int(row),
            truth=plain_value(y[row]),
            prediction=float(scores[row]),
            values=_row(frame, int(row)),
            error=float(distances[row]),
        )
        for row in worst
        if distances[row]
    )


def _row(frame: pd.DataFrame, position: int) -> dict[str, Any]:
    """Return one row's values, column by column so that no integer becomes a float."""
    return {str(name): plain_value(frame[name].iloc[position]) for name in frame.columns}


def confusion(
    y: Array,
    prediction: Array,
    *,
    classes: Sequence[Any],
    positive_class: Any = None,
    threshold: float | None = None,
    costs: Sequence[Sequence[float]] = (),
) -> Confusion:
    """Count truth against prediction; with more than 13 classes, the 12 most frequent and "others"."""
    truth = class_codes(y, classes)
    answered = answered_codes(
        prediction, classes, positive_class=positive_class, threshold=threshold, costs=costs
    )
    labelled = truth >= 0
    truth, answered = truth[labelled], answered[labelled]
    labels = [label_text(label) for label in classes]
    place, shown, n_collapsed = _collapse(truth, labels)
    counts = np.zeros((len(shown), len(shown)), dtype=np.int64)
    np.add.at(counts, (place[truth], place[answered]), 1)
    wrong = truth != answered
    pairs = Counter(zip(truth[wrong].tolist(), answered[wrong].tolist(), strict=True))
    ranked = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOP_PAIRS]
    return Confusion(
        labels=tuple(shown),
        counts=tuple(tuple(int(count) for count in row) for row in counts),
        n_collapsed=n_collapsed,
        pairs=tuple(
            ConfusedPair(truth=labels[was], prediction=labels[predicted], n_rows=count)
            for (was, predicted), count in ranked
        ),
        n_rows=len(truth),
        n_wrong=int(wrong.sum()),
    )


def _collapse(truth: Array, labels: list[str]) -> tuple[Array, list[str], int]:
    """Return each class's index among the labels to show, those labels, and how many share the last."""
    if len(labels) <= _TOP_CLASSES + 1:
        return np.arange(len(labels)), labels, 0
    frequency = np.bincount(truth, minlength=len(labels))
    top = np.sort(np.argsort(-frequency, kind="stable")[:_TOP_CLASSES])
    place = np.full(len(labels), _TOP_CLASSES, dtype=np.int64)
    place[top] = np.arange(_TOP_CLASSES)
    n_collapsed = len(labels) - _TOP_CLASSES
    return place, [labels[code] for code in top] + [f"{n_collapsed} others"], n_collapsed


def residuals(y: Array, prediction: Array, *, seed: int) -> Residuals:
    """Return truth against prediction for up to 1,000 rows, and typical errors over all rows."""
    truth = y.astype(float)
    errors = prediction - truth
    rng = np.random.default_rng(seed)
    shown = np.sort(rng.permutation(len(truth))[:_MAX_POINTS])
    return Residuals(
        points=tuple((float(truth[row]), float(prediction[row])) for row in shown),
        n_rows=len(truth),
        bias=float(errors.mean()),
        typical_error=float(np.median(np.abs(errors))),
        large_error=float(np.quantile(np.abs(errors), 0.9)),
    )

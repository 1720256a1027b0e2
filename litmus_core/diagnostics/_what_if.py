"""What if: the prediction for one row, and which of its values influenced it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.diagnostics._cell_values import plain_text, plain_value
from litmus_core.diagnostics._scoring import Array, PredictorLike, answered_codes, predict
from litmus_core.diagnostics._types import Plain, Push, WhatIf
from litmus_core.runtime import DEFAULT_LEVEL, label_text
from litmus_core.task_types import get_task_type

if TYPE_CHECKING:
    import pandas as pd

_MAX_ROWS = 3_000
_LEAST_BACKGROUND = 5
_T_975 = 2.05  # Student's t at about 29 degrees of freedom


def what_if(
    predictor: PredictorLike,
    row: Mapping[str, Any],
    background: pd.DataFrame,
    *,
    n_background: int = 30,
    seed: int = 0,
) -> WhatIf:
    """Predict ``row``, and measure which of its values influenced the prediction.

    Each value in turn is replaced by those of up to ``n_background`` rows of ``background`` (raw rows that
    the model was not trained on), all in one call of the predictor; the effect of a value is the prediction
    minus the mean prediction without it. Effects of values that interact need not add up. Raises RowError if
    a value does not fit its column.
    """
    names = [column.name for column in predictor.columns]
    others = _background(background, names, n_rows=n_background, seed=seed)
    base = {name: plain_value(row.get(name), max_text=None) for name in names}
    rows = [base] + [{**base, name: other[name]} for name in names for other in others]
    prediction = predict(predictor, rows)
    answered = _answer_of(predictor, prediction[:1])
    outcome = prediction if answered is None else prediction[:, answered]
    pushes = _pushes(base, outcome, n_others=len(others), predictor=predictor, answered=answered)
    answer: Plain = float(prediction[0]) if answered is None else label_text(predictor.classes[answered])
    unsure = answered is not None and float(outcome[0]) < (predictor.abstain_below or 0.0)
    return WhatIf(
        answer=predictor.abstain_label if unsure else answer,
        unsure_of=str(answer) if unsure else "",
        probability=None if answered is None else float(outcome[0]),
        probabilities={} if answered is None else _ranked(predictor, prediction[0]),
        pushes=pushes,
        n_background=len(others),
        **_certainty(predictor, base),
    )


def _certainty(predictor: PredictorLike, row: dict[str, Plain]) -> dict[str, Any]:
    """Return the interval, or the set of labels, of the row; empty if the model has none."""
    calibration = getattr(predictor, "calibration", None)
    largest = None if calibration is None else calibration.largest_level
    if largest is None:
        return {}
    level = min(DEFAULT_LEVEL, largest)
    (record,) = predictor.predict_records([row], level=level)  # type: ignore[attr-defined]
    labels = tuple(label_text(label) for label in record.get("set", ()))
    return {"level": level, "low": record.get("low"), "high": record.get("high"), "labels": labels}


def _background(
    background: pd.DataFrame, names: list[str], *, n_rows: int, seed: int
) -> list[dict[str, Plain]]:
    """Return a fixed random choice of background rows, fewer if there are very many columns."""
    n_rows = max(_LEAST_BACKGROUND, min(n_rows, _MAX_ROWS // max(1, len(names))))
    order = np.random.default_rng(seed).permutation(len(background))[:n_rows]
    columns = {
        name: [plain_value(value, max_text=None) for value in background[name].iloc[order]] for name in names
    }
    return [{name: columns[name][at] for name in names} for at in range(len(order))]


def _answer_of(predictor: PredictorLike, prediction: Array) -> int | None:
    if not get_task_type(predictor.problem_type).has_classes:
        return None
    codes = answered_codes(
        prediction,
        predictor.classes,
        positive_class=predictor.positive_class,
        threshold=predictor.threshold,
        costs=predictor.costs,
    )
    return int(codes[0])


def _subject(predictor: PredictorLike, answered: int | None) -> str:
    """Name the quantity that effects are on."""
    return (
        "the prediction"
        if answered is None
        else f"the probability of “{label_text(predictor.classes[answered])}”"
    )


def _ranked(predictor: PredictorLike, probabilities: Array) -> dict[str, float]:
    pairs = zip(predictor.classes, probabilities.tolist(), strict=True)
    return {label_text(label): share for label, share in sorted(pairs, key=lambda pair: -pair[1])}


def _pushes(
    base: dict[str, Plain], outcome: Array, *, n_others: int, predictor: PredictorLike, answered: int | None
) -> tuple[Push, ...]:
    if n_others == 0:
        return ()
    subject = _subject(predictor, answered)
    answer, pushes = float(outcome[0]), []
    replaced = outcome[1:].reshape(len(base), n_others)
    for (name, value), without in zip(base.items(), replaced, strict=True):
        effect = answer - float(without.mean())
        spread = float(without.std(ddof=1)) / math.sqrt(n_others) if n_others > 1 else 0.0
        pushes.append(
            Push(
                column=name,
                value=value,
                effect=effect,
                low=effect - _T_975 * spread,
                high=effect + _T_975 * spread,
                sentence=_sentence(f"{name} = {plain_text(value)}", answer, answer - effect, subject=subject),
            )
        )
    return tuple(sorted(pushes, key=lambda push: -abs(push.effect)))


def _sentence(cause: str, answer: float, without: float, *, subject: str) -> str:
    if abs(answer - without) <= 1e-3 * max(abs(answer), 1e-9):
        return f"{cause} made no difference to {subject}."
    direction = "raises" if answer > without else "lowers"
    return (
        f"{cause} {direction} {subject}: {_figure(answer)} with it, "
        f"{_figure(without)} on average with other rows' values."
    )


def _figure(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 2 else plain_text(float(f"{value:.5g}"))

"""What each column adds to a prediction: exactly if the model is a sum, else over orders of the columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.diagnostics._scoring import Array, PredictorLike, predict
from litmus_core.engine import MarginContributions, margin_contributions
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.runtime import label_text
from litmus_core.task_types import get_task_type

if TYPE_CHECKING:
    import pandas as pd

_FEWEST_PAIRS, _MOST_PAIRS = 8, 200  # of orders of the columns, each forwards and backwards
_MOST_PREDICTIONS = 400_000
_UNITS = {
    "value": "the prediction",
    "log value": "the logarithm of the prediction",
    "log odds": "the log odds of “{label}”",
    "log odds of each class": "the score of “{label}” before probabilities are made of it",
    "probability": "the probability of “{label}”",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Contributions:
    """What each column adds to a prediction: ``frame`` has a line per row and a column per column.

    ``base`` and a row of the frame add up to ``total`` (n,), which is ``of``: the model's margin, such as
    "the log odds of “yes”". If not ``is_exact``, they are measured on other rows (``why`` says why), and
    ``error`` bounds the largest error with 95 % certainty. If exact, it is the error of the sums.
    """

    frame: pd.DataFrame
    base: float
    total: pd.Series[float]
    of: str
    is_exact: bool
    error: float
    why: str = ""

    @property
    def sentence(self) -> str:
        """A sentence on what they are, and on their error."""
        if self.is_exact:
            return f"Exact: they add up to {self.of}, to within {self.error:.0e}."
        return f"Approximate, since {self.why}: parts of {self.of}, off by {self.error:.2g} at most (95 %)."


def contributions(
    predictor: PredictorLike,
    model: tuple[Path, str] | str,
    rows: pd.DataFrame,
    background: pd.DataFrame,
    *,
    label: str | None = None,
    seed: int = 0,
) -> Contributions:
    """Return what columns add to the predictions for ``rows`` (n), compared with the ``background`` rows.

    ``model`` is a run's folder and the model in it that ``predictor`` uses, or why there is no such model.
    ``label`` is the class whose score is explained; None: the positive one. Raises UsageError if a label is
    needed, UnknownNameError for an unknown one.
    """
    place = _place(predictor, label)
    names = [column.name for column in predictor.columns]
    exact = model if isinstance(model, str) else margin_contributions(*model, rows[names], background[names])
    if isinstance(exact, MarginContributions):
        at = place if exact.added.shape[2] > 1 else 0
        return _result(
            predictor,
            rows,
            exact.added[:, :, at],
            exact.margin[:, at],
            base=float(exact.base[at]),
            scale=exact.scale,
            place=place,
            error=exact.error,
        )
    added, total, base, error = _sample_contributions(
        predictor, rows[names], background[names], place, seed=seed
    )
    scale = "probability" if get_task_type(predictor.problem_type).has_classes else "value"
    why = exact if isinstance(exact, str) else exact.why
    return _result(predictor, rows, added, total, base=base, scale=scale, place=place, error=error, why=why)


def _result(
    predictor: PredictorLike,
    rows: pd.DataFrame,
    added: Array,
    total: Array,
    *,
    base: float,
    scale: str,
    place: int,
    error: float,
    why: str = "",
) -> Contributions:
    import pandas as pd

    names = [column.name for column in predictor.columns]
    label = label_text(predictor.classes[place]) if predictor.classes else ""
    return Contributions(
        frame=pd.DataFrame(added, columns=names, index=rows.index),
        base=base,
        total=pd.Series(total, index=rows.index, name="total"),
        of=_UNITS[scale].format(label=label),
        is_exact=not why,
        error=error,
        why=why,
    )


def _place(predictor: PredictorLike, label: str | None) -> int:
    """Return the index of the class whose score is explained; 0 if there are no classes."""
    if not get_task_type(predictor.problem_type).has_classes:
        if label is not None:
            raise UsageError("A number has no labels.", hint="Leave the label out.")
        return 0
    labels = [label_text(name) for name in predictor.classes]
    if label is None and predictor.positive_class is not None:
        label = label_text(predictor.positive_class)
    if label is None:
        raise UsageError("Say which label's score it is.", hint=f"There are {', '.join(labels)}.")
    if label not in labels:
        raise UnknownNameError(kind="label", name=label, names=labels)
    return labels.index(label)


def scores_of(predictor: PredictorLike, rows: pd.DataFrame, label: str | None) -> Array:
    """Return (n,) values, or the probabilities of ``label`` (None: the positive one)."""
    place = _place(predictor, label)
    prediction = predict(predictor, rows)
    return prediction if prediction.ndim == 1 else prediction[:, place]


def _sample_contributions(
    predictor: PredictorLike, rows: pd.DataFrame, background: pd.DataFrame, place: int, *, seed: int
) -> tuple[Array, Array, float, float]:
    """Return contributions (n, columns), their totals (n,), the base, and the worst 95 % half-width.

    Starting from another row, columns take a row's values one after the other, in random orders and back. So
    a row's contributions add up to its prediction minus the mean prediction of these rows.
    """
    random, names = np.random.default_rng(seed), list(rows.columns)
    n_pairs = _MOST_PREDICTIONS // (2 * len(rows) * (len(names) + 1))
    n_pairs = min(max(n_pairs, _FEWEST_PAIRS), _MOST_PAIRS)
    places = np.resize(random.permutation(len(background)), n_pairs)
    sums, bases = [], []
    for place_there in places.tolist():
        order = random.permutation(len(names))
        other = background.iloc[[place_there] * len(rows)].set_index(rows.index)
        pair = [_contributions_in_order(predictor, rows, other, path, place) for path in (order, order[::-1])]
        sums.append((pair[0][0] + pair[1][0]) / 2)
        bases.append(pair[0][1])
    samples = np.stack(sums)
    spread = samples.std(axis=0, ddof=1) / np.sqrt(n_pairs)
    base = float(np.mean(bases))
    added = samples.mean(axis=0)
    return (
        added,
        base + added.sum(axis=1),
        base,
        float((1.96 + 2.5 / (n_pairs - 1)) * spread.max(initial=0.0)),
    )


def _contributions_in_order(
    predictor: PredictorLike, rows: pd.DataFrame, other: pd.DataFrame, order: Array, place: int
) -> tuple[Array, float]:
    """Return contributions (n, columns) when columns take the rows' values in this order, and the base."""
    import pandas as pd

    steps = [other]
    for at in order.tolist():
        step = steps[-1].copy()
        step.isetitem(at, rows.iloc[:, at])
        steps.append(step)
    prediction = predict(predictor, pd.concat(steps, ignore_index=True))
    answer = (prediction if prediction.ndim == 1 else prediction[:, place]).reshape(len(steps), len(rows))
    added = np.zeros(rows.shape)
    added[:, order] = np.diff(answer, axis=0).T
    return added, float(answer[0].mean())

"""Scoring cases: truth and predictions of the same rows, in the shapes that metrics read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.runtime import decide

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LabelCase:
    """Truth and class probabilities of n rows.

    ``codes`` (n,) index the true class, or are ``n_classes`` for a label that the model does not know;
    ``probabilities`` (n, n_classes); ``positive`` is the index that binary metrics use. ``costs`` (n_classes,
    n_classes) of truth and prediction: without a threshold the class with the lowest expected cost is
    predicted. ``weights`` (n,) weigh the rows; None: equally. Rows with the same value of ``groups`` (n,)
    belong together; None: not needed.
    """

    codes: Ints
    probabilities: Floats
    positive: int
    threshold: float | Floats | None  # (n,): one for each row
    costs: Floats | None = None
    labels: tuple[Any, ...] = ()  # the labels behind the codes, for metrics that use them
    weights: Floats | None = None
    groups: Ints | None = None

    @property
    def n_rows(self) -> int:
        return len(self.codes)

    @property
    def n_classes(self) -> int:
        return int(self.probabilities.shape[1])

    @cached_property
    def decided(self) -> Ints:
        """(n,) index of each row's predicted class: by threshold, by cost, or the likeliest."""
        return decide(self.probabilities, positive=self.positive, threshold=self.threshold, costs=self.costs)


@dataclass(frozen=True)
class ValueCase:
    """True and predicted values (n,) of n rows, with the rows' weights and groups."""

    truth: Floats
    predicted: Floats
    weights: Floats | None = None
    groups: Ints | None = None

    @property
    def n_rows(self) -> int:
        return len(self.truth)


def label_index(classes: Sequence[Any], label: Any) -> int:
    """Return the index of ``label`` in ``classes``; its text also matches (a Task keeps labels as text).

    Raises UnknownNameError if there is none.

    >>> label_index([0, 1], "1"), label_index([False, True], "true")
    (1, 1)
    """
    labels = list(classes)
    exact = [at for at, name in enumerate(labels) if name == label and type(name) is type(label)]
    texts = [str(name) for name in labels]
    same_text = [at for at, text in enumerate(texts) if text == str(label)]
    folded = [at for at, text in enumerate(texts) if text.casefold() == str(label).casefold()]
    same_number = [at for at, name in enumerate(labels) if _same_number(name, label)]
    for places in (exact, same_text, folded, same_number):
        if places:
            return places[0]
    raise UnknownNameError(kind="class", name=str(label), names=texts)


def _same_number(value: Any, label: Any) -> bool:
    """Return whether both are the same whole number, even if one is a float: 1 and "1.0" are the same
    class."""
    if isinstance(value, bool | str):
        return False
    try:
        return bool(float(label) == value)
    except (TypeError, ValueError):
        return False


def label_case(
    y_true: ArrayLike,
    probabilities: ArrayLike,
    *,
    classes: Sequence[Any],
    positive_class: Any = None,
    threshold: float | Floats | None = None,
    costs: Floats | None = None,
    labels: tuple[Any, ...] = (),
) -> LabelCase:
    """Build a LabelCase; labels that are not in ``classes`` count as never predicted.

    ``positive_class`` None means the last of two classes. Raises UsageError if shapes do not match.
    """
    table = np.asarray(probabilities, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(classes):
        raise UsageError(
            f"Probabilities of shape {table.shape} do not fit {len(classes)} classes.",
            hint="One row per row of the truth, one column per class.",
        )
    codes = encode(y_true, classes)
    _same_length(len(codes), len(table))
    positive = len(classes) - 1 if positive_class is None else label_index(classes, positive_class)
    return LabelCase(
        codes=codes,
        probabilities=table,
        positive=positive,
        threshold=threshold,
        costs=costs,
        labels=labels,
    )


def value_case(y_true: ArrayLike, predicted: ArrayLike) -> ValueCase:
    """Build a ValueCase; raises UsageError if lengths differ or a value is missing."""
    truth = np.asarray(y_true, dtype=np.float64)
    values = np.asarray(predicted, dtype=np.float64).reshape(-1)
    _same_length(len(truth), len(values))
    if not np.isfinite(truth).all():
        raise UsageError("Some rows have no true value.", hint="Leave rows without a target out.")
    return ValueCase(truth=truth, predicted=values)


def encode(y_true: ArrayLike, classes: Sequence[Any]) -> Ints:
    """Return each label's index (n,) in ``classes``, len(classes) for unknown labels."""
    labels = np.asarray(y_true)
    if isinstance(classes, range) and labels.dtype.kind == "i":  # already codes
        labelled = (labels >= 0) & (labels < len(classes))
        return np.where(labelled, labels, len(classes)).astype(np.int64)
    distinct, places = np.unique(labels.astype(str), return_inverse=True)
    originals = dict(zip(places.tolist(), labels.tolist(), strict=True))
    place = {label: at for at, label in enumerate(classes)}
    by_text = {str(label): at for at, label in enumerate(classes)}
    code_of = np.empty(len(distinct), dtype=np.int64)
    for at, text in enumerate(distinct.tolist()):
        code_of[at] = place.get(originals[at], by_text.get(text, len(classes)))
    return np.asarray(code_of[places], dtype=np.int64)


def _same_length(n_truth: int, n_predicted: int) -> None:
    if n_truth != n_predicted:
        raise UsageError(f"There are {n_truth} true values and {n_predicted} predictions.")
    if n_truth == 0:
        raise UsageError("There are no rows to score.")

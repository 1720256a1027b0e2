"""The form of a model's predictions, by task type: as arrays, as JSON, as an HTTP schema, as columns."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.runtime._decision import UNSURE, decide
from litmus_core.runtime._info import ModelInfo, label_text
from litmus_core.task_types import Facet

if TYPE_CHECKING:
    from litmus_core.runtime._intervals.calibration import Calibration

Floats = np.ndarray[Any, np.dtype[np.float64]]
Array = np.ndarray[Any, np.dtype[Any]]


class AnswerForm(ABC):
    """The form of one model's predictions, from (n, k) probabilities or (n,) values after its steps.

    One form serves one predictor, which calls it once for all rows.
    """

    def __init__(self, info: ModelInfo) -> None:
        self.info = info

    @abstractmethod
    def read_output(self, raw: Array) -> Floats:
        """Return an executor's output as probabilities or values; without rows ``raw`` has any shape."""

    @abstractmethod
    def predictions(self, predictions: Floats) -> Array:
        """Return (n,) labels in their original type, or values."""

    @abstractmethod
    def records(self, predictions: Floats) -> list[dict[str, Any]]:
        """Return one JSON-safe dict per row."""

    @property
    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The OpenAPI schema of one record of :meth:`records`."""

    @property
    @abstractmethod
    def columns(self) -> dict[str, type]:
        """The columns of :meth:`table`, by name, with their Python types."""

    @abstractmethod
    def table(self, predictions: Floats) -> tuple[list[Any], ...]:
        """Return the predictions as :attr:`columns`: labels or values, then probabilities by class."""

    @abstractmethod
    def table_of_records(self, records: list[dict[str, Any]]) -> tuple[list[Any], ...]:
        """Return the same as :meth:`table`, from the result of :meth:`records`."""

    @property
    @abstractmethod
    def certainty_schema(self) -> dict[str, Any]:
        """The OpenAPI schemas, by field, of what a level adds to :meth:`records`."""

    @abstractmethod
    def certainty(
        self, predictions: Floats, calibration: Calibration, margin: float | Floats
    ) -> dict[str, list[Any]]:
        """Return the fields of :attr:`certainty_schema`, n values each."""

    @property
    @abstractmethod
    def certainty_columns(self) -> dict[str, type]:
        """The columns that a level adds to a file, by name, with their Python types."""

    @abstractmethod
    def certainty_table(self, certainty: dict[str, list[Any]]) -> tuple[list[Any], ...]:
        """Return :meth:`certainty` as :attr:`certainty_columns`."""


class _Values(AnswerForm):
    """Predictions of numbers."""

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "object", "properties": {"value": {"type": "number"}}, "required": ["value"]}

    @property
    def columns(self) -> dict[str, type]:
        return {"prediction": float}

    def read_output(self, raw: Array) -> Floats:
        return raw.astype(np.float64).reshape(-1)

    def predictions(self, predictions: Floats) -> Array:
        return predictions

    def records(self, predictions: Floats) -> list[dict[str, Any]]:
        return [{"value": value} for value in predictions.tolist()]

    def table(self, predictions: Floats) -> tuple[list[Any], ...]:
        return (predictions.tolist(),)

    def table_of_records(self, records: list[dict[str, Any]]) -> tuple[list[Any], ...]:
        return ([record["value"] for record in records],)

    @property
    def certainty_schema(self) -> dict[str, Any]:
        return {"low": {"type": "number"}, "high": {"type": "number"}}

    def certainty(
        self, predictions: Floats, calibration: Calibration, margin: float | Floats
    ) -> dict[str, list[Any]]:
        low, high = calibration.interval(predictions, margin)
        return {"low": low.tolist(), "high": high.tolist()}

    @property
    def certainty_columns(self) -> dict[str, type]:
        return {"prediction low": float, "prediction high": float}

    def certainty_table(self, certainty: dict[str, list[Any]]) -> tuple[list[Any], ...]:
        return certainty["low"], certainty["high"]


class _Labels(AnswerForm):
    """Labels with a probability for each class."""

    @cached_property
    def positive(self) -> int:
        """Position of the positive class; with more than two classes the last one, which nothing uses."""
        return self.info.positive_index

    def read_output(self, raw: Array) -> Floats:
        """Return probabilities that sum to 1."""
        if raw.size == 0:
            return np.empty((0, len(self.info.classes)))
        # One memory order, so that a row's sum is added up the same way alone and in a batch.
        probabilities = np.ascontiguousarray(raw, dtype=np.float64)
        normal: Floats = probabilities / probabilities.sum(axis=1, keepdims=True)
        return normal

    def predictions(self, predictions: Floats) -> Array:
        places = self._decide(predictions)
        if self.info.abstain_below is None:
            return self._labels[places]
        labels = self._labels.astype(object)[places]
        labels[places == UNSURE] = self.info.abstain_label
        return labels

    def records(self, predictions: Floats) -> list[dict[str, Any]]:
        info = self.info
        chosen = self._decide(predictions).tolist()
        records: list[dict[str, Any]] = [
            {
                "label": info.classes[index] if index != UNSURE else info.abstain_label,
                "probabilities": dict(zip(self._names, row, strict=True)),
            }
            for index, row in zip(chosen, predictions.tolist(), strict=True)
        ]
        if info.abstain_below is not None:
            for record, index in zip(records, chosen, strict=True):
                record["abstained"] = index == UNSURE
        return records

    @property
    def schema(self) -> dict[str, Any]:
        info = self.info
        properties: dict[str, Any] = {
            "label": {"enum": list(info.classes)},
            "probabilities": {
                "type": "object",
                "properties": {name: {"type": "number"} for name in self._names},
            },
        }
        if info.abstain_below is not None:
            properties["label"] = {"enum": [*info.classes, info.abstain_label]}
            properties["abstained"] = {
                "type": "boolean",
                "description": f"True where no answer has a probability of {info.abstain_below:g} or more.",
            }
        return {"type": "object", "properties": properties, "required": list(properties)}

    @property
    def columns(self) -> dict[str, type]:
        label = str if self._may_abstain else type(self.info.classes[0])
        return {"prediction": label, **{f"probability {name}": float for name in self._names}}

    def table(self, predictions: Floats) -> tuple[list[Any], ...]:
        return (self._in_one_type(self.predictions(predictions).tolist()), *predictions.T.tolist())

    def table_of_records(self, records: list[dict[str, Any]]) -> tuple[list[Any], ...]:
        labels = self._in_one_type([record["label"] for record in records])
        return (labels, *([record["probabilities"][name] for record in records] for name in self._names))

    @property
    def certainty_schema(self) -> dict[str, Any]:
        return {"set": {"type": "array", "items": {"enum": list(self.info.classes)}, "minItems": 1}}

    def certainty(
        self, predictions: Floats, calibration: Calibration, margin: float | Floats
    ) -> dict[str, list[Any]]:
        predicted = self._likeliest(predictions)
        if len(predicted) == 1 and isinstance(margin, float):
            places = calibration.places(predictions[0].tolist(), int(predicted[0]), margin)
            return {"set": [[self.info.classes[place] for place in places]]}
        inside = calibration.members(predictions, predicted, margin)
        ranks = np.where(inside, predictions, -1.0)
        ranks[np.arange(len(predicted)), predicted] = 2.0  # the predicted label first, whatever the threshold
        order = np.argsort(-ranks, axis=1, kind="stable").tolist()
        classes = self.info.classes
        return {
            "set": [
                [classes[place] for place in places[:size]]
                for places, size in zip(order, inside.sum(axis=1).tolist(), strict=True)
            ]
        }

    @property
    def certainty_columns(self) -> dict[str, type]:
        return {"prediction set": str}

    def certainty_table(self, certainty: dict[str, list[Any]]) -> tuple[list[Any], ...]:
        """Return each set as a JSON list, so that labels with commas stay whole."""
        return ([json.dumps(labels, ensure_ascii=False) for labels in certainty["set"]],)

    def _likeliest(self, predictions: Floats) -> Array:
        """Return (n,) positions among the classes, also for rows at which the model abstains."""
        info = self.info
        return decide(predictions, positive=self.positive, threshold=info.threshold, costs=info.costs)

    def _decide(self, predictions: Floats) -> Array:
        """Return (n,) positions among the classes, UNSURE where the model abstains."""
        info = self.info
        return decide(
            predictions,
            positive=self.positive,
            threshold=info.threshold,
            costs=info.costs,
            below=info.abstain_below,
        )

    def _in_one_type(self, labels: list[Any]) -> list[Any]:
        """Return texts if the model may abstain: "don't know" is a text, and a column has one type."""
        return [label_text(label) for label in labels] if self._may_abstain else labels

    @property
    def _may_abstain(self) -> bool:
        return self.info.abstain_below is not None

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(label_text(label) for label in self.info.classes)

    @cached_property
    def _labels(self) -> Array:
        classes = self.info.classes
        if all(isinstance(label, bool) for label in classes):
            return np.array(classes, dtype=bool)
        if all(isinstance(label, int) and not isinstance(label, bool) for label in classes):
            return np.array(classes, dtype=np.int64)
        labels = np.empty(len(classes), dtype=object)
        labels[:] = classes
        return labels


class _TwoLabels(_Labels):
    """Two labels; the positive class's probability stays untouched, so that a threshold stays exact."""

    def read_output(self, raw: Array) -> Floats:
        pair = np.empty((len(raw), 2))
        if raw.size:
            pair[:, self.positive] = raw[:, self.positive]
            pair[:, 1 - self.positive] = 1.0 - pair[:, self.positive]
        return pair


ANSWER_FORMS: Facet[type[AnswerForm]] = Facet(
    "form of answers", {"binary": _TwoLabels, "multiclass": _Labels, "regression": _Values}
)

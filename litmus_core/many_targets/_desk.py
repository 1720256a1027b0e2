"""What a served folder of many targets answers: rows in, all targets of each out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litmus_core.many_targets._predictor import TargetsPredictor
from litmus_core.runtime import rows_schema

_MOST_EXAMPLES = 20


class TargetsServer:
    """Answers requests with one predictor, one after the other."""

    def __init__(self, predictor: TargetsPredictor, *, name: str, version: str) -> None:
        self._predictor, self.name, self.version = predictor.warm(), name, version

    def describe(self) -> dict[str, Any]:
        """Return the targets, the columns that a row needs, and a request that fits."""
        predictor = self._predictor
        return {
            "model": self.name,
            "version": self.version,
            "kind": predictor.spec.kind,
            "targets": list(predictor.names),
            "thresholds": dict(predictor.thresholds),
            "columns": [
                {"name": column.name, "kind": column.kind, "examples": list(column.examples[:10])}
                for column in predictor.columns
            ],
            "example": {"rows": predictor.examples[:1]},
            "examples": predictor.examples[:_MOST_EXAMPLES],
        }

    def schemas(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the JSON schemas of a request and of its reply."""
        predictor = self._predictor
        numbers = {"type": "object", "properties": {name: {"type": "number"} for name in predictor.names}}
        one: dict[str, Any] = {"values": numbers}
        if predictor.spec.kind == "labels":
            labels = {"type": "array", "items": {"type": "string", "enum": list(predictor.names)}}
            one = {"labels": labels, "probabilities": numbers}
        items = {"type": "object", "properties": one, "required": list(one)}
        fields = {
            "predictions": {"type": "array", "items": items},
            "notes": {"type": "array", "items": {"type": "string"}},
        }
        reply = {"type": "object", "properties": fields}
        return rows_schema(predictor.columns), reply

    def answer(self, request: Mapping[str, Any], /) -> dict[str, Any]:
        """Return a prediction for each of the ``rows``, and notes on columns that look unlike those learned.

        Raises RowError for a row that does not fit.
        """
        predictor = self._predictor
        predictions, notes = predictor.with_notes(predictor.predict_records, request["rows"])
        return {"predictions": predictions} | ({"notes": notes} if notes else {})

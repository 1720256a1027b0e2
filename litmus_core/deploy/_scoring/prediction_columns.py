"""A model's predictions as columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litmus_core.runtime import CsvChunk, ParquetChunk, Predictor, label_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionColumns:
    """Columns in the order of :func:`answer_columns`: labels or values, then probabilities by class."""

    columns: tuple[list[Any], ...]

    @classmethod
    def of(cls, predictor: Predictor, chunk: CsvChunk | ParquetChunk) -> PredictionColumns:
        """Call the predictor once for all rows of ``chunk``."""
        if predictor.problem_type == "regression":
            return cls(columns=(predictor.predict_values(chunk).tolist(),))
        probabilities = predictor.predict_proba(chunk)
        labels = predictor.labels(probabilities).tolist()
        if predictor.abstain_below is not None:  # "don't know" is a text, and a column has one type
            labels = [label_text(label) for label in labels]
        return cls(columns=(labels, *probabilities.T.tolist()))


def answer_columns(predictor: Predictor, *, taken: Sequence[str]) -> dict[str, type]:
    """Return the prediction columns with their Python types; no name is in ``taken``."""
    classes = predictor.classes
    names = {_free(f"probability {label_text(label)}", taken): float for label in classes}
    label = type(classes[0]) if classes else float
    return {_free("prediction", taken): str if predictor.abstain_below is not None else label, **names}


def _free(name: str, taken: Sequence[str]) -> str:
    known = {each.casefold() for each in taken}
    free, number = name, 1
    while free.casefold() in known:
        free = f"{name} (litmus)" if number == 1 else f"{name} (litmus {number})"
        number += 1
    return free

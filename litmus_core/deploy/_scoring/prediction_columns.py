"""A model's predictions as columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litmus_core.runtime import CsvChunk, ParquetChunk, Predictor


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionColumns:
    """Prediction columns in the order of :func:`answer_columns`: labels or values, then probabilities."""

    columns: tuple[list[Any], ...]

    @classmethod
    def of(
        cls, predictor: Predictor, chunk: CsvChunk | ParquetChunk, *, level: float | None = None
    ) -> PredictionColumns:
        """Predict the rows of ``chunk`` in one call; with a ``level`` also their intervals or label sets."""
        form = predictor.form
        if level is None:
            return cls(columns=form.table(predictor.predict_raw(chunk)))
        predictions, certainty = predictor.predict_certainty(chunk, level=level)
        return cls(columns=(*form.table(predictions), *form.certainty_table(certainty)))


def answer_columns(
    predictor: Predictor, *, names: Sequence[str], level: float | None = None
) -> dict[str, type]:
    """Return the names of the prediction columns, none of them in ``names``, with their Python types."""
    columns = predictor.form.columns | (predictor.form.certainty_columns if level is not None else {})
    return {_free_name(name, names): kind for name, kind in columns.items()}


def _free_name(name: str, names: Sequence[str]) -> str:
    used_names = {one.casefold() for one in names}
    free, number = name, 1
    while free.casefold() in used_names:
        free = f"{name} (litmus)" if number == 1 else f"{name} (litmus {number})"
        number += 1
    return free

"""A model's predictions as columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litmus_core.runtime import CsvChunk, ParquetChunk, Predictor


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionColumns:
    """Columns in the order of :func:`answer_columns`: labels or values, then probabilities by class."""

    columns: tuple[list[Any], ...]

    @classmethod
    def of(cls, predictor: Predictor, chunk: CsvChunk | ParquetChunk) -> PredictionColumns:
        """Call the predictor once for all rows of ``chunk``."""
        return cls(columns=predictor.form.table(predictor.predict_raw(chunk)))


def answer_columns(predictor: Predictor, *, names: Sequence[str]) -> dict[str, type]:
    """Return the prediction columns with their Python types; no name is in ``names``."""
    return {_free(name, names): kind for name, kind in predictor.form.columns.items()}


def _free(name: str, names: Sequence[str]) -> str:
    used_names = {one.casefold() for one in names}
    free, number = name, 1
    while free.casefold() in used_names:
        free = f"{name} (litmus)" if number == 1 else f"{name} (litmus {number})"
        number += 1
    return free

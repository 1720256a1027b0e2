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


def answer_columns(predictor: Predictor, *, taken: Sequence[str]) -> dict[str, type]:
    """Return the prediction columns with their Python types; no name is in ``taken``."""
    return {_free(name, taken): kind for name, kind in predictor.form.columns.items()}


def _free(name: str, taken: Sequence[str]) -> str:
    known = {each.casefold() for each in taken}
    free, number = name, 1
    while free.casefold() in known:
        free = f"{name} (litmus)" if number == 1 else f"{name} (litmus {number})"
        number += 1
    return free

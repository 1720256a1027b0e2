"""Predictions with their rows and truth, on which post-processing steps are fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import UnknownNameError
from litmus_core.metrics import LabelCase, Metric, label_case
from litmus_core.runtime import ModelInfo
from litmus_core.types import Column

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoredPredictions:
    """Data for fitting steps: n predictions of the model, n raw rows (a frame), the truth (n,).

    ``metric`` has these rows' weights, if any.
    """

    predictions: Floats
    rows: Any
    truth: NDArray[Any]
    info: ModelInfo
    metric: Metric

    def at(self, places: NDArray[Any]) -> ScoredPredictions:
        """Return only the rows at ``places``."""
        return replace(
            self,
            predictions=self.predictions[places],
            rows=self.rows.iloc[places],
            truth=self.truth[places],
            metric=self.metric.at(places),
        )

    def column(self, name: str) -> Column:
        """Return a feature column; raises UnknownNameError."""
        for column in self.info.columns:
            if column.name == name:
                return column
        raise UnknownNameError(kind="column", name=name, names=[other.name for other in self.info.columns])

    def label_case(self) -> LabelCase:
        """Return the labels that the model decides for, and its probabilities; for classes only."""
        info = self.info
        return label_case(
            self.truth,
            self.predictions,
            classes=info.classes,
            positive_class=info.positive_class,
            threshold=info.threshold,
            costs=np.asarray(info.costs) if info.costs else None,
        )

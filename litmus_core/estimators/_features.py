"""Turn frames and arrays into a matrix of doubles, some of whose columns are category codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.frame import RAW_TEXT_SUFFIX, FeaturePipeline
from litmus_core.types import Column, KindName

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_MOST_CATEGORIES = 100  # distinct texts that may be a category; more of them are read as words
_ROWS_A_CATEGORY = 3
_LONG_TEXT = 40  # letters, on average


@dataclass(frozen=True)
class Matrix:
    """Values (n, m), NaN where missing; the columns at ``categories`` hold codes from 0."""

    values: Floats
    categories: tuple[int, ...] = ()

    def rows(self, at: Any) -> Matrix:
        """Return the rows ``at``."""
        return Matrix(self.values[at], self.categories)


class FrameFeatures:
    """Features of a data frame: numbers, date parts, category codes and word counts."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.columns = tuple(_column(name, frame.iloc[:, at]) for at, name in enumerate(frame.columns))
        self.pipeline = FeaturePipeline(self.columns).fit(self._with_own_names(frame))

    def matrix(self, frame: pd.DataFrame) -> Matrix:
        """Return the features of a frame with the fitted frame's columns."""
        features = self.pipeline.transform(self._with_own_names(frame))
        features = features[[name for name in features.columns if not str(name).endswith(RAW_TEXT_SUFFIX)]]
        values = np.empty(features.shape)
        categories = []
        for at, name in enumerate(features.columns):
            column = features[name]
            if column.dtype == "category":
                categories.append(at)
                codes = column.cat.codes.to_numpy(dtype=np.float64)
                values[:, at] = np.where(codes < 0, np.nan, codes)
            else:
                values[:, at] = column.to_numpy(dtype=np.float64)
        return Matrix(values, tuple(categories))

    def _with_own_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame.set_axis([column.name for column in self.columns], axis=1)

    def __getstate__(self) -> dict[str, Any]:
        return {"columns": self.columns, "pipeline": self.pipeline.state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.columns = state["columns"]
        self.pipeline = FeaturePipeline.from_state(state["pipeline"])


def _column(name: Any, values: pd.Series[Any]) -> Column:
    kind, storage = _kind(values)
    return Column(name=str(name), original_name=str(name), kind=kind, storage=storage)


def _kind(values: pd.Series[Any]) -> tuple[KindName, str]:
    """Return the semantic type of a frame's column, and its storage type in a data set."""
    import pandas as pd

    present = values.dropna()
    if isinstance(values.dtype, pd.CategoricalDtype):
        return "category", "VARCHAR"
    if pd.api.types.is_bool_dtype(present.infer_objects()):
        return "boolean", "BOOLEAN"
    if pd.api.types.is_numeric_dtype(present.infer_objects()):
        return "number", "DOUBLE"
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "date", "TIMESTAMP"
    texts = present.astype(str)
    n_distinct = texts.nunique()
    is_prose = len(texts) and texts.str.len().mean() > _LONG_TEXT
    is_vocabulary = n_distinct <= max(2, min(_MOST_CATEGORIES, len(texts) // _ROWS_A_CATEGORY))
    return ("category" if is_vocabulary or not is_prose else "text"), "VARCHAR"

"""A compiled model behind a pipeline that gives data frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.compiled import CompiledModel
    from litmus_core.frame import Features

Array = np.ndarray[Any, np.dtype[Any]]


class FramedModel:
    """Answers the pipeline's frames; who has the features as blocks asks ``predict_features`` instead."""

    def __init__(self, model: CompiledModel) -> None:
        self.predict_features = model.predict_features

    def predict_proba(self, features: pd.DataFrame) -> Array:
        """Return (n, k) probabilities in the order of the model's classes; regression: (n,) values."""
        return self.predict_features(_blocks(features))


def _blocks(frame: pd.DataFrame) -> Features:
    """Return a frame's columns by what they hold; within each the frame's order is the pipeline's."""
    from litmus_core.frame import Features

    kinds = {name: frame[name].dtype for name in frame.columns}
    numbers = [name for name, kind in kinds.items() if kind == np.float64]
    tokens = [name for name, kind in kinds.items() if kind == np.uint8]
    categories = [name for name, kind in kinds.items() if kind == "category"]
    texts = [name for name, kind in kinds.items() if kind.kind == "O" and kind != "category"]
    codes = [frame[name].cat.codes.to_numpy(dtype=np.int32) for name in categories]
    return Features(
        frame[numbers].to_numpy(dtype=np.float64),
        frame[tokens].to_numpy(dtype=np.uint8),
        np.column_stack(codes) if codes else np.empty((len(frame), 0), dtype=np.int32),
        tuple(frame[name].tolist() for name in texts),
    )

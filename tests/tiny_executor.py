"""What runs the model of tests/tiny.py; processes that are taught it import nothing else for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.runtime import ExecutorKind, register_executor

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class TinyExecutor:
    """Scores are sums of what the pipeline gives, times a weight per class; one weight: a value."""

    def __init__(self, weights: list[float]) -> None:
        self.weights = weights

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray[Any, Any]:
        import numpy as np
        import pandas as pd

        score = np.zeros(len(features))
        for name in features.columns:
            values = features[name]
            numbers = values.cat.codes if isinstance(values.dtype, pd.CategoricalDtype) else values
            score += np.log1p(np.abs(np.nan_to_num(numbers.to_numpy(dtype=np.float64)))) / 10
        if len(self.weights) == 1:
            return score * self.weights[0]
        shares = np.exp(np.outer(score, self.weights))
        return shares / shares.sum(axis=1, keepdims=True)


def load(folder: Path) -> TinyExecutor:
    """Open what ``tests.tiny.bundle`` saved."""
    return TinyExecutor(json.loads((folder / "weights.json").read_text()))


def register() -> None:
    """Make bundles of the executor ``tiny`` loadable in this process."""
    register_executor("tiny", ExecutorKind(load=load, packages={"cattrs": "cattrs"}, same_python=True))

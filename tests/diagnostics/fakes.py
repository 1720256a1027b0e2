"""Small predictors whose right answers can be worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.types import Column, KindName


def column(name: str, kind: KindName = "number") -> Column:
    return Column(name=name, original_name=name, kind=kind, storage="DOUBLE")


@dataclass
class SignPredictor:
    """Says "yes" with probability 0.9 where ``signal`` is positive, else 0.1; ignores ``noise``."""

    problem_type: Any = "binary"
    classes: tuple[Any, ...] = ("no", "yes")
    positive_class: Any = "yes"
    threshold: float | None = None
    costs: tuple[tuple[float, ...], ...] = ()
    abstain_below: float | None = None
    abstain_label: str = ""
    columns: tuple[Column, ...] = (column("signal"), column("noise"))
    calls: list[int] = field(default_factory=list)

    def predict_proba(self, rows: Any, /) -> Any:
        frame = pd.DataFrame(rows)
        self.calls.append(len(frame))
        yes = np.where(frame["signal"].to_numpy(dtype=float) > 0, 0.9, 0.1)
        return np.column_stack([1 - yes, yes])

    def predict_values(self, rows: Any, /) -> Any:
        raise AssertionError("not a regression")


@dataclass
class SumPredictor:
    """Predicts a + 10 b."""

    problem_type: Any = "regression"
    classes: tuple[Any, ...] = ()
    positive_class: Any = None
    threshold: float | None = None
    costs: tuple[tuple[float, ...], ...] = ()
    abstain_below: float | None = None
    abstain_label: str = ""
    columns: tuple[Column, ...] = (column("a"), column("b"), column("unused"))

    def predict_proba(self, rows: Any, /) -> Any:
        raise AssertionError("a regression")

    def predict_values(self, rows: Any, /) -> Any:
        frame = pd.DataFrame(rows)
        return frame["a"].to_numpy(dtype=float) + 10 * frame["b"].to_numpy(dtype=float)

"""Pre-processing of numbers alone, as people write it in pandas: for benchmarks/frame.py, on pandas data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.frame import FramePlan
from litmus_core.types import Column

_COLUMNS = [Column(name=name, original_name=name, kind="number", storage="DOUBLE") for name in "abc"]


def code(frame: Any) -> Any:
    """Return three columns of numbers and three made of them."""
    frame = frame.copy()
    frame["x"] = np.log1p(frame["a"].fillna(0.5).clip(0, 9))
    frame["y"] = (frame["b"] - frame["c"]) / (frame["a"] + 2)
    frame["z"] = frame["b"].where(frame["c"] > 0, 0.0)
    return frame


def calls(n_rows: int) -> dict[str, Callable[[], Any]]:
    """Return pandas' call and ours on the same frame; ValueError where they make anything else."""
    rng, plan = np.random.default_rng(7), FramePlan(_COLUMNS, code)
    frame = pd.DataFrame(
        {name: np.where(rng.random(n_rows) < 0.05, np.nan, rng.normal(size=n_rows)) for name in "abc"}
    )
    pd.testing.assert_frame_equal(plan.of(frame), code(frame), check_exact=True)
    return {"pandas": lambda: code(frame), "ours": lambda: plan.of(frame)}

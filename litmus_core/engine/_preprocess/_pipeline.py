"""A run's pipeline: custom pre-processing, then features."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.engine._preprocess._fit import fit_preprocessing
from litmus_core.frame import FeaturePipeline
from litmus_core.types import Column, PluginRef

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.runtime import Pipeline


def fit_pipeline(
    parts: Sequence[PluginRef],
    *,
    columns: Sequence[Column],
    train: pd.DataFrame,
    target: pd.Series[Any],
    folder: Path,
    weights: NDArray[np.float64] | None = None,
    seed: int,
    deadline: float,
) -> tuple[Pipeline, tuple[str, ...]]:
    """Return the pipeline, fitted on training rows, and a message for each pre-processor.

    ``train`` holds the raw ``columns``; what runs as Python is written into the run's ``folder``.
    """
    frame = train[[column.name for column in columns]]
    if not parts:
        return FeaturePipeline(columns).fit(frame), ()
    preprocessing, ready = fit_preprocessing(
        parts,
        columns=columns,
        train=frame,
        target=target,
        folder=folder,
        weights=weights,
        seed=seed,
        deadline=deadline,
    )
    return preprocessing.pipeline(frame, ready, folder), tuple(preprocessing.notes)

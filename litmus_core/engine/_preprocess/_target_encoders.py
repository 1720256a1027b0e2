"""Find pre-processors that use the target: folds would score models on targets they have seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._preprocess._trial import (
    Fault,
    PreprocessorTrial,
    refuse_difference,
    transform_checked,
)
from litmus_core.errors import PlugInError, UsageError
from litmus_core.frame import raw_frame
from litmus_core.plugins import plugin_proxy
from litmus_core.types import Column, PluginRef

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 2_000
_LIMIT_S = 60.0


def target_encoder_names(
    parts: Sequence[PluginRef],
    *,
    columns: Sequence[Column],
    train: pd.DataFrame,
    target: pd.Series[Any],
    folder: Path,
    weights: np.ndarray | None = None,
    seed: int,
) -> tuple[str, ...]:
    """Return the names of the parts that transform rows differently when targets are shuffled.

    Each is fitted twice on up to 2,000 training rows. One that fails is not counted: it will stop the run.
    """
    few = train.iloc[:_ROWS]
    frame, labels = raw_frame(few[[column.name for column in columns]], columns), target.iloc[:_ROWS]
    counted = None if weights is None else weights[:_ROWS]
    places = np.random.default_rng(seed).permutation(len(labels))
    shuffled = labels.iloc[places].set_axis(labels.index)
    encoders = []
    for part in parts:
        proxy = plugin_proxy(part, folder)
        try:
            derived = [
                transform_checked(PreprocessorTrial(proxy=proxy, fitted=fitted, limit_s=_LIMIT_S), frame)
                for fitted in (
                    proxy.fit(frame, target_values, weights=counted, seed=seed, timeout_s=_LIMIT_S)
                    for target_values in (labels, shuffled)
                )
            ]
        except (Fault, PlugInError):
            continue
        if _differ(*derived):
            encoders.append(part.name)
        frame = derived[0]
    return tuple(encoders)


def _differ(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    if list(one.columns) != list(other.columns):
        return True
    try:
        refuse_difference(other, one)
    except (Fault, UsageError):
        return True
    return False


def refuse_folds_over(learners: Sequence[str]) -> None:
    """Raise UsageError if folds were requested and a pre-processor uses the target."""
    if learners:
        raise UsageError(
            f"Your pre-processor {learners[0]} learns from the answers: folds would score models on answers "
            "that it has seen.",
            hint="Train with one validation part (folds 0), or let its fit leave the answers alone.",
        )

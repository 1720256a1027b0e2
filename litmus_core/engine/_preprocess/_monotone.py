"""Check that a fitted pipeline keeps the direction of columns with monotone constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame import FeaturePipeline
from litmus_core.text import quote_names

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Pipeline
    from litmus_core.types import Task

_STEPS = 201  # up the column's range, in one row


def check_monotone_columns(
    pipeline: Pipeline, train: pd.DataFrame, task: Task, notes: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return a note for each constrained column that no model reads: it is constant, or repeats another one.

    ``train`` are the raw rows, ``notes`` say how pre-processing runs. Raises UsageError where it replaces a
    column, or makes other columns of it: a model would be held to a direction in something else.
    """
    if not task.monotone:
        return ()
    if not isinstance(pipeline, FeaturePipeline):
        what_happens = " ".join((*notes, "Pre-processing that runs as Python may replace"))
        raise _replaced_column_error(task.monotone[0][0], what_happens)
    return tuple(filter(None, (_note(pipeline, train, name) for name, _ in task.monotone)))


def _note(pipeline: FeaturePipeline, train: pd.DataFrame, name: str) -> str:
    features = [feature for feature, columns in pipeline.raw_columns_of().items() if name in columns]
    if not features and not pipeline.before:
        return f"No model reads '{name}': its values are all the same, or those of another column."
    others = [feature for feature in features if feature != name]
    if others:
        raise _replaced_column_error(name, f"Pre-processing makes {quote_names(others)} of")
    if not features or pipeline.raw_columns_of()[name] != {name} or not _rises(pipeline, train, name):
        raise _replaced_column_error(name, "Pre-processing replaces")
    return ""


def _rises(pipeline: FeaturePipeline, train: pd.DataFrame, name: str) -> bool:
    """Return whether the feature called like the column rises with it from end to end."""
    values = train[name].to_numpy(dtype=np.float64, na_value=np.nan)
    finite = values[np.isfinite(values)]
    if not len(finite):
        return True
    rows = train.iloc[[0] * _STEPS].reset_index(drop=True)
    steps = np.linspace(finite.min(), finite.max(), _STEPS)
    rows[name] = np.round(steps) if train[name].dtype.kind in "iu" else steps
    feature = pipeline.transform(rows)[name].to_numpy(dtype=np.float64)
    return bool((np.diff(feature) >= 0).all())


def _replaced_column_error(name: str, what_happens: str) -> UsageError:
    return UsageError(
        f"{what_happens} '{name}', so that models cannot be held to rising or falling with it.",
        hint="Leave the column alone in pre-processing, or leave it out of monotone.",
    )

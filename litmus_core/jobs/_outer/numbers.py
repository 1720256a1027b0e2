"""The outer fold that judges each row, and the number of outer folds that the rows allow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.errors import UsageError, reading
from litmus_core.jobs._sample import PARTS
from litmus_core.types import Folds, Task

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.data import SplitParts

OUTER_COLUMN = "outer"  # column of parts.parquet: the outer fold that judges a row, -1 if none does


def check_judged_by_test_set(folder: Path) -> None:
    """Raise UsageError if outer folds judged the run in ``folder``: its models have learned from all rows."""
    import pyarrow.parquet as pq

    path = folder / PARTS
    with reading(path):
        is_judged_by_folds = path.exists() and OUTER_COLUMN in pq.read_schema(path).names
    if is_judged_by_folds:
        raise UsageError(
            "The model to start from has learned from all rows, so none is left to judge another one by.",
            hint="Train it again with folds of your own (--folds 5; on Train: I choose, How models are "
            "compared), so that a test part judges. Then start from that one.",
        )


def judged_by_folds(
    frame: pd.DataFrame, task: Task, *, n_folds: int
) -> tuple[SplitParts, NDArray[np.int64] | None]:
    """Return the parts without a test set, and the outer fold (n,) that judges each row of ``frame``.

    The rows of the test set validate, and those of the validation set are learned from. So there are as many
    validation rows as there would be test rows, and in time order they are the latest. No fold (-1) judges a
    row whose class would be missing from the fold's training rows, nor the earliest rows in time order. If
    there are too few groups or times for two folds, there is a test set with a note, and None. Raises the
    errors of :func:`litmus_core.data.split`.
    """
    from litmus_core.data import group_codes, moments, split, unlabelled_note, whole_groups_note
    from litmus_core.engine import fold_rows

    parts = split(frame, task, is_complete=False)
    rows = np.union1d(np.union1d(parts.train, parts.validation), parts.test)
    kind, labelled = task.split.kind, frame.iloc[rows]
    groups = group_codes(labelled[task.split.column]) if kind == "group" else None
    times = moments(labelled, task.split.columns) if kind == "time" else None
    most = _most_folds(len(rows), groups, times)
    if most < 2:
        parts = split(frame, task)
        note = f"'{task.split.by}' has too few values for outer folds, so a test part judges."
        return replace(parts, note=f"{parts.note} {note}".strip()), None
    target = _target(labelled[task.target], task)
    folding = fold_rows(Folds(min(n_folds, most)), task, target, groups=groups, times=times)
    numbers = np.full(len(frame), -1, dtype=np.int64)
    numbers[rows] = folding.tested_in()
    note = " ".join(filter(None, [unlabelled_note(task, parts.n_without_target), whole_groups_note(task)]))
    learned = np.union1d(parts.train, parts.validation)
    none = np.empty(0, dtype=np.int64)
    return replace(parts, train=learned, validation=parts.test, test=none, note=note), numbers


def _most_folds(n_rows: int, groups: NDArray[np.int64] | None, times: NDArray[np.float64] | None) -> int:
    """Return how many outer folds the rows allow at most; the earliest rows in time order only train."""
    if groups is not None:
        return len(np.unique(groups))
    return n_rows if times is None else len(np.unique(times[~np.isnan(times)])) - 1


def _target(values: pd.Series[str], task: Task) -> NDArray[np.float64] | NDArray[np.int64]:
    """Return (n,) class codes, or the values."""
    import pandas as pd

    from litmus_core.data import as_labels

    if not task.type.has_classes:
        return values.to_numpy(dtype=np.float64)
    return np.asarray(pd.factorize(as_labels(values))[0], dtype=np.int64)


def outer_sentence(*, n_judging: int, n_learned: int) -> str:
    """Describe the rows of a run that outer folds judge.

    >>> outer_sentence(n_judging=690, n_learned=690)
    'All 690 rows judge, each by models that had not seen it; the model learned from all of them.'
    >>> outer_sentence(n_judging=600, n_learned=690)
    '600 rows judge, each by models that had not seen it; the model learned from 690 rows.'
    """
    if n_judging == n_learned:
        return (
            f"All {n_judging:,} rows judge, each by models that had not seen it; the model learned from all "
            "of them."
        )
    return (
        f"{n_judging:,} rows judge, each by models that had not seen it; the model learned from "
        f"{n_learned:,} rows."
    )

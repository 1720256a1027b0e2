"""``train(folds=…)``: a scikit-learn splitter, pairs of rows, a function, or a column of fold numbers."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import LitmusError, UnknownNameError, UsageError
from litmus_core.experiments._api.spec import MOST_FOLDS, read_folds
from litmus_core.text import format_count
from litmus_core.types import DatasetVersion, Folds, Task

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.experiments._studio import Studio

_COLUMN = "column:"
Ints = NDArray[np.int64]


def requested_folds(studio: Studio, version: DatasetVersion, task: Task, folds: Any) -> Folds | None:
    """Return the folds that a call requests; custom folds are computed here and stored in the workspace.

    A splitter and a function get the folded rows, which are all but the test set, in order of time after a
    split by time; pairs name rows of the table. Raises UsageError for folds that overlap, are empty, or name
    rows that do not exist.
    """
    is_splitter = hasattr(folds, "split") and not isinstance(folds, str)
    if is_splitter and isinstance(folds, type):
        raise UsageError(
            f"folds={folds.__name__} is a class, not a splitter.", hint=f"Write folds={folds.__name__}(…)."
        )
    if not (is_splitter or callable(folds) or isinstance(folds, str | Sequence)):
        return read_folds(folds)
    from litmus_core.engine import check_pairs, write_folds

    pairs: list[Any]
    frame, rows = _folded_rows(studio, version, task)
    name = _name_of(folds)
    if hasattr(folds, "test_fold"):
        folds = _predefined(folds, version, n_folded=len(rows))
        is_splitter = not isinstance(folds, list)
    if isinstance(folds, str):
        pairs = _by_column(folds, frame)
    elif is_splitter or callable(folds):
        pairs = _requested_pairs(folds, frame, task, name)
    else:
        check_pairs(folds, n_rows=version.n_rows)
        pairs = [[np.flatnonzero(np.isin(rows, _numbers(side))) for side in pair] for pair in folds]
    checked = check_pairs(pairs, n_rows=len(rows))
    _check_groups(checked, frame, task)
    positions = [(np.sort(rows[learned]), np.sort(rows[tested])) for learned, tested in checked]
    stored = write_folds(studio.workspace.path, positions)
    return Folds(len(positions), kind="custom", stored=stored, title=name)


def without_fold_column(task: Task, folds: Any, only: Sequence[str]) -> Task:
    """Return the task without the column of fold numbers as a feature, unless it is in ``only``."""
    if not isinstance(folds, str) or not folds.startswith(_COLUMN):
        return task
    column = folds.removeprefix(_COLUMN).strip()
    if column in only:
        return task
    return replace(task, features=tuple(name for name in task.features if name != column))


def _folded_rows(studio: Studio, version: DatasetVersion, task: Task) -> tuple[pd.DataFrame, Ints]:
    """Return the folded rows, with all columns of the table, and their positions in it.

    After a split by time they are in order of time: TimeSeriesSplit takes the order of the rows for it.
    """
    from litmus_core.data import labels_of, moments, read_rows, split

    frame = read_rows(studio.workspace, version, columns=list(version.column_names))
    frame[task.target] = labels_of(studio.workspace, version, frame[task.target], task)
    if task.test_version_id is not None:
        rows = np.flatnonzero(frame[task.target].notna())
    else:
        parts = split(frame, task)
        rows = np.sort(np.concatenate([parts.train, parts.validation]))
    if task.split.kind == "time":
        rows = rows[np.argsort(moments(frame.iloc[rows], task.split.columns), kind="stable")]
    return frame.iloc[rows].reset_index(drop=True), rows.astype(np.int64)


def _by_column(text: str, frame: pd.DataFrame) -> list[tuple[Ints, Ints]]:
    if not text.startswith(_COLUMN):
        raise UsageError(
            f"{text!r} is not a number of folds.", hint="Write folds=5, or folds='column:NAME' for own ones."
        )
    column = text.removeprefix(_COLUMN).strip()
    if column not in frame:
        raise UnknownNameError(kind="column", name=column, names=list(frame.columns))
    if missing := int(frame[column].isna().sum()):
        raise UsageError(
            f"'{column}' does not say the fold of {missing:,} rows.",
            hint="Number all rows that have a target.",
        )
    numbers = frame[column].astype(str).to_numpy()
    return [
        (np.flatnonzero(numbers != value), np.flatnonzero(numbers == value)) for value in np.unique(numbers)
    ]


def _requested_pairs(folds: Any, frame: pd.DataFrame, task: Task, name: str) -> list[Any]:
    """Return the pairs that a splitter or a function yields for the folded rows."""
    group = task.split.column if task.split.kind == "group" else None
    try:
        if not hasattr(folds, "split"):
            return list(islice(folds(frame), MOST_FOLDS))
        groups = None if group is None else frame[group].astype(str).to_numpy()
        target = frame[task.target]
        labels = target.astype(str) if task.type.has_classes else target
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The groups parameter is ignored")
            return list(
                islice(folds.split(frame[list(task.features)], labels.to_numpy(), groups), MOST_FOLDS)
            )
    except LitmusError:
        raise
    except Exception as error:
        hint = "It has to give pairs of training and test rows, by their positions in what it gets."
        if "groups" in str(error) and group is not None:
            hint = f"Each fold needs groups of '{group}' of its own: ask for fewer folds."
        elif "groups" in str(error):
            hint = "Name the groups: Data(…, split='group:COLUMN') also keeps them together in the test part."
        raise UsageError(f"{name} gave no folds: {str(error).rstrip('.')}.", hint=hint) from error


def _check_groups(pairs: Sequence[tuple[Ints, Ints]], frame: pd.DataFrame, task: Task) -> None:
    """Raise UsageError for rows of one group on both sides of a fold, where the task's split is by group."""
    if task.split.kind != "group":
        return
    import pandas as pd

    column = task.split.column
    codes, values = pd.factorize(frame[column])  # -1: no group
    for learned, tested in pairs:
        shared = np.intersect1d(codes[learned], codes[tested])
        if n_shared := int((shared >= 0).sum()):
            raise UsageError(
                f"These folds have rows of {format_count(n_shared, 'group')} of '{column}' on both sides, "
                f"such as {str(values[shared[shared >= 0][0]])!r}: their scores would flatter.",
                hint="Take GroupKFold(5) or StratifiedGroupKFold(5), or split each row by itself: "
                "Data(…, split='random').",
            )


def _predefined(folds: Any, version: DatasetVersion, *, n_folded: int) -> Any:
    """Return a PredefinedSplit as pairs that name rows of the table if it numbers all of them."""
    n_rows = len(folds.test_fold)
    if n_rows == version.n_rows:
        return list(islice(folds.split(), MOST_FOLDS))
    if n_rows != n_folded:
        raise UsageError(
            f"{type(folds).__name__} numbers the folds of {n_rows:,} rows: the table has {version.n_rows:,}, "
            f"of which {n_folded:,} are folded.",
            hint="Number all rows of the table, or say the column that does: folds='column:NAME'.",
        )
    return folds


def _numbers(side: Any) -> Ints:
    rows = np.asarray(side)
    return np.flatnonzero(rows) if rows.dtype.kind == "b" else rows.astype(np.int64)


def _name_of(folds: Any) -> str:
    if isinstance(folds, str):
        return folds
    if hasattr(folds, "test_fold"):
        return type(folds).__name__
    if hasattr(folds, "split"):
        return " ".join(repr(folds).split())
    return getattr(folds, "__name__", "pairs of rows")

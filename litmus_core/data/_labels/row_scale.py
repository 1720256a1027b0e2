"""Target scales of custom task types that read other columns of each row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._labels.target_transform import isolated_task_type
from litmus_core.data._rows.read import check_names, read_rows
from litmus_core.errors import DataError, UsageError
from litmus_core.frame import RawColumn
from litmus_core.runtime import read_columns
from litmus_core.text import format_count

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.plugins import PluginProxy
    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, Task

_LIMIT_S = 120.0


@dataclass(frozen=True, eq=False)
class RowScale:
    """Converts target values row by row in the process ``proxy``, which reads ``columns`` of each row."""

    proxy: PluginProxy
    columns: tuple[Column, ...]

    def learned(
        self, values: NDArray[np.float64], rows: pd.DataFrame
    ) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        """Return the values that models learn in place of ``values`` (n,), and the rows' weights or None."""
        weights = self._convert("weigh", values, rows, may_lack=True)
        return self._convert("encode", values, rows), weights

    def original(self, predictions: NDArray[np.float64], rows: pd.DataFrame) -> NDArray[np.float64]:
        """Convert predictions (n,) back to the target's own scale."""
        converted: NDArray[np.float64] = self._convert("decode", predictions, rows)
        return converted

    def problem(self, values: NDArray[np.float64], rows: pd.DataFrame) -> str:
        """Return a sentence on what is wrong with the rows; "" if nothing is."""
        return str(self._call("check", values, rows, may_lack=True) or "")

    def _convert(
        self, word: str, values: NDArray[np.float64], rows: pd.DataFrame, *, may_lack: bool = False
    ) -> Any:
        answer = self._call(word, values, rows, may_lack=may_lack)
        return None if answer is None else np.asarray(answer, dtype=np.float64)

    def _call(self, word: str, values: NDArray[np.float64], rows: pd.DataFrame, *, may_lack: bool) -> Any:
        columns = read_columns([RawColumn(column) for column in self.columns], rows)
        return self.proxy.call(word, values, columns, timeout_s=_LIMIT_S, may_lack=may_lack)


@contextmanager
def row_scale(workspace: Workspace, version: DatasetVersion, task: Task) -> Iterator[RowScale | None]:
    """Yield the task's scale; None if it does not depend on other columns of the rows."""
    if task.task_type is None or not task.read_columns:
        yield None
        return
    columns = tuple(version.column(name) for name in task.read_columns)
    with isolated_task_type(task.task_type, Path(workspace.path)) as proxy:
        yield RowScale(proxy, columns)


def check_read_columns(workspace: Workspace | None, version: DatasetVersion, task: Task) -> None:
    """Raise UsageError or DataError if the task type cannot read its columns in these rows."""
    if not task.read_columns:
        return
    check_names(version, task.read_columns)
    for name in task.read_columns:
        if name not in task.features:
            raise UsageError(
                f"'{name}' is read by the kind of question, so it belongs to the columns of each row.",
                hint="Do not leave it out; models do not look at it.",
            )
    if set(task.read_columns) >= set(task.features):
        raise UsageError("There is no column to learn from.", hint="Choose at least one more.")
    if workspace is None or not version.column(task.target).stores_numbers:
        return  # the task check reports it
    rows = read_rows(workspace, version, columns=[task.target, *task.read_columns])
    rows = rows[rows[task.target].notna()]
    for name in task.read_columns:
        if missing := int(rows[name].isna().sum()):
            raise DataError(
                f"'{name}' is missing in {format_count(missing, 'row')} of '{version.name}', and the "
                "question needs it in each.",
                hint="Fill it in, or leave these rows out.",
            )
    with row_scale(workspace, version, task) as scale:
        problem = "" if scale is None else scale.problem(rows[task.target].to_numpy(dtype=np.float64), rows)
    if problem:
        raise DataError(problem, hint="Correct these rows, or leave them out.")

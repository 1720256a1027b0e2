"""The labels of a task's rows: the target as stored, or as a custom task type encodes it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._labels.class_labels import as_labels
from litmus_core.data._rows.read import count_values, read_rows
from litmus_core.data._task_types import NO, YES, is_custom_task_type, limit_of, scale_of
from litmus_core.errors import DataError, UsageError
from litmus_core.plugins import PluginProxy, PlugInState, copy_parts, plugin_process, plugin_proxy
from litmus_core.runtime import MODULES, label_text, part_text

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, PluginRef, Task

_LIMIT_S = 120.0
_run_copies: dict[str, tuple[PluginRef, Path]] = {}  # by reference: the plug-in's copy and its run folder


def register_task_type(task: Task, copy: PluginRef | None, folder: Path) -> None:
    """Use the copy of the task's custom task type that the run stored in ``folder``, in this process."""
    if task.task_type is not None and copy is not None:
        _run_copies[task.task_type.reference] = (copy, folder)


def read_labels(workspace: Workspace, version: DatasetVersion, task: Task) -> pd.Series[Any]:
    """Return (n,) the task's labels in the rows of a version, missing where there is none.

    Raises PlugInError if a custom task type fails, UsageError if it is not trusted.
    """
    values = read_rows(workspace, version, columns=[task.target])[task.target]
    return labels_of(workspace, version, values, task)


def distinct_labels(workspace: Workspace, version: DatasetVersion, task: Task) -> list[Any]:
    """Return the distinct labels in a version; memory is bounded by their number.

    A custom task type is applied to all rows. Raises as :func:`read_labels` does.
    """
    if task.task_type is not None and is_custom_task_type(task.task_type):
        labels = read_labels(workspace, version, task)
    else:
        values, _ = count_values(workspace, version, task.target)
        labels = labels_of(workspace, version, values, task)
    return list(dict.fromkeys(as_labels(labels.dropna()).tolist()))


def labels_of(
    workspace: Workspace, version: DatasetVersion, values: pd.Series[Any], task: Task
) -> pd.Series[Any]:
    """Return what :func:`read_labels` returns, from the target's ``values`` (n,) in the version's rows."""
    import pandas as pd

    part = task.task_type
    if part is None or not task.type.has_classes:
        return values
    if is_custom_task_type(part):
        return pd.Series(
            _encoded_labels(str(workspace.path), version.id, part, _Values(values)), dtype=object
        )
    return pd.Series(_above(version, task, limit_of(part), values), dtype=object)


def with_task_target(workspace: Workspace | None, version: DatasetVersion, task: Task) -> DatasetVersion:
    """Return the version with its target as the task type encodes it.

    Raises UsageError if that needs numbers and there are none, DataError if some are outside the task's
    scale.
    """
    if task.task_type is None or workspace is None:
        return version
    target = version.column(task.target)
    if not task.type.has_classes:
        _check_scale(workspace, version, task)
        return version
    labels = read_labels(workspace, version, task).dropna()
    levels = labels.unique().tolist()
    if len(levels) == 1:
        raise DataError(
            f"As {part_text(task.task_type)}, all rows of '{task.target}' have the answer '{levels[0]}'.",
            hint="Choose other parameters, or another kind of question.",
        )
    labelled_task = replace(
        target,
        kind="category",
        storage="VARCHAR",
        n_missing=version.n_rows - len(labels),
        n_distinct=len(levels),
        examples=tuple(sorted(levels)[:5]),
    )
    columns = tuple(labelled_task if column.name == target.name else column for column in version.columns)
    return replace(version, columns=columns)


def _check_scale(workspace: Workspace, version: DatasetVersion, task: Task) -> None:
    part = task.task_type
    if part is None or not version.column(task.target).stores_numbers or is_custom_task_type(part):
        return  # the task check reports it; a custom task type reports it itself
    values = read_rows(workspace, version, columns=[task.target])[task.target].dropna()
    off = ~np.isfinite(scale_of(part).encode(values.to_numpy(dtype=np.float64)))
    if off.any():
        raise DataError(
            f"{int(off.sum()):,} rows of '{version.name}' have no logarithm: '{task.target}' is "
            f"{float(values[off].min()):g} there.",
            hint=f"Give an offset that makes all positive, such as ratio(offset={_offset(values):g}).",
        )


def _offset(values: pd.Series[Any]) -> float:
    return float(1.0 - min(0.0, np.floor(float(values.min()))))


def _above(version: DatasetVersion, task: Task, limit: float, values: pd.Series[Any]) -> list[str | None]:
    if not version.column(task.target).stores_numbers:
        raise UsageError(
            f"'{task.target}' of '{version.name}' holds no numbers, so nothing there is above {limit:g}.",
            hint="Choose a column of numbers, or leave the kind of question out.",
        )
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return [None if number != number else YES if number > limit else NO for number in numbers.tolist()]


class _Values:
    """A column's values, equal if they are of the same version."""

    def __init__(self, values: pd.Series[Any]) -> None:
        self.values = values

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Values) and self.values.equals(other.values)


@lru_cache(maxsize=8)
def _encoded_labels(home: str, version_id: str, part: PluginRef, raw_values: _Values) -> list[str | None]:
    """Return a version's labels as a custom task type encodes them, as texts."""
    del version_id
    values = as_labels(raw_values.values)
    places = [at for at, value in enumerate(values) if value is not None and value == value]
    labels: list[str | None] = [None] * len(values)
    with isolated_task_type(part, Path(home)) as isolated:
        coded = isolated.call("encode", [values[at] for at in places], timeout_s=_LIMIT_S)
        encoded = _as_list(isolated, "encode", coded, n=len(places))
        decoded = _as_list(
            isolated, "decode", isolated.call("decode", encoded, timeout_s=_LIMIT_S), n=len(places)
        )
    for at, answer in zip(places, decoded, strict=True):
        if answer is None or answer != answer:
            raise isolated.failure(f"it has no answer for {values[at]!r}")
        labels[at] = label_text(answer)
    return labels


def _as_list(isolated: PluginProxy, word: str, encoded: Any, *, n: int) -> list[Any]:
    labels: list[Any] = (
        np.asarray(encoded, dtype=object).tolist() if not isinstance(encoded, list) else encoded
    )
    if len(labels) != n:
        raise isolated.failure(f"{word} gave {len(labels)} answers to {n} values")
    return labels


@contextmanager
def isolated_task_type(part: PluginRef, home: Path) -> Iterator[PluginProxy]:
    """Yield a custom task type in its process: the run's copy, else the current one."""
    if part.reference in _run_copies:
        yield plugin_proxy(*_run_copies[part.reference])
        return
    file = Path(part.reference.rpartition(":")[0])
    if file.suffix == ".py":
        PlugInState(home).check_trusted(file if file.is_absolute() else home / file)
    with tempfile.TemporaryDirectory(prefix="litmus-task-") as scratch:
        modules = Path(scratch) / MODULES
        (copy,) = copy_parts([part], base=Path.cwd(), to=modules, home=home)
        with plugin_process(modules) as host:
            yield PluginProxy(copy, host)

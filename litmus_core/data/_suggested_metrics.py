# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""The metrics that Litmus proposes for a target, the best one first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from litmus_core.data._duckdb import identifier, parquet, reuse_duckdb
from litmus_core.data._rows.read import table_path
from litmus_core.metrics import get_metric, metrics_for
from litmus_core.task_types import Facet

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.task_types import TaskType
    from litmus_core.types import Column, DatasetVersion

_LARGE_CLASS = 0.6  # share of one class above which always guessing it scores too well
Names = tuple[str, ...]


def suggest_metrics(
    task_type: TaskType,
    workspace: Workspace,
    version: DatasetVersion,
    target: Column,
    counts: Mapping[str, int],
) -> tuple[Names, str]:
    """Return the names of the metrics that fit, and a sentence on the first one ("" if none is needed).

    ``counts`` are the rows of each class, none where there are no classes.
    """
    names = tuple(metric.name for metric in metrics_for(task_type.key))
    return _FILTERS.of(task_type.key)(names, workspace, version, target, counts)


class _MetricFilter(Protocol):
    def __call__(
        self,
        names: Names,
        workspace: Workspace,
        version: DatasetVersion,
        target: Column,
        counts: Mapping[str, int],
        /,
    ) -> tuple[Names, str]: ...


def _keep_all(
    names: Names, _workspace: Workspace, _version: DatasetVersion, _target: Column, _counts: Mapping[str, int]
) -> tuple[Names, str]:
    return names, ""


def _filter_for_classes(
    names: Names, _workspace: Workspace, version: DatasetVersion, target: Column, counts: Mapping[str, int]
) -> tuple[Names, str]:
    """Set k below the number of classes; put balanced accuracy first if one class is large."""
    short = get_metric("top_k_accuracy")
    if short.parameters["k"] >= len(counts):
        fewer = f"top_k_accuracy(k={len(counts) - 1})"
        names = tuple(fewer if name == short.name else name for name in names)
    share = max(counts.values(), default=0) / max(1, version.n_rows - target.n_missing)
    if share <= _LARGE_CLASS:
        return names, ""
    note = f" One of them is {share:.0%} of the rows, so each should count the same."
    return ("balanced_accuracy", *(name for name in names if name != "balanced_accuracy")), note


def _filter_for_numbers(
    names: Names, workspace: Workspace, version: DatasetVersion, target: Column, _counts: Mapping[str, int]
) -> tuple[Names, str]:
    """Leave out the metrics that these numbers leave undefined: logarithms below 0, shares of 0."""
    value, table = identifier(target.name), parquet(table_path(workspace, version))
    with reuse_duckdb("look at the target") as connection:
        lowest, n_zero = connection.execute(
            f"SELECT min({value}), count(*) FILTER ({value} = 0) FROM {table}"
        ).fetchone() or (0, 0)
    unfit = {"rmsle"} if lowest < 0 else set()
    if n_zero:
        unfit |= {"mape", "medape"}
    return tuple(name for name in names if name not in unfit), ""


_FILTERS: Facet[_MetricFilter] = Facet(
    "list of metrics",
    {"binary": _keep_all, "multiclass": _filter_for_classes, "regression": _filter_for_numbers},
)

"""Facts of a target column, by which a task type decides whether it can predict the column."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, parquet, reuse_duckdb
from litmus_core.data._labels.class_labels import as_labels
from litmus_core.data._rows.read import count_values, table_path
from litmus_core.errors import DataError
from litmus_core.runtime import label_text
from litmus_core.task_types import TargetFacts
from litmus_core.text import format_count

if TYPE_CHECKING:
    from pathlib import Path

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, Task

_LARGEST, _SMALLEST = 3e38, 1e-37  # single precision holds 1.2e-38 to 3.4e38
_DIGITS = 24  # in base 2, of single precision
_COARSEST = 0.2  # step between two such numbers, in standard deviations of the target


def target_facts(column: Column, *, n_rows: int) -> TargetFacts:
    """Return a column's facts from the table's description, without reading its values."""
    return TargetFacts(
        name=column.name,
        n_distinct=column.n_distinct,
        n_values=n_rows - column.n_missing,
        is_numeric=column.stores_numbers,
    )


def read_target_facts(workspace: Workspace, version: DatasetVersion, column: Column) -> TargetFacts:
    """Return a column's facts, with its values for the task types that need them."""
    return TargetFacts(
        name=column.name,
        n_distinct=column.n_distinct,
        n_values=version.n_rows - column.n_missing,
        is_numeric=column.stores_numbers,
        is_whole=partial(_is_integral, table_path(workspace, version), column),
        labels=lambda: sorted(class_counts(workspace, version, column)),
    )


def check_magnitude(workspace: Workspace | None, version: DatasetVersion, task: Task) -> None:
    """Raise DataError if models cannot hold some numbers of the target: boosters use single precision."""
    column = version.column(task.target)
    if workspace is None or task.type.has_classes or column.stores_whole_numbers:
        return
    with reuse_duckdb("look at the target") as connection:
        n, largest = connection.execute(
            f"SELECT count(*), max(value) FROM (SELECT abs({identifier(column.name)}) AS value "  # noqa: S608
            f"FROM {parquet(table_path(workspace, version))}) WHERE value > {_LARGEST!r}"
        ).fetchall()[0]
    if n:
        raise DataError(
            f"'{column.name}' is too large to learn in {format_count(n, 'row')} of '{version.name}', "
            f"up to {largest:.3g}.",
            hint="Correct these rows or leave them out. Or give the numbers in a larger unit.",
        )


def check_spread(workspace: Workspace | None, version: DatasetVersion, task: Task) -> None:
    """Raise DataError if models cannot tell numbers of the target apart, because of single precision."""
    column = version.column(task.target)
    if workspace is None or task.type.has_classes:
        return
    with reuse_duckdb("look at the target") as connection:
        low, high, spread = connection.execute(
            "SELECT min(value), max(value), stddev_pop(value) "  # noqa: S608 - quoted
            f"FROM (SELECT {identifier(column.name)}::DOUBLE AS value "
            f"FROM {parquet(table_path(workspace, version))}) WHERE isfinite(value)"
        ).fetchall()[0]
    if low is None or low == high:
        return
    largest = max(-low, high)
    if largest < _SMALLEST:
        raise DataError(
            f"'{column.name}' is too small to learn in '{version.name}': {largest:.3g} at most.",
            hint="Give the numbers in a smaller unit.",
        )
    step = 2.0 ** (math.frexp(largest)[1] - _DIGITS)
    if step > _COARSEST * spread:
        raise DataError(
            f"'{column.name}' varies too little for its size. Numbers up to {largest:.6g} are learned in "
            f"steps of {step:.3g}, and these have a standard deviation of {spread:.3g}.",
            hint=f"Subtract a constant such as {(low + high) / 2:.15g} from '{column.name}', and add it to "
            "the predictions again.",
        )


def class_counts(workspace: Workspace, version: DatasetVersion, column: Column) -> dict[str, int]:
    """Return how many rows each label of the target has, by its text, most frequent first."""
    values, counts = count_values(workspace, version, column.name)
    by_label: dict[str, int] = {}
    for label, count in zip(as_labels(values).tolist(), counts.tolist(), strict=True):
        if label is not None and label == label:
            by_label[label_text(label)] = by_label.get(label_text(label), 0) + count
    return dict(sorted(by_label.items(), key=lambda item: (-item[1], item[0])))


def _is_integral(table: Path, column: Column) -> bool:
    if column.stores_whole_numbers:
        return True
    value = identifier(column.name)
    with reuse_duckdb("look at the target") as connection:
        answer = connection.execute(
            f"SELECT bool_and({value} = floor({value})) FROM {parquet(table)}"  # noqa: S608 - quoted
        ).fetchone()
    return bool(answer and answer[0])

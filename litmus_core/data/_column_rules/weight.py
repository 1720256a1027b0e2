"""Check the column of row weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from litmus_core.data._rows.read import check_names, read_rows
from litmus_core.data._types.numbers.lossy_values import n_infinite_in
from litmus_core.errors import DataError, UsageError
from litmus_core.metrics import effective_rows, get_metric
from litmus_core.text import format_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, Task

_FEWEST = 10  # effective rows: the test part of a verdict alone needs as many


def check_weight(workspace: Workspace | None, version: DatasetVersion, task: Task) -> None:
    """Raise UsageError or DataError if the task's weight column cannot weight these rows."""
    if task.weight is None:
        return
    check_names(version, [task.weight])
    _check_use(task, task.weight)
    column = version.column(task.weight)
    if not column.stores_numbers:
        raise DataError(
            f"'{column.name}' holds no numbers, so it cannot say how much each row counts.",
            hint="Choose a column of numbers from 0, such as an exposure.",
        )
    for name in (task.metric, *(() if task.bar is None else (task.bar.metric,))):
        get_metric(name).weighted([1.0])
    if workspace is not None:
        rows = read_rows(workspace, version, columns=[column.name, task.target])
        has_target = rows[task.target].notna()
        weights = rows[column.name][has_target].to_numpy(dtype=np.float64, na_value=np.nan)
        _check_values(weights, column.name, n_infinite=n_infinite_in(version.notes, column.name))


def _check_use(task: Task, weight: str) -> None:
    if weight == task.target:
        raise UsageError(
            f"'{weight}' is what to predict, so it cannot be the weight.", hint="Choose another column."
        )
    if weight in task.features:
        raise UsageError(
            f"'{weight}' is the weight, so models may not look at it.",
            hint="Leave it out of the columns to learn from.",
        )


def _check_values(weights: NDArray[np.float64], name: str, *, n_infinite: int) -> None:
    """Raise DataError for unusable weights; import made ``n_infinite`` of them missing."""
    missing, negative = int(np.isnan(weights).sum()), int((weights < 0).sum())
    if missing:
        trouble = "infinite" if n_infinite >= missing else "missing or infinite" if n_infinite else "missing"
        raise DataError(
            f"'{name}' is {trouble} in {format_count(missing, 'row')}, so what they weigh is not known.",
            hint="Give these rows a number from 0, or leave them out.",
        )
    if negative:
        raise DataError(
            f"'{name}' is below 0 in {format_count(negative, 'row')}: a row cannot count less than nothing.",
            hint="Give each row a weight from 0.",
        )
    if not weights.any():
        raise DataError(f"'{name}' is 0 in every row, so none counts.", hint="Choose another column.")
    largest = float(weights.max() / weights.sum())
    if (effective := effective_rows(weights)) < _FEWEST:
        raise DataError(
            f"One row has {100 * largest:.3g} % of all weight by '{name}'. All rows together tell as much as "
            f"{effective:.2g} of one weight: too few to train and test.",
            hint="Choose another weight, or limit the largest ones.",
        )

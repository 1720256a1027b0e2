"""How predictions change with one column: for each row (ICE), and on average (partial dependence)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.diagnostics._contributions import scores_of
from litmus_core.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.diagnostics._scoring import PredictorLike

_MOST_VALUES = 20


def ice(
    predictor: PredictorLike,
    rows: pd.DataFrame,
    column: str,
    *,
    values: Sequence[Any] | None = None,
    label: str | None = None,
) -> pd.DataFrame:
    """Return the predictions for ``rows`` (n) with each of ``values`` in ``column``: a line per row.

    ``values`` None: up to 20 of the column's values, spread over its rows. Predictions are values, or
    probabilities of ``label`` (None: the positive one). Raises UnknownNameError for a column that no model
    reads, UsageError without values.
    """
    import pandas as pd

    names = [column_info.name for column_info in predictor.columns]
    if column not in names:
        raise UnknownNameError(kind="column", name=column, names=names)
    tried = _values(rows[column]) if values is None else list(values)
    if not tried:
        raise UsageError(f"There are no values of '{column}' to try.", hint="Give values=[…].")
    frames = [rows[names].assign(**{column: _column_of(value, rows[column])}) for value in tried]
    answer = scores_of(predictor, pd.concat(frames, ignore_index=True), label)
    wide = answer.reshape(len(tried), len(rows)).T
    return pd.DataFrame(wide, index=rows.index, columns=pd.Index(tried, name=column))


def partial_dependence(
    predictor: PredictorLike,
    rows: pd.DataFrame,
    column: str,
    *,
    values: Sequence[Any] | None = None,
    label: str | None = None,
) -> pd.DataFrame:
    """Return the mean prediction for ``rows`` at each value of ``column``, and the range of 80 % of the rows.

    The arguments are those of :func:`ice`.
    """
    import pandas as pd

    lines = ice(predictor, rows, column, values=values, label=label)
    low, high = np.quantile(lines.to_numpy(), [0.1, 0.9], axis=0)
    return pd.DataFrame({column: lines.columns, "mean": lines.mean().to_numpy(), "low": low, "high": high})


def _values(column: pd.Series[Any]) -> list[Any]:
    """Return up to 20 values: quantiles of numbers and dates, the most frequent of others."""
    present = column.dropna()
    if present.nunique() <= _MOST_VALUES and present.dtype.kind in "iufM":
        return sorted(present.unique().tolist())
    if present.dtype.kind in "iufM":
        spread = present.quantile(np.linspace(0, 1, _MOST_VALUES), interpolation="nearest")
        return list(dict.fromkeys(spread.tolist()))
    return [str(value) if isinstance(value, str) else value for value in _frequent(present)]


def _frequent(present: pd.Series[Any]) -> list[Any]:
    return list(present.value_counts().index[:_MOST_VALUES])


def _column_of(value: Any, like: pd.Series[Any]) -> Any:
    import pandas as pd

    column = pd.Series([value] * len(like), index=like.index)
    return column.astype(like.dtype) if like.dtype.kind == "M" else column

"""Plots of what explains a model, drawn by matplotlib from the data frames that hold it."""

from __future__ import annotations

from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ROW_INCHES, _LEAST_INCHES = 0.3, 2.0


def plot_importance(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the frame of ``importance``: a bar for each column, the most important on top, with its interval.

    ``ax`` None: a new figure. Raises UsageError for a frame that lacks a column of it.
    """
    _check(frame, ("column", "drop", "low", "high"), of="importance")
    axes = ax or _new_axes(height=max(_LEAST_INCHES, 1 + _ROW_INCHES * len(frame)))
    drops = frame["drop"].to_numpy(float)
    places = np.arange(len(frame))
    axes.barh(places, drops, alpha=0.6)
    axes.hlines(places, frame["low"].to_numpy(float), frame["high"].to_numpy(float), color="0.2", linewidth=1)
    axes.set_yticks(places, [str(name) for name in frame["column"]])
    axes.invert_yaxis()
    axes.set_xlabel("How much worse the score gets when the column is shuffled")
    return axes


def plot_partial_dependence(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the frame of ``partial_dependence``: the mean prediction, and the range of 80 % of the rows.

    Numbers and dates are a line, other values points in their order. ``ax`` None: a new figure. Raises
    UsageError for a frame that lacks a column of it.
    """
    _check(frame, ("mean", "low", "high"), of="partial_dependence")
    column = next(name for name in frame.columns if name not in ("mean", "low", "high"))
    axes = ax or _new_axes()
    values, is_line = _across(frame[column].tolist())
    low, high = frame["low"].to_numpy(float), frame["high"].to_numpy(float)
    if is_line:
        axes.fill_between(values, low, high, alpha=0.2, label="80 % of the rows")
    else:
        axes.vlines(values, low, high, alpha=0.4, linewidth=6, label="80 % of the rows")
    axes.plot(values, frame["mean"].to_numpy(float), "-" if is_line else "o", label="mean")
    return _labelled(axes, column)


def plot_ice(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the frame of ``ice``: a thin line for each row, and their mean.

    ``ax`` None: a new figure. Raises UsageError for a frame whose columns are not the values of one column.
    """
    if frame.columns.name is None or not frame.size:
        raise UsageError("This is not a frame of ice(…).", hint="Give the frame as ice(…) returned it.")
    axes = ax or _new_axes()
    values, is_line = _across(frame.columns.tolist())
    lines = frame.to_numpy(float)
    axes.plot(values, lines.T, color="0.5", alpha=max(0.1, min(0.5, 20 / len(lines))), linewidth=0.8)
    axes.plot(values, lines.mean(axis=0), "-" if is_line else "o-", linewidth=2, label="mean")
    return _labelled(axes, frame.columns.name)


def _check(frame: pd.DataFrame, names: tuple[str, ...], *, of: str) -> None:
    """Raise UsageError unless the frame has these columns, and for a curve one more."""
    missing = [name for name in names if name not in frame]
    if missing or not len(frame) or len(frame.columns) <= len(names):
        raise UsageError(f"This is not a frame of {of}(…).", hint=f"Give the frame as {of}(…) returned it.")


def _new_axes(*, height: float = 4.0) -> Axes:
    from matplotlib import pyplot as plt

    _, axes = plt.subplots(figsize=(7, height), layout="constrained")
    return axes


def _across(values: list[Any]) -> tuple[list[Any], bool]:
    """Return where the values lie across, and whether they are on a line: numbers and dates are."""
    is_line = all(isinstance(value, Real | date) and not isinstance(value, bool) for value in values)
    return (values if is_line else [str(value) for value in values]), is_line


def _labelled(axes: Axes, column: Any) -> Axes:
    axes.set_xlabel(str(column))
    axes.set_ylabel("Prediction")
    axes.legend()
    return axes

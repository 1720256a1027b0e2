"""Frames that explain a model, drawn: the axes show the frame's figures."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from litmus_core.diagnostics import (
    ice,
    partial_dependence,
    plot_ice,
    plot_importance,
    plot_partial_dependence,
)
from litmus_core.errors import UsageError
from tests.diagnostics.fakes import SumPredictor

ROWS = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [5.0, 6.0, 7.0]})


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    mpl.use("agg")
    yield
    plt.close("all")


def test_importance_has_a_bar_for_each_column_with_its_interval_the_first_on_top() -> None:
    rows = [("size", 0.3, 0.2, 0.4, 5), ("day", -0.1, -0.2, 0.05, 5)]
    axes = plot_importance(pd.DataFrame(rows, columns=["column", "drop", "low", "high", "n_shuffles"]))
    axes.figure.canvas.draw()

    assert [label.get_text() for label in axes.get_yticklabels()] == ["size", "day"]
    assert [bar.get_width() for bar in axes.patches] == [0.3, -0.1]  # type: ignore[attr-defined]
    spans = [np.asarray(path.vertices)[:, 0].tolist() for path in axes.collections[0].get_paths()]
    assert spans == [[0.2, 0.4], [-0.2, 0.05]]
    assert axes.yaxis_inverted()


def test_partial_dependence_of_numbers_is_a_line_in_the_range_of_most_rows() -> None:
    frame = partial_dependence(SumPredictor(), ROWS.assign(unused=0), "a")
    axes = plot_partial_dependence(frame)

    [line] = axes.lines
    np.testing.assert_array_equal(line.get_xdata(), frame["a"])
    np.testing.assert_array_equal(line.get_ydata(), frame["mean"])
    assert (axes.get_xlabel(), len(axes.collections)) == ("a", 1)


@pytest.mark.parametrize(
    ("values", "is_line"),
    [
        (["red", "blue"], False),
        ([True, False], False),
        ([pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")], True),
    ],
)
def test_values_without_distances_are_points_in_their_order(values: list[object], is_line: bool) -> None:
    curve = pd.DataFrame({"tried": values, "mean": [1.0, 2.0], "low": [0.0, 1.0], "high": [2.0, 3.0]})
    axes = plot_partial_dependence(curve)
    axes.figure.canvas.draw()

    assert (axes.lines[0].get_linestyle() == "-") == is_line
    if not is_line:
        assert [label.get_text() for label in axes.get_xticklabels()] == [str(value) for value in values]


def test_ice_has_a_line_for_each_row_and_their_mean_and_takes_axes() -> None:
    frame = ice(SumPredictor(), ROWS.assign(unused=0), "a", values=[0, 4])
    _, given = plt.subplots()

    assert plot_ice(frame, ax=given) is given
    *rows, mean = [list(line.get_ydata()) for line in given.lines]  # type: ignore[arg-type]
    assert rows == frame.to_numpy().tolist()
    assert mean == frame.mean().tolist()


@pytest.mark.parametrize("draw", [plot_importance, plot_partial_dependence, plot_ice])
def test_another_frame_is_refused(draw: object) -> None:
    with pytest.raises(UsageError, match=r"This is not a frame of \w+\(…\)"):
        draw(ROWS)  # type: ignore[operator]

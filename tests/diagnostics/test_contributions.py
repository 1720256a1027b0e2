"""What columns add to an answer that is not a sum: measured, with how far it may be off; and curves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.diagnostics import contributions, ice, partial_dependence
from litmus_core.errors import UnknownNameError, UsageError
from tests.diagnostics.fakes import SignPredictor, SumPredictor

ROWS = pd.DataFrame({"a": [5.0, 1.0], "b": [10.0, 2.0], "unused": [1.0, 0.0]}, index=[7, 9])
OTHERS = pd.DataFrame({"a": [0.0, 2.0], "b": [1.0, 3.0], "unused": [0.0, 4.0]})


class ProductPredictor(SumPredictor):
    """Columns interact: no order of them gives the same parts."""

    def predict_values(self, rows: Any) -> Any:
        frame = pd.DataFrame(rows)
        return frame["a"].to_numpy() * frame["b"].to_numpy()


def test_a_sum_is_measured_without_an_error_and_adds_up() -> None:
    found = contributions(SumPredictor(), "it is a fake", ROWS, OTHERS[:1])
    assert found.frame.to_dict("list") == {"a": [5.0, 1.0], "b": [90.0, 10.0], "unused": [0.0, 0.0]}
    assert list(found.frame.index) == [7, 9]
    assert (found.base, found.total.tolist(), found.is_exact) == (10.0, [105.0, 21.0], False)
    assert found.sentence == (
        "Approximate, since it is a fake: parts of the prediction, off by 0 at most (95 %)."
    )


def test_what_interacts_is_halved_and_lies_within_its_error() -> None:
    random = np.random.default_rng(0)
    others = pd.DataFrame(random.normal(size=(200, 3)), columns=["a", "b", "unused"])
    found = contributions(ProductPredictor(), "it is a fake", ROWS, others)
    a, b = (others[name].to_numpy() for name in "ab")
    for x, y, part in zip(ROWS["a"], ROWS["b"], found.frame.to_numpy(), strict=True):
        true_a = np.mean((x * b - a * b + x * y - a * y) / 2)
        true_b = np.mean((a * y - a * b + x * y - x * b) / 2)
        assert np.abs(part - [true_a, true_b, 0.0]).max() <= found.error
        assert 0 < found.error < 5
    np.testing.assert_allclose(found.base + found.frame.sum(axis=1), found.total)


def test_of_labels_it_is_the_positive_ones_probability_or_the_one_asked_for() -> None:
    rows = pd.DataFrame({"signal": [2.0], "noise": [5.0]})
    others = pd.DataFrame({"signal": [-1.0, 1.0], "noise": [0.0, 1.0]})
    yes, no = (contributions(SignPredictor(), "of a fake", rows, others, label=one) for one in (None, "no"))
    assert yes.of == "the probability of “yes”"
    assert yes.frame.loc[0].tolist() == pytest.approx([0.4, 0.0])
    np.testing.assert_allclose(no.frame, -yes.frame)
    with pytest.raises(UnknownNameError, match="'maybe'"):
        contributions(SignPredictor(), "of a fake", rows, others, label="maybe")
    with pytest.raises(UsageError, match="A number has no labels"):
        contributions(SumPredictor(), "of a fake", ROWS, OTHERS, label="yes")


def test_lines_and_their_mean_go_over_the_values_of_a_column() -> None:
    lines = ice(SumPredictor(), ROWS, "b", values=[0, 1])
    assert lines.to_dict("split") == {"index": [7, 9], "columns": [0, 1], "data": [[5.0, 15.0], [1.0, 11.0]]}
    mean = partial_dependence(SumPredictor(), ROWS, "b", values=[0, 1])
    assert mean["b"].tolist() == [0, 1]
    assert mean["mean"].tolist() == [3.0, 13.0]
    assert mean["low"].tolist() == pytest.approx([1.4, 11.4])
    assert mean["high"].tolist() == pytest.approx([4.6, 14.6])


def test_values_are_the_columns_own_where_none_are_given() -> None:
    rows = pd.DataFrame({"a": np.arange(100.0), "b": [1.0, 2.0] * 50, "unused": 0.0})
    assert list(ice(SumPredictor(), rows, "b").columns) == [1.0, 2.0]
    spread = list(ice(SumPredictor(), rows, "a").columns)
    assert (len(spread), spread[0], spread[-1]) == (20, 0.0, 99.0)
    with pytest.raises(UnknownNameError, match="'c'"):
        ice(SumPredictor(), rows, "c")


def test_a_value_between_whole_numbers_is_tried_as_it_is() -> None:
    lines = ice(SumPredictor(), pd.DataFrame({"a": [1], "b": [7], "unused": [0]}), "b", values=[2, 2.5])
    assert lines.to_numpy().tolist() == [[21.0, 26.0]]

"""A Predictor answers raw rows, one or many, in the labels' own type."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.errors import RowError, UsageError
from litmus_core.frame import FeaturePipeline, Features
from litmus_core.runtime import Predictor
from tests import tiny


class Fixed:
    """An executor that gives what it was given, row by row."""

    def __init__(self, raw: list[Any]) -> None:
        self.raw = np.array(raw)

    def predict_proba(self, features: pd.DataFrame) -> Any:
        return self.raw[: len(features)]


def fixed(raw: list[Any], **info: Any) -> Predictor:
    """Return a predictor whose executor answers ``raw``, whatever the rows."""
    facts = {"problem_type": "binary", "target": "sold", "columns": tiny.COLUMNS, **info}
    return Predictor(facts, FeaturePipeline(tiny.COLUMNS).fit(tiny.FRAME), Fixed(raw))


def test_one_row_gets_to_the_last_bit_what_it_gets_within_a_batch() -> None:
    many = pd.concat([tiny.FRAME] * 15, ignore_index=True)
    many["size"] = np.linspace(-1e3, 1e3, len(many))
    model = tiny.predictor(classes=tuple("abcdefghijkl"))

    batch = model.predict_proba(many)
    alone = np.vstack([model.predict_proba(many[place : place + 1]) for place in range(len(many))])

    assert np.array_equal(batch, alone)


def test_probabilities_of_many_classes_sum_to_one_though_the_executor_rounds() -> None:
    rounded = np.random.default_rng(0).dirichlet(np.ones(9), 6).astype(np.float32)
    model = fixed(rounded.tolist(), problem_type="multiclass", classes=list(range(9)))

    assert np.abs(model.predict_proba(tiny.FRAME).sum(axis=1) - 1).max() < 1e-15


def test_costs_decide_between_several_classes() -> None:
    model = fixed(
        [[0.6, 0.3, 0.1], [0.9, 0.05, 0.05]],
        problem_type="multiclass",
        classes=["a", "b", "c"],
        costs=[[0, 1, 1], [10, 0, 1], [1, 1, 0]],
    )

    assert model.predict(tiny.FRAME[:2]).tolist() == ["b", "a"]
    assert [each["label"] for each in model.predict_records(tiny.FRAME[:2])] == ["b", "a"]


def test_memory_order_of_the_executors_answer_changes_nothing() -> None:
    shares = np.random.default_rng(0).dirichlet(np.ones(9), 6)
    model = fixed(shares.tolist(), problem_type="multiclass", classes=list(range(9)))
    rows_first = model.predict_proba(tiny.FRAME)
    model.executor.raw = np.asfortranarray(shares)  # type: ignore[attr-defined]

    assert np.array_equal(model.predict_proba(tiny.FRAME), rows_first)


@pytest.mark.parametrize(
    ("classes", "label", "text"),
    [
        (("no", "yes"), "yes", "yes"),
        ((0, 1), 1, "1"),
        ((False, True), True, "true"),
        ((0.5, 1.5), 1.5, "1.5"),
    ],
)
def test_labels_keep_the_type_they_had_in_training(classes: tuple[Any, ...], label: Any, text: str) -> None:
    model = fixed([[0.1, 0.9]] * 6, classes=list(classes))

    assert model.predict(tiny.FRAME).tolist() == [label] * 6
    assert type(model.predict(tiny.FRAME).tolist()[0]) is type(label)
    assert model.predict_records([tiny.ROW])[0]["label"] == label
    assert list(model.predict_records([tiny.ROW])[0]["probabilities"])[1] == text


def test_numpy_labels_become_plain_ones() -> None:
    model = fixed([[0.1, 0.9]], classes=[np.int64(3), np.int64(4)])

    assert json.dumps(model.predict_records([tiny.ROW])) == (
        '[{"label": 4, "probabilities": {"3": 0.09999999999999998, "4": 0.9}}]'
    )


def test_a_threshold_is_held_against_the_positive_class_and_met_by_equality() -> None:
    raw = [[0.7, 0.3], [0.71, 0.29]]
    model = fixed(raw, classes=["no", "yes"], positive_class="yes", threshold=0.3)

    assert model.predict(tiny.FRAME[:2]).tolist() == ["yes", "no"]


def test_the_positive_class_may_be_the_first() -> None:
    model = fixed([[0.4, 0.6]], classes=["bad", "good"], positive_class="bad", threshold=0.4)

    assert model.positive_class == "bad"
    assert model.predict(tiny.FRAME[:1]).tolist() == ["bad"]


def test_without_a_threshold_half_decides() -> None:
    model = fixed([[0.5, 0.5], [0.51, 0.49]], classes=["no", "yes"])

    assert model.predict(tiny.FRAME[:2]).tolist() == ["yes", "no"]


def test_a_boolean_positive_class_is_found_however_it_is_spelled() -> None:
    assert fixed([[0.5, 0.5]], classes=[False, True], positive_class="True").info.positive_index == 1
    assert fixed([[0.5, 0.5]], classes=[False, True], positive_class="false").info.positive_index == 0


def test_a_regression_answers_values() -> None:
    model = fixed([1.5, -2.0], problem_type="regression", classes=[])

    assert model.predict(tiny.FRAME[:2]).tolist() == [1.5, -2.0]
    assert model.predict_records(tiny.FRAME[:2]) == [{"value": 1.5}, {"value": -2.0}]


def test_a_column_of_values_is_taken_for_values() -> None:
    assert fixed([[1.5], [2.0]], problem_type="regression").predict_values(tiny.FRAME[:2]).shape == (2,)


def test_asking_for_the_wrong_kind_of_answer_says_which_is_right() -> None:
    with pytest.raises(UsageError, match=r"no probabilities.*predict_values"):
        fixed([1.0], problem_type="regression").predict_proba([tiny.ROW])
    with pytest.raises(UsageError, match="choice between labels"):
        fixed([[0.5, 0.5]], classes=["no", "yes"]).predict_values([tiny.ROW])


@pytest.mark.parametrize("none", [[], (), tiny.FRAME[:0]])
def test_no_rows_get_no_answers(none: Any) -> None:
    model = tiny.predictor(classes=("a", "b", "c"))

    assert model.predict_proba(none).shape == (0, 3)
    assert model.predict(none).tolist() == []
    assert model.predict_records(none) == []
    assert tiny.predictor(classes=()).predict_records(none) == []


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_answer_that_is_no_number_is_refused_with_its_row(bad: float) -> None:
    model = fixed([[0.5, 0.5], [bad, 0.5]], classes=["no", "yes"])

    with pytest.raises(RowError) as caught:
        model.predict_records(tiny.FRAME[:2])
    assert caught.value.row == 1


class OfZip:
    """An executor that looks at nothing made of the other columns."""

    unread = ("size", "day", "new")

    def predict_features(self, features: Features) -> Any:
        return features.categories[:, 0].astype(np.float64)


class Halved:
    """A step after the answers."""

    def apply(self, answers: Any, rows: Any) -> Any:
        return answers / 2


def of_zip(post: Any = None) -> Predictor:
    facts = {"problem_type": "regression", "target": "price", "columns": tiny.COLUMNS}
    return Predictor(facts, FeaturePipeline(tiny.COLUMNS).fit(tiny.FRAME), OfZip(), post=post)


def test_columns_that_the_model_does_not_read_may_be_absent_or_hold_anything() -> None:
    zips = of_zip().predict(tiny.FRAME)
    assert of_zip().predict(tiny.FRAME[["zip"]]).tolist() == zips.tolist()
    assert of_zip().predict([{"zip": "02134", "size": "no number"}]).tolist() == zips[:1].tolist()
    with pytest.raises(RowError, match="zip"):
        of_zip().predict(tiny.FRAME[["size"]])


def test_steps_after_the_model_may_read_any_column() -> None:
    with pytest.raises(RowError, match="size"):
        of_zip(Halved()).predict(tiny.FRAME[["zip"]])

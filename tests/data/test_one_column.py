from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from litmus_core.data import UnivariateScorer, follows_row_order
from litmus_core.types import Column

LABELS = pd.Series(["CPU", "CPUs", "CPUs", "fridge", "Fridges", "fridge"] * 25)


def column(name: str) -> Column:
    return Column(name=name, original_name=name, kind="number", storage="BIGINT")


def test_spellings_are_one_class_where_asked() -> None:
    assert UnivariateScorer.of(LABELS, "multiclass", seed=0, merge=True).classes == ("CPUs", "fridge")
    assert UnivariateScorer.of(LABELS, "multiclass", seed=0, merge=False).n_classes == 4


def test_names_that_differ_in_a_number_stay_apart() -> None:
    labels = pd.Series(["Class 1", "Class 2"] * 20)
    assert UnivariateScorer.of(labels, "binary", seed=0, merge=True).n_classes == 2


def test_a_copy_tells_everything_and_noise_nothing() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=600)
    question = UnivariateScorer.of(pd.Series(y), "regression", seed=0, merge=False)
    assert question.column_score(y**3, "number") == pytest.approx(1.0, abs=0.001)
    assert question.column_score(rng.normal(size=600), "number") < 0.1


def test_what_is_missing_can_tell() -> None:
    labels = pd.Series(["yes", "no"] * 100)
    question = UnivariateScorer.of(labels, "binary", seed=0, merge=False)
    numbers = np.where(labels == "yes", np.arange(200.0), np.nan)
    words = np.array(["x" if each == "no" else None for each in labels], dtype=object)
    assert question.column_score(numbers, "number") == 1.0
    assert question.column_score(words, "category") == 1.0


def test_values_seen_once_tell_nothing() -> None:
    labels = pd.Series(["yes", "no"] * 100)
    names = np.array([f"n{place}" for place in range(200)], dtype=object)
    assert UnivariateScorer.of(labels, "binary", seed=0, merge=False).column_score(names, "category") == 0.5


def test_rows_without_a_target_and_very_rare_classes_are_not_asked() -> None:
    labels = pd.Series(["a", "b"] * 10 + [None, "seldom"])
    question = UnivariateScorer.of(labels, "multiclass", seed=0, merge=False)
    assert question.rows.tolist() == list(range(20))


@pytest.mark.parametrize(
    ("name", "values", "follows"),
    [
        ("id", np.arange(100) * 1_000, True),
        ("anything", np.arange(100) + 7, True),
        ("anything", -np.arange(100), True),
        ("anything", np.sort(np.random.default_rng(0).integers(0, 10**6, 100))[np.r_[1, 0, 2:100]], True),
        ("weight", np.sort(np.random.default_rng(0).normal(size=100)), False),
        ("id", np.random.default_rng(0).permutation(100), False),
    ],
)
def test_a_column_follows_the_rows_when_it_counts_them(name: str, values: np.ndarray, follows: bool) -> None:
    assert follows_row_order(column(name), values, np.arange(100)) is follows

import numpy as np
import pandas as pd
import pytest

from litmus_core.diagnostics import scorer_for, segments
from litmus_core.metrics import get_metric
from tests.diagnostics.fakes import SignPredictor, SumPredictor, column

ACCURACY, MAE = get_metric("accuracy"), get_metric("mae")


def _binary(right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Truth "yes" everywhere; a prediction that is right where told."""
    truth = np.array(["yes"] * len(right), dtype=object)
    yes = np.where(right, 0.9, 0.1)
    return truth, np.column_stack([1 - yes, yes])


def _found(frame, columns, right, **more):
    truth, prediction = _binary(np.asarray(right))
    scorer = scorer_for(SignPredictor(), ACCURACY)
    return segments(frame, truth, prediction, scorer=scorer, columns=columns, seconds=60, seed=0, **more)


def test_a_category_where_half_is_wrong_comes_first_and_stands_out():
    city = np.array(["Paris"] * 100 + ["Lyon"] * 100, dtype=object)
    right = np.concatenate([np.arange(100) % 2 == 0, np.ones(100, dtype=bool)])
    found = _found(pd.DataFrame({"city": city}), [column("city", "category")], right)
    worst, best = found.rows
    assert (worst.segment, worst.n_rows, worst.score, worst.stands_out) == ("Paris", 100, 0.5, True)
    assert (best.segment, best.score, best.stands_out) == ("Lyon", 1.0, False)
    assert found.overall == 0.75
    assert worst.worse_by == 0.25


def test_both_halves_of_a_column_are_never_worse_than_the_whole():
    rng = np.random.default_rng(3)
    size = np.array(["small"] * 300 + ["large"] * 300, dtype=object)
    chance = np.clip(np.where(size == "large", 0.7, 0.3) + rng.normal(scale=0.1, size=600), 0.01, 0.99)
    truth = np.where(rng.random(600) < chance, "yes", "no").astype(object)
    ranking = scorer_for(SignPredictor(), get_metric("roc_auc"))
    by_ranking, by_error = (
        segments(
            pd.DataFrame({"size": size}),
            truth,
            np.column_stack([1 - chance, chance]),
            scorer=scorer,
            columns=[column("size", "category")],
            seconds=60,
            seed=0,
        )
        for scorer in (ranking, ranking.of_groups())
    )
    assert by_error.metric == "accuracy"
    assert [row.worse_by > 0 for row in by_ranking.rows] == [True, True]  # which is why it is not used
    assert [row.worse_by > 0 for row in by_error.rows].count(True) < 2


def test_a_mean_over_rows_compares_groups_itself():
    assert scorer_for(SumPredictor(), MAE).of_groups().metric is MAE
    assert scorer_for(SumPredictor(), get_metric("r2")).of_groups().metric.name == "rmse"


def test_of_many_segments_of_pure_luck_none_stands_out():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({f"c{number}": rng.normal(size=600) for number in range(12)})
    found = _found(frame, [column(name) for name in frame], rng.random(600) < 0.8)
    assert found.n_tests == 48
    assert [row.segment for row in found.rows if row.stands_out] == []


def test_numbers_are_parted_into_quarters_named_by_their_ends():
    frame = pd.DataFrame({"age": np.arange(100.0)})
    found = _found(frame, [column("age")], [True] * 99 + [False])
    assert sorted(row.segment for row in found.rows) == ["0 to 24", "25 to 49", "50 to 74", "75 to 99"]


def test_missing_values_are_a_segment_of_their_own():
    frame = pd.DataFrame({"age": [np.nan] * 30 + [1.0] * 30 + [2.0] * 30})
    found = _found(frame, [column("age")], [False] * 30 + [True] * 60)
    assert (found.rows[0].segment, found.rows[0].score, found.rows[0].stands_out) == ("missing", 0.0, True)


def test_dates_are_parted_into_periods():
    frame = pd.DataFrame({"day": pd.date_range("2013-01-01", periods=80, freq="D").astype("datetime64[us]")})
    found = _found(frame, [column("day", "date")], [True] * 79 + [False])
    assert found.rows[0].segment == "2013-03-02 to 2013-03-21"


def test_texts_are_parted_by_length():
    frame = pd.DataFrame({"title": ["x" * (1 + number % 90) for number in range(90)]})
    found = _found(frame, [column("title", "text")], [True] * 89 + [False])
    assert found.rows[0].segment == "61 to 90 characters"


def test_ids_and_segments_of_fewer_than_20_rows_are_left_alone():
    frame = pd.DataFrame({"key": [f"k{number}" for number in range(60)], "kind": ["a"] * 50 + ["b"] * 10})
    found = _found(frame, [column("key", "id"), column("kind", "category")], [True] * 50 + [False] * 10)
    assert [(row.column, row.segment) for row in found.rows] == [("kind", "a")]


def test_a_share_never_leaves_0_to_1():
    frame = pd.DataFrame({"kind": ["a"] * 25 + ["b"] * 75})
    found = _found(frame, [column("kind", "category")], [True] * 24 + [False] + [True] * 74 + [False])
    assert max(row.high for row in found.rows) <= 1.0


def test_a_larger_error_is_worse():
    frame = pd.DataFrame({"kind": ["a"] * 50 + ["b"] * 50})
    truth = np.zeros(100)
    prediction = np.concatenate([np.linspace(1, 3, 50), np.linspace(8, 12, 50)])
    scorer = scorer_for(SumPredictor(), MAE)
    columns = [column("kind", "category")]
    found = segments(frame, truth, prediction, scorer=scorer, columns=columns, seconds=60, seed=0)
    assert [row.segment for row in found.rows] == ["b", "a"]
    assert found.rows[0].worse_by == pytest.approx(4.0)


def test_without_time_scores_are_told_without_intervals_and_nothing_stands_out():
    frame = pd.DataFrame({"kind": ["a"] * 50 + ["b"] * 50})
    truth, prediction = _binary(np.array([True] * 50 + [False] * 50))
    scorer = scorer_for(SignPredictor(), ACCURACY)
    columns = [column("kind", "category")]
    found = segments(frame, truth, prediction, scorer=scorer, columns=columns, seconds=-1, seed=0)
    assert [(row.score, row.low, row.stands_out) for row in found.rows] == [
        (0.0, None, False),
        (1.0, None, False),
    ]

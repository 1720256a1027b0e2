import numpy as np
import pandas as pd
import pytest

from litmus_core.diagnostics import importance
from litmus_core.metrics import get_metric
from tests.diagnostics.fakes import SignPredictor, SumPredictor, column

MAE = get_metric("mae")

ACCURACY = get_metric("accuracy")


def test_a_column_that_decides_everything_drops_the_score_by_half_and_noise_by_nothing(signs):
    predictor, frame, truth = signs
    found = importance(predictor, frame, truth, metric=ACCURACY, seconds=60, seed=1)
    first, second = found.columns
    assert (first.column, second.column) == ("signal", "noise")
    assert first.drop == pytest.approx(0.5, abs=0.08)
    assert first.low > 0.3
    assert (second.drop, second.low, second.high) == (0.0, 0.0, 0.0)


def test_the_interval_holds_the_drop(signs):
    predictor, frame, truth = signs
    first = importance(predictor, frame, truth, metric=ACCURACY, seconds=60, seed=1).columns[0]
    assert first.low < first.drop < first.high


def test_a_loss_that_grows_counts_as_a_positive_drop():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.normal(size=150) for name in ("a", "b", "unused")})
    truth = (frame["a"] + 10 * frame["b"]).to_numpy()
    found = importance(SumPredictor(), frame, truth, metric=MAE, seconds=60, seed=0)
    assert [row.column for row in found.columns] == ["b", "a", "unused"]
    assert found.columns[0].low > 5


def test_it_says_how_many_rows_and_shuffles_it_used(signs):
    predictor, frame, truth = signs
    found = importance(predictor, frame, truth, metric=ACCURACY, seconds=60, seed=1, max_rows=80)
    assert (found.n_rows, found.n_shuffles, found.complete, found.score) == (80, 5, True, 1.0)


def test_all_shuffles_of_a_round_share_a_call(signs):
    predictor, frame, truth = signs
    importance(predictor, frame, truth, metric=ACCURACY, seconds=60, seed=1)
    assert predictor.calls == [200, 400, 400, 400, 400, 400]


def test_when_time_is_up_every_column_still_got_one_shuffle():
    names = [f"c{number}" for number in range(80)]
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(300, 80)), columns=names).assign(signal=1.0)
    predictor = SignPredictor(columns=tuple(column(name) for name in names))
    predictor.predict_proba = lambda rows: np.tile([0.4, 0.6], (len(rows), 1))  # type: ignore[method-assign]
    truth = np.array(["yes", "no", "yes"] * 100, dtype=object)
    found = importance(predictor, frame, truth, metric=ACCURACY, seconds=1e-9, seed=0)
    assert (found.n_rows, found.complete) == (100, False)
    assert [row.n_shuffles for row in found.columns] == [1] * 80


def test_the_same_seed_gives_the_same_answer(signs):
    predictor, frame, truth = signs
    twice = [importance(predictor, frame, truth, metric=ACCURACY, seconds=60, seed=7) for _ in range(2)]
    assert twice[0] == twice[1]


def test_a_class_with_one_row_is_among_the_rows_that_are_shuffled():
    frame = pd.DataFrame({"signal": np.ones(500), "noise": np.arange(500.0)})
    truth = np.array(["yes"] * 499 + ["no"], dtype=object)
    metric = ACCURACY
    found = importance(SignPredictor(), frame, truth, metric=metric, seconds=60, seed=3, max_rows=100)
    assert found.score == 0.99

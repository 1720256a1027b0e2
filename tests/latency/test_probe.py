"""How calls are made and counted, on a predictor that only remembers what it was asked."""

from __future__ import annotations

import pandas as pd
import pytest

from litmus_core.latency._job import figure_of, plain_row
from litmus_core.latency.model_worker import _batch, _time_batches, _time_single_rows


class Recorder:
    def __init__(self) -> None:
        self.asked = []

    def predict(self, rows):
        self.asked.append(rows)


@pytest.fixture
def sample():
    return pd.DataFrame({"x": range(300), "when": pd.Timestamp("2024-05-01")})


def test_one_row_calls_bring_different_rows_as_plain_dicts_after_a_warm_up(sample):
    recorder = Recorder()
    times = _time_single_rows(recorder, sample, n_calls=200, allowed_s=60.0)
    counted = recorder.asked[5:]
    assert len(times) == len(counted) == 200
    assert len({rows[0]["x"] for rows in counted}) == 200
    assert counted[0] == [{"x": 0, "when": "2024-05-01T00:00:00"}]


def test_a_row_that_occurs_twice_is_asked_once_in_a_rotation(sample):
    recorder = Recorder()
    _time_single_rows(recorder, pd.concat([sample, sample]).sort_values("x"), n_calls=200, allowed_s=60.0)
    assert len({rows[0]["x"] for rows in recorder.asked[5:]}) == 200


def test_a_small_sample_is_used_in_rotation(sample):
    recorder = Recorder()
    _time_single_rows(recorder, sample.head(3), n_calls=7, allowed_s=60.0)
    assert [rows[0]["x"] for rows in recorder.asked[3:]] == [0, 1, 2, 0, 1, 2, 0]


def test_without_time_only_the_fewest_one_row_calls_are_made(sample):
    assert len(_time_single_rows(Recorder(), sample, n_calls=200, allowed_s=0.0)) == 20


def test_batches_are_frames_of_exactly_that_many_rows_and_at_most_ten(sample):
    recorder = Recorder()
    times = _time_batches(recorder, sample, batch_rows=100, allowed_s=60.0)
    assert len(times) == 10
    assert {len(batch) for batch in recorder.asked} == {100}


def test_large_batches_are_asked_three_times(sample):
    assert len(_time_batches(Recorder(), sample, batch_rows=1000, allowed_s=60.0)) == 3


def test_without_time_the_first_batch_is_the_figure(sample):
    recorder = Recorder()
    assert len(_time_batches(recorder, sample, batch_rows=100, allowed_s=0.0)) == 1
    assert len(recorder.asked) == 1


def test_a_sample_smaller_than_the_batch_is_repeated(sample):
    assert _batch(sample.head(3), 7, 0)["x"].tolist() == [0, 1, 2, 0, 1, 2, 0]


def test_a_figure_holds_times_that_were_met_in_milliseconds():
    figure = figure_of(1, [0.001 * n for n in range(1, 101)])
    assert (figure.batch_rows, figure.n_calls) == (1, 100)
    assert (figure.p50_ms, figure.p95_ms, figure.p99_ms) == pytest.approx((51.0, 96.0, 100.0))


def test_a_row_is_brought_as_json_would_bring_it():
    row = pd.DataFrame({"n": [1], "x": [float("nan")], "t": [pd.NaT], "s": ["a"]}).to_dict("records")[0]
    assert plain_row(row) == {"n": 1, "x": None, "t": None, "s": "a"}

"""Lives that the benchmark of live verdicts replays in the order of their rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks import _live_in_order
from benchmarks._live_in_order import TABLES, replayed
from benchmarks._live_tables import in_order

N_PROVED, N_LIVE, FELL_AT = 1_000, 8_000, 3_200
TABLE = next(table for table in TABLES if table.problem == "binary")
Live = Callable[[float], dict]


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Live:
    """Return what live through 8,000 answers, of which 80 % are right until the score changes."""

    def lived(right_later: float) -> dict:
        rng = np.random.default_rng(0)
        rows = np.arange(N_PROVED + N_LIVE)
        right = rng.random(len(rows)) < np.where(rows < N_PROVED + FELL_AT, 0.8, right_later)
        truth = rng.integers(0, 2, len(rows))
        second = np.where(truth == right, 0.9, 0.1)
        answered = truth, np.column_stack([1 - second, second]), rng.normal(size=(len(rows), 2)), N_PROVED
        monkeypatch.setattr(_live_in_order, "_answered", lambda *_: answered)
        return replayed(TABLE, "accuracy", 0)

    return lived


def test_a_life_without_a_fall_has_neither_alarm_nor_fall(live: Live):
    life = live(0.8)

    assert (life["alarm"], life["fall"]) == (None, None)
    assert {look["state"] for look in life["looks"]} <= {"probably", "still meets", "doubtful"}
    assert [window["psi"] for window in life["windows"]] == [False] * 4


def test_a_fall_is_dated_by_its_rows_and_found(live: Live):
    life = live(0.65)

    fall, alarm = life["fall"], life["alarm"]
    assert fall["start"] == FELL_AT
    assert FELL_AT < alarm["outcomes"] < alarm["answered"]
    assert min(alarm["next"], alarm["rest"]) > _live_in_order.NEAR
    assert 0 < fall["rows"] < 4 * fall["oracle 95"] < fall["rows at most"]
    assert life["looks"][-1]["state"] == "not any more"


def test_a_look_knows_no_outcome_that_comes_later(live: Live):
    states = [look["state"] for look in live(0.0)["looks"][:10]]

    assert "not any more" not in states[:8]
    assert states[9] == "not any more"


def test_rows_are_in_the_order_of_time():
    table = next(table for table in TABLES if table.name == "computers")

    frame = in_order(table)

    assert len(frame) == 6_259
    assert frame["trend"].is_monotonic_increasing

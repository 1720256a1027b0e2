from __future__ import annotations

import pytest

from app.presenters.training.tuning import present_shares, present_tuning
from litmus_core.types import Hyperparameter, Space, Trial

RATE = Space(low=0.01, high=1.0, log=True)
LEAVES = Space(low=2, high=10, integer=True)
KIND = Space(choices=("gini", None, True))


def trial(number: int, value: float | None, *, metric="accuracy", **facts) -> Trial:
    settings = (
        Hyperparameter(name="rate", value=0.1, space=RATE),
        Hyperparameter(name="leaves", value=2 + number, space=LEAVES),
        Hyperparameter(name="kind", value=("gini", None, True)[number % 3], space=KIND),
    )
    told = {"algorithm": "lightgbm", "state": "finished", "settings": settings, "seconds": 2.0}
    return Trial(number=number, metric=metric, value=value, **told | facts)


TRIALS = [trial(0, 0.8, origin="default"), trial(1, 0.9), trial(2, 0.7), trial(3, 0.85)]
TITLES = {"lightgbm": "Fast boosted trees (LightGBM)"}


def test_a_run_that_was_not_tuned_shows_nothing():
    assert present_tuning([], TITLES) is None


def test_the_reading_names_the_best_and_the_model_as_it_is():
    (view,) = present_tuning(TRIALS, TITLES).algorithms

    assert view.title == "Fast boosted trees (LightGBM)"
    assert view.reading.startswith("4 settings tried in 8")
    assert view.reading.endswith("The best reaches Accuracy 0.900; as it is the model reaches 0.800.")
    assert view.best == (("rate", "0.1"), ("leaves", "3"), ("kind", "none"))


def test_the_best_so_far_follows_the_metrics_direction():
    (up,) = present_tuning(TRIALS, TITLES).algorithms
    (down,) = present_tuning([trial(at, 3.0 - at, metric="rmse") for at in range(3)], TITLES).algorithms

    assert up.history.best == (0.8, 0.9, 0.9, 0.9)
    assert down.history.best == (3.0, 2.0, 1.0)
    assert not down.settings.higher_is_better


def test_axes_have_the_scale_of_their_space():
    (view,) = present_tuning(TRIALS, TITLES).algorithms
    rate, leaves, kind = view.settings.axes

    assert rate.places == pytest.approx((-1.0, -1.0, -1.0, -1.0))
    assert rate.tick_words == ("0.01", "0.1", "1")
    assert leaves.places == (2.0, 3.0, 4.0, 5.0)
    assert leaves.ticks == (2.0, 6.0, 10.0)
    assert kind.tick_words == ("gini", "none", "true")
    assert kind.places == (0.0, 1.0, 2.0, 0.0)


def test_what_was_not_finished_is_counted_and_not_drawn():
    told = [*TRIALS, trial(4, None, state="given up"), trial(5, None, state="failed")]
    (view,) = present_tuning(told, TITLES).algorithms

    assert "1 given up early. 1 failed." in view.reading
    assert view.history.numbers == (1, 2, 3, 4)


def test_nothing_finished_is_said():
    (view,) = present_tuning([trial(0, None, state="failed")], TITLES).algorithms

    assert view.reading.endswith("None was finished, so it was trained as it is.")
    assert view.history is None


def test_a_second_entry_of_a_card_has_its_number():
    told = [*TRIALS, trial(0, 0.5, algorithm="lightgbm-2")]

    assert [each.title for each in present_tuning(told, TITLES).algorithms] == [
        "Fast boosted trees (LightGBM)",
        "Fast boosted trees (LightGBM), 2",
    ]


def test_what_mattered_most_comes_first():
    view = present_shares({"leaves": 0.2, "rate": 0.8})

    assert view.names == ("rate", "leaves")
    assert view.reading == "**rate** made 80\u202f% of the difference between the trials."
    assert present_shares({}) is None

from __future__ import annotations

import random

from litmus_core.engine import importances
from litmus_core.types import Hyperparameter, Space, Trial

UNIT = Space(low=0.0, high=1.0)


def trials(n: int, value) -> list[Trial]:
    rng = random.Random(0)
    found = []
    for number in range(n):
        matters, does_not = rng.random(), rng.random()
        settings = (
            Hyperparameter(name="does_not", value=does_not, space=UNIT),
            Hyperparameter(name="matters", value=matters, space=UNIT),
        )
        told = {"algorithm": "mine", "number": number, "metric": "rmse", "state": "finished"}
        found.append(Trial(settings=settings, value=value(matters), **told))
    return found


def test_what_made_the_difference_comes_first():
    found = importances(trials(40, lambda matters: matters**2))

    assert list(found) == ["matters", "does_not"]
    assert found["matters"] > 0.8
    assert abs(sum(found.values()) - 1) < 1e-9


def test_too_few_trials_or_no_difference_say_nothing():
    assert importances(trials(5, lambda matters: matters)) == {}
    assert importances(trials(40, lambda _: 1.0)) == {}
    assert importances([]) == {}


def test_trials_that_were_not_finished_do_not_count():
    given_up = Trial(algorithm="mine", number=99, metric="rmse", state="given up")

    assert importances([*trials(40, lambda matters: matters), given_up])

"""Someone's own code after the model: where it has no answer, row, answer and what to do are said."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from litmus_core.errors import NoAnswerError
from litmus_core.runtime import DECODE, CustomStep


class Exponential:
    """Takes numbers back from logarithms, and has no number for the largest."""

    def decode(self, answers: Any) -> Any:
        return [math.exp(each) for each in answers]


class Silent(Exponential):
    """Gives what is not a finite number where the other one stops."""

    def decode(self, answers: Any) -> Any:
        with np.errstate(over="ignore"):
            return np.exp(answers)


class Apologetic(Exponential):
    """Gives words."""

    def decode(self, answers: Any) -> Any:
        return ["sorry"] * len(answers)


def step(made: Any, **state: Any) -> CustomStep:
    return CustomStep("kinds:Exponential", DECODE | state, columns=(), open_object=lambda: made)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Exponential(), "stopped: OverflowError: math range error; the first such row is row 3 of 5"),
        (Silent(), "gave inf, which is not a finite number, for row 3 of 5"),
    ],
)
def test_a_row_whose_answer_overflows_is_named(made: Any, said: str) -> None:
    with pytest.raises(NoAnswerError) as caught:
        step(made).apply(np.array([1.0, 2.0, 3.0, 812.25, 900.0]), None)

    assert said in caught.value.message
    assert caught.value.message.endswith("(from 0), for which the model predicts 812.25.")
    assert "np.clip" in caught.value.hint


def test_what_is_no_number_is_said() -> None:
    with pytest.raises(NoAnswerError, match="Your step Exponential returned a value that is not a number"):
        step(Apologetic()).apply(np.array([1.0]), None)


def test_probabilities_that_are_none_are_said_with_their_row() -> None:
    class Off:
        def decode(self, answers: Any) -> Any:
            return answers * np.array([[1.0], [1.0], [2.0]])

    with pytest.raises(NoAnswerError, match=r"do not sum to 1, for row 2 of 3 \(from 0\)"):
        step(Off()).apply(np.full((3, 2), 0.5), None)


def test_code_that_takes_long_is_not_asked_again_for_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    clock = iter(range(0, 10_000, 100))
    monkeypatch.setattr("litmus_core.runtime._postprocess._custom.time.monotonic", lambda: float(next(clock)))

    class Slow:
        def decode(self, answers: Any) -> Any:
            calls.append(len(answers))
            raise ValueError("too late")

    with pytest.raises(NoAnswerError, match=r"ValueError: too late\. A"):
        step(Slow()).apply(np.arange(8.0), None)
    assert calls == [8]

import numpy as np
import pandas as pd
import pytest

from litmus_core.diagnostics import what_if
from tests.diagnostics.fakes import SignPredictor, SumPredictor


def test_the_value_that_decides_has_all_the_effect():
    background = pd.DataFrame({"signal": [-1.0] * 10 + [1.0] * 10, "noise": np.arange(20.0)})
    found = what_if(SignPredictor(), {"signal": 2.0, "noise": 5.0}, background)
    assert (found.answer, found.probability) == ("yes", 0.9)
    assert [(push.column, round(push.effect, 3)) for push in found.pushes] == [
        ("signal", 0.4),
        ("noise", 0.0),
    ]
    assert found.pushes[0].sentence == (
        "signal = 2 raises the probability of “yes”: 0.900 with it, 0.500 on average with other rows' values."
    )
    assert found.pushes[1].sentence == "noise = 5 made no difference to the probability of “yes”."


def test_everything_is_asked_in_one_call_of_at_most_thirty_background_rows():
    predictor = SignPredictor()
    background = pd.DataFrame({"signal": np.ones(500), "noise": np.ones(500)})
    found = what_if(predictor, {"signal": 2.0, "noise": 5.0}, background)
    assert predictor.calls == [61]
    assert found.n_background == 30


def test_probabilities_come_most_probable_first():
    background = pd.DataFrame({"signal": [1.0], "noise": [1.0]})
    found = what_if(SignPredictor(), {"signal": -2.0, "noise": 0.0}, background)
    assert list(found.probabilities.items()) == [("no", 0.9), ("yes", 0.1)]


def test_in_regression_the_effect_is_in_the_targets_unit():
    background = pd.DataFrame({"a": [0.0, 0.0], "b": [1.0, 3.0], "unused": [0.0, 0.0]})
    found = what_if(SumPredictor(), {"a": 5.0, "b": 10.0, "unused": 1.0}, background)
    assert (found.answer, found.probability, found.probabilities) == (105.0, None, {})
    assert [(push.column, push.effect) for push in found.pushes] == [("b", 80.0), ("a", 5.0), ("unused", 0.0)]


def test_a_threshold_decides_the_answer_and_the_effect_is_on_that_class():
    background = pd.DataFrame({"signal": [1.0], "noise": [1.0]})
    found = what_if(SignPredictor(threshold=0.05), {"signal": -1.0, "noise": 1.0}, background)
    assert (found.answer, found.probability) == ("yes", 0.1)
    assert found.pushes[0].effect == pytest.approx(-0.8)


def test_without_background_rows_there_is_an_answer_and_no_pushes():
    background = pd.DataFrame({"signal": [], "noise": []})
    found = what_if(SignPredictor(), {"signal": 1.0, "noise": None}, background)
    assert (found.answer, found.pushes) == ("yes", ())


def test_a_model_that_is_not_sure_enough_says_so_and_what_it_would_have_said():
    predictor = SignPredictor(abstain_below=0.95, abstain_label="don't know")
    found = what_if(predictor, {"signal": 1.0, "noise": 0.0}, pd.DataFrame({"signal": [1.0], "noise": [0.0]}))
    assert (found.answer, found.unsure_of, found.probability) == ("don't know", "yes", 0.9)

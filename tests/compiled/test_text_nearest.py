"""The step of nearest texts: what is near counts, each row on its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from litmus_core.compiled import PlanStep
from litmus_core.compiled._runners import runner_of
from litmus_core.engine._text_models.nearest import _index_of
from litmus_core.frame import Features

KNOWN = ["acme fridge x100", "acme fridge x200", "zeta phone p7", "zeta phone p8", "big screen 40"]


def features(*columns: list[str]) -> Features:
    nothing = np.zeros((len(columns[0]), 0))
    return Features(nothing, nothing.astype(np.uint8), nothing.astype(np.int32), columns)


def step(*, neighbours: int = 2, sharpness: float = 2.0, doubt: float = 0.1, **arrays: Any) -> PlanStep:
    index = {f"text0.{name}": values for name, values in _index_of(KNOWN).items()}
    settings = {
        "texts": [{"text": 0, "name": "text0", "characters": 100}],
        "neighbours": neighbours,
        "sharpness": sharpness,
        "doubt": doubt,
    }
    return PlanStep(id="it", kind="text_nearest", settings=settings, arrays={**index, **arrays})


def kinds(**settings: Any) -> PlanStep:
    return step(codes=np.array([0, 0, 1, 1, 2], dtype=np.int32), prior=np.array([0.4, 0.4, 0.2]), **settings)


def test_the_nearest_texts_say_what_a_new_one_is():
    shares = runner_of(kinds()).run(features(["Acme Fridge X300", "phone p8", "a screen"]), {})
    assert shares.argmax(axis=1).tolist() == [0, 1, 2]
    assert shares.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-6)


def test_a_text_without_a_known_word_gets_the_prior():
    shares = runner_of(kinds()).run(features(["nothing like it", ""]), {})
    assert shares == pytest.approx(np.array([[0.4, 0.4, 0.2]] * 2))


def test_a_known_text_counts_as_one_and_the_prior_as_the_doubt():
    shares = runner_of(kinds(neighbours=1)).run(features(["big screen 40"]), {})
    assert shares[0] == pytest.approx(np.array([0.04, 0.04, 1.02]) / 1.1, abs=1e-6)


def test_one_row_gets_exactly_what_it_gets_within_a_batch():
    texts = ["acme phone x100 p7", "zeta", "", "fridge fridge x200", "40 big big screen"]
    runner = runner_of(kinds())
    together = runner.run(features(texts), {})
    for place, text in enumerate(texts):
        assert (runner.run(features([text]), {})[0] == together[place]).all()


def test_of_equally_near_texts_all_count():
    shares = runner_of(kinds(neighbours=1)).run(features(["acme fridge"]), {})
    assert shares[0, 0] > 0.7
    alike = runner_of(kinds(neighbours=2)).run(features(["acme fridge"]), {})
    assert (alike == shares).all()


def test_values_are_a_mean_and_two_classes_the_second_one_s_share():
    values = step(values=np.array([1.0, 3.0, 10.0, 10.0, 50.0]), prior=np.array([14.8]), doubt=1e-9)
    assert runner_of(values).run(features(["acme fridge"]), {}) == pytest.approx([2.0])
    two = step(codes=np.array([0, 0, 1, 1, 0], dtype=np.int32), prior=np.array([0.6, 0.4]), doubt=1e-9)
    assert runner_of(two).run(features(["zeta phone", "big screen"]), {}) == pytest.approx(
        [1.0, 0.0], abs=1e-6
    )


def test_weights_make_a_known_text_count_more():
    codes, prior = np.array([0, 1, 2, 2, 2], dtype=np.int32), np.array([0.2, 0.2, 0.6])
    heavy = np.array([1.0, 3.0, 1.0, 1.0, 1.0])
    found = runner_of(step(codes=codes, prior=prior, weights=heavy)).run(features(["acme fridge"]), {})
    assert found[0, 1] > 2.0 * found[0, 0]


def test_several_texts_are_near_together():
    index = {f"text1.{name}": values for name, values in _index_of(["a", "b", "a", "b", "a"]).items()}
    both = kinds()
    texts = [*both.settings["texts"], {"text": 1, "name": "text1", "characters": 100}]
    both = PlanStep(
        id="it",
        kind=both.kind,
        settings={**both.settings, "texts": texts, "neighbours": 1},
        arrays={**both.arrays, **index},
    )
    found = runner_of(both).run(features(["acme fridge", "zeta phone"], ["b", "a"]), {})
    assert found.argmax(axis=1).tolist() == [0, 1]

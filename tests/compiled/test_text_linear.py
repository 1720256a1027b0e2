"""N-grams of a text find their weights, alone and in a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep
from litmus_core.compiled._runners import runner_of
from litmus_core.compiled._steps.text_linear import Keys
from litmus_core.frame import Features, word_ngrams


def features(texts: list[str]) -> Features:
    n_rows = len(texts)
    return Features(
        np.zeros((n_rows, 0)), np.zeros((n_rows, 0), np.uint8), np.zeros((n_rows, 0), np.int32), (texts,)
    )


def answer(words: dict[str, float], texts: list[str], *, characters: int = 100) -> list[float]:
    """Return the answers of a model that knows ``words`` with their weights; idf is 1."""
    found = word_ngrams(list(words), orders=[1]).key
    order = np.argsort(found)
    weights = np.array(list(words.values()), dtype=np.float64)[order]
    facts = {"name": "w", "text": 0, "cut": "word", "orders": [1], "characters": characters}
    arrays: dict[str, Any] = {
        "offset": np.array([10.0]),
        "w.keys": found[order],
        "w.idf": np.ones(len(words)),
        "w.weights": weights.reshape(-1, 1),
    }
    settings = {"vocabularies": [facts], "link": {"kind": "identity"}}
    runner = runner_of(PlanStep(id="it", kind="text_linear", settings=settings, arrays=arrays))
    together = runner.run(features(texts), {})
    alone = [runner.run(features([text]), {}) for text in texts]
    assert np.array_equal(np.concatenate(alone), together)
    return [float(each) for each in together]


def test_a_text_adds_its_words_weights_over_the_texts_length():
    assert answer({"red": 3.0, "lid": 4.0}, ["a red", "Red lid!", "box", ""]) == [
        13.0,
        float(np.float32(10 + 7 / np.sqrt(2))),
        10.0,
        10.0,
    ]


def test_a_repeated_word_counts_by_its_logarithm():
    first = 1 + np.log(2)
    wanted = 10 + (3 * first + 4) / np.sqrt(first**2 + 1)

    assert answer({"red": 3.0, "lid": 4.0}, ["red lid red", "box"])[0] == float(np.float32(wanted))


def test_what_comes_after_the_last_character_that_is_read_does_not_count():
    assert answer({"red": 3.0, "lid": 4.0}, ["red lid", "box"], characters=4) == [13.0, 10.0]


def test_a_model_without_any_word_answers_its_offset():
    assert answer({}, ["red", "lid"]) == [10.0, 10.0]


def test_keys_are_found_wherever_they_lie():
    rng = np.random.default_rng(0)
    ends = np.array([0, 2**64 - 1], dtype=np.uint64)
    keys = np.unique(np.concatenate([rng.integers(0, 2**64, 5_000, dtype=np.uint64), ends]))
    wanted = np.concatenate([keys[::3], keys[::7] + np.uint64(1)])

    place, known = Keys(keys).places(wanted)
    there = np.isin(wanted, keys)
    assert np.array_equal(known, there.nonzero()[0])
    assert np.array_equal(keys[place], wanted[known])

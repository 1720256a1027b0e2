from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from litmus_core.frame import Ngrams, char_ngrams, word_ngrams
from tests.cases import examples

TEXTS = st.lists(st.text(max_size=20) | st.sampled_from(["a b", "A  b", "", "é-e", "x_1 x_1"]), max_size=5)


def profile(found: Ngrams, n_rows: int) -> list[list[int]]:
    """How often each n-gram of a row occurs, without the names of the keys."""
    return [sorted(Counter(found.key[found.row == row].tolist()).values()) for row in range(n_rows)]


@settings(max_examples=examples(40))
@given(TEXTS)
def test_character_ngrams_are_those_that_slicing_finds(texts: list[str]) -> None:
    expected = []
    for text in texts:
        clean = f" {' '.join(text.lower().split())} "
        expected.append(Counter(clean[i : i + n] for n in (2, 3) for i in range(len(clean) - n + 1)))
    found = char_ngrams(texts, orders=[2, 3])
    assert profile(found, len(texts)) == [sorted(each.values()) for each in expected]
    assert np.unique(found.key).size == len(set().union(*expected))


@settings(max_examples=examples(40))
@given(TEXTS)
def test_a_text_has_the_same_keys_alone_and_among_others(texts: list[str]) -> None:
    for cut in (char_ngrams, word_ngrams):
        together = cut(texts, orders=[1, 2])
        for row, text in enumerate(texts):
            assert cut([text], orders=[1, 2]).key.tolist() == together.key[together.row == row].tolist()


def test_words_end_at_punctuation_and_case_does_not_matter() -> None:
    found = word_ngrams(["The cat, the CAT!", "piñata café", "pinata cafe"], orders=[1])
    assert profile(found, 3) == [[2, 2], [1, 1], [1, 1]]
    assert np.unique(found.key).size == 6


def test_word_pairs_do_not_reach_into_the_next_text() -> None:
    assert word_ngrams(["one", "two three"], orders=[2]).row.tolist() == [1]


def test_nothing_is_found_in_no_texts() -> None:
    assert char_ngrams([], orders=[2]).key.size == 0
    assert word_ngrams([""], orders=[1]).key.size == 0

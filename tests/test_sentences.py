"""Sentences that Litmus shows are short, easy to read, and free of the phrases that the glossary replaces."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import textstat

from tests.sentences import n_words, sentences, sentences_in_code, sentences_in_documents

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"
MOST_WORDS = 25


def replaced_phrases() -> re.Pattern[str]:
    """Return the phrases of the glossary's last table."""
    table = GLOSSARY.read_text(encoding="utf-8").partition("| instead of | say |\n|---|---|\n")[2]
    phrases = [each for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for each in row.split(", ")]
    assert len(phrases) > 5
    return re.compile(rf"\b({'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)


def test_no_sentence_is_longer_than_25_words() -> None:
    shown = list(sentences_in_code())

    assert len(shown) > 2000
    assert [f"{place}: {each}" for place, each in shown if n_words(each) > MOST_WORDS] == []


def test_no_sentence_of_the_readme_and_the_guides_is_longer_than_25_words() -> None:
    written = list(sentences_in_documents())

    assert len(written) > 1000
    assert [f"{place}: {each}" for place, each in written if n_words(each) > MOST_WORDS] == []


def test_no_text_says_a_phrase_that_the_glossary_replaces() -> None:
    replaced = replaced_phrases()

    assert [f"{place}: {each}" for place, each in sentences_in_code(fewest=2) if replaced.search(each)] == []


def test_sentences_are_easy_to_read() -> None:
    """Half of them after eight years of school, nearly all after twelve (Flesch and Kincaid's grade)."""
    grades = [textstat.flesch_kincaid_grade(each) for _, each in sentences_in_code()]

    assert len(grades) > 2000
    assert np.median(grades) <= 8
    assert np.quantile(grades, 0.95) <= 12


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is short. It flags {n:,} of the customers, 3.5 % of them rightly.", 1),
        (
            "Read the table of prices in Python with read_csv(decimal=',').{more} Then import "
            "the same file once more from here.",
            2,
        ),
        ("The model is ready", 0),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, found: int) -> None:
    assert len(list(sentences(text))) == found

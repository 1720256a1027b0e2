"""Rows unlike those that a model learned from are predicted, and named: once a column, with examples."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core import load_bundle
from litmus_core.runtime import DriftMonitor, DriftWarning
from litmus_core.runtime._drift.learned import LearnedCategories, LearnedNumbers
from litmus_core.types import Column
from tests import tiny

FAR = pd.DataFrame([tiny.ROW | {"size": 5_000.0}] * 30)
SIZE = (
    "'size': half of its values are above 5,000 here, and above 4 in the model's example rows. "
    "Of 30 values checked, 30 lie outside the learned range 1 to 60. Check its unit."
)


def categories(*vocabulary: str, new: int = 0) -> LearnedCategories:
    """A column whose twenty example rows have known categories, but for ``new`` of them."""
    column = Column(name="sex", original_name="sex", kind="category", storage="VARCHAR")
    known = [vocabulary[at % len(vocabulary)] for at in range(20 - new)]
    examples = (*known, *(f"new {at}" for at in range(new)))
    return LearnedCategories(column=column, vocabulary=vocabulary, examples=examples)


def numbers(low: float, high: float, *, examples: tuple[float, float] | None = None) -> LearnedNumbers:
    """A column of numbers, and twenty example rows from ``low`` to ``high``, or elsewhere."""
    column = Column(name="price", original_name="price", kind="number", storage="DOUBLE")
    typical = np.linspace(*(examples or (low, high)), 20)
    return LearnedNumbers(column=column, low=low, high=high, examples=typical)


def notes(learned: Any, values: list[Any], n_rows: int = 60) -> str:
    """What is said of ``values``, repeated in a table of ``n_rows`` rows."""
    monitor = DriftMonitor(lambda: (learned,))
    rows = (values * n_rows)[:n_rows]
    monitor.observe({learned.column.name: rows}, n_rows)
    return "\n".join(monitor.notes())


@pytest.mark.parametrize(
    ("learned", "values", "message"),
    [
        (
            categories("F", "M"),
            ["male", "female", "female"],
            "'sex': of 60 values checked, the model learned none. It learned 'F' and 'M'; these rows have "
            "'female' and 'male'. Predictions treat them as unknown. If only their spelling changed, spell "
            "them as in training.",
        ),
        (
            categories("Female", "Male"),
            ["male ", "FEMALE"],
            "'sex': of 60 values checked, the model learned none. They differ from learned ones in letter "
            "case or spaces: 'male ' was 'Male' in training, 'FEMALE' was 'Female' in training. Predictions "
            "treat them as unknown. If only their spelling changed, spell them as in training.",
        ),
        (
            categories("Süd", "Nord"),
            ["Su\u0308d", "Nord", "Nord"],
            "'sex': 20 of 60 values checked look like learned ones, such as 'Süd'. They are other Unicode "
            "letters, so predictions treat them as unknown. Normalise texts as in training, usually to NFC.",
        ),
        (
            categories("00501", "10001", "0101"),
            ["501", "10001", "101"],
            "'sex': none of 60 values checked begins with 0, as codes did in training. '501' may be "
            "'00501' and '101' may be '0101'. Codes differ in length, so no zeros were added; write them as "
            "in training.",
        ),
        (
            categories("07", "08", "12", "7"),
            ["7", "12"],
            "'sex': none of 60 values checked begins with 0, as codes did in training. '7' may be '07'. "
            "Codes differ in length, so no zeros were added; write them as in training.",
        ),
    ],
    ids=["renamed", "case and spaces", "decomposed letters", "lost zeros", "lost zeros that are other codes"],
)
def test_categories_that_the_model_does_not_know_are_named(learned, values, message):
    assert notes(learned, values) == message


@pytest.mark.parametrize(
    ("learned", "values"),
    [
        (categories("F", "M"), ["male"] * 9 + ["M"]),
        (categories("F", "M", new=12), ["other"]),
        (categories("00501", "10001"), ["10001"]),
        (categories("00501", "10001"), ["501", "00501"]),
        (categories("F", "M"), [None]),
    ],
    ids=["some are known", "new ones are usual", "none lost a zero", "some have theirs", "all are missing"],
)
def test_nothing_is_said_of_categories_that_were_to_be_expected(learned, values):
    assert notes(learned, values) == ""


@pytest.mark.parametrize(
    ("learned", "values", "message"),
    [
        (
            numbers(10.0, 250.0),
            [45_000.0, 60_000.0, 52_000.0],
            "'price': half of its values are above 52,000 here, and above 130 in the model's example rows. "
            "Of 60 values checked, 60 lie outside the learned range 10 to 250. Check its unit.",
        ),
        (
            numbers(0.0, 90_000.0, examples=(10_000.0, 80_000.0)),
            [0.0, 45.0, 60.0],
            "'price': half of its values are above 45 here, and above 45,000 in the model's example rows. "
            "They lie in the learned range, 0 to 90,000, but beyond nearly all example rows. Check its unit.",
        ),
        (
            numbers(950.0, 9_800.0),
            ["1.234", "2.500", "990"],
            "'price': 40 of 60 values checked were read as decimals, such as 1.234. Only times 1,000 "
            "(1,234) do they lie in the learned range, 950 to 9,800. Check whether the point separates "
            "thousands there, and the unit.",
        ),
    ],
    ids=["thousands of units", "units of thousands", "thousands with a dot"],
)
def test_numbers_on_another_scale_are_named(learned, values, message):
    assert notes(learned, values) == message


@pytest.mark.parametrize(
    ("learned", "values"),
    [
        (numbers(2010.0, 2024.0), [2025.0, 2026.0]),
        (numbers(0.0, 100.0, examples=(90.0, 400.0)), [450.0]),
        (numbers(0.0, 9.0), ["1.234", "2.500"]),
        (numbers(0.0, 100.0), [20.0]),
    ],
    ids=["later years", "beyond the range as examples are", "decimals", "inside"],
)
def test_nothing_is_said_of_numbers_that_were_to_be_expected(learned, values):
    assert notes(learned, values) == ""


def test_too_few_rows_say_nothing() -> None:
    assert notes(categories("F", "M"), ["male"], n_rows=29) == ""
    assert notes(categories("F", "M"), ["male"], n_rows=30) != ""


def test_python_is_warned_at_its_own_line_and_gets_its_predictions(tmp_path: Path) -> None:
    tiny.bundle(tmp_path / "bundle")
    bundle = load_bundle(tmp_path / "bundle")
    with pytest.warns(DriftWarning) as warned:
        assert len(bundle.predict(FAR)) == len(bundle.predict_proba(FAR.to_dict("records"))) == 30

    assert [str(warning.message) for warning in warned] == [SIZE, SIZE]
    assert {warning.filename for warning in warned} == {__file__}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bundle.predict(FAR[:29])
        bundle.predict(FAR.assign(size=5.0))

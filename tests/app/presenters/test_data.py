"""Data's data: readiness in one sentence, columns as cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from app.components._column_cards import cards_html
from app.presenters.tables.data import present_cards, present_table, readiness
from app.presenters.tables.first_rows import present_first_rows
from litmus_core.data import ColumnProfile, Histogram, NumberFigures, Profile, ValueCount
from litmus_core.types import Column, Experiment
from tests.app.presenters.facts import AT, task
from tests.app.presenters.test_target import VERSION

PRICE = ColumnProfile(
    name="price",
    kind="number",
    storage="DOUBLE",
    n_rows=1000,
    n_missing=30,
    n_distinct=400,
    numbers=NumberFigures(low=12.0, high=8300.0, quartiles=(None, 250.5, None)),
    histogram=Histogram(counts=(10, 40, 0), edges=(0, 1, 2, 3), labels=("0 to 1", "1 to 2", "2 to 3")),
)
LABEL = ColumnProfile(
    name="label",
    kind="category",
    storage="VARCHAR",
    n_rows=1000,
    n_missing=0,
    n_distinct=2,
    top=(ValueCount(value="<b>Fridges</b>", n_rows=840), ValueCount(value="TVs", n_rows=160)),
)
EMPTY = ColumnProfile(name="notes", kind="text", storage="VARCHAR", n_rows=1000, n_missing=1000, n_distinct=0)
SAME = ColumnProfile(name="shop", kind="category", storage="VARCHAR", n_rows=1000, n_missing=0, n_distinct=1)


def profile(*columns: ColumnProfile) -> Profile:
    return Profile(dataset_version_id=VERSION.id, n_rows=1000, columns=columns)


def test_a_good_table_is_ready_in_one_sentence():
    found = readiness(VERSION, profile(PRICE, LABEL))
    assert (found.sentence, found.missing, found.is_ready) == ("25,000 rows, 5 columns, ready.", "", True)


def test_a_table_with_nothing_to_learn_from_is_not_called_ready():
    for found in (
        readiness(VERSION, profile(LABEL, EMPTY, SAME)),
        readiness(replace(VERSION, n_rows=19), profile(PRICE, LABEL)),
    ):
        assert found.sentence.endswith("too little to learn from.")
        assert (found.missing, found.is_ready) == (
            "A table needs 20 rows, and two columns whose values differ.",
            False,
        )


def test_a_number_is_drawn_as_a_histogram_and_read_in_a_line():
    card = present_cards(profile(PRICE), VERSION)[0]
    assert card.plot.heights == (0.25, 1.0, 0.0)
    assert card.plot.reading == "Most values of price: 1 to 2."
    assert card.detail.replace("\u202f", " ") == "12 to 8,300, middle 250.5, 3 % missing"


def test_estimates_are_said_to_be_about():
    estimated = ("lower_quartile", "quartiles", "upper_quartile", "n_distinct")
    detail = present_cards(profile(replace(PRICE, n_missing=0, estimated=estimated)), VERSION)[0].detail
    assert detail == "12 to 8,300, middle about 250.5"
    detail = present_cards(profile(replace(LABEL, n_distinct=120_000, estimated=("n_distinct",))), VERSION)[
        0
    ].detail
    assert detail == "about 120,000 different values"


def test_years_are_written_without_a_comma():
    year = replace(
        PRICE,
        name="year",
        numbers=NumberFigures(low=2007.0, high=2009.0, quartiles=(None, 2008.0, None)),
        n_missing=0,
    )
    assert present_cards(profile(year), VERSION)[0].detail == "2007 to 2009, middle 2008"


def test_few_missing_rows_are_not_said_to_be_none():
    assert present_cards(profile(replace(PRICE, n_missing=5)), VERSION)[0].detail.endswith(
        "under 1\u202f% missing"
    )


def test_a_category_shows_its_most_frequent_values():
    card = present_cards(profile(LABEL), VERSION)[0]
    assert [(bar.label, bar.share) for bar in card.plot.bars] == [("<b>Fridges</b>", 0.84), ("TVs", 0.16)]


def test_what_a_table_holds_is_never_markup():
    assert "<b>Fridges</b>" not in cards_html(present_cards(profile(LABEL), VERSION))
    assert "&lt;b&gt;Fridges&lt;/b&gt;" in cards_html(present_cards(profile(LABEL), VERSION))


def test_a_table_in_use_says_by_whom():
    experiment = Experiment(id="ex_0000000001", name="Which label?", task=task(), created_at=AT)
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    view = present_table(VERSION, [VERSION], [experiment], now=now)
    assert view.users == ("Which label?",)
    assert view.detail.replace("\u202f", " ") == "Takes 1.0 MB in 1 version. 1 experiment rests on it."
    assert view.versions[0].label == "Version 1: 25,000 rows, 2 hours ago"


def test_money_has_its_sign_in_cards_and_first_rows():
    amount = Column(
        name="price", original_name="price", kind="money", storage="DOUBLE", written_as="thousands; unit EUR"
    )
    priced = replace(VERSION, columns=(amount,))
    assert present_cards(profile(PRICE), priced)[0].detail.startswith("€12 to €8,300, middle €250.5")
    rows = present_first_rows(priced, priced, pd.DataFrame({"price": [3105.47, 7728.0, None]}))
    assert rows.columns[0].cells == ("€3,105.47", "€7,728.00", "")
    whole = present_first_rows(priced, priced, pd.DataFrame({"price": [7728.0]}))
    assert whole.columns[0].cells == ("€7,728",)

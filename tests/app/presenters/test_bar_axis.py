"""Experiments on one axis: what is judged by different measures stands between guessing and the bar."""

from __future__ import annotations

import pytest

from app.presenters.results.bar_axis import present_axis
from app.views.results.bar_axis import axis_html, axis_title
from litmus_core.types import Bar, Score
from tests.app.presenters.facts import summary, task, verdict

HALF = verdict("misses", value=0.53, baseline=0.16)  # half of the way from 0.16 to 0.9
PRICE = verdict(
    "meets",
    score=Score(metric="rmse", value=500.0, low=450.0, high=550.0, n_rows=900),
    baseline=1600.0,
    bar=Bar(metric="rmse", op="<=", value=600.0),
    gap=-100.0,
)


def test_lower_is_better_stands_on_the_same_axis_as_higher_is_better():
    price, half = present_axis([summary(1, judged=HALF), summary(2, judged=PRICE)]).rows
    view = present_axis([summary(1, judged=HALF), summary(2, judged=PRICE)])
    assert (price.name, half.name) == ("Experiment 2", "Experiment 1")
    assert half.place.point == pytest.approx((view.guessing + view.bar) / 2)
    assert view.bar < price.place.low < price.place.point < price.place.high
    assert half.gap == "37.00 points short of the bar, 50\u202f% of the way"
    assert price.gap == "100 better than the bar"
    assert price.place.reading == (
        "110\u202f% of the way from guessing to the bar, likely 105\u202f% to 115\u202f%"
    )


def test_a_gap_too_small_to_be_seen_is_none():
    (row,) = present_axis([summary(1, judged=verdict("undecided", gap=-0.000001))]).rows
    assert row.gap.startswith("exactly at the bar")


def test_the_grade_stands_with_its_chance_in_words():
    (row,) = present_axis([summary(1, judged=verdict("undecided", probability_passes=0.45))]).rows
    assert (row.mark, row.words) == ("◑", "Toss-up: 45\u202f% chance")


def test_what_has_no_way_to_a_bar_is_listed_without_a_place():
    no_bar = verdict("no bar", bar=None, gap=None, probability_passes=None)
    low_bar = verdict("meets", bar=Bar(metric="accuracy", op=">=", value=0.1), gap=-0.83)
    rows = present_axis(
        [summary(1, judged=no_bar), summary(2, status="running"), summary(3, judged=low_bar)]
    ).rows
    assert [(row.words, row.place) for row in rows] == [
        ("Meets the bar: 97\u202f% chance", None),
        ("No bar set", None),
        ("Training now", None),
    ]
    assert [row.page for row in rows] == ["results", "results", "train"]


def test_what_is_far_off_the_axis_is_an_arrow_at_its_end():
    low_bar = Bar(metric="accuracy", op=">=", value=0.2)
    far = verdict("meets", baseline=0.16, bar=low_bar, gap=-0.73)
    (row,) = present_axis([summary(1, judged=far)]).rows
    assert (row.place.point, row.place.beyond) == (1.0, "→")
    assert "of the way" not in row.gap  # 1,925 % of next to nothing


def test_a_long_list_says_that_it_is_cut():
    view = present_axis([summary(n) for n in range(1, 23)])
    assert len(view.rows) == 20
    assert view.more == "These are the 20 most ready of 22; filter to see others."


def test_a_name_that_looks_like_html_is_text():
    (html,) = [axis_html(present_axis([summary(1, judged=HALF, name="<b>x</b>", of=task())]))]
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>" not in html


def test_without_a_bar_there_is_no_axis():
    no_bar = verdict("no bar", bar=None, gap=None, probability_passes=None)
    bare, mixed = ([summary(1, judged=no_bar)], [summary(1, judged=no_bar), summary(2, judged=HALF)])
    assert "No bar set" in axis_html(present_axis(bare))
    assert ["litmus-way-line" in axis_html(present_axis(rows)) for rows in (bare, mixed)] == [False, True]
    assert [axis_title(present_axis(rows)) for rows in (bare, mixed)] == [
        "Open an experiment",
        "How far each is from its bar",
    ]

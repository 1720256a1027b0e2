"""The verdict banner's data."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.components._interval import strip_html
from app.presenters.results.decision import present_decision
from app.presenters.results.verdict import present_strip, present_verdict
from litmus_core.text import unbroken
from litmus_core.types import Bar, Caution, ErrorCases, RightCases
from litmus_core.verdicts import caution_sentence, evidence_sentence, judgement_sentence, unit_of
from tests.app.presenters.facts import BAR, TOO_SLOW, score, task, verdict


def test_a_verdict_is_shown_as_word_shape_and_colour():
    view = present_verdict(verdict("undecided", probability_passes=0.05), n_evaluations=1)
    assert (view.word, view.icon, view.tone) == ("Probably misses the bar", ":material/thumb_down:", "near")


@pytest.mark.parametrize(("chance", "said"), [(0.999, "more than 99"), (0.003, "less than 1"), (0.07, "7")])
def test_the_certainty_is_never_said_to_be_complete(chance, said):
    view = present_verdict(verdict(probability_passes=chance), n_evaluations=1)
    assert f" {said}\u202f%" in view.certainty


def test_a_number_stays_on_the_line_of_its_unit():
    view = present_verdict(verdict("meets", value=0.964), n_evaluations=1)
    assert "is right 96.40\u202f% of the time" in view.sentence


def test_without_a_bar_the_banner_says_only_how_it_was_judged():
    judged = verdict("no bar", bar=None, gap=None, probability_passes=None)
    view = present_verdict(judged, n_evaluations=1)
    assert view.certainty == evidence_sentence(judged, n_evaluations=1)
    assert "%" not in view.certainty
    assert view.strip.bar is None


def test_test_rows_that_were_looked_at_before_are_said_to_be():
    view = present_verdict(verdict("meets"), n_evaluations=3)
    assert view.certainty == unbroken(evidence_sentence(verdict("meets"), n_evaluations=3))


def test_too_slow_stands_beside_any_outcome():
    view = present_verdict(verdict("meets", excesses=(TOO_SLOW,)), n_evaluations=1)
    assert view.flags == ("Too slow for the budget",)


def test_the_strip_orders_guessing_score_and_bar_from_left_to_right():
    strip = present_strip(score(0.891), bar=BAR, baseline=0.16)
    assert strip.baseline < strip.low < strip.point < strip.high < strip.bar
    assert strip.good_side == "right"


def test_a_bar_from_above_shades_the_left():
    strip = present_strip(score(11.0, metric="rmse"), bar=Bar(metric="rmse", op="<=", value=12.0))
    assert strip.good_side == "left"


def test_the_strip_can_be_read_in_one_line():
    assert present_strip(score(0.891), bar=BAR, baseline=0.16).reading.replace("\u202f", " ") == (
        "Score 0.891, with 95 % certainty between 0.885 and 0.897; the bar is 0.90; guessing reaches 0.160."
    )


def test_a_score_without_width_is_still_placed_on_the_line():
    strip = present_strip(score(0.0, half=0.0))
    assert 0 < strip.point < 1


def test_guessing_that_is_far_off_leaves_the_line_to_score_and_bar():
    strip = present_strip(score(0.964), bar=Bar(metric="accuracy", op=">=", value=0.97), baseline=0.16)
    assert (strip.baseline, strip.baseline_is_far) == (0.0, True)
    assert strip.bar - strip.point > 0.2
    assert "← guessing 0.160" in strip_html(strip)


def test_guessing_near_the_score_keeps_its_place():
    strip = present_strip(score(0.55), bar=Bar(metric="accuracy", op=">=", value=0.6), baseline=0.5)
    assert not strip.baseline_is_far


def test_guessing_between_score_and_bar_has_a_label_below_both():
    bar = Bar(metric="accuracy", op=">=", value=0.831)
    crowded = present_strip(score(0.825, half=0.024), bar=bar, baseline=0.829)
    assert "litmus-lowered" in strip_html(crowded)
    assert "litmus-lowered" not in strip_html(present_strip(score(0.825, half=0.024), bar=bar, baseline=0.7))


def test_a_score_that_the_data_flatters_is_flagged():
    copies = Caution(kind="duplicate_rows", n_rows=9, n_test=1_200)
    assert present_verdict(verdict("meets", cautions=(copies,)), n_evaluations=1).flags == (
        "Score not to be trusted yet",
    )


def test_what_makes_the_score_too_good_stands_below_the_verdict():
    copies = Caution(kind="duplicate_rows", n_rows=9, n_test=1_200)
    judged = verdict("meets", cautions=(copies,))
    view = present_verdict(judged, n_evaluations=1)
    assert view.sentence == unbroken(judgement_sentence(judged))
    assert view.cautions == (unbroken(caution_sentence(copies, judged)),)
    assert view.certainty == unbroken(evidence_sentence(judged, n_evaluations=1))


def test_every_amount_of_a_price_has_its_currency_and_no_other_score_has():
    bar = Bar(metric="rmse", op="<=", value=25_000.0)
    errors = ErrorCases(
        n_rows=300, typical=18_600.0, nine_in_ten=45_900.0, guess_typical=65_000.0, unit="EUR"
    )
    judged = verdict(
        "misses",
        score=replace(score(28_019.0, half=2_300.0), metric="rmse"),
        bar=bar,
        gap=3_019.0,
        baseline=103_612.0,
        probability_passes=0.001,
        cases=errors,
    )
    card = present_decision(
        judged, task=task(metric="rmse", bar=bar), candidates=(), n_evaluations=1, promised=bar
    )
    assert card.strip.labels == ("€28,019", "bar €25,000", "guessing €103,612")
    said = [card.chance, card.cases, card.bar_origin, card.measured, card.advice, card.bar.promise]
    said += [card.strip.reading, judgement_sentence(judged)]
    for sentence in said:
        assert "€" in sentence
        assert not re.findall(r"(?<![€,\d])\d+,\d{3}(?! (?:test )?rows)", sentence), sentence
    squared = replace(judged, score=replace(judged.score, metric="r2"), bar=None)
    assert unit_of(squared) == ""


def test_what_guessing_scores_is_said_once():
    cases = RightCases(n_rows=500, n_right=456, n_commonest=80)
    counted = verdict(cases=cases, score=replace(score(0.912), metric="accuracy"))
    card = present_decision(counted, task=task(), candidates=(), n_evaluations=1, promised=None)
    assert "Guessing" in card.cases
    assert card.strip.labels[2] == "guessing"

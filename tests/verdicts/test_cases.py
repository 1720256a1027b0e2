"""What a model does in 1,000 cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.metrics import get_metric
from litmus_core.types import Bar, BarMove, Cases, ErrorCases, FlaggedCases, RightCases, from_plain, to_plain
from litmus_core.verdicts import bar_origin_sentence, cases_sentence
from tests.app.presenters.facts import score, verdict

COSTS = 'cost(table={"no":{"yes":1},"yes":{"no":20}})'
FLAGS = FlaggedCases(label="Yes", n_rows=1_409, n_positive=373, n_flagged=296, n_hits=196)


@pytest.mark.parametrize(
    ("cases", "sentence"),
    [
        (FLAGS, "Of 1,000 cases it flags 210 as “Yes”, 139 of them rightly, and misses 126."),
        (
            replace(FLAGS, n_rows=100_000, n_positive=120, n_flagged=50, n_hits=40),
            "Of 10,000 cases it flags 5 as “Yes”, 4 of them rightly, and misses 8.",
        ),
        (
            replace(FLAGS, n_flagged=0, n_hits=0),
            "Of 1,000 cases it flags none as “Yes”, and misses 265. A lower threshold flags some.",
        ),
        (
            RightCases(n_rows=500, n_right=456, n_commonest=80),
            "Of 1,000 cases it gets 912 right and 88 wrong. Guessing the commonest answer gets 160 right.",
        ),
        (
            ErrorCases(n_rows=90, typical=12_345.0, nine_in_ten=41_000.0, guess_typical=60_123.0, unit="$"),
            "Half of its predictions of 'price' are within $12,300, 9 of 10 within $41,000. Half of all "
            "guesses are within $60,100.",
        ),
        (
            ErrorCases(n_rows=90, typical=0.4, nine_in_ten=1.1, guess_typical=None),
            "Half of its predictions of 'price' are within 0.400, 9 of 10 within 1.10.",
        ),
        (None, ""),
    ],
)
def test_it_is_said_in_cases(cases: Cases | None, sentence: str) -> None:
    judged = verdict(cases=cases)
    assert cases_sentence(judged, target="price") == sentence
    assert from_plain(type(judged), to_plain(judged)) == judged


def test_a_table_of_costs_makes_it_money() -> None:
    judged = verdict(cases=FLAGS, score=score(1_234.56, metric=get_metric(COSTS).name), baseline=5_300)
    assert cases_sentence(judged, target="price").endswith(
        "Its decisions cost 1,235 per 1,000 cases; guessing costs 5,300."
    )


def test_counts_without_weights_and_money_with_them_are_said_to_be_so() -> None:
    judged = verdict(cases=FLAGS, score=score(1_234.56, metric=get_metric(COSTS).name), baseline=5_300)
    weighted = replace(judged, weight="people")
    assert cases_sentence(weighted, target="price").endswith(
        "misses 126. That counts cases alike, without 'people'. With weights, its decisions cost 1,235 per "
        "1,000 cases; guessing costs 5,300."
    )
    assert cases_sentence(verdict(cases=RIGHT, weight="people"), target="price").endswith("without 'people'.")


RIGHT = RightCases(n_rows=500, n_right=456, n_commonest=80)


@pytest.mark.parametrize(
    ("metric", "op", "cases", "is_proposed", "sentence"),
    [
        ("f1", ">=", FLAGS, False, "The bar, it of at least 0.80, was set with the question."),
        (
            "f1",
            ">=",
            FLAGS,
            True,
            "The bar, it of at least 0.80, is Litmus's proposal; nobody has changed it.",
        ),
        (
            "roc_auc",
            ">=",
            FLAGS,
            False,
            "The bar, it of at least 0.80, was set with the question. It judges how well cases are ranked, "
            "at any threshold. The decisions above are at one.",
        ),
        (
            "log_loss",
            "<=",
            RIGHT,
            False,
            "The bar, it of at most 0.80, was set with the question. It judges the probabilities, not the "
            "answers that are counted above.",
        ),
        ("roc_auc", ">=", None, False, "The bar, it of at least 0.80, was set with the question."),
    ],
)
def test_it_is_said_whose_the_bar_is_and_what_it_judges(metric, op, cases, is_proposed, sentence) -> None:
    judged = verdict(cases=cases, bar=Bar(metric=metric, op=op, value=0.8))
    assert bar_origin_sentence(judged, measure="it", is_proposed=is_proposed) == sentence


def test_a_moved_bar_is_nobodys_proposal() -> None:
    bar = Bar(metric="accuracy", op=">=", value=0.8)
    judged = verdict(cases=RIGHT, bar=bar, moved=BarMove(before=None, by="Ada", at=""))
    assert bar_origin_sentence(judged, measure="it", is_proposed=True) == "The bar is it of at least 0.80."
    assert bar_origin_sentence(replace(judged, bar=None), measure="it", is_proposed=True) == ""

"""The figures of small tables, on cases whose answer is plain, and that a cut hides what it should."""

from __future__ import annotations

import pytest

from benchmarks._flexible_tables import TABLES
from benchmarks._small_figures import better_figures, interval_figures
from benchmarks._small_quotes import quote_figures
from benchmarks._small_tables import cut_of


def _case(**more):
    return {
        "table": "votes", "size": 300, "number": 0, "metric": "roc_auc", "hidden": 0.8,
        "hidden_of_part": 0.79, "interval": [0.81, 0.78, 0.84], "part": [0.80, 0.70, 0.90], "error": 0.05,
    } | more  # fmt: skip


def _values(figures):
    return {each.name: each.value for each in figures}


def test_coverage_and_width_are_of_the_deployed_models_interval():
    outside = _case(number=1, interval=[0.85, 0.82, 0.88])
    found = _values(interval_figures([_case(), outside]))
    assert found["interval_coverage, 300 rows"] == 0.5
    assert found["width, of a test part's, 300 rows"] == pytest.approx(0.3)


def test_an_interval_that_lies_too_high_meets_bars_falsely_and_a_wide_one_leaves_far_bars_open():
    wrong = _values(interval_figures([_case(interval=[0.99, 0.98, 1.0])]))
    wide = _values(interval_figures([_case(interval=[0.8, 0.4, 1.0])]))
    assert wrong["false_meets"] > 0.3
    assert wide["undecided where the truth is 3 standard errors away"] == 1.0
    assert wide["false_meets"] == 0.0


def test_a_pair_counts_as_worse_only_beyond_chance():
    lost = [
        _case(table="cuts", number=at, metric="log_loss", hidden=0.7 + at / 1000, hidden_of_part=0.6)
        for at in range(5)
    ]
    won = [_case(number=at) for at in range(5)]
    found = _values(better_figures(lost + won))
    assert (found["pairs of a table and a size"], found["better on hidden rows"]) == (2, 0.5)
    assert found["pairs that are worse, by Holm"] == 1


def test_a_cut_holds_its_rows_once_and_the_same_again():
    table = next(each for each in TABLES if each.name == "insurance")
    cut, again = cut_of(table, 100, 3), cut_of(table, 100, 3)
    assert (len(cut.known), len(cut.hidden)) == (100, 15_000)
    assert cut.known.equals(again.known)
    assert not cut.known.equals(cut_of(table, 100, 4).known)


def test_quotes_are_held_against_what_came():
    basis = {"constant": 0.5, "quick": 0.8, "noise": 0.02, "seconds": 30.0, "memory_mb": 500.0}
    true = {"table": "votes", "metric": "roc_auc", "basis": basis, "minutes": 0.5, "memory_mb": 520.0}
    cases = [true | {"score": 0.82}, true | {"table": "stops", "score": 0.55, "memory_mb": 900.0}]
    found = _values(quote_figures(cases, limit_s=60.0))
    assert found["quotes: score within the range, first run of a workspace"] == 0.5
    assert found["quotes: memory within a quarter, first run of a workspace"] == 0.5

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.types import CheckReport
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]
ROOMS = ("bath", "hall", "kitchen", "porch")


def sorted_by_room(n_rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "ref": 3 * np.arange(n_rows) // 2 + 10_000,
            "width": rng.normal(size=n_rows),
            "room": np.sort(rng.choice(ROOMS, n_rows)),
        }
    )


def test_a_row_number_in_rows_sorted_by_the_target_is_harmful_and_scored(check: Checker) -> None:
    found = check(sorted_by_room(), target="room", kinds=["row_order"]).findings
    assert [(each.severity, each.columns) for each in found] == [("harmful", ("ref",))]
    assert "The rows are sorted by 'room', and 'ref' follows their order" in finding_sentence(found[0])
    assert "macro-F1 0.99" in finding_sentence(found[0])
    assert found[0].fix is not None
    assert (found[0].fix.kind, found[0].fix.columns, found[0].fix.safe) == ("leave_out", ("ref",), True)
    assert found[0].table is not None
    assert found[0].table.rows[0][1].startswith("bath (")


def test_a_number_that_nearly_follows_the_rows_is_found_and_left_out(check: Checker) -> None:
    frame = sorted_by_room()
    swapped = frame["ref"].to_numpy().copy()
    swapped[[5, 90, 300]] = swapped[[6, 95, 290]]
    report = check(frame.assign(ref=swapped), target="room", kinds=["row_order"])
    assert [each.columns for each in report.findings] == [("ref",)]


def test_labels_in_two_spellings_count_as_one_for_the_score(check: Checker) -> None:
    frame = sorted_by_room()
    frame.loc[::7, "room"] = frame.loc[::7, "room"].str.upper() + "s"
    found = check(frame, target="room", kinds=["row_order"]).findings
    assert "macro-F1 0.99" in finding_sentence(found[0])
    assert "spellings of one label counted as one" in evidence_sentences(found[0])[0]


@pytest.mark.parametrize("seed", seeds(5))
def test_a_row_number_of_mixed_rows_is_not_harmful(check: Checker, seed: int) -> None:
    mixed = sorted_by_room().sample(frac=1, random_state=seed).reset_index(drop=True)
    mixed["ref"] = np.arange(len(mixed))
    assert not check(mixed, target="room", kinds=["row_order"]).findings


def test_rows_sorted_by_the_target_without_a_column_that_follows_are_a_hint(check: Checker) -> None:
    found = check(sorted_by_room().drop(columns="ref"), target="room", kinds=["row_order"]).findings
    assert [(each.severity, each.columns) for each in found] == [("hint", ())]


def test_a_quantity_that_the_rows_are_sorted_by_is_no_row_number(check: Checker) -> None:
    rng = np.random.default_rng(1)
    weight = np.sort(rng.gamma(2.0, 50.0, 300)).round(1)
    price = weight * 3 + rng.normal(scale=5, size=300)
    report = check(pd.DataFrame({"weight": weight, "price": price}), target="price", kinds=["row_order"])
    assert not report.of("harmful")


def test_a_code_that_counts_rows_sorted_by_the_answer_gives_it_away(check: Checker) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(size=400), "ill": np.repeat(["no", "yes"], [280, 120])})
    frame["bill"] = [f"{row % 2 + 1}-{row:05d}" for row in range(400)]
    (found,) = check(frame, target="ill", kinds=["row_order"]).of("harmful")
    assert found.columns == ("bill",)


def test_rows_that_begin_with_one_number_again_and_again_are_sorted_all_the_same(check: Checker) -> None:
    """A stretch of equal answers has no rank correlation: nothing warns of it, the others decide."""
    rng = np.random.default_rng(0)
    owed = np.concatenate([np.zeros(120), np.sort(rng.gamma(2.0, 50.0, 300)).round(1)])
    frame = pd.DataFrame({"size": rng.normal(size=len(owed)), "owed": owed})
    found = check(frame, target="owed", kinds=["row_order"]).findings
    assert [(each.severity, each.columns) for each in found] == [("hint", ())]

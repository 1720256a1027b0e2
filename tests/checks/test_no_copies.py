"""Rows that look like copies and are none, and what copies are worth where they raise no score."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.types import CheckReport
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]
TWINS = ["near_duplicates"]


@pytest.mark.parametrize("seed", seeds(3))
def test_rows_of_few_kinds_with_one_amount_lie_close_by_chance(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"months": rng.gamma(1.5, 20, 2_000).round(4)})
    for name in ("cause", "match", "age"):
        frame[name] = rng.choice([f"{name} {place}" for place in range(2)], 2_000)
    frame["status"] = rng.choice(list("abc"), 2_000)
    assert not check(frame, target="status", kinds=TWINS).findings


def test_rows_without_a_label_are_no_copies_that_matter(check: Checker) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"year": np.tile([2021, 2022, 2023], 100), "firm": np.repeat(np.arange(100), 3)})
    frame[["staff", "sales", "hours"]] = rng.normal(size=(300, 3))
    frame["profit"] = frame["sales"] + rng.normal(size=300)
    frame.loc[frame["firm"] > 90, ["staff", "sales", "hours", "profit"]] = np.nan
    assert not check(frame, target="profit", kinds=TWINS).findings


def test_columns_that_another_one_tells_do_not_make_copies(check: Checker) -> None:
    """A country's life expectancy stays as it was from one year to the next."""
    rng = np.random.default_rng(1)
    land, year = np.repeat(np.arange(150), 10), np.tile(np.arange(2001, 2011), 150)
    frame = pd.DataFrame({"land": [f"land {each}" for each in land], "code": [f"L{each}" for each in land]})
    frame = frame.assign(part=land % 5, year=year, income=rng.lognormal(9, 1, 1_500).round(2))
    frame["span"] = rng.normal(70, 8, 150)[land].round(1) + rng.integers(0, 12, 1_500) / 10
    assert not check(frame, target="span", kinds=TWINS).findings


def test_copies_that_raise_no_score_are_said_to_raise_none(check: Checker) -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(600, 5)), columns=list("abcde"))
    frame["sold"] = np.where(frame["a"] + rng.normal(scale=0.2, size=600) > 0, "yes", "no")
    twins = frame.sample(30, random_state=2)
    twins["b"] += 1e-4
    (found,) = check(pd.concat([frame, twins]), target="sold", kinds=TWINS).findings
    assert found.severity == "warning"
    assert finding_sentence(found).endswith("Here that hardly changes the score.")
    (unknown,) = check(pd.concat([frame, twins]), kinds=TWINS).findings
    assert finding_sentence(unknown).endswith("so the score may look too good.")


def test_a_column_that_another_one_is_moved_by_is_said_without_a_factor(check: Checker) -> None:
    height = np.random.default_rng(3).integers(150, 200, 300)
    frame = pd.DataFrame({"height": height, "centred": height - 170.5})
    (found,) = check(frame, kinds=["duplicate_columns"]).findings
    assert evidence_sentences(found)[0] == "centred = height - 170.5, within rounding."

"""Rows of one thing: found by how a table is laid out where no name says so, and said once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.types import CheckReport
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]
KINDS = ["structure", "leakage", "near_duplicates"]


def growing(name: str = "nr", *, n_things: int = 48, n_days: int = 12, seed: int = 0) -> pd.DataFrame:
    """Return things that grow day by day, from nearly the same weight, at a speed of their own."""
    rng = np.random.default_rng(seed)
    thing, day = np.repeat(np.arange(n_things), n_days), np.tile(np.arange(n_days), n_things)
    food = rng.integers(1, 4, n_things)
    speed = 1 + 0.5 * food + rng.gamma(3.0, 0.7, n_things)
    weight = (41 + speed[thing] * day + rng.normal(scale=0.8, size=len(day))).round()
    frame = pd.DataFrame({name: rng.permutation(n_things)[thing] + 1, "day": day, "food": food[thing]})
    frame["wing"] = rng.normal(30, 4, n_things)[thing] + rng.normal(scale=0.1, size=len(day))
    return frame.assign(weight=weight.astype(int))


def test_things_that_differ_only_beyond_what_other_columns_say_are_kept_together(check: Checker) -> None:
    (found,) = check(growing(), target="weight", kinds=KINDS).of("harmful")
    assert (found.kind, found.columns) == ("structure", ("nr",))
    assert found.fix is not None
    assert found.fix.split is not None
    assert (found.fix.split.kind, found.fix.split.column) == ("group", "nr")
    assert evidence_sentences(found)[1].endswith("of what the other columns leave open.")


@pytest.mark.parametrize("seed", seeds(4))
def test_settings_that_are_all_tried_with_one_another_are_no_groups(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    heat, dose = (axis.ravel() for axis in np.meshgrid(np.arange(40) * 5 + 100, np.arange(12)))
    grown = np.sin(heat / 40) + dose / 6 + rng.normal(scale=0.3, size=len(heat))
    frame = pd.DataFrame({"heat": heat, "dose": dose, "grown": grown})
    frame = frame.sample(frac=1, random_state=seed)
    assert not check(frame, target="grown", kinds=["structure"]).of("harmful")


def test_names_and_codes_of_the_same_things_are_one_finding_and_no_leak(check: Checker) -> None:
    frame = growing(n_things=60, n_days=8, seed=1)
    level = np.random.default_rng(1).normal(70, 9, 61)[frame["nr"]]
    country = frame.pop("nr").map(lambda nr: f"Land of {chr(65 + nr % 26)}{nr}")
    frame = frame.drop(columns=["food", "wing", "weight"])
    frame = frame.assign(country=country, code=country.str[-3:], years=level + 0.2 * frame["day"])
    frame.loc[frame.index[:8], "code"] = None
    (found,) = check(frame, target="years", kinds=["structure", "leakage"]).of("harmful")
    assert found.columns == ("country",)
    assert evidence_sentences(found)[-1] == "'code' names the same groups as 'country'."
    assert not check(frame, target="years", kinds=["leakage"]).findings


def test_numbers_of_people_that_rise_with_the_rows_are_no_time(check: Checker) -> None:
    rng = np.random.default_rng(2)
    frame = growing("id", n_things=90, n_days=4, seed=2).sort_values(["id", "day"], ignore_index=True)
    frame["weight"] = (frame["id"] > 60) * 9.0 + rng.normal(size=91)[frame["id"]] + 0.3 * frame["day"]
    found = check(frame, target="weight", kinds=["structure"]).findings
    assert {each.fix.split.kind for each in found if each.fix and each.fix.split} == {"group"}


def test_ids_of_kinds_are_no_things_of_their_own(check: Checker) -> None:
    rng = np.random.default_rng(3)
    kind = rng.integers(0, 20, 1_200)
    frame = pd.DataFrame({"species_id": [f"S{each}" for each in kind], "size": rng.normal(size=1_200)})
    frame["weight"] = rng.normal(50, 20, 20)[kind] + frame["size"] + rng.normal(size=1_200)
    assert not check(frame, target="weight", kinds=["structure"]).findings


def test_a_split_that_is_worse_than_guessing_has_no_points(check: Checker) -> None:
    rng = np.random.default_rng(4)
    case = np.repeat(np.arange(40), 10)
    frame = pd.DataFrame({"case": [f"C{each}" for each in case], "trace": 7.0 * (case * 37 % 40)})
    frame["trace"] += rng.normal(scale=0.2, size=400)
    frame["cost"] = np.where(case % 2, 10.0, -10.0) + rng.normal(size=400)
    (found,) = check(frame, target="cost", kinds=["structure"]).of("harmful")
    assert "(R² 0.6" in finding_sentence(found)
    assert "where an honest split is worse than guessing): keep all rows" in finding_sentence(found)

"""Rows of one thing: found by how a table is laid out where no name says so, and said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core import Studio
from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.types import CheckReport, SplitPlan
from tests.cases import thinned
from tests.checks.shop import seeds
from tests.panels import visits_of_patients, wages_of_people

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


def test_rows_of_one_patient_are_kept_together_where_a_random_split_flatters(check: Checker) -> None:
    (found,) = check(visits_of_patients(), target="ill", kinds=["structure"]).of("harmful")
    assert found.columns == ("patient",)
    assert "A random split flatters by" in finding_sentence(found)
    assert found.fix is not None
    assert found.fix.split == SplitPlan(kind="group", column="patient")
    assert found.table is not None
    assert [row[0] for row in found.table.rows] == ["at random", "rows of one 'patient' kept together"]
    at_random, together = (float(row[1]) for row in found.table.rows)
    assert at_random > together + 0.2


@pytest.mark.parametrize(
    "name", thinned(["hid", "nr"], keep=1, reason="the next two tests find groups by the other name")
)
def test_numbers_of_people_are_groups_though_their_name_does_not_say_so(check: Checker, name: str) -> None:
    (found,) = check(wages_of_people(name), target="wage", kinds=["structure"]).of("harmful")
    assert found.fix is not None
    assert found.fix.split == SplitPlan(kind="group", column=name)


def test_years_of_school_of_a_person_are_no_group_beside_the_person(check: Checker) -> None:
    frame = wages_of_people("nr")
    frame["school"] = frame["nr"] % 16
    frame["wage"] += 0.5 * frame["school"]
    named = check(frame, target="wage", kinds=["structure"]).of("harmful")
    assert [each.columns for each in named] == [("nr",)]


def test_a_number_that_goes_through_people_one_after_the_other_is_no_time(check: Checker) -> None:
    frame = wages_of_people("nr").sort_values("nr", kind="stable", ignore_index=True)
    frame["row"] = np.arange(len(frame))
    report = check(frame, target="wage", kinds=["structure"])
    assert [each.columns for each in report.of("harmful")] == [("nr",)]


@pytest.mark.parametrize("seed", seeds(4))
def test_amounts_that_come_again_are_no_groups(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"hours": rng.integers(800, 1_100, 1_500), "noise": rng.normal(size=1_500)})
    frame["wage"] = 2.0 * (frame["hours"] > 950) + rng.normal(size=1_500)
    found = check(frame, target="wage", kinds=["structure"]).findings
    assert "group" not in [each.fix.split.kind for each in found if each.fix and each.fix.split]


def test_a_split_that_the_version_carries_is_not_asked_for_again(tmp_path: Path) -> None:
    visits_of_patients().to_csv(tmp_path / "visits.csv", index=False)
    with Studio.open(tmp_path / "workspace") as studio:
        version = studio.datasets.import_file(tmp_path / "visits.csv")
        (found,) = studio.checks.run(version.id, target="ill", kinds=["structure"]).findings
        assert found.fix is not None
        fixed = studio.fixes.apply(version.id, [found.fix])
        assert studio.checks.run(fixed.id, target="ill", kinds=["structure"]).findings == ()


@pytest.mark.parametrize("seed", seeds(4))
def test_groups_whose_rows_are_not_alike_are_not_harmful(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"shop": rng.integers(100, 150, 500), "size": rng.normal(size=500)})
    frame["sold"] = np.where(frame["size"] + rng.normal(size=500) > 0, "yes", "no")
    assert not check(frame, target="sold", kinds=["structure"]).of("harmful")

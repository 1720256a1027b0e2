"""Versions that a model can go on with, and those that are refused before anything starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from litmus_core.data import check_newer, newest_version
from litmus_core.errors import DataError
from litmus_core.experiments import Studio
from litmus_core.types import DatasetVersion, Fix

OLD = pd.DataFrame(
    {"size": [1, 2, 3, 4], "colour": ["red", None, "blue", "red"], "sold": ["y", "n", "n", "y"]}
)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def before(studio: Studio, tmp_path: Path) -> DatasetVersion:
    return added(studio, OLD, tmp_path / "shop.csv")


def added(
    studio: Studio, frame: pd.DataFrame, path: Path, *, to: DatasetVersion | None = None
) -> DatasetVersion:
    frame.to_csv(path, index=False)
    return studio.datasets.import_file(path, dataset_id=None if to is None else to.dataset_id)


def appended(studio: Studio, version: DatasetVersion, rows: dict[str, Any], path: Path) -> DatasetVersion:
    pd.DataFrame(rows).to_csv(path, index=False)
    return studio.datasets.append_rows(version.id, path)


def n_new(studio: Studio, before: DatasetVersion, after: DatasetVersion, classes: tuple[str, ...]) -> int:
    columns = ["size", "colour", "sold"]
    return check_newer(studio.workspace, before, after, columns=columns, target="sold", classes=classes)


def test_new_rows_with_an_answer_are_counted(studio, before, tmp_path):
    rows = {"size": [5, None], "colour": ["green", None], "sold": ["y", None]}
    after = appended(studio, before, rows, tmp_path / "more.csv")

    assert n_new(studio, before, after, ("n", "y")) == 1


def test_the_newest_version_that_grew_out_of_this_one_is_found(studio, before, tmp_path):
    rows = {"size": [5], "colour": ["red"], "sold": ["y"]}
    second = appended(studio, before, rows, tmp_path / "a.csv")
    third = appended(studio, second, rows, tmp_path / "b.csv")
    added(studio, pd.concat([OLD] * 3), tmp_path / "other.csv", to=before)  # imported, and no descendant
    versions = studio.datasets.versions(before.dataset_id)

    assert newest_version(versions, before.id) == third
    assert newest_version(versions, third.id) is None


def test_a_fixed_version_grows_by_rows_that_are_fixed_too(studio, before, tmp_path):
    fixed = studio.fixes.apply(before.id, [Fix(kind="trim", columns=("colour",))])
    assert newest_version(studio.datasets.versions(before.dataset_id), fixed.id) is None
    rows = {"size": [5], "colour": [" red"], "sold": ["y"]}
    grown = appended(studio, fixed, rows, tmp_path / "a.csv")
    versions = studio.datasets.versions(before.dataset_id)

    assert (grown.lineage.how, newest_version(versions, fixed.id), newest_version(versions, before.id)) == (
        "fixed",
        grown,
        grown,
    )
    raw = appended(studio, before, rows, tmp_path / "b.csv")  # its fixes were not made
    assert newest_version([*versions, raw], fixed.id) == grown
    fewer = replace(fixed, id="dv_fewer", n_rows=2)  # it left rows out: those of before are not new ones
    assert newest_version([*versions[:2], fewer], fewer.id) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame, "has no new row"),
        (lambda frame: frame[:3], "has 3 rows, fewer than the 4"),
        (lambda frame: more(frame).drop(columns="size"), "has no 'size'"),
        (lambda frame: more(frame).rename(columns={"colour": "color"}), "Was it renamed to 'color'?"),
        (
            lambda frame: more(frame).assign(size=["a", "b", "c", "d", "e"]),
            "'size' was a number when the model was trained",
        ),
        (lambda frame: more(frame).assign(size=[1, 9, 3, 4, 5]), "the first of them row 2 in 'size'"),
        (lambda frame: more(frame, sold="maybe"), "never trained for: 'maybe'"),
        (lambda frame: more(frame, sold=None), "has no new row with a 'sold'"),
    ],
)
def test_versions_that_do_not_fit_are_refused_in_words(studio, before, tmp_path, change, said):
    after = added(studio, change(OLD), tmp_path / "changed.csv", to=before)

    with pytest.raises(DataError) as refused:
        n_new(studio, before, after, ("n", "y"))

    assert said in str(refused.value)


def more(frame: pd.DataFrame, sold: str | None = "y") -> pd.DataFrame:
    return pd.concat(
        [frame, pd.DataFrame({"size": [5], "colour": ["red"], "sold": [sold]})], ignore_index=True
    )

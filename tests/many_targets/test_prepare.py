"""The rows that all targets share: split as asked, with each target's run on the same versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core import Data, Studio
from litmus_core.data import read_rows
from litmus_core.experiments._api.many_targets.prepare import Prepared, prepare
from litmus_core.many_targets import TagColumn
from tests.many_targets.tables import things


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


def _parts(studio: Studio, prepared: Prepared) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, test = (read_rows(studio.workspace, version) for version in (prepared.train, prepared.test))
    return train, test


def test_groups_stay_whole(studio: Studio) -> None:
    table = things().assign(shop=np.arange(200) // 5)
    prepared = prepare(studio, Data(table, split="group:shop"), ["big", "old"], None, goal=None)
    train, test = _parts(studio, prepared)
    assert len(train) + len(test) == 200
    assert not set(train["shop"]) & set(test["shop"])
    assert all(run.split is not None and run.split.column == "shop" for run in prepared.runs)


def test_a_split_by_time_judges_by_the_last_rows(studio: Studio) -> None:
    table = things().assign(day=pd.date_range("2024-01-01", periods=200)).sample(frac=1, random_state=0)
    prepared = prepare(studio, Data(table, split="time:day"), ["price", "age"], None, goal="mean_nrmse<=1")
    train, test = _parts(studio, prepared)
    assert train["day"].max() < test["day"].min()
    assert prepared.spec.kind == "numbers"


def test_a_row_without_a_target_trains_and_judges_nothing(studio: Studio) -> None:
    table = things()
    table.loc[:29, "old"] = None
    prepared = prepare(studio, table, ["big", "old"], None, goal=None)
    train, test = _parts(studio, prepared)
    assert int(train["old"].isna().sum()) == 30
    assert not test["old"].isna().any()
    assert prepared.notes == ("30 rows lack a target. They train the others, and judge nothing.",)
    assert [run.leave_out for run in prepared.runs] == [("old",), ("big",)]


def test_each_run_keeps_how_the_file_spells_its_columns(studio: Studio, tmp_path: Path) -> None:
    table = things().assign(tags=["a;b", "a", "b", ""] * 50, day="26/03/2024", **{" fee ": "1.234,50 €"})
    table.to_csv(tmp_path / "things.csv", sep=";", index=False)
    version = studio.datasets.import_file(tmp_path / "things.csv")

    for tags, names in ((None, ["big", "old"]), (TagColumn("tags"), [])):
        prepared = prepare(studio, version, names, tags, goal=None)
        for part in (prepared.train, prepared.test):
            columns = {column.name: column for column in part.columns}
            assert columns["day"].written_as == "%d/%m/%Y"
            assert columns["fee"].written_as == "decimal comma; unit EUR"
            assert columns["fee"].original_name == " fee "


def test_the_same_numbers_in_another_spelling_are_another_table(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "fees.csv"
    path.write_text("fee;n\n1234,5;1\n2,5;2\n")
    spelled = studio.datasets.import_file(path)
    path.write_text("fee;n\n1234.5;1\n2.5;2\n")
    plain = studio.datasets.import_file(path)

    assert (spelled.content_hash, spelled.name) == (plain.content_hash, plain.name)
    assert [version.columns[0].written_as for version in (spelled, plain)] == ["decimal comma", ""]
    assert studio.datasets.import_file(path) == plain

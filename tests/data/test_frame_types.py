"""Types that a data frame has and a CSV file spells: durations, intervals and moments with a zone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core import Studio
from litmus_core.data import import_table, read_rows
from litmus_core.errors import DataError
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor
from litmus_core.store import Workspace
from tests import tiny

_TOOK = pd.to_timedelta(np.resize([0, 90, 3_600, 90_000], 40), "s").to_series(index=range(40))
_TOOK[5] = pd.NaT
_CUT = pd.Series(pd.cut(np.resize([1.0, 2.0, 5.0, 9.0], 40), 3)).where(pd.Series(range(40)) != 5)
_FRAME = pd.DataFrame({"took": _TOOK, "cut": _CUT, "other": list("ab") * 20})
_FORMS = {
    "frame": _FRAME,
    "nanoseconds": _FRAME.assign(took=_TOOK.astype("timedelta64[ns]")),
    "arrow": _FRAME.assign(took=_TOOK.astype("duration[ms][pyarrow]")),
    "objects": _FRAME.assign(took=_TOOK.astype(object)),
}


@pytest.mark.parametrize("form", _FORMS)
def test_a_data_frame_is_read_as_the_file_of_it_is(tmp_path: Path, form: str) -> None:
    _FRAME.to_csv(tmp_path / "t.csv", index=False)
    _FRAME.drop(columns="cut").to_parquet(tmp_path / "t.parquet")
    with Studio.open(tmp_path / "workspace") as studio:
        version = studio.datasets.import_file(_FORMS[form])
        written = studio.datasets.import_file(tmp_path / "t.csv")
        typed = studio.datasets.import_file(tmp_path / "t.parquet")
        expected = read_rows(studio.workspace, written)
        pd.testing.assert_frame_equal(read_rows(studio.workspace, version), expected)
        assert read_rows(studio.workspace, typed)["took"].equals(expected["took"])
    assert "'took' holds durations, in seconds." in version.notes
    assert version.columns[0].written_as == written.columns[0].written_as


@pytest.mark.parametrize("source", ["frame", "file"])
def test_a_model_reads_durations_and_intervals_by_every_way(tmp_path: Path, source: str) -> None:
    import polars as pl

    file = tmp_path / "t.csv"
    _FRAME.to_csv(file, index=False)
    with Studio.open(tmp_path / "workspace") as studio:
        version = studio.datasets.import_file(_FRAME if source == "frame" else file)
        rows = read_rows(studio.workspace, version)
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(rows), tiny.TinyExecutor([1.0]))
    expected = model.predict_values(rows).tolist()
    assert len(set(expected)) > 3
    spelt = _FRAME.assign(cut=_CUT.astype(object).map(str, na_action="ignore"))
    others = [file, pl.DataFrame(spelt), spelt.astype(object).where(spelt.notna(), None).to_dict("records")]
    for given in (*_FORMS.values(), *others):
        assert model.predict_values(given).tolist() == expected


def test_what_cannot_be_stored_is_named(tmp_path: Path) -> None:
    with Studio.open(tmp_path) as studio, pytest.raises(DataError, match="The column 'odd' cannot be") as why:
        studio.datasets.import_file(_FRAME.assign(odd=[1, "x"] * 20))
    assert "table['odd'].astype(str)" in why.value.hint


def test_a_zone_is_said_where_its_times_became_utc(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=40, tz="Europe/Berlin")
    note = "Times of 'day' were in the zone Europe/Berlin and became UTC: days and hours may be other ones."
    with Studio.open(tmp_path) as studio:
        assert note in studio.datasets.import_file(_FRAME.assign(day=days)).notes
        utc = studio.datasets.import_file(_FRAME.assign(day=days.tz_localize(None).tz_localize("UTC")))
        assert not any("UTC" in text for text in utc.notes)


@pytest.mark.parametrize("is_folder", [False, True])
def test_row_labels_that_pandas_wrote_are_left_out_and_named_or_dated_ones_stay(
    workspace: Workspace, tmp_path: Path, is_folder: bool
) -> None:
    frame = pd.DataFrame({"a": [1, 2, 3]}, index=[2, 0, 0])
    named, dated = frame.rename_axis("customer"), frame.set_index(pd.date_range("2024-01-01", periods=3))
    versions = []
    for place, table in enumerate((frame, named, dated, frame.set_index([["x", "y", "z"], [1, 1, 2]]))):
        (folder := tmp_path / str(place)).mkdir()
        table.to_parquet(path := folder / "t.parquet")
        versions.append(import_table(workspace, folder if is_folder else path))

    assert [version.column_names for version in versions] == [
        ("a",), ("a", "customer"), ("a", "__index_level_0__"), ("a",)
    ]  # fmt: skip
    assert versions[0].notes == ("Row labels that pandas wrote were left out: '__index_level_0__'.",)


def test_named_row_labels_of_a_data_frame_are_columns_for_models_too(tmp_path: Path) -> None:
    labels = pd.MultiIndex.from_product(
        [["north", "south"], pd.date_range("2024-01-01", periods=20)], names=["shop", "day"]
    )
    frame = pd.DataFrame({"size": np.arange(40.0)}, index=labels)
    with Studio.open(tmp_path) as studio:
        version = studio.datasets.import_file(frame)
        rows = read_rows(studio.workspace, version)
    assert [(column.name, column.kind) for column in version.columns] == [
        ("shop", "category"), ("day", "date"), ("size", "number")
    ]  # fmt: skip
    assert version.notes[:2] == (
        "The row labels 'shop' became a column.", "The row labels 'day' became a column."
    )  # fmt: skip
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(rows), tiny.TinyExecutor([1.0]))
    assert model.predict_values(frame).tolist() == model.predict_values(frame.reset_index()).tolist()


def test_row_labels_without_a_name_are_left_out_and_said(tmp_path: Path) -> None:
    note = "Row labels without a name were left out. Name them to keep them as a column: "
    days = pd.date_range("2024-01-01", periods=40)
    with Studio.open(tmp_path) as studio:
        named = studio.datasets.import_file(_FRAME.set_axis(days))
        numbered = studio.datasets.import_file(_FRAME[_FRAME["other"] == "a"])
        twice = studio.datasets.import_file(_FRAME.iloc[1:].set_index("other", drop=False))
    assert named.column_names == numbered.column_names == twice.column_names == ("took", "cut", "other")
    assert any(text.startswith(note) for text in named.notes)
    assert not any("abels" in text for text in (*numbered.notes, *twice.notes))

"""Codes and versions are not amounts, whatever digits and points they are written with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.experiments._api.tables import _of_schema
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion
from tests import tiny

Importer = Callable[..., DatasetVersion]


def table(name: str, cells: tuple[str, ...]) -> str:
    return f"{name},other\n" + "".join(f'"{cell}",a\n' for cell in cells)


CODE_CELLS = ("94105.0", "10001.0", "", "60614.0", "00501.0")


@pytest.mark.parametrize("cells", [CODE_CELLS, ("94105", "10001", "60614", "00501"), ("94105.", "NA", "501")])
@pytest.mark.parametrize("name", ["zip", "Phone", "postal_code"])
def test_codes_are_no_amounts_however_a_file_ends_them(
    workspace: Workspace, write: Callable[..., Path], name: str, cells: tuple[str, ...]
) -> None:
    import polars as pl

    version = import_table(workspace, write(table(name, cells * 8)))
    frame = read_rows(workspace, version)
    digits = [cell.removesuffix(".0").removesuffix(".") for cell in cells if cell not in ("", "NA")]
    assert [each for each in frame[name] if isinstance(each, str)] == digits * 8
    assert version.notes == (f"'{name}' holds codes, whose digits are not amounts: it was kept as text.",)

    model = model_of(workspace, version)
    expected = model.predict_values([{name: digits[0], "other": "a"}]).tolist()
    rows = [{name: f"{digits[0]}.0", "other": "a"}] * 3
    later = write(table(name, (f"{digits[0]}.0",) * 3), "later.csv")
    typed = [{name: float(digits[0]), "other": "a"}]
    for given in (
        rows,
        rows[:1],
        rows * 20,
        typed,
        later,
        pl.DataFrame(rows),
        pl.DataFrame(rows).to_pandas(),
    ):
        answers = model.predict_values(given).tolist()
        assert answers == expected * len(answers)
    again = import_table(workspace, later, like=version)
    assert read_rows(workspace, again)[name].tolist() == digits[:1] * 3
    assert again.columns[0].written_as == version.columns[0].written_as


def model_of(workspace: Workspace, version: DatasetVersion) -> Predictor:
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    frame = read_rows(workspace, version)
    executor = tiny.TinyExecutor([1.0])
    return Predictor(info, FeaturePipeline(version.columns).fit(frame), executor)


@pytest.mark.parametrize("cells", [("1", "2", "3"), ("1.0", "", "3.0"), ("-1", "2", "3")])
def test_categories_of_whole_numbers_are_known_when_a_gap_gives_them_points(
    workspace: Workspace, write: Callable[..., Path], cells: tuple[str, ...]
) -> None:
    import pandas as pd

    like = _of_schema({"store": "category"})
    version = import_table(workspace, write(table("store", cells * 8)), like=like)
    model = model_of(workspace, version)
    first = cells[0].removesuffix(".0")
    row = {"store": first, "other": "a"}
    expected = model.predict_values([row])[0]
    assert expected != model.predict_values([{**row, "store": "9"}])[0]
    later = write(f"store,other\n{first}.0,a\n,a\n", "later.csv")
    pointed = {**row, "store": f"{first}.0"}
    given = (later, [pointed], [pointed] * 20, [{**row, "store": float(first)}], pd.DataFrame([pointed]))
    assert {model.predict_values(rows)[0] for rows in given} == {expected}
    again = import_table(workspace, later, like=version)
    assert read_rows(workspace, again)["store"].tolist()[0] == first


def test_codes_of_one_width_get_back_the_zeros_that_a_program_took(
    workspace: Workspace, write: Callable[..., Path]
) -> None:
    import pandas as pd
    import polars as pl

    version = import_table(workspace, write(table("branch", ("01067", "10115", "80331") * 8)))
    model = model_of(workspace, version)
    row = {"branch": "01067", "other": "a"}
    expected = model.predict_values([row])[0]
    assert expected != model.predict_values([{**row, "branch": "99999"}])[0]
    later = write(table("branch", ("1067", "10115")), "later.csv")
    for value in (1067, 1067.0, "1067", "1067.0"):
        rows = [{**row, "branch": value}]
        given = (rows, rows * 20, pd.DataFrame(rows), pl.DataFrame(rows), later)
        assert {model.predict_values(form)[0] for form in given} == {expected}
    again = import_table(workspace, later, like=version)
    assert read_rows(workspace, again)["branch"].tolist() == ["01067", "10115"]
    mixed = import_table(workspace, write(table("branch", ("01067", "101"))))
    assert mixed.columns[0].written_as == "codes"


def test_numbers_with_a_point_in_a_column_called_like_codes_stay_numbers(imported: Importer) -> None:
    assert imported(table("zip", ("100.5", "200.25", "94105.0"))).columns[0].storage == "DOUBLE"


@pytest.mark.parametrize(("name", "storage"), [("os", "VARCHAR"), ("kernel", "VARCHAR"), ("app", "DOUBLE")])
def test_versions_are_no_numbers_or_are_said(imported: Importer, name: str, storage: str) -> None:
    version = imported(table(name, ("10.8", "10.9", "10.10", "11.2")))

    assert version.columns[0].storage == storage
    said = "so that 10.10 is 10.1: versions would be texts" if storage == "DOUBLE" else "holds codes"
    assert said in " ".join(version.notes)


@pytest.mark.parametrize(
    "cells", [("10.90", "10.10", "9.5", "12.00"), ("14.9", "14.12", "14.11"), ("0.9", "0.1", "0.11")]
)
def test_amounts_are_no_versions(imported: Importer, cells: tuple[str, ...]) -> None:
    assert imported(table("price", cells)).notes == ()

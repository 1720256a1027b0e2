"""Codes, ranks, times and places: what only looks like a number is kept as the file has it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.runtime import find_dialect
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion
from tests.data.one_column import table

Importer = Callable[..., DatasetVersion]


@pytest.mark.parametrize("cells", [("VS1", "SI2", "IF", "VVS2"), ('6\'41""', '5\'10""', '6\'2""')])
def test_nothing_is_said_of_texts_of_which_none_is_a_number(
    imported: Importer, cells: tuple[str, ...]
) -> None:
    assert imported(table("x", cells)).notes == ()


@pytest.mark.parametrize(
    "cells",
    [
        ("3rd", "4th", "11th"), ("10 AM", "11 AM", "9 AM"),
        ("2 May", "3 May", "9 May"), ("12 Main St", "5 Oak"),
        ("007 kg", "012 kg", "1 kg"), ("+49 30 123456", "+1 555 123 456"),
        ("(555) 123-4567", "(555) 765-4321"),
        ("4WD", "2WD"), ("2-3", "4-5"), ("1/2", "3/4"), ("C123", "C456"), ("10:30", "11:15"), ("5'11", "6'2"),
        ("7.15 Uhr", "9.30 Uhr", "11.05 Uhr"), ("12B", "15", "8"),
        ("R101", "R102", "R204"), ("v1.20", "v2.35", "v2.40"),
        ("1E5", "2E10", "3E7"), ("+447700900123", "+447700900456"), ("09.15", "14.30"), ("Q1", "Q2", "Q3"),
        ("RM1", "RM2", "RM12"),
        ("r1", "r2", "r3"),
        ("rs7412", "rs429358", "rs1801133"),
        ("try1", "try2", "try3"),
        ("5S", "6S", "7S"), ("38E", "40E", "42E"), ("(1)", "(2)"),
        ("(007)", "(012)", "(0)"), ("(1.2.3)", "(1.10)", "(2)"), ("1,23,4", "5"), ("$1,23", "$5,67,8"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(imported: Importer, cells: tuple[str, ...]) -> None:
    assert imported(table("x", cells)).columns[0].storage == "VARCHAR"


@pytest.mark.parametrize(
    ("name", "cells", "storage"),
    [
        ("zip", ("10001", "94105"), "VARCHAR"),
        ("Postal Code", ("10001", "94105"), "VARCHAR"),
        ("phone", ("5551234567", "5557654321"), "VARCHAR"),
        ("phone", ("0", "1"), "BIGINT"),
        ("ISBN", ("9780306406157", "9780131103627"), "VARCHAR"),
        ("firmware_version", ("1.10", "1.9"), "VARCHAR"),
        ("conversion", ("1.10", "1.9"), "DOUBLE"),
        ("HS code", ("8471.30", "3004.90"), "VARCHAR"),
        ("rate", ("1.5E5", "2E10"), "DOUBLE"),
        ("weight", ("0,530", "1,200"), "DOUBLE"),
        ("n_phones", ("500", "700"), "BIGINT"),
        ("avg_price_per_room", ("84.29", "69.0"), "DOUBLE"),
        ("price_per_phone", ("399", "512"), "BIGINT"),
        ("latitude", ("52.520", "48.137"), "DOUBLE"),
    ],
)
def test_codes_are_texts_and_places_are_numbers(
    imported: Importer, name: str, cells: tuple[str, ...], storage: str
) -> None:
    assert imported(table(name, cells)).columns[0].storage == storage


def _write_typed(frame: pd.DataFrame, path: Path) -> None:
    import sqlite3

    import duckdb

    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".json":
        frame.to_json(path, orient="records")
    elif path.suffix == ".sqlite":
        with contextlib.closing(sqlite3.connect(path)) as connection:
            frame.to_sql("t", connection, index=False)
    else:
        with duckdb.connect(str(path)) as database:
            database.from_df(frame).create("t")


@pytest.mark.parametrize("suffix", [".parquet", ".json", ".sqlite", ".duckdb"])
def test_codes_stored_as_numbers_are_texts_too(workspace: Workspace, tmp_path: Path, suffix: str) -> None:
    """A column of whole numbers with gaps comes as real ones; amounts and counts stay numbers."""
    frame = pd.DataFrame(
        {
            "zip": [94105, 10001, 60614],
            "Phone": [2125551234, 3125559876, 4155550000],
            "postcode": [1001.0, None, 2050.0],
            "tel": [5, 6, 7],
            "zip_mean": [100.5, 200.5, 300.5],
            "price": [100, 200, 300],
        }
    )
    _write_typed(frame, tmp_path / f"t{suffix}")

    version = import_table(workspace, tmp_path / f"t{suffix}")

    rows = read_rows(workspace, version)
    assert rows["zip"].tolist() == ["94105", "10001", "60614"]
    assert rows["Phone"].tolist() == ["2125551234", "3125559876", "4155550000"]
    assert [each for each in rows["postcode"] if isinstance(each, str)] == ["1001", "2050"]
    assert "'zip' holds codes, whose digits are not amounts: it was kept as text." in version.notes
    kinds = {each.name: each.storage for each in version.columns}
    assert "VARCHAR" not in {kinds["tel"], kinds["zip_mean"], kinds["price"]}

    _write_typed(frame, tmp_path / f"later{suffix}")
    again = import_table(workspace, tmp_path / f"later{suffix}", like=version)
    assert read_rows(workspace, again)["zip"].tolist() == ["94105", "10001", "60614"]


@pytest.mark.parametrize("title", ["My report\n", "My report\n\n", "# made by foo\n# 2024\n"])
def test_a_title_above_two_columns_is_no_header(imported: Importer, title: str) -> None:
    version = imported(f"{title}x,y\n0.5,a\n0.7,b\n0.9,a\n")
    assert (version.column_names, version.n_rows) == (("x", "y"), 3)


def test_one_name_above_two_values_is_what_r_writes(tmp_path: Path) -> None:
    rows = "".join(f"r{place}q,{place}\n" for place in range(60))
    (tmp_path / "r.csv").write_text(f"size\na,NA\n{rows}")

    assert find_dialect(tmp_path / "r.csv", name="r.csv").names == ("", "size")

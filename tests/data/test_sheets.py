"""Heads of several rows in a sheet, and numbers that it shows with zeros in front."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, ReadOptions
from tests.data.workbooks import Coded, write_xlsx

ROWS = [["s1", 1.5, 2.5, 4.0], ["s2", 3.5, 4.5, 8.0], ["s3", 5.5, 6.5, 12.0]]
TALL = [["Shop", "Sales", None, "Returns"], [None, "online", "store", None], *ROWS]
APART = ["2023", None, "2024", None]
TWICE = ["online", "store", "online", "store"]
Merges = tuple[str, ...]


def book(
    workspace: Workspace, folder: Path, rows: Sequence[Sequence[Any]], *merged: str, **options: Any
) -> DatasetVersion:
    """Return a sheet of these rows as a version."""
    path = write_xlsx(folder / "t.xlsx", {"A": rows}, merged=merged)
    return import_table(workspace, path, options=ReadOptions(**options))


@pytest.mark.parametrize("title", [0, 1])
@pytest.mark.parametrize(
    ("rows", "merged", "names"),
    [
        (TALL, ("A{0}:A{1}", "B{0}:C{0}", "D{0}:D{1}"), ("Shop", "Sales online", "Sales store", "Returns")),
        (TALL, ("B{0}:C{0}",), ("Shop", "Sales online", "Sales store", "Returns")),
        (
            [APART, TWICE, *([row[1], *row[1:]] for row in ROWS)],
            ("A{0}:B{0}", "C{0}:D{0}"),
            ("2023 online", "2023 store", "2024 online", "2024 store"),
        ),
    ],
)
def test_a_head_of_two_rows_names_columns_by_both(
    workspace: Workspace, tmp_path: Path, title: int, rows: list[Any], merged: Merges, names: Merges
) -> None:
    above = [["The sales of our shops"], []] if title else []
    first = len(above) + 1

    version = book(workspace, tmp_path, [*above, *rows], *(one.format(first, first + 1) for one in merged))

    assert version.column_names == names
    assert version.n_rows == 3
    assert version.notes == ()


def test_a_label_beside_the_table_and_a_title_are_no_head(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["Shops", None, None], ["region", "shop", "sign"], *(["north", "s1", "red"] for _ in range(4))]

    version = book(workspace, tmp_path, rows, "A1:B1", "A2:A6")

    assert (version.column_names, version.n_rows) == (("region", "shop", "sign"), 4)
    assert version.notes == ("Cells that are merged over several rows have their value in each of them.",)


def test_a_row_that_a_person_chose_names_the_columns_alone(workspace: Workspace, tmp_path: Path) -> None:
    version = book(workspace, tmp_path, TALL, "A1:A2", "B1:C1", "D1:D2", header_row=2)

    assert version.column_names == ("Shop", "online", "store", "Returns")


def test_codes_are_read_with_the_zeros_that_a_sheet_shows(workspace: Workspace, tmp_path: Path) -> None:
    codes = [501, 2134, 94105]
    rows = [["zip", "price"], *([Coded(code), 2.5 + code] for code in codes)]
    (tmp_path / "t.csv").write_text("zip,price\n" + "".join(f"{code:05},{2.5 + code}\n" for code in codes))

    for version in (book(workspace, tmp_path, rows), import_table(workspace, tmp_path / "t.csv")):
        assert read_rows(workspace, version)["zip"].tolist() == ["00501", "02134", "94105"]


@pytest.mark.parametrize(
    ("cells", "read", "note"),
    [
        ([Coded(501), Coded(2134), 94105], ["00501", "02134", "94105"], "all were read with them"),
        ([Coded(501), 2134, 94105], [501, 2134, 94105], "as they are stored, without them"),
    ],
)
def test_codes_that_are_shown_with_zeros_in_part_are_said(
    workspace: Workspace, tmp_path: Path, cells: list[Any], read: list[Any], note: str
) -> None:
    version = book(workspace, tmp_path, [["zip", "shop"], *([cell, "s"] for cell in cells)])

    assert [type(read[0])(cell) for cell in read_rows(workspace, version)["zip"]] == read
    assert any(said.startswith("Some numbers in 'zip' are shown") and note in said for said in version.notes)

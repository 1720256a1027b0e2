# ruff: noqa: E501 - a case a line
"""Workbooks: which sheet is the table, and what its cells hold and show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.errors import DataError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import Detected, ReadOptions
from tests.data.versions import found, values
from tests.data.workbooks import Formula, Percent, write_ods, write_xlsx


def test_a_workbook_gives_its_first_sheet_with_a_table_and_offers_the_others(
    workspace: Workspace, tmp_path: Path
) -> None:
    sheets = {
        "Read me": [["Made by the sales team"]],
        "Sales": [["Sales of May"], [], ["day", "sold", "open"], [date(2024, 5, 1), 3, True], [date(2024, 5, 2), 4.5, False]],
        "More": [["a"], [1]],
    }  # fmt: skip
    version = import_table(workspace, write_xlsx(tmp_path / "t.xlsx", sheets))

    assert [(each.name, each.storage) for each in version.columns] == [
        ("day", "TIMESTAMP"), ("sold", "DOUBLE"), ("open", "BOOLEAN"),
    ]  # fmt: skip
    assert values(workspace, version, "sold") == [3.0, 4.5]
    assert found(version, "sheet") == Detected(
        option="sheet", value="Sales", why="it is the first sheet with a table", others=("Read me", "More")
    )
    assert found(version, "header_row").value == "3"


def test_a_sheet_and_its_header_can_be_chosen(workspace: Workspace, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", {"One": [["a"], [1]], "Two": [["x"], ["b"], [2]]})

    version = import_table(workspace, path, options=ReadOptions(sheet="two", header_row=2))

    assert (version.column_names, values(workspace, version, "b")) == (("b",), [2])
    with pytest.raises(DataError, match=r"'t\.xlsx' has no sheet 'Three'\. It has 'One', 'Two'\."):
        import_table(workspace, path, options=ReadOptions(sheet="Three"))
    with pytest.raises(DataError, match=r"Row 7 of 'One' in 't\.xlsx' is empty or not there"):
        import_table(workspace, path, options=ReadOptions(header_row=7))
    with pytest.raises(UsageError, match="is a workbook, for which there is no delimiter"):
        import_table(workspace, path, options=ReadOptions(delimiter=";"))


def test_merged_cells_macros_links_and_formulas_are_read_as_values_and_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [["shop", "sold"], ["north", Formula("[1]x!A1", 1)], [None, 2], ["south", Formula("1+2", 3)]]
    parts = {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": "<externalLink/>"}
    path = write_xlsx(tmp_path / "t.xlsm", {"A": rows}, merged=["A2:A3"], parts=parts)

    version = import_table(workspace, path)

    assert values(workspace, version, "shop") == ["north", "north", "south"]
    assert values(workspace, version, "sold") == [1, 2, 3]
    assert version.notes == (
        "Cells that are merged over several rows have their value in each of them.",
        "The workbook has macros. They were not run.",
        "The workbook has links to other files. The values saved in it were read; no link was followed.",
    )


def test_an_opendocument_sheet_is_read(workspace: Workspace, tmp_path: Path) -> None:
    path = write_ods(tmp_path / "t.ods", {"A": [["day", "n"], [date(2024, 5, 1), 2]]})

    version = import_table(workspace, path)

    assert [each.storage for each in version.columns] == ["TIMESTAMP", "BIGINT"]


def test_percentages_of_a_workbook_are_read_as_they_are_shown(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["town", "off"], ["Bern", Percent(0.015)], ["Basel", Percent(0.07)], ["Chur", Percent(0.195)]]
    path = write_xlsx(tmp_path / "t.xlsx", {"A": rows})
    (tmp_path / "t.csv").write_text("town,off\nBern,1.5%\nBasel,7%\nChur,19.5%\n")

    book, text = import_table(workspace, path), import_table(workspace, tmp_path / "t.csv")
    later = import_table(workspace, path, like=text)

    for version in (book, text, later):
        assert read_rows(workspace, version)["off"].tolist() == [1.5, 7.0, 19.5]
    assert "'off' holds percentages: '19.5%' was read as 19.5." in book.notes


def test_a_workbook_that_shows_some_numbers_as_percentages_says_how_they_were_read(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [["town", "off"], ["Bern", Percent(0.015)], ["Basel", 7.5]]

    found = import_table(workspace, write_xlsx(tmp_path / "t.xlsx", {"A": rows}))

    assert read_rows(workspace, found)["off"].tolist() == [0.015, 7.5]
    assert any(note.startswith("Some numbers in 'off' are shown as percentages") for note in found.notes)

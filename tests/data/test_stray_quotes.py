"""Quotes of a CSV that close nothing are letters: no row is lost in silence, in a header or a cell."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.errors import LitmusError
from litmus_core.runtime import find_dialect
from litmus_core.runtime._files.csv_rows import find_rows
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]
_ROWS = "1,a,2\n2,b,3\n3,c,4\n"
_CELLS = [[1, "a", 2], [2, "b", 3], [3, "c", 4]]


def cells_of(workspace: Workspace, version: DatasetVersion) -> list[list[object]]:
    frame = read_rows(workspace, version).astype(object)
    return [list(row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ('id,height 6" x,price', ["id", 'height 6" x', "price"]),
        ('id,height 6",price', ["id", 'height 6"', "price"]),
        ('id,"height,price', ["id", '"height', "price"]),
        ('id,price,"height', ["id", "price", '"height']),
        ('"id,height,price', ['"id', "height", "price"]),
        ('"id","height 6" x","price"', ["id", 'height 6" x', "price"]),
        ('"id","6" x 7"","price"', ["id", '6" x 7"', "price"]),
        ('"id","h, 6" x","price"', ["id", 'h, 6" x', "price"]),
    ],
    ids=[
        "middle",
        "end",
        "begin",
        "last begins",
        "first begins",
        "in a text",
        "two in a text",
        "and a comma",
    ],
)
def test_a_stray_quote_in_the_header_is_a_letter(
    workspace: Workspace, imported: Importer, header: str, names: list[str]
) -> None:
    version = imported(f"{header}\n{_ROWS}")

    assert (list(version.column_names), cells_of(workspace, version)) == (names, _CELLS)


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ('1,6" x,2', '6" x'),
        ('1,6",2', '6"'),
        ('1,"a,2', '"a'),
        ('1,"a 6" x",2', 'a 6" x'),
        ('1,"a 6", x",2', 'a 6", x'),
        ('1,"a ""6"" 7" x",2', 'a "6" 7" x'),
    ],
    ids=["middle", "end", "begin", "in a text", "and a comma", "beside doubled ones"],
)
def test_a_stray_quote_in_a_cell_is_a_letter(
    workspace: Workspace, imported: Importer, line: str, cell: str
) -> None:
    version = imported(f'id,h,price\n{line}\n2,"b, c",3\n3,"d\ne",4\n')

    assert cells_of(workspace, version) == [[1, cell, 2], [2, "b, c", 3], [3, "d\ne", 4]]


def test_the_report_says_where_a_quote_was_read_as_a_letter(imported: Importer) -> None:
    assert imported(f'id,"h,price\n{_ROWS}').notes == (
        "A quote in line 1, column '\"h' closes no text; it was read as a letter.",
    )
    assert imported('id,h,price\n1,a,2\n2,"b,3\n3,"c,4\n').notes == (
        "Quotes in 2 cells close no text; they were read as letters. The first is in line 3, column 'h'.",
    )


def test_a_row_that_can_be_read_in_two_ways_is_refused_with_its_line(imported: Importer) -> None:
    with pytest.raises(LitmusError, match=r"Line 3 of 'table.csv' has 4 values where the table has 3"):
        imported('id,h,g\n1,a,b\n2,"a","b","c"\n3,d,e\n')


def test_quotes_that_close_around_rows_are_said(imported: Importer) -> None:
    version = imported('id,h,price\n0,z,1\n1,"a,2\n2,b,3\n3,6",4\n4,d,5\n')

    assert version.n_rows == 3
    assert version.notes[0].startswith(
        "Line 3 begins a quoted text in the column 'h' that takes 3 lines. Each of them looks like a row"
    )


def test_texts_of_several_lines_are_no_rows(imported: Importer) -> None:
    version = imported('id,h,price\n1,"dear Ann, hello\nyours, Bob",2\n2,"a\nb",3\n')

    assert (version.n_rows, version.notes) == (2, ())


def test_a_quote_in_the_header_that_closes_in_a_row_is_a_letter(imported: Importer) -> None:
    version = imported('a,b,"c\n1,2,3\n4",5,6\n7,8,9\n')

    assert (version.n_rows, version.column_names) == (3, ("a", "b", '"c'))


def test_wide_tables_have_their_stray_quotes_read_and_said(imported: Importer) -> None:
    names = ",".join(f"c{place}" for place in range(400))
    row = ",".join(map(str, range(400)))

    version = imported(f'{names}\n{row}\n"{row}\n{row}\n')

    assert version.n_rows == 3
    assert version.notes[0] == "A quote in line 3, column 'c0' closes no text; it was read as a letter."


def test_rows_to_score_are_read_alike(tmp_path: Path) -> None:
    (path := tmp_path / "rows.csv").write_text('id,"h,price\n1,"a 6" x",2\n2,b,3\n')

    rows = find_rows(path, find_dialect(path, name="rows.csv"), name="rows.csv")

    assert (rows.n_rows, list(rows)) == (2, [["1", 'a 6" x', "2"], ["2", "b", "3"]])


@pytest.mark.parametrize("seed", range(25))
def test_no_row_is_lost_in_silence(workspace: Workspace, write: Callable[..., Path], seed: int) -> None:
    rng = random.Random(seed)
    lines = [["id", "text", "size"]] + [
        [str(row), rng.choice(["red", '"Tom, Ann"', '"6 in"', "x"]), str(rng.randint(1, 99))]
        for row in range(rng.choice([3, 30]))
    ]
    for _ in range(rng.randint(0, 3)):
        line = rng.choice([0, rng.randrange(1, len(lines))])
        cell = lines[line][1]
        place = rng.randint(0, len(cell))
        lines[line][1] = f'{cell[:place]}"{cell[place:]}'
    content = "".join(",".join(line) + "\n" for line in lines)

    version = import_table(workspace, write(content))

    assert version.n_rows == len(lines) - 1 or version.notes
    try:
        reference = list(csv.reader(StringIO(content), strict=True))
    except csv.Error:
        return
    if {len(row) for row in reference} == {3} and len(reference) == version.n_rows + 1:
        assert [row[1] for row in cells_of(workspace, version)] == [row[1] for row in reference[1:]]

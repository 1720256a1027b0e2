# ruff: noqa: E501, RUF001 - a case a line, in its own letters
"""What is found out about a file is said with the evidence, and can be changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from litmus_core.data import import_table
from litmus_core.errors import DataError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, ReadOptions
from tests.data.versions import found, values

Writer = Callable[..., Path]


@pytest.fixture
def imported(workspace: Workspace, write: Writer) -> Callable[..., DatasetVersion]:
    def imported(content: str | bytes, name: str = "t.csv", **options: object) -> DatasetVersion:
        return import_table(workspace, write(content, name), options=ReadOptions(**options))  # type: ignore[arg-type]

    return imported


Importer = Callable[..., DatasetVersion]


# Text files


@pytest.mark.parametrize(
    ("content", "option", "value", "why"),
    [
        ("a;b\n1;2\n3;4\n", "delimiter", ";", "3 of 3 rows have 2 values with ';'"),
        ("a\tb\n1\t2\n", "delimiter", "tab", "2 of 2 rows have 2 values with 'tab'"),
        ("a\nx\n", "delimiter", "none", "no separator gives the rows the same number of values"),
        ("a,b\n1,2\n", "encoding", "utf-8", "the file holds ASCII only"),
        ("a,b\nü,ß\n", "encoding", "utf-8", "all 2 letters beyond ASCII fit"),
        ("a,b\nü,2\n".encode("utf-16"), "encoding", "utf-16", "the file begins with its mark"),
        ("a,b\nü,2\n".encode("cp1252"), "encoding", "cp1252", "1 of its letters are not UTF-8, and all are cp1252"),
        ("a,b\n1,2\n", "header_row", "1", "line 1 names the columns"),
        ("Sales\n\na,b,c\n1,2,3\n4,5,6\n", "header_row", "3",
         "line 3 names the columns; what is above it is not part of the table"),
        ("1,2\n3,4\n", "header_row", "0", "the first row looks like those below it"),
        ("a,b\n'x, y','z'\n'u','v'\n'w','w'\n", "quote", "'", "its texts are in single quotes"),
        ("a;b\n1,5;x\n2;y\n", "decimal", ",", "'1,5' in row 1 of 'a'"),
        ("a,b\n1,x\n2.5,y\n", "decimal", ".", "'2.5' in row 2 of 'a'"),
        ('a,b\n"1,234.5",x\n2,y\n', "thousands", ",", "'1,234.5' in row 1 of 'a'"),
        ("a;b\n1 234;x\n2;y\n", "thousands", "space", "'1 234' in row 1 of 'a'"),
        ("a;b\n2;x\n1'234'567;y\n", "thousands", "'", "'1'234'567' in row 2 of 'a'"),
        ("a,b\n1/2/2020,x\n31/12/2020,y\n", "date_order", "day first", "'31/12/2020' in row 2 of 'a' cannot be month first"),
        ("a,b\n1/2/2020,x\n12/31/2020,y\n", "date_order", "month first", "'12/31/2020' in row 2 of 'a' cannot be day first"),
        ("a,b\n1/2/2020,x\n", "date_order", "month first", "no date in 'a' settles it; month first is more common"),
    ],
    ids=[
        "semicolon", "tab", "one column", "ASCII", "UTF-8", "UTF-16", "cp1252", "header", "title above",
        "no header", "single quotes", "decimal comma", "decimal point", "thousands by comma", "by space",
        "by apostrophe", "day first", "month first", "either order",
    ],
)  # fmt: skip
def test_what_was_found_out_is_said_with_the_evidence(
    imported: Importer, content: str | bytes, option: str, value: str, why: str
) -> None:
    told = found(imported(content), option)

    assert (told.value, told.why) == (value, why)


def test_nothing_is_found_out_that_was_asked_for(imported: Importer) -> None:
    version = imported("a;b\n1;2\n", delimiter=";", header_row=1, encoding="utf-8")

    assert version.options == ReadOptions(delimiter=";", header_row=1, encoding="utf-8")
    assert version.detected == ()


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("a^b\n1^2\n", {"delimiter": "^"}, [1]),
        ("a,b\nx,y\n", {"delimiter": "none"}, ["x,y"]),
        ("a\tb\n1\t2\n", {"delimiter": "tab"}, [1]),
        ("'a','b'\n'1,5','2'\n", {"quote": "single", "decimal": ","}, [1.5]),
        ("a,b\n'x,2\n", {"quote": "none"}, ["'x"]),
        ("a;b\n1.234;x\n5;y\n", {"decimal": ","}, [1234.0, 5.0]),
        ("a;b\n1.234;x\n5.5;y\n", {"decimal": "."}, [1.234, 5.5]),
        ('a,b\n"1,234",x\n"5,678",y\n', {"decimal": ","}, [1.234, 5.678]),
        ('a,b\n"1,234",x\n"5,678",y\n', {"thousands": ","}, [1234.0, 5678.0]),
        ("a;b\n1.234;x\n5.678;y\n", {"thousands": "."}, [1234.0, 5678.0]),
        ("a;b\n1 234,5;x\n7;y\n", {"thousands": "space", "decimal": ","}, [1234.5, 7.0]),
        ("a,b\n1,2\n3,4\n", {"header_row": 0, "delimiter": ","}, ["a", "1", "3"]),
        ("x,y\na,b\n1,2\n3,4\n", {"header_row": 2}, [1, 3]),
        ("город,n\nОдесса,3\n".encode("cp1251"), {"encoding": "cp1251"}, ["Одесса"]),
    ],
    ids=[
        "odd delimiter", "no delimiter", "tab in words", "single quotes", "quotes are letters", "comma decides",
        "point decides", "comma as decimal", "comma as thousands", "dot as thousands", "spaces and comma",
        "no header", "header lower down", "cyrillic",
    ],
)  # fmt: skip
def test_what_is_asked_for_is_done(
    workspace: Workspace, imported: Importer, content: str | bytes, options: dict[str, object],
    expected: list[object],
) -> None:  # fmt: skip
    version = imported(content, **options)

    assert values(workspace, version, version.column_names[0]) == expected


def test_the_order_of_dates_can_be_chosen(workspace: Workspace, imported: Importer) -> None:
    content = "day,b\n1/2/2020,x\n3/4/2020,y\n"

    first = {
        order: values(workspace, imported(content, date_order=order), "day")[0] for order in ("d/m", "m/d")
    }

    assert [str(first[order])[:10] for order in ("d/m", "m/d")] == ["2020-02-01", "2020-01-02"]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("a;b\n1;2\n", {"delimiter": "|"}, "The rows of 't.csv' are not separated by '|'. Try ';'"),
        ("a,b\n1.5,2\n", {"decimal": ","}, "does not fit 'a': it has '1.5' in row 1."),
        ("a,b\n31/12/2020,2\n", {"date_order": "month first"},
         "The order of dates that was asked for does not fit 'a': it has '31/12/2020' in row 1."),
        ("a,b\nü,2\n", {"encoding": "ascii"}, "'t.csv' cannot be read as ascii: the byte 0xc3 is not a letter there."),
        ("a,b\n1,2\n", {"header_row": 9}, "Line 9 of 't.csv' is blank, not there"),
        ("a,b\n1,2\n", {"header_row": 2}, "'t.csv' has a header but no rows."),
    ],
    ids=["delimiter", "decimal", "date order", "encoding", "no such line", "nothing below"],
)  # fmt: skip
def test_an_option_that_does_not_fit_gives_words(
    workspace: Workspace, imported: Importer, content: str, options: dict[str, object], words: str
) -> None:
    with pytest.raises(DataError) as refused:
        imported(content, **options)

    assert words in str(refused.value)
    assert refused.value.hint
    assert list(workspace.datasets.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"delimiter": ";;"}, "The delimiter has to be one plain character"),
        ({"delimiter": ",", "quote": ","}, "cannot be the same"),
        ({"encoding": "klingon"}, "'klingon' is not an encoding that Litmus knows"),
        ({"encoding": "base64"}, "'base64' is not an encoding that Litmus knows"),
        ({"decimal": ";"}, "';' is not a decimal mark"),
        ({"thousands": "x"}, "'x' is not a thousands separator"),
        ({"decimal": ",", "thousands": ","}, "cannot stand for both"),
        ({"date_order": "backwards"}, "'backwards' is not an order of dates"),
        ({"header_row": -1}, "counts from 1"),
        ({"sheet": "One"}, "'t.csv' is a text file, for which there is no sheet to choose"),
        ({"table": "t"}, "'t.csv' is a text file, for which there is no table to choose"),
    ],
)
def test_an_option_that_cannot_be_meant_gives_words(
    imported: Importer, options: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError) as refused:
        imported("a,b\n1,2\n", **options)

    assert words in refused.value.message
    assert refused.value.hint


def test_numbers_with_spaces_that_are_all_as_long_stay_codes(imported: Importer) -> None:
    assert imported("phone;b\n555 123 456;x\n555 123 789;y\n").columns[0].storage == "VARCHAR"


# JSON, Parquet, databases


def test_json_objects_become_rows_and_what_is_in_them_columns(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported(
        '{"id": 1, "who": {"name": "Ann", "tags": ["a", "b"]}}\n{"id": 2.5, "paid": true}\n', "t.jsonl"
    )

    assert [(each.name, each.storage) for each in version.columns] == [
        ("id", "DOUBLE"), ("who.name", "VARCHAR"), ("who.tags", "VARCHAR"), ("paid", "BOOLEAN"),
    ]  # fmt: skip
    assert values(workspace, version, "who.tags") == ['["a","b"]', None]
    assert version.notes == (
        "Objects within objects became columns of their own, such as 'who.name'.",
        "Lists were kept as texts.",
        "Some rows have no 'who.name', 'who.tags', 'paid'; the values are missing there.",
    )


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table", "list"])
@pytest.mark.parametrize("n_columns", [1, 2])
def test_one_json_object_of_a_whole_table_is_refused(imported: Importer, orient: str, n_columns: int) -> None:
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]}).iloc[:, :n_columns]
    text = json.dumps(frame.to_dict("list")) if orient == "list" else frame.to_json(orient=orient)

    with pytest.raises(DataError, match=r"'t\.json' holds one JSON object, not a list of rows") as refused:
        imported(text, "t.json")

    assert 'to_json(path, orient="records")' in refused.value.hint


@pytest.mark.parametrize(
    "text", ['{"id": 1, "at": {"x": 1, "y": 2}}', '{"at": {"x": 1}}', '{"a": [1], "b": [2]}']
)
def test_one_object_of_a_row_is_a_row(imported: Importer, text: str) -> None:
    assert imported(f"{text}\n", "t.jsonl").n_rows == 1


def test_a_json_array_longer_than_one_reading_gives_all_its_rows(
    workspace: Workspace, imported: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.data._sources._json._CHUNK", 16)
    rows = ", \n".join(f'{{"number": {number}, "text": "é{number}"}}' for number in range(300))

    version = imported(f" [ {rows} ] ", "t.json")

    assert values(workspace, version, "number") == list(range(300))


def test_records_in_parquet_become_columns(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"who": [{"name": "Ann", "age": 3}, None], "tags": [["a"], []]}).to_parquet(path)

    version = import_table(workspace, path)

    assert [(each.name, each.storage) for each in version.columns] == [
        ("who.name", "VARCHAR"), ("who.age", "BIGINT"), ("tags", "VARCHAR"),
    ]  # fmt: skip
    assert len(version.notes) == 2


def test_a_folder_of_parquet_files_is_one_table(workspace: Workspace, tmp_path: Path) -> None:
    (folder := tmp_path / "sales").mkdir()
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_parquet(folder / "2024-01.parquet")
    pd.DataFrame({"b": ["z"]}).to_parquet(folder / "2024-02.parquet")
    (folder / "_SUCCESS").write_text("")
    (folder / ".hidden.parquet").write_text("no Parquet")

    version = import_table(workspace, folder)

    assert (version.name, values(workspace, version, "b")) == ("sales", ["x", "y", "z"])
    assert values(workspace, version, "a") == [1, 2, None]
    assert version.notes == (
        "2 files of the folder were read as one table.",
        "'a' is missing in '2024-02.parquet'.",
    )


def test_files_of_a_folder_that_do_not_agree_are_named(workspace: Workspace, tmp_path: Path) -> None:
    (folder := tmp_path / "sales").mkdir()
    pd.DataFrame({"a": [1]}).to_parquet(folder / "1.parquet")
    pd.DataFrame({"a": ["x"]}).to_parquet(folder / "2.parquet")

    with pytest.raises(DataError, match=r"'a' holds numbers in '1\.parquet' and texts in '2\.parquet'\."):
        import_table(workspace, folder)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, price REAL, day TEXT)")
        connection.execute("INSERT INTO orders VALUES (1, 2.0, '2024-05-01'), (2, NULL, '2024-05-02')")
        connection.execute("CREATE TABLE people (name TEXT)")
        connection.execute("INSERT INTO people VALUES ('Ann')")
        connection.commit()
    return path


def test_a_table_of_a_database_is_chosen_by_name(workspace: Workspace, database: Path) -> None:
    with pytest.raises(DataError) as several:
        import_table(workspace, database)
    assert several.value.message == "'shop.sqlite' has 2 tables: 'orders' (2 rows) and 'people' (1 row)."
    assert "--table NAME" in several.value.hint

    version = import_table(workspace, database, options=ReadOptions(table="Orders"))

    assert [(each.name, each.storage) for each in version.columns] == [
        ("id", "BIGINT"), ("price", "BIGINT"), ("day", "TIMESTAMP"),
    ]  # fmt: skip
    with pytest.raises(
        DataError, match=r"has no table 'goods'\. It has 'orders' \(2 rows\) and 'people' \(1 row\)\."
    ):
        import_table(workspace, database, options=ReadOptions(table="goods"))


def test_a_table_of_a_duckdb_file_keeps_its_types(workspace: Workspace, tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS id, '007' AS code, DATE '2024-05-01' AS day")
        connection.execute("CREATE SCHEMA old; CREATE TABLE old.orders AS SELECT 2 AS id")

    version = import_table(workspace, path, options=ReadOptions(table="orders"))

    assert [each.storage for each in version.columns] == ["BIGINT", "VARCHAR", "TIMESTAMP"]
    older = import_table(workspace, path, options=ReadOptions(table="old.orders"))
    assert values(workspace, older, "id") == [2]

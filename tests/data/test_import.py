"""Import: from a file as people have it to typed, immutable Parquet; nothing is left behind on failure."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from litmus_core.data import import_table, read_rows
from litmus_core.errors import DataError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion
from tests.cases import examples

Importer = Callable[..., DatasetVersion]
Writer = Callable[..., Path]


def rows_of(workspace: Workspace, version: DatasetVersion) -> list[tuple[object, ...]]:
    frame = read_rows(workspace, version)
    frame = frame.astype(object).where(frame.notna(), None)
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_a_plain_csv_becomes_a_version_with_its_rows_in_order(workspace: Workspace, write: Writer) -> None:
    version = import_table(workspace, write("size,colour\n3,red\n1,blue\n2,red\n", "shirts.csv"))

    assert (version.name, version.version, version.n_rows) == ("shirts", 1, 3)
    assert version.path == f"datasets/{version.dataset_id}/v1.parquet"
    assert rows_of(workspace, version) == [(3, "red"), (1, "blue"), (2, "red")]


def test_a_second_version_lies_beside_the_first(workspace: Workspace, write: Writer) -> None:
    first = import_table(workspace, write("a\n1\n2\n"))
    second = import_table(workspace, write("a\n3\n4\n"), dataset_id=first.dataset_id, version=2, name="mine")

    assert second.path == f"datasets/{first.dataset_id}/v2.parquet"
    assert (second.name, rows_of(workspace, first)) == ("mine", [(1,), (2,)])


def test_versions_count_from_one(workspace: Workspace, write: Writer) -> None:
    with pytest.raises(UsageError, match="count from 1"):
        import_table(workspace, write("a\n1\n"), version=0)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a;b\n1;x, y\n2;z\n", [(1, "x, y"), (2, "z")]),
        ("a\tb\n1\tx\n2\ty\n", [(1, "x"), (2, "y")]),
        ("a|b\n1|x\n2|y\n", [(1, "x"), (2, "y")]),
        ("a;b\n1,5;2,5\n3,25;4,0\n", [(1.5, 2.5), (3.25, 4.0)]),
        ('a,b\n1,"x\ny"\n2,"say ""hi"""\n', [(1, "x\ny"), (2, 'say "hi"')]),
        ('a,"b\nc"\n1,2\n', [(1, 2)]),
        ("a,b\r\n1,2\r\n3,4\r\n", [(1, 2), (3, 4)]),
        ("a,b\r\n1,2\n3,4\r\n", [(1, 2), (3, 4)]),
        ("a,b\r1,2\r3,4\r", [(1, 2), (3, 4)]),
        ("a,b\n1,2\n\n3,4\n\n", [(1, 2), (3, 4)]),
        ("\ufeffa,b\n1,2\n3,4\n", [(1, 2), (3, 4)]),
        ("a,b\n1,2,\n3,4,\n", [(1, 2), (3, 4)]),
        ('a,b\n1,5" pipe\n2,"5 pipe\n', [(1, '5" pipe'), (2, '"5 pipe')]),
        ('a,b\n1,"x"y\n2,z\n', [(1, "xy"), (2, "z")]),
        ('"a","b"\n"1","x"\n', [(1, "x")]),
        ("a,b\n1,2", [(1, 2)]),
        ("Sales of May\n\na,b,c\n1,2,3\n4,5,6\n", [(1, 2, 3), (4, 5, 6)]),
        ("sep=;\na;b\n1;2\n3;4\n", [(1, 2), (3, 4)]),
        ("text\nred, green\nblue\n", [("red, green",), ("blue",)]),
        ("a,b\n1,\x00x\n2,y\n" + "3,more text\n" * 20, [(1, "x"), (2, "y"), *[(3, "more text")] * 20]),
    ],
    ids=[
        "semicolons", "tabs", "pipes", "decimal commas", "quoted newlines", "newline in a name", "windows",
        "mixed line ends", "old mac", "blank lines", "byte-order mark", "separator at line ends",
        "lone quotes", "text behind a quote", "all quoted", "no last newline", "title above", "word to excel",
        "one column", "NUL characters",
    ],
)  # fmt: skip
def test_csv_dialects_are_read_as_people_mean_them(
    workspace: Workspace, imported: Importer, content: str, expected: list[tuple[object, ...]]
) -> None:
    assert rows_of(workspace, imported(content)) == expected


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ()),
        ("cp1252", ("The file is not UTF-8; its letters were read as Western European.",)),
    ],
)
def test_encodings_give_the_same_letters(
    workspace: Workspace, imported: Importer, encoding: str, note: tuple[str, ...]
) -> None:
    version = imported("city,visits\nMünchen,3\nOrléans,4\n".encode(encoding))

    assert rows_of(workspace, version) == [("München", 3), ("Orléans", 4)]
    assert version.notes == note


def test_a_few_damaged_letters_do_not_spoil_the_others(workspace: Workspace, imported: Importer) -> None:
    content = b"city,visits\n" + "München,3\n".encode() * 50 + b"Orl\xff\xffans,4\n"

    version = imported(content)

    assert rows_of(workspace, version)[0] == ("München", 3)
    assert rows_of(workspace, version)[-1] == ("Orl\ufffd\ufffdans", 4)
    assert version.notes == ("2 letters could not be read and stand as '\ufffd'.",)


def test_a_gzipped_csv_is_unpacked(workspace: Workspace, imported: Importer) -> None:
    version = imported(gzip.compress(b"a,b\n1,2\n"), "shirts.csv.gz")

    assert (version.name, rows_of(workspace, version)) == ("shirts", [(1, 2)])


def test_names_are_tidied_and_the_originals_kept(imported: Importer) -> None:
    version = imported(" Category Label,,price,price,Price\na,1,2,3,4\n")

    assert version.column_names == ("Category Label", "column 2", "price", "price (2)", "Price (3)")
    assert [column.original_name for column in version.columns] == [
        " Category Label", "", "price", "price", "Price",
    ]  # fmt: skip
    assert version.notes == (
        "Column names were tidied: ' Category Label' is now 'Category Label', '' is now 'column 2', "
        "'price' is now 'price (2)', and 1 more.",
    )


def test_a_file_without_a_header_gets_numbered_columns(workspace: Workspace, imported: Importer) -> None:
    version = imported("5.1,3.5,setosa\n4.9,3.0,setosa\n")

    assert version.column_names == ("column 1", "column 2", "column 3")
    assert version.n_rows == 2
    assert "The file has no header; its columns are numbered." in version.notes


@pytest.mark.parametrize("header", ["0,1,2", "country,2019,2020", "a,b,3"])
def test_a_header_with_numbers_in_it_stays_a_header(imported: Importer, header: str) -> None:
    version = imported(f"{header}\nx,1.5,2.5\ny,3.5,4.5\n")

    assert (version.column_names, version.n_rows) == (tuple(header.split(",")), 2)


def test_the_row_names_that_r_writes_without_a_name_are_a_column(imported: Importer) -> None:
    version = imported("mpg,cyl\nMazda,21,6\nVolvo,22,4\n")

    assert version.column_names == ("column 1", "mpg", "cyl")


def test_a_wide_table_is_imported(workspace: Workspace, imported: Importer) -> None:
    names = [f"sensor {number}" for number in range(600)]
    row = ",".join("1.5" for _ in names)
    version = imported(f"{','.join(names)}\n{row}\n{row}\n")

    assert len(version.columns) == 600
    assert version.columns[599].storage == "DOUBLE"


def test_a_huge_text_is_one_cell(workspace: Workspace, imported: Importer) -> None:
    long = "word " * 800_000
    version = imported(f'id,text\n1,"{long}"\n2,short\n')

    assert read_rows(workspace, version)["text"].str.len().tolist() == [4_000_000, 5]


def test_parquet_keeps_its_types(workspace: Workspace, tmp_path: Path) -> None:
    import pandas as pd

    source = tmp_path / "shirts.parquet"
    pd.DataFrame(
        {
            " size ": pd.array([1, None], dtype="Int32"),
            "price": [1.5, float("inf")],
            "sold": [True, False],
            "day": pd.to_datetime(["2024-05-01", "2024-05-02"]),
            "zip": ["00501", "10001"],
            "grade": pd.Categorical(["a", "b"]),
            "seen": pd.to_datetime(["2024-05-01 10:00+02:00", None]),
        }
    ).to_parquet(source)

    version = import_table(workspace, source)

    assert [(column.name, column.storage) for column in version.columns] == [
        ("size", "BIGINT"),
        ("price", "DOUBLE"),
        ("sold", "BOOLEAN"),
        ("day", "TIMESTAMP"),
        ("zip", "VARCHAR"),
        ("grade", "VARCHAR"),
        ("seen", "TIMESTAMP"),
    ]
    first, second = rows_of(workspace, version)
    assert [str(value) for value in first] == [
        "1.0", "1.5", "True", "2024-05-01 00:00:00", "00501", "a", "2024-05-01 08:00:00",
    ]  # fmt: skip
    assert [str(value) for value in second] == [
        "None", "None", "False", "2024-05-02 00:00:00", "10001", "b", "None",
    ]  # fmt: skip


def test_the_hash_is_of_the_rows_and_not_of_the_file(workspace: Workspace, write: Writer) -> None:
    import pandas as pd

    hash_of = {
        "commas": import_table(workspace, write("a,b\n1,x\n2,\n")).content_hash,
        "semicolons": import_table(workspace, write("a;b\n1;x\n2;NA\n")).content_hash,
        "other cell": import_table(workspace, write("a,b\n1,y\n2,\n")).content_hash,
        "other order": import_table(workspace, write("a,b\n2,\n1,x\n")).content_hash,
        "other name": import_table(workspace, write("a,c\n1,x\n2,\n")).content_hash,
        "moved letter": import_table(workspace, write("a,b\n1,\n2,x\n")).content_hash,
    }
    source = write("", "table.parquet")
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}).to_parquet(source, row_group_size=1)

    assert hash_of["commas"] == hash_of["semicolons"] == import_table(workspace, source).content_hash
    assert len(set(hash_of.values())) == 5
    assert len(hash_of["commas"]) == 64


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "t.csv", "'t.csv' is empty."),
        ("\n \n", "t.csv", "'t.csv' is empty."),
        (",\n,,\n", "t.csv", "'t.csv' has no values in it."),
        ("a,b\n", "t.csv", "'t.csv' has a header but no rows."),
        ("a,b,c\n1,2,3\n4,5\n", "t.csv", "Line 3 of 't.csv' has 2 values where the table has 3 columns."),
        ("a,b\n1,2\n3,4\n5,6,7\n", "t.csv", "Line 4 of 't.csv' has 3 values where the table has 2 columns."),
        (
            'a,b\n1,"x\ny"\n3,4,5\n6,7\n', "t.csv",
            "Line 4 of 't.csv' has 3 values where the table has 2 columns.",
        ),
        (bytes(range(256)) * 4, "t.csv", "'t.csv' does not look like text"),
        (b"PK\x03\x04rest", "t.xlsx", "'t.xlsx' is a damaged zip file."),
        (b"\x89PNG\r\n\x1a\n", "t.csv", "'t.csv' is a picture"),
        ("<!DOCTYPE html><html>", "t.csv", "'t.csv' is a web page"),
        ('[{"a": 1}', "t.json", "The end of 't.json' is not valid JSON."),
        (b"PAR1 and then nonsense", "t.parquet", "'t.parquet' is damaged or not a Parquet file."),
        ("a,b\n1,2\n", "t.parquet", "'t.parquet' is damaged or not a Parquet file."),
        (b"\x1f\x8b and then nonsense", "t.csv.gz", "'t.csv.gz' is a damaged gzip file."),
    ],
    ids=[
        "empty", "blank", "separators only", "header only",
        "short row", "long row", "line of a long row", "binary", "excel",
        "picture", "web page", "json", "damaged parquet", "csv called parquet", "damaged gzip",
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words_and_leaves_nothing_behind(
    workspace: Workspace, write: Writer, content: str | bytes, name: str, words: str
) -> None:
    with pytest.raises(DataError) as refused:
        import_table(workspace, write(content, name))

    assert words in refused.value.message
    assert refused.value.hint
    assert list(workspace.datasets.iterdir()) == []


def test_a_failed_new_version_leaves_the_old_one_alone(workspace: Workspace, write: Writer) -> None:
    first = import_table(workspace, write("a,b\n1,2\n"))

    with pytest.raises(DataError):
        import_table(workspace, write("a,b\n1\n2,3,4\n"), dataset_id=first.dataset_id, version=2)

    left = sorted(path.name for path in (workspace.datasets / first.dataset_id).iterdir())
    assert left == ["v1.parquet", "v1.profile.json"]


def test_a_missing_file_is_named(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file '.*nowhere\.csv'\. Check the path"):
        import_table(workspace, tmp_path / "nowhere.csv")


def test_a_folder_is_no_table_but_may_hold_one(workspace: Workspace, tmp_path: Path, write: Writer) -> None:
    write("a\n1\n", "inside.csv")

    with pytest.raises(DataError, match=r"is a folder, not a file\. Did you mean 'inside\.csv' in it\?"):
        import_table(workspace, tmp_path)


def test_a_file_without_permission_says_so(
    workspace: Workspace, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write("a\n1\n")
    source.chmod(0)
    if os.geteuid() == 0:  # root may read every file: ask as somebody else would
        monkeypatch.setattr(os, "access", lambda path, mode: not (Path(path) == source and mode == os.R_OK))

    with pytest.raises(DataError, match="may not be read"):
        import_table(workspace, source)


def test_too_many_columns_are_refused(workspace: Workspace, write: Writer) -> None:
    row = ",".join(["1"] * 20_001)

    with pytest.raises(DataError, match="has 20,001 columns; Litmus takes up to 20,000"):
        import_table(workspace, write(f"{row}\n{row}\n"))


def test_binary_columns_are_named(workspace: Workspace, tmp_path: Path) -> None:
    import pandas as pd

    source = tmp_path / "pictures.parquet"
    pd.DataFrame({"picture": [b"\x00\x01"]}).to_parquet(source)

    with pytest.raises(DataError, match=r"Column 'picture' of 'pictures\.parquet' holds binary data"):
        import_table(workspace, source)


def test_paths_with_odd_letters_are_taken_literally(tmp_path: Path) -> None:
    folder = tmp_path / "we[i]rd*'? folder"
    folder.mkdir()
    source = folder / "it's [a] table*.csv"
    source.write_text("a,b\n1,2\n")

    workspace = Workspace(folder / "work'space").create()
    version = import_table(workspace, source)

    assert (version.name, rows_of(workspace, version)) == ("it's [a] table*", [(1, 2)])


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.tuples(words, st.sampled_from(["x", 'quo"te', "com,ma", "new\nline", "semi;colon"])),
                   min_size=1, max_size=6),
)  # fmt: skip
@example(cells=[("0%", "x")])
@example(cells=[("7", "x"), ("8,5", "x")])
def test_any_cell_survives_a_well_formed_csv(
    workspace: Workspace, write: Writer, cells: list[tuple[str, str]]
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = ["key,first,second", *(f"k,{quoted(f'«{first}»')},{quoted(second)}" for first, second in cells)]
    version = import_table(workspace, write("\n".join(lines) + "\n"))

    assert rows_of(workspace, version) == [("k", f"«{first}»", second) for first, second in cells]


def test_what_a_killed_import_left_is_swept_a_day_later(workspace: Workspace, write: Writer) -> None:
    old, young = workspace.datasets / "ds_old", workspace.datasets / "ds_young"
    for folder in (old, young):
        (folder / ".import-x").mkdir(parents=True)
    os.utime(old / ".import-x", (0, 0))

    import_table(workspace, write("a,b\n1,2\n"))

    assert not old.exists()
    assert (young / ".import-x").exists()

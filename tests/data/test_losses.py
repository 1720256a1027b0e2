"""What Litmus keeps of a file is what is there, or the import's notes name what is not."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmus_core.data import import_table, profile, read_rows
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]


def of_parquet(workspace: Workspace, folder: Path, table: pa.Table) -> DatasetVersion:
    pq.write_table(table, folder / "t.parquet")
    return import_table(workspace, folder / "t.parquet")


def cells(workspace: Workspace, version: DatasetVersion) -> dict[str, list[Any]]:
    return {name: values.tolist() for name, values in read_rows(workspace, version).items()}


def test_columns_of_one_name_keep_their_own_values(workspace: Workspace, tmp_path: Path) -> None:
    columns = [pa.array([1, 2]), pa.array([3, 4]), pa.array([5, 6]), pa.array([7, 8])]
    version = of_parquet(workspace, tmp_path, pa.Table.from_arrays(columns, names=["a", "A", "a", "a_1"]))

    assert cells(workspace, version) == {"a": [1, 2], "A (2)": [3, 4], "a (3)": [5, 6], "a_1": [7, 8]}


def test_fields_of_one_name_keep_their_own_values(workspace: Workspace, tmp_path: Path) -> None:
    records = pa.StructArray.from_arrays([pa.array([1, 2]), pa.array([3, 4])], names=["x", "x"])

    assert cells(workspace, of_parquet(workspace, tmp_path, pa.table({"s": records}))) == {
        "s.x": [1, 2],
        "s.x (2)": [3, 4],
    }


@pytest.mark.parametrize(
    ("values", "kind", "kept", "note"),
    [
        ([2**64 - 1, 5, 6], pa.uint64(), [2.0**64, 5.0, 6.0],
         "1 number in 'n' was rounded to about 16 digits."),
        ([2**63 - 2, 5, 6], pa.uint64(), [2**63 - 2, 5, 6], None),
        ([2**64 - 1, 2**64 - 3], pa.uint64(), [str(2**64 - 1), str(2**64 - 3)], None),
        ([Decimal("12345678901234567890123456789.123456789"), Decimal(1)], pa.decimal128(38, 9),
         [12345678901234567890123456789.123456789, 1.0], "1 number in 'n' was rounded to about 16 digits."),
        ([Decimal("0.10"), Decimal("12.35")], pa.decimal128(10, 2), [0.1, 12.35], None),
        ([Decimal(2**70), Decimal(1), Decimal(3)], pa.decimal128(38, 0), [2.0**70, 1.0, 3.0], None),
        ([Decimal("1.5"), Decimal(2)], pa.decimal256(50, 2), [1.5, 2.0],
         "Numbers in 'n' were kept to about 16 digits; the file has more."),
    ],
)  # fmt: skip
def test_large_numbers_are_kept_or_said_to_be_rounded(
    workspace: Workspace, tmp_path: Path, values: list[Any], kind: Any, kept: list[Any], note: str | None
) -> None:
    version = of_parquet(workspace, tmp_path, pa.table({"n": pa.array(values, kind)}))

    assert cells(workspace, version)["n"] == kept
    assert version.notes == (() if note is None else (note,))


def test_large_whole_numbers_of_a_text_file_are_said_to_be_rounded(imported: Importer) -> None:
    version = imported("n,m\n18446744073709551617,a\n5,b\n6,c\n7,d\n")

    assert version.notes == ("1 number in 'n' was rounded to about 16 digits.",)


@pytest.mark.parametrize("microseconds", [2**62, -(2**62), 253402300799999999, -62135596800000000])
def test_moments_of_any_year_are_imported(workspace: Workspace, tmp_path: Path, microseconds: int) -> None:
    table = pa.table({"at": pa.array([microseconds, 5], pa.timestamp("us"))})

    version = of_parquet(workspace, tmp_path, table)

    assert profile(workspace, version).n_rows == 2
    is_far = abs(microseconds) == 2**62
    said = ("1 time in 'at' outside the years 1 to 9999 became missing.",)
    assert version.notes == (said if is_far else ())
    assert read_rows(workspace, version)["at"].isna().tolist() == [is_far, False]


def test_dates_that_no_moment_reaches_are_said_to_be_missing(workspace: Workspace, tmp_path: Path) -> None:
    table = pa.table({"on": pa.array([2**31 - 1, -(2**31), None, 1], pa.date32())})

    version = of_parquet(workspace, tmp_path, table)

    assert version.notes == ("2 times in 'on' outside the years 1 to 9999 became missing.",)
    assert read_rows(workspace, version)["on"].isna().tolist() == [True, True, True, False]


def test_nanoseconds_and_the_letter_nul_are_said_to_be_lost(workspace: Workspace, tmp_path: Path) -> None:
    table = pa.table({"at": pa.array([1, 2_000], pa.timestamp("ns")), "text": ["a\0b", "c"]})

    assert of_parquet(workspace, tmp_path, table).notes == (
        "1 time in 'at' was cut to microseconds.",
        "1 text in 'text' lost the letter NUL.",
    )


def of_sqlite(workspace: Workspace, folder: Path, *statements: str) -> DatasetVersion:
    with closing(sqlite3.connect(folder / "t.db")) as connection, connection:
        for each in statements:
            connection.execute(each)
    return import_table(workspace, folder / "t.db")


def test_generated_columns_of_sqlite_are_columns(workspace: Workspace, tmp_path: Path) -> None:
    version = of_sqlite(
        workspace,
        tmp_path,
        "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) VIRTUAL, c AS (upper('x' || a)) STORED)",
        "INSERT INTO t (a) VALUES (1), (2)",
    )

    assert cells(workspace, version) == {"a": [1, 2], "b": [2, 4], "c": ["X1", "X2"]}


def test_what_is_no_text_in_sqlite_is_said(workspace: Workspace, tmp_path: Path) -> None:
    version = of_sqlite(
        workspace,
        tmp_path,
        "CREATE TABLE t (a)",
        "INSERT INTO t VALUES ('x'), (x'00ff'), (CAST(x'61ff' AS TEXT)), ('a' || char(0) || 'b')",
    )

    assert cells(workspace, version)["a"] == ["x", None, "a\ufffd", "ab"]
    assert set(version.notes) == {
        "1 binary value in 'a' became missing.",
        "1 text in 'a' had invalid bytes, which were replaced.",
        "1 text in 'a' lost the letter NUL.",
    }


def test_a_key_with_a_dot_and_a_key_within_a_key_are_two_columns(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported('[{"a.b": 1, "a": {"b": 2}}, {"a": {"b": 4}, "a.b": 3}]', "t.json")

    assert cells(workspace, version) == {"a.b": [1, 3], "a.b (2)": [2, 4]}


def test_a_key_that_an_object_has_twice_is_said(workspace: Workspace, imported: Importer) -> None:
    version = imported('[{"a": 1, "a": 2}, {"a": 3}]', "t.json")

    assert cells(workspace, version) == {"a": [2, 3]}
    assert version.notes == ("Some objects have 'a' more than once; the last value of each was kept.",)


def test_numbers_of_json_are_what_their_spelling_comes_to(workspace: Workspace, imported: Importer) -> None:
    rows = [{"i": n, "f": n / 7, "w": float(n), "m": n if n % 2 else str(n), "day_date": 20240101 + n % 9,
             "big": 2**60 + n, "late": None if n < 150 else n} for n in range(300)]  # fmt: skip
    version = imported(json.dumps(rows), "t.json")

    assert [each.storage for each in version.columns] == [
        "BIGINT", "DOUBLE", "BIGINT", "BIGINT", "TIMESTAMP", "VARCHAR", "BIGINT",
    ]  # fmt: skip
    found = cells(workspace, version)
    assert found["f"] == [row["f"] for row in rows]
    assert found["big"] == [str(row["big"]) for row in rows]


def test_whole_numbers_of_128_bits_keep_their_digits(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "t.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT (9007199254740993 + range)::HUGEINT AS long, "
            "('1701411834604692317316873037158841057' || (10 + range))::HUGEINT AS longest, "
            "{'HUGEINT': [(9007199254740993 + range)::UHUGEINT]} AS inner FROM range(2)"
        )

    assert cells(workspace, import_table(workspace, path)) == {
        "long": [9007199254740993, 9007199254740994],
        "longest": ["170141183460469231731687303715884105710", "170141183460469231731687303715884105711"],
        "inner.HUGEINT": ["[9007199254740993]", "[9007199254740994]"],
    }


@pytest.mark.parametrize("kind", [pa.decimal128(38, 0), pa.timestamp("us")])
def test_lists_of_numbers_and_moments_are_texts(
    workspace: Workspace, tmp_path: Path, kind: pa.DataType
) -> None:
    lists = pa.array([[1], [2]], pa.list_(pa.int64())).cast(pa.list_(kind))
    version = of_parquet(workspace, tmp_path, pa.table({"l": lists}))

    assert version.notes == ("Lists were kept as texts.",)


def test_a_damaged_duckdb_file_is_not_said_to_be_in_use(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "t.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(10000)")
    damaged = bytearray(path.read_bytes())
    damaged[4_096:4_160] = b"\xa5" * 64
    path.write_bytes(damaged)

    with pytest.raises(DataError, match="is a damaged DuckDB database"):
        import_table(workspace, path)


def test_a_table_of_many_columns_is_typed_and_kept_as_narrow_ones_are(
    workspace: Workspace, imported: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(5)
    made: list[Callable[[int], str]] = [
        lambda row: str(row), lambda row: f"{rng.random():.3f}",
        lambda row: f'"{row},{rng.randrange(100, 999)}"',
        lambda row: f"w{rng.randrange(9)}", lambda row: rng.choice(["true", "False", "NA"]),
        lambda row: f"{1 + row % 28}/{1 + row % 12}/2024", lambda row: "", lambda row: f"00{row}",
        lambda row: rng.choice(["?", "1.5", "-2"]), lambda row: f"2024-01-{1 + row % 28:02d} 10:00",
    ]  # fmt: skip
    names = [f"k{place}" for place in range(330)]
    rows = [",".join(made[place % 10](row) for place in range(330)) for row in range(40)]
    content = "\n".join([",".join(names), *rows]) + "\n"
    wide = imported(content)
    for module in ("_sources.csv_files.table", "_sources.csv_files.wide", "_rows.wide_tables"):
        monkeypatch.setattr(f"litmus_core.data.{module}.FEWEST_COLUMNS", 1_000)

    narrow = imported(content)

    assert (wide.columns, wide.notes, wide.detected) == (narrow.columns, narrow.notes, narrow.detected)
    assert wide.content_hash == narrow.content_hash


def test_the_smallest_numbers_are_counted(imported: Importer) -> None:
    version = imported("x,y\n0,a\n5e-324,b\n0,c\n")

    assert version.n_rows == 3

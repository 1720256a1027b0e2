"""A task's own file takes the types of the main table, however its own few rows look by themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from litmus_core.data import append_rows, check_task, find_split_overlap, import_table, read_rows
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, Task

Importer = Callable[..., DatasetVersion]
Writer = Callable[..., Path]


def values(workspace: Workspace, version: DatasetVersion, column: str) -> list[Any]:
    found = read_rows(workspace, version)[column]
    return found.astype(object).where(found.notna(), None).tolist()


@pytest.fixture
def like(workspace: Workspace, write: Writer) -> Callable[..., list[Any]]:
    """Return a function that imports two columns of cells, the second like the first, for its values."""

    def like(main: list[str], own: list[str]) -> list[Any]:
        first = import_table(
            workspace, write("\n".join(["key|x", *(f"k|{cell}" for cell in main)]), "main.csv")
        )
        own_file = write("\n".join(["key|x", *(f"k|{cell}" for cell in own)]), "own.csv")
        second = import_table(workspace, own_file, like=first)
        assert {first.column("x").kind, second.column("x").kind} == {first.column("x").kind}
        return values(workspace, second, "x")

    return like


@pytest.mark.parametrize(
    ("main", "own", "expected"),
    [
        (["1", "3a"], ["1", "2"], ["1", "2"]),
        (["1", "007"], ["1", "08", "NA"], ["1", "08", None]),
        (["a", "b"], ["true", "false"], ["true", "false"]),
        (["soon", "2024-01-31"], ["2024-02-01", "2024-02-02"], ["2024-02-01", "2024-02-02"]),
        (["1.5", "2"], ["007", "008"], [7.0, 8.0]),
        (["1.5", "2"], ["?", "-"], [None, None]),
        (["1.5", "2"], ["1,000", "2,000.5"], [1000.0, 2000.5]),
        (["1.5", "2"], ["1", "2"], [1, 2]),
        (["1.5", "2"], ["inf", "2"], [None, 2.0]),
        (["1.234,5", "2,25"], ["1.234", "7"], [1234.0, 7.0]),
        (["1.234,5", "2,25"], ["1.5", "7"], [1.5, 7.0]),
        (["31/01/2024", "01/02/2024"], ["05/06/2024", "06/07/2024"],
         [pd.Timestamp("2024-06-05"), pd.Timestamp("2024-07-06")]),
        (["31/01/2024", "01/02/2024"], ["2024-06-05", "2024-07-06"],
         [pd.Timestamp("2024-06-05"), pd.Timestamp("2024-07-06")]),
        (["true", "false"], ["1", "no", "unknown"], [True, False, None]),
        (["1.234,50 €", "2,25 €"], ["€900.10", "800"], [900.1, 800.0]),
        (["1.234,50 €", "2,25 €"], ["EUR 900.10", "EUR 800.00"], [900.1, 800.0]),
        (["$5", "$7"], ["$1.5K", "$2.5M"], [1_500.0, 2_500_000.0]),
    ],
)  # fmt: skip
def test_cells_are_read_as_the_main_table_reads_them(
    like: Callable[..., list[Any]], main: list[str], own: list[str], expected: list[Any]
) -> None:
    assert like(main, own) == expected


@pytest.mark.parametrize(
    ("main", "own", "said"),
    [
        (["1", "2"], ["1", "", "abc"], "'x' holds numbers in 'main', but row 3 of 'own.csv' has 'abc'."),
        (["true", "false"], ["2"], "'x' holds true and false in 'main', but row 1 of 'own.csv' has '2'."),
        (
            ["2024-01-31", "2024-02-01"],
            ["2024-02-03", "soon"],
            "'x' holds dates in 'main', but row 2 of 'own.csv' has 'soon'.",
        ),
        (
            ["1.234,50 €", "2,25 €"],
            ["¥261,914", "¥100"],
            "'x' holds numbers in EUR in 'main', but row 1 of 'own.csv' has '¥261,914'.",
        ),
        (
            ["12.0 kg", "3.5 kg"],
            ["39.9 lb", "12.0 lb"],
            "'x' holds numbers in kg in 'main', but row 1 of 'own.csv' has '39.9 lb'.",
        ),
        (
            ["$5/month", "$7/month"],
            ["$5/week", "$7/week"],
            "'x' holds numbers in $/month in 'main', but row 1 of 'own.csv' has '$5/week'.",
        ),
        (["1.5", "2"], ["5 %", "6 %"], "'x' holds numbers in 'main', but row 1 of 'own.csv' has '5 %'."),
    ],
)
def test_a_value_that_cannot_be_is_named_with_column_and_row(
    workspace: Workspace, like: Callable[..., list[Any]], main: list[str], own: list[str], said: str
) -> None:
    with pytest.raises(DataError) as refused:
        like(main, own)

    assert refused.value.message == said
    assert refused.value.hint == "Correct that value, or leave it empty where it is not known."
    assert len(list(workspace.datasets.iterdir())) == 1


def test_the_row_that_names_the_main_tables_columns_is_the_header(
    workspace: Workspace, write: Writer
) -> None:
    main = import_table(workspace, write("size,x\n1,a\n2,b\n", "main.csv"))
    titled = write("Sales, by shop\nsize,x\n3,c\n", "own.csv")

    own = import_table(workspace, titled, like=main)

    assert (own.column_names, own.n_rows) == (("size", "x"), 1)


def test_a_header_alone_is_no_own_file(workspace: Workspace, write: Writer) -> None:
    main = import_table(workspace, write("a,b\n1,2\n3,3\n", "main.csv"))

    with pytest.raises(DataError, match=r"'own.csv' has a header but no rows"):
        import_table(workspace, write("a,b\n", "own.csv"), like=main)


def test_the_notes_say_what_was_read_differently(workspace: Workspace, write: Writer) -> None:
    main = import_table(workspace, write("a,b\n1,2\n3a,3\n", "main.csv"))

    own = import_table(workspace, write("a,b,more\n1,2,x\n2,3,y\n", "own.csv"), like=main)

    assert own.notes == ("'a' was read as texts, as in 'main'.",)
    assert own.column("more").storage == "VARCHAR"


@pytest.mark.parametrize(
    ("main", "own", "expected"),
    [
        (["1", "3a"], [1, 2], ["1", "2"]),
        (["1", "3a"], [1.0, 2.5], ["1", "2.5"]),
        (["x", "y"], [pd.Timestamp("2024-01-31"), None], ["2024-01-31", None]),
        ([1.5, 2.0], ["3", "NA"], [3.0, None]),
        ([True, False], [1, 0], [True, False]),
        ([1, 2], [1.5, float("inf")], [1.5, None]),
    ],
)
def test_parquet_takes_the_types_too(
    workspace: Workspace, tmp_path: Path, main: list[Any], own: list[Any], expected: list[Any]
) -> None:
    pd.DataFrame({"x": main}).to_parquet(tmp_path / "main.parquet")
    pd.DataFrame({"x": own}).to_parquet(tmp_path / "own.parquet")
    first = import_table(workspace, tmp_path / "main.parquet")

    assert values(workspace, import_table(workspace, tmp_path / "own.parquet", like=first), "x") == expected


def test_true_is_no_number(workspace: Workspace, tmp_path: Path) -> None:
    pd.DataFrame({"x": [1, 2]}).to_parquet(tmp_path / "main.parquet")
    pd.DataFrame({"x": [True, False]}).to_parquet(tmp_path / "own.parquet")
    first = import_table(workspace, tmp_path / "main.parquet")

    with pytest.raises(
        DataError, match=r"'x' holds numbers in 'main', but row 1 of 'own.parquet' has 'true'"
    ):
        import_table(workspace, tmp_path / "own.parquet", like=first)


def test_a_test_file_read_like_the_main_table_passes_the_checks(workspace: Workspace, write: Writer) -> None:
    rows = "".join(f"{'3a' if row == 9 else row},{row % 2}\n" for row in range(40))
    main = import_table(workspace, write("code,late\n" + rows, "main.csv"))
    own = import_table(workspace, write("code,late\n1,1\n77,0\n78,1\n", "own.csv"), like=main)
    task = Task(
        dataset_version_id=main.id,
        target="late",
        problem_type="binary",
        metric="accuracy",
        features=("code",),
    )

    check_task(main, task, test=own, workspace=workspace)

    assert find_split_overlap(workspace, main, task, test=own).rows.tolist() == [1]


@pytest.mark.parametrize("later", ["13/02/2024", "02/13/2024"])
def test_dates_in_another_order_than_the_tables_are_said(
    workspace: Workspace, write: Writer, later: str
) -> None:
    table = import_table(workspace, write("day|x\n01/02/2024|a\n03/04/2024|b", "table.csv"))
    file = write(f"day|x\n{later}|a", "later.csv")
    note = (
        "Dates in 'day' were read as day/month/year, but in 'table' as month/day/year. "
        "If both are written alike, import 'table' again and say which comes first."
    )

    alone, both = import_table(workspace, file, like=table), append_rows(workspace, table, file, number=2)

    assert values(workspace, alone, "day") == [pd.Timestamp("2024-02-13")]
    assert values(workspace, both, "day")[2:] == [pd.Timestamp("2024-02-13")]
    assert [note in version.notes for version in (alone, both)] == [later[:2] == "13"] * 2

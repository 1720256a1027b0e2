"""Rows to score are fixed as the table was that a model learned from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from litmus_core.data import apply_fixes, import_table, read_rows
from litmus_core.frame import FeaturePipeline
from litmus_core.frame import read_rows as read_dicts
from litmus_core.runtime import Predictor, with_fixes_of
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, Fix
from tests import tiny

Importer = Callable[..., DatasetVersion]
ROWS = (
    ("Berlin", "10", "n/a", "2024-05-01"),
    ("BERLIN", "-999", "2.5", "2024-05-02"),
    (" Berlin", "12", "3", "1900-01-01"),
    ("Munich", "-999", "n/a", "2024-05-03"),
)
TABLE = "city,amount,size,day,y\n" + "".join(f"{','.join(row)},{at}\n" for at, row in enumerate(ROWS * 6))
NAMES = ("city", "amount", "size", "day")
FIXES = (
    Fix(kind="fold_case", columns=("city",)),
    Fix(kind="as_missing", columns=("amount",), values=(("-999", None),)),
    Fix(kind="as_missing", columns=("size",), values=(("n/a", None),)),
    Fix(kind="as_missing", columns=("day",), values=(("1900-01-01", None),)),
)


def fixed_version(workspace: Workspace, path: Path, *fixes: Fix) -> DatasetVersion:
    path.write_text(TABLE)
    return apply_fixes(workspace, import_table(workspace, path), fixes or FIXES, number=2)


def test_rows_are_fixed_like_the_table_by_every_way(workspace: Workspace, tmp_path: Path) -> None:
    import polars as pl

    source = tmp_path / "t.csv"
    version = fixed_version(workspace, source)
    columns = tuple(version.column(name) for name in NAMES)
    frame = read_rows(workspace, version, columns=NAMES)
    info = {"problem_type": "regression", "target": "y", "columns": columns}
    model = Predictor(info, FeaturePipeline(columns).fit(frame), tiny.TinyExecutor([1.0]))
    expected = model.predict_values(frame).tolist()

    rows = [dict(zip(NAMES, row, strict=True)) for row in ROWS * 6]
    numbers = pd.read_csv(source)  # the numbers are numbers here
    for scored in (rows, source, pl.DataFrame(rows), pd.DataFrame(rows), numbers, pl.from_pandas(numbers)):
        assert model.predict_values(scored).tolist() == expected
    for place, row in enumerate(rows[:4]):
        assert model.predict_values([row]).tolist() == expected[place : place + 1]
    assert len(set(expected[:4])) == 4
    assert model.predict_values([rows[1] | {"amount": -999}]).tolist() == expected[1:2]
    assert model.predict_values([rows[1] | {"city": "\tbERLIN "}]).tolist() == expected[1:2]


def test_dates_that_stood_for_missing_are_missing_in_frames_too(workspace: Workspace, tmp_path: Path) -> None:
    version = fixed_version(workspace, tmp_path / "t.csv")
    days = pd.DataFrame({"day": pd.to_datetime(["1900-01-01", "2024-05-01"])})
    assert with_fixes_of(days, version.columns)["day"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("column", "values", "cell", "becomes"),
    [
        ("city", (("Berlin", "Bonn"),), "Berlin", "Bonn"),
        ("city", (("Berlin", "Munich"), ("Munich", "Berlin")), "Berlin", "Berlin"),  # which of them is meant?
        ("amount", (("10", "11"),), 10, 11.0),
        ("amount", (("10", "11"),), "10.0", 11.0),
        ("amount", (("10", "12"), ("12", "13")), 12, 12.0),  # 12 is a right value, too
    ],
)
def test_a_replaced_value_is_replaced_unless_the_fixed_table_has_it(
    workspace: Workspace, tmp_path: Path, column: str, values: Any, cell: Any, becomes: Any
) -> None:
    fix = Fix(kind="replace", columns=(column,), values=values)
    version = fixed_version(workspace, tmp_path / "t.csv", fix)
    assert read_dicts([{column: cell}], [version.column(column)])[column].tolist() == [becomes]


def test_a_number_in_a_column_of_texts_is_fixed_as_its_text(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text("grade,y\n1,1\n2,2\none,3\n" * 4)
    fix = Fix(kind="replace", columns=("grade",), values=(("1", "one"),))
    version = apply_fixes(workspace, import_table(workspace, tmp_path / "u.csv"), [fix], number=2)
    rows = pd.DataFrame({"grade": [1, 2]})
    assert with_fixes_of(rows, version.columns)["grade"].tolist() == ["one", "2"]
    assert read_dicts([{"grade": 1}], [version.column("grade")])["grade"].tolist() == ["one"]


def test_fixes_of_a_fixed_table_build_on_those_before(workspace: Workspace, tmp_path: Path) -> None:
    version = fixed_version(workspace, tmp_path / "t.csv", FIXES[0])
    later = Fix(kind="replace", columns=("city",), values=(("Berlin", "Bonn"),))
    city = apply_fixes(workspace, version, [later], number=3).column("city")
    assert city.tidied == "folded"
    assert set(read_dicts([{"city": cell} for cell in ("BERLIN", " Berlin", "Bonn")], [city])["city"]) == {
        "Bonn"
    }


def test_a_table_without_such_fixes_reads_values_as_they_are(
    workspace: Workspace, imported: Importer
) -> None:
    fixed = apply_fixes(workspace, imported(TABLE), [Fix(kind="leave_out", columns=("day",))], number=2)
    assert {(column.replaced, column.tidied) for column in fixed.columns} == {((), "")}

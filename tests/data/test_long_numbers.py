"""Whole numbers with more digits than a double holds keep each digit, whatever file they come in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.frame import FeaturePipeline
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion
from tests.data.workbooks import write_xlsx

Importer = Callable[..., DatasetVersion]
_ACCOUNTS = [2**53 + at for at in range(9)] * 20  # most are equal as doubles
_TEXTS = [str(number) for number in _ACCOUNTS]


def _csv(path: Path) -> Path:
    path.write_text("account,n\n" + "".join(f"{number},{at}\n" for at, number in enumerate(_ACCOUNTS)))
    return path


def _jsonl(path: Path) -> Path:
    path.write_text("".join(json.dumps({"account": number}) + "\n" for number in _ACCOUNTS))
    return path


def _xlsx(path: Path) -> Path:
    return write_xlsx(path, {"A": [["account", "n"], *([text, 1] for text in _TEXTS)]})


def _parquet(path: Path) -> Path:
    pq.write_table(pa.table({"account": pa.array(_ACCOUNTS, pa.int64())}), path)
    return path


@pytest.mark.parametrize("write", [_csv, _jsonl, _xlsx, _parquet])
def test_account_numbers_that_repeat_stay_apart(
    workspace: Workspace, tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    version = import_table(workspace, write(tmp_path / f"t.{write.__name__.strip('_')}"))

    assert read_rows(workspace, version)["account"].tolist() == _TEXTS
    assert (version.columns[0].kind, version.columns[0].n_distinct) == ("category", 9)
    assert version.notes == ()


def test_a_model_sees_them_apart_in_a_data_frame(workspace: Workspace, tmp_path: Path) -> None:
    version = import_table(workspace, _csv(tmp_path / "t.csv"))
    pipeline = FeaturePipeline(version.columns).fit(read_rows(workspace, version))
    frame = pd.DataFrame({"account": np.array(_ACCOUNTS, np.int64), "n": range(len(_ACCOUNTS))})

    assert [*map(str, pipeline.transform(frame)["account"])] == _TEXTS


@pytest.mark.parametrize("n_small", [3, 20_000])
def test_a_long_number_among_short_ones_stays_a_number_of_all_digits(
    imported: Importer, workspace: Workspace, n_small: int
) -> None:
    numbers = [*range(n_small), 2**53 + 1, 2**63 - 1]
    version = imported("n,m\n" + "".join(f"{number},a\n" for number in numbers))

    assert read_rows(workspace, version)["n"].tolist() == numbers
    assert version.notes == ()


@pytest.mark.parametrize("n_small", [3, 20_000])
def test_a_long_number_among_fractions_is_said_to_be_rounded(imported: Importer, n_small: int) -> None:
    version = imported("n,m\n" + "".join(f"{number}.5,a\n" for number in range(n_small)) + f"{2**53 + 1},a\n")

    assert version.notes == ("1 number in 'n' was rounded to about 16 digits.",)


def test_long_numbers_that_a_double_holds_stay_numbers(imported: Importer) -> None:
    version = imported("n,m\n" + "9000000000000000000,a\n1000000000000000000,b\n" * 20)

    assert (version.columns[0].storage, version.columns[0].n_distinct) == ("BIGINT", 2)


def test_each_of_many_columns_keeps_its_digits(workspace: Workspace, tmp_path: Path) -> None:
    """A query over all columns at once took memory with the square of their number."""
    values = {f"n{at}": [2**60 + at, 2**60 + at + 1, None] if at % 3 else [at, None, 7] for at in range(450)}
    path = tmp_path / "wide.parquet"
    pq.write_table(pa.table({name: pa.array(cells, pa.int64()) for name, cells in values.items()}), path)

    version = import_table(workspace, path)

    rows = read_rows(workspace, version)
    for name, cells in values.items():
        assert [str(int(cell)) for cell in rows[name].dropna()] == [
            str(cell) for cell in cells if cell is not None
        ]
    assert [column.kind for column in version.columns[:2]] == ["number", "category"]


@pytest.mark.parametrize("n_small", [3, 20_000])
@pytest.mark.parametrize(
    ("small", "long"),
    [
        ("{}.5", "9007199254740993.0"),
        ("{} EUR", "9007199254740993 EUR"),
        ("1.000.00{}", "9.007.199.254.740.993"),
        ("{},5", "9.007.199.254.740.993,0"),
        ("{} %", "-9007199254740993 %"),
    ],
)
def test_long_numbers_in_every_spelling_are_said_to_be_rounded(
    imported: Importer, n_small: int, small: str, long: str
) -> None:
    rows = [small.format(at % 10) for at in range(n_small)]
    version = imported("n;m\n" + "".join(f"{text};a\n" for text in [*rows, long]))

    assert version.columns[0].storage == "DOUBLE"
    assert "1 number in 'n' was rounded to about 16 digits." in " ".join(version.notes)


@pytest.mark.parametrize("text", ["9.007.199.254.740.992", "9007199254740992 EUR", "0.12345678901234567"])
def test_numbers_that_lose_no_digit_are_not_said_to_be_rounded(imported: Importer, text: str) -> None:
    version = imported("n;m\n" + f"{text};a\n" * 20)

    assert version.columns[0].storage == "DOUBLE"
    assert "rounded" not in " ".join(version.notes)

"""Rows reach pandas with the dtypes that everything above relies on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from litmus_core.data import count_values, read_rows
from litmus_core.errors import DataError, NotFoundError, UnknownNameError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]
TABLE = "whole,gap,part,flag,day,word\n1,1,0.5,true,2024-05-01,x\n2,,,,,\n3,3,1.5,false,2024-05-03,z\n"


def test_each_type_has_its_dtype(workspace: Workspace, imported: Importer) -> None:
    frame = read_rows(workspace, imported(TABLE))

    assert frame.dtypes.astype(str).to_dict() == {
        "whole": "int64",
        "gap": "float64",
        "part": "float64",
        "flag": "object",
        "day": "datetime64[us]",
        "word": "object",
    }
    assert frame["flag"].tolist() == [True, None, False]
    assert frame["word"].tolist() == ["x", None, "z"]
    assert np.isnan(frame["gap"][1])
    assert np.isnat(frame["day"].to_numpy()[1])


def test_columns_come_in_the_order_asked_for(workspace: Workspace, imported: Importer) -> None:
    frame = read_rows(workspace, imported(TABLE), columns=["word", "whole"])

    assert list(frame.columns) == ["word", "whole"]


@pytest.mark.parametrize(
    ("offset", "n_rows", "expected"),
    [(0, 2, [0, 1]), (1, 2, [1, 2]), (2, None, [2, 3, 4]), (4, 10, [4]), (9, 3, []), (0, 0, [])],
)
def test_a_stretch_of_rows_has_its_own_range_index(
    workspace: Workspace, imported: Importer, offset: int, n_rows: int | None, expected: list[int]
) -> None:
    frame = read_rows(workspace, imported("n\n0\n1\n2\n3\n4\n"), offset=offset, n_rows=n_rows)

    assert frame["n"].tolist() == expected
    assert frame.index.tolist() == list(range(len(expected)))


def test_stretches_reach_over_row_groups(workspace: Workspace, imported: Importer) -> None:
    version = imported("n,x\n" + "".join(f"{number},1\n" for number in range(130_000)))

    assert read_rows(workspace, version, offset=122_878, n_rows=4)["n"].tolist() == [
        122_878, 122_879, 122_880, 122_881,
    ]  # fmt: skip


def test_columns_with_dots_in_their_names_are_not_mixed_up(workspace: Workspace, imported: Importer) -> None:
    version = imported("a.b,a\n1,2\n3,4\n")

    assert read_rows(workspace, version, columns=["a"])["a"].tolist() == [2, 4]
    assert read_rows(workspace, version, columns=["a.b"], n_rows=1)["a.b"].tolist() == [1]


def test_an_unknown_column_suggests_the_nearest(workspace: Workspace, imported: Importer) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'word'"):
        read_rows(workspace, imported(TABLE), columns=["words"])


def test_rows_are_not_counted_backwards(workspace: Workspace, imported: Importer) -> None:
    with pytest.raises(UsageError, match="cannot be negative"):
        read_rows(workspace, imported(TABLE), n_rows=-1)


def test_a_table_that_is_gone_says_where_it_came_from(workspace: Workspace, imported: Importer) -> None:
    version = imported(TABLE)
    (workspace.path / version.path).unlink()

    with pytest.raises(NotFoundError, match="Import 'table' again from"):
        read_rows(workspace, version)


def test_a_damaged_table_is_said_to_be(workspace: Workspace, imported: Importer) -> None:
    version = imported(TABLE)
    (workspace.path / version.path).write_bytes(b"PAR1 nonsense PAR1")

    with pytest.raises(DataError, match="is damaged"):
        read_rows(workspace, version)


def test_different_values_are_counted_with_the_types_of_rows(workspace: Workspace, imported: Importer):
    table = imported("n,word\n2,b\n1,a\n2,\n,b\n")

    numbers, counts = count_values(workspace, table, "n")
    words, _ = count_values(workspace, table, "word")

    assert numbers.dropna().tolist() == [2.0, 1.0]
    assert counts.tolist() == [2, 1, 1]
    assert words.tolist() == ["b", "a", None]

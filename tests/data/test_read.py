"""Rows reach pandas with the dtypes that everything above relies on."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import pytest

from litmus_core.data import count_values, query_rows, read_rows
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


def ask(workspace: Workspace, version: DatasetVersion, sql: str = "SELECT max(a) FROM rows") -> object:
    return query_rows(workspace, version, sql)[0][0]


def test_a_question_leaves_nothing_for_the_next(workspace: Workspace, imported: Importer) -> None:
    small, large = imported("a\n1\n2\n", name="small"), imported("a\n1\n200\n", name="large")

    assert [ask(workspace, each) for each in (small, large, small)] == [2, 200, 2]
    with pytest.raises(DataError, match="could not look at 'small'"):
        ask(workspace, small, "SELECT no_such_column FROM rows")
    assert ask(workspace, small) == 2


def test_a_table_that_was_written_again_is_read_again(workspace: Workspace, imported: Importer) -> None:
    version, other = imported("a\n1\n2\n", name="small"), imported("a\n1\n3\n", name="other")
    path, now = workspace.table_path(version.path), workspace.table_path(other.path).read_bytes()
    long_ago = (1_700_000_000, 1_700_000_000)
    os.utime(path, long_ago)
    assert ask(workspace, version) == 2
    path.write_bytes(now)
    os.utime(path, long_ago)
    assert ask(workspace, version) == 3


def test_questions_of_many_threads_at_once_are_answered_each_by_its_table(
    workspace: Workspace, imported: Importer
) -> None:
    versions = [imported(f"a\n{number}\n", name=f"table {number}") for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda at: ask(workspace, versions[at % 6]), range(60)))
    assert found == [at % 6 for at in range(60)]


def test_duckdb_is_opened_once_for_many_tables_and_questions(
    workspace: Workspace, imported: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, connect, opened = imported("a\n1\n2\n"), duckdb.connect, []
    monkeypatch.setattr(duckdb, "connect", lambda **given: opened.append(1) or connect(**given))
    for number in range(5):
        imported(f"a\n{number}\n", name=f"table {number}")
        assert ask(workspace, version) == 2
        assert count_values(workspace, version, "a")[1].tolist() == [1, 1]
    assert len(opened) <= 1


def test_a_forked_process_asks_by_itself(workspace: Workspace, imported: Importer) -> None:
    version = imported("a\n1\n2\n")
    assert ask(workspace, version) == 2
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from Python 3.12 on: this process has threads
        pid = os.fork()
    if pid == 0:
        os.write(write, str(ask(workspace, version)).encode())
        os._exit(0)
    os.close(write)
    with open(read) as answer:
        assert answer.read() == "2"
    os.waitpid(pid, 0)
    assert ask(workspace, version) == 2

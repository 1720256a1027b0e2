"""Litmus in a notebook: a plain kernel, where DuckDB refuses to be told of progress bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from litmus_core.data._duckdb import open_duckdb
from litmus_core.errors import DataError, LitmusError
from tests.kernel import kernel


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "rows.csv").write_text("size,kind\n" + "".join(f"{at},{'ab'[at % 2]}\n" for at in range(60)))
    with kernel(folder) as cells:
        yield cells


def test_the_kernel_is_a_plain_one(run: Callable[[str], str]) -> None:
    said = run("import importlib.util\nprint([importlib.util.find_spec('ipywidgets')], get_ipython())")

    assert said.startswith("[None] <ipykernel")


def test_tables_are_imported_checked_and_looked_at(run: Callable[[str], str]) -> None:
    run("import pandas as pd\nfrom litmus_core import Studio, check\nstudio = Studio.open('workspace')")

    said = run(
        "data = studio.datasets.import_file('rows.csv')\n"
        "print(data.n_rows, [each.name for each in data.columns])"
    )
    checked = run("print(check('rows.csv', 'kind').target, check(pd.read_csv('rows.csv'), 'kind').target)")

    assert said == "60 ['size', 'kind']\n"
    assert checked.endswith("kind kind\n")


class Refusing:
    """A connection that takes no setting called ``word``."""

    def __init__(self, connection: Any, word: str) -> None:
        self._connection, self._word = connection, word

    def execute(self, statement: str) -> Any:
        import duckdb

        if self._word in statement and statement.startswith("SET"):
            raise duckdb.InvalidInputException("Could not change the setting")
        return self._connection.execute(statement)

    def close(self) -> None:
        self._connection.close()


@pytest.mark.parametrize("word", ["TimeZone", "threads", "temp_directory", "memory_limit"])
def test_a_setting_that_duckdb_refuses_blames_no_table(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda **options: Refusing(connect(**options), word))

    with (
        pytest.raises(LitmusError, match="DuckDB, which reads tables for Litmus, does not start") as raised,
        open_duckdb("read the table 'rows.csv'"),
    ):
        pass

    assert "rows.csv" not in str(raised.value)
    assert not isinstance(raised.value, DataError)


def test_a_progress_bar_that_is_on_is_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    connect = duckdb.connect

    def with_bar(**options: Any) -> Any:
        made = connect(**options)
        made.execute("SET enable_progress_bar = true")
        return made

    monkeypatch.setattr(duckdb, "connect", with_bar)

    with open_duckdb("read the table") as connection:
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]

"""A table from an address is read again into a new version, by whoever may have named the address."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.errors import UntrustedError, UsageError
from litmus_core.types import DatasetVersion, Fix, ReadOptions
from tests.connectors.postgres_server import Server

TABLE = "CREATE TABLE orders AS SELECT i AS id, i * 1.5 AS price FROM generate_series(1, 50) i"


@pytest.fixture
def studio(tmp_path: Path) -> Any:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def orders(postgres: Server, studio: Studio) -> DatasetVersion:
    postgres.run(TABLE, "ALTER TABLE orders ADD PRIMARY KEY (id)")
    return studio.datasets.import_file(f"{postgres.address()}?table=orders")


def test_rows_of_today_become_a_version_with_the_same_types_and_fixes(
    postgres: Server, studio: Studio, orders: DatasetVersion
) -> None:
    as_missing = Fix(kind="as_missing", columns=("price",), values=(("7.5", None),))
    fixed = studio.fixes.apply(orders.id, [as_missing, Fix(kind="drop_rows", rows=(0,))])
    postgres.run("INSERT INTO orders VALUES (51, 7)", "ALTER TABLE orders ALTER price TYPE text")
    refreshed = studio.datasets.refresh(fixed.id)

    assert (fixed.n_rows, refreshed.n_rows, refreshed.lineage.fixes) == (49, 51, (as_missing,))
    assert any("one by one are back" in note for note in studio.fixes.base_of(refreshed).notes)
    base = studio.fixes.base_of(refreshed)
    assert (base.lineage.how, base.lineage.parent_id, base.source) == ("refreshed", orders.id, orders.source)
    assert [column.storage for column in base.columns] == [column.storage for column in orders.columns]


def test_the_command_says_when_no_row_has_changed(
    postgres: Server, studio: Studio, orders: DatasetVersion, tmp_path: Path
) -> None:
    command = ["refresh", "orders", "--workspace", str(tmp_path / "workspace")]
    unchanged = CliRunner().invoke(app, command).output
    postgres.run("DELETE FROM orders WHERE id > 9")
    changed = CliRunner().invoke(app, command).output

    assert unchanged == f"orders: no row has changed ({orders.id}).\n"
    assert changed.startswith("orders: 9 rows, 2 columns (dv_")
    assert len(studio.datasets.versions(orders.dataset_id)) == 2


def test_columns_that_are_gone_or_new_are_said(
    postgres: Server, studio: Studio, orders: DatasetVersion
) -> None:
    postgres.run("ALTER TABLE orders DROP price", "ALTER TABLE orders ADD weight int, ADD colour text")
    refreshed = studio.datasets.refresh(orders.id)

    assert refreshed.notes == (
        "The source no longer has 'price'; version 1 has.",
        "The source now has 'weight' and 'colour' as well; version 1 has not.",
    )


def test_a_workspace_that_somebody_sent_contacts_nothing(
    orders: DatasetVersion, studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody else"))
    monkeypatch.setattr("litmus_core.experiments._data.sources.fetch_table", pytest.fail)

    with pytest.raises(UntrustedError, match="litmus trust"):
        studio.datasets.refresh(orders.id)


def test_a_table_of_a_database_file_gets_its_new_rows_from_the_file_that_has_them(
    studio: Studio, tmp_path: Path
) -> None:
    home, file = tmp_path / "workspace", tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as shop:
        shop.executescript("CREATE TABLE a(x); CREATE TABLE b(y); INSERT INTO a VALUES (1), (2);")
        shop.executescript("INSERT INTO b VALUES (7);")
    orders = studio.datasets.import_file(file, options=ReadOptions(table="a"))
    with closing(sqlite3.connect(file)) as shop:
        shop.executescript("INSERT INTO a VALUES (3);")

    command = ["refresh", orders.id, "--from", str(file), "--workspace", str(home)]
    assert "Say which one is meant: --table NAME" in CliRunner().invoke(app, command).stderr
    assert CliRunner().invoke(app, [*command, "--table", "a"]).exit_code == 0
    newer = studio.datasets.list()[0]
    assert (newer.dataset_id, newer.version, newer.n_rows) == (orders.dataset_id, 2, 3)


def test_files_and_grown_tables_are_not_refreshed(
    orders: DatasetVersion, studio: Studio, tmp_path: Path
) -> None:
    file = tmp_path / "more.csv"
    file.write_text("id,price\n77,1.5\n")
    grown = studio.datasets.append_rows(orders.id, file)

    with pytest.raises(UsageError, match="from a file"):
        studio.datasets.refresh(studio.datasets.import_file(file).id)
    with pytest.raises(UsageError, match="is from a file"):
        studio.datasets.refresh(grown.id)

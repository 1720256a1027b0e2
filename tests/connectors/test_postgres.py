"""Tables and queries of a real PostgreSQL server become data sets, as they are at one moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from litmus_core import Studio
from litmus_core.connectors._postgres import fetch
from litmus_core.errors import DataError
from litmus_core.types import DatasetVersion, ReadOptions
from tests.connectors.postgres_server import PASSWORD, USER, Server

ORDERS = "CREATE TABLE orders AS SELECT i AS id, i * 1.5 AS price FROM generate_series(1, 50) i"


@pytest.fixture
def studio(tmp_path: Path) -> Any:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


def imported(studio: Studio, server: Server, *, query: str) -> DatasetVersion:
    return studio.datasets.import_file(server.address(), options=ReadOptions(query=query))


def values(studio: Studio, version: DatasetVersion) -> dict[str, list[Any]]:
    return studio.datasets.preview(version.id).to_dict("list")


def test_a_table_is_read_in_the_order_of_its_key(postgres: Server, studio: Studio) -> None:
    postgres.run(
        'CREATE TABLE "Odd name" (b text, id int PRIMARY KEY)',
        "INSERT INTO \"Odd name\" VALUES ('x', 3), ('y', 1), ('z', 2)",
    )
    version = studio.datasets.import_file(f"{postgres.address()}?table=public.Odd name")

    assert (version.name, version.n_rows) == ("Odd name", 3)
    assert version.source == f"{postgres.address()}?table=public.Odd%20name"
    assert values(studio, version)["b"] == ["y", "z", "x"]


def test_numbers_are_as_exact_as_those_of_files(postgres: Server, studio: Studio) -> None:
    version = imported(
        studio,
        postgres,
        query="SELECT 12.50::numeric AS price, 9007199254740993::int8 AS big, 3::numeric AS n, "
        "'NaN'::numeric AS odd, 0.1234567890123456789::numeric AS fine, '$1,234.50'::money AS paid",
    )

    assert {column.name: column.storage for column in version.columns} == {
        "price": "DOUBLE", "big": "BIGINT", "n": "BIGINT", "odd": "DOUBLE", "fine": "DOUBLE", "paid": "DOUBLE"
    }  # fmt: skip
    assert values(studio, version)["price"] == [12.5]
    assert values(studio, version)["big"] == [9007199254740993]
    assert values(studio, version)["paid"] == [1234.5]
    assert any("'fine'" in note for note in version.notes)


def test_numbers_that_a_driver_could_change_are_kept_or_said(postgres: Server, studio: Studio) -> None:
    version = imported(
        studio,
        postgres,
        query="SELECT 4294967295::oid AS kind, 9007199254740993::numeric AS big "
        "UNION ALL SELECT 7, 'NaN'::numeric",
    )

    assert values(studio, version)["kind"] == [4294967295, 7]
    assert version.notes == ("Numbers in 'big' were kept to about 16 digits; the table has more.",)


def test_moments_truths_and_texts_are_typed_and_the_rest_is_said(postgres: Server, studio: Studio) -> None:
    version = imported(
        studio,
        postgres,
        query="SELECT '2024-05-01 12:00+02'::timestamptz AS at, true AS ok, 'ab '::char(3) AS code, "
        "'{1,2}'::int[] AS list, '{\"a\": 1}'::jsonb AS doc, '1 h'::interval AS time, '\\x00'::bytea AS raw, "
        "'infinity'::date AS day, '10.0.0.1'::inet AS ip UNION ALL "
        "SELECT null, null, 'cd', null, null, null, null, '2024-01-01', null",
    )
    row = {name: cells[0] for name, cells in values(studio, version).items()}

    assert str(row["at"]) == "2024-05-01 10:00:00"
    assert (row["ok"], row["code"], row["list"], row["doc"], row["time"], row["ip"]) == (
        True, "ab", "{1,2}", '{"a": 1}', 3600.0, "10.0.0.1"
    )  # fmt: skip
    assert version.notes == (
        "Arrays in 'list' were kept as texts.",
        "JSON in 'doc' was kept as texts: select its fields in a query to have columns of them.",
        "Intervals in 'time' are seconds.",
        "'raw' holds binary data and was left out.",
        "1 infinite moment in 'day' became missing.",
    )


def test_a_table_that_changes_while_it_is_read_is_read_as_it_was(
    postgres: Server, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.run(ORDERS)
    columns_of = fetch.columns_of

    def meanwhile(schema: Any) -> Any:
        postgres.run("DELETE FROM orders WHERE id > 10", "UPDATE orders SET price = 0")
        return columns_of(schema)

    monkeypatch.setattr(fetch, "columns_of", meanwhile)
    version = studio.datasets.import_file(postgres.address())

    assert version.n_rows == 50
    assert values(studio, version)["price"][:2] == [1.5, 3.0]


def test_a_connection_that_breaks_leaves_nothing_behind(
    postgres: Server, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.run(ORDERS)

    def meanwhile(schema: Any) -> Any:
        postgres.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'litmus'"
        )
        return columns_of(schema)

    columns_of = fetch.columns_of
    monkeypatch.setattr(fetch, "columns_of", meanwhile)
    with pytest.raises(DataError, match=r"terminating connection.*Nothing was changed"):
        studio.datasets.import_file(postgres.address())
    assert studio.datasets.list() == []
    assert list(studio.workspace.datasets.iterdir()) == []


@pytest.mark.parametrize("query", ["DELETE FROM orders", "SELECT nextval('numbers')"])
def test_a_query_changes_nothing(postgres: Server, studio: Studio, query: str) -> None:
    postgres.run(ORDERS, "CREATE SEQUENCE numbers")

    with pytest.raises(DataError, match="refused"):
        imported(studio, postgres, query=query)
    assert postgres.run("SELECT count(*) FROM orders") == [(50,)]
    assert postgres.run("SELECT nextval('numbers')") == [(1,)]


def test_a_password_is_used_and_nowhere_stored(
    postgres: Server, studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    postgres.run(ORDERS)
    monkeypatch.delenv("PGPASSWORD")
    secret = quote(PASSWORD, safe="")
    version = studio.datasets.import_file(postgres.address(f"{USER}:{secret}"))

    assert version.source == postgres.address()
    with pytest.raises(DataError) as refused:
        studio.datasets.import_file(postgres.address(f"{USER}:{secret}", database="nowhere"))
    assert secret not in str(refused.value)
    assert PASSWORD not in str(refused.value)
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(text.encode() in held for held in files for text in (secret, PASSWORD))


def test_an_expired_password_is_said_with_what_to_do(
    postgres: Server, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.run("DROP ROLE IF EXISTS late", "CREATE ROLE late LOGIN PASSWORD 'x' VALID UNTIL '2001-01-01'")
    monkeypatch.setenv("PGPASSWORD", "x")

    with pytest.raises(DataError, match=r"password authentication failed.*may have expired"):
        studio.datasets.import_file(postgres.address("late"))


def test_a_server_that_answers_and_refuses_is_not_called_absent(
    postgres: Server, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.run("DROP ROLE IF EXISTS crowd", "CREATE ROLE crowd LOGIN PASSWORD 'x' CONNECTION LIMIT 0")
    monkeypatch.setenv("PGPASSWORD", "x")

    with pytest.raises(DataError, match=r"refused the connection: too many connections.*Try again"):
        studio.datasets.import_file(postgres.address("crowd"))


def test_tables_to_choose_from_are_named(postgres: Server, studio: Studio) -> None:
    postgres.run("CREATE TABLE a (x int)", "CREATE TABLE b (x int)")

    with pytest.raises(DataError, match=r"'shop' has 2 tables: 'a' and 'b'.*--table NAME"):
        studio.datasets.import_file(postgres.address())
    with pytest.raises(DataError, match=r"'a' has no rows"):
        studio.datasets.import_file(f"{postgres.address()}?table=a")
    with pytest.raises(DataError, match=r'relation "c" does not exist'):
        studio.datasets.import_file(f"{postgres.address()}?table=c")


def test_a_server_that_is_not_there_is_said(studio: Studio) -> None:
    with pytest.raises(
        DataError, match=r"No PostgreSQL server answers at '127.0.0.1:1'.*Check host and port"
    ):
        studio.datasets.import_file("postgresql://127.0.0.1:1/shop")

"""Addresses: what is read where, and secrets that no text of them holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.connectors import as_address
from litmus_core.connectors._address import TableAddress
from litmus_core.errors import UsageError
from litmus_core.types import ReadOptions


def address(text: str) -> TableAddress:
    found = as_address(text)
    assert found is not None
    return found


def test_an_address_holds_its_password_in_no_text() -> None:
    secret = address("postgres://ada:w0rd%2Fx@db.example:5433/shop?sslmode=require&sslpassword=key&table=a.b")

    assert str(secret) == "postgresql://ada@db.example:5433/shop?sslmode=require&table=a.b"
    assert "w0rd" not in repr(secret)
    assert "key" not in repr(secret)
    assert secret.with_secrets() == (
        "postgresql://ada:w0rd%2Fx@db.example:5433/shop?sslmode=require&sslpassword=key"
    )
    assert secret.without_secrets("failed: w0rd/x, w0rd%2Fx, key") == "failed: ***, ***, ***"


def test_an_address_is_the_same_as_it_is_stored() -> None:
    query = "SELECT a + b, 'x%y' FROM t -- & more\nWHERE a = 1"
    chosen, options = address("postgresql://db/shop").with_choice(ReadOptions(query=query, decimal=","))

    assert address(str(chosen)) == chosen
    assert (chosen.query, chosen.name, options) == (query, "shop query", ReadOptions(decimal=","))


@pytest.mark.parametrize("text", ["shop.csv", "/data/shop.csv", "shop://orders", "C:/data/shop.csv"])
def test_files_and_locations_of_plugins_are_no_addresses(text: str) -> None:
    assert as_address(text) is None


def test_an_address_stored_as_a_path_is_the_same() -> None:
    assert str(as_address(Path("postgresql://db/shop?table=orders"))) == "postgresql://db/shop?table=orders"


def test_a_table_and_a_query_together_are_refused() -> None:
    with pytest.raises(UsageError, match="Leave one of them out"):
        address("postgresql://db/shop?table=orders&query=SELECT 1").with_choice(ReadOptions())


def test_a_percent_sign_that_means_no_letter_is_said() -> None:
    with pytest.raises(UsageError, match="--query"):
        as_address("postgresql://db/shop?query=SELECT a FROM t WHERE a LIKE '%aé%ff'")


def test_bytes_that_are_no_text_are_said() -> None:
    with pytest.raises(UsageError, match="not text"):
        as_address("s3://shop/\udcff.csv")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ada:pa/ss@db/shop",
        "postgresql://ada:pa?ss@db/shop",
        "https://ada:pa/ss@data.example/x.csv",
        "postgresql://[::1]:pa/shop",
        "postgresql://one:5432,two:pa/shop",
    ],
)
def test_a_password_that_reads_as_a_port_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError, match="write / as %2F") as refused:
        as_address(text)
    assert "pa" not in str(refused.value).replace("part", "").replace("password", "")


@pytest.mark.parametrize("host", ["", "db", "db:5432", "db:", "one:5432,two:5433", "[::1]", "[::1]:5432,two"])
def test_hosts_and_ports_are_taken_as_libpq_writes_them(host: str) -> None:
    assert str(as_address(f"postgresql://ada@{host}/shop")) == f"postgresql://ada@{host}/shop"

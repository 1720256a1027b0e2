"""Data: tables of databases and files elsewhere, by their address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.uploads import check_address
from litmus_core.connectors import FetchedTable, TableAddress
from litmus_core.errors import UsageError
from litmus_core.experiments import Studio
from litmus_core.serving import OPEN_VARIABLE
from tests.app.visit import text, visit

ADDRESS = "postgresql://ada:s3cret@db.example/shop"
fetched: list[tuple[str, str]] = []


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A database with some rows, which change as the list does."""
    rows = [f"{n},{'red' if n % 2 else 'blue'},{10 * n}" for n in range(60)]

    def fetch(address: TableAddress, scratch: Path) -> FetchedTable:
        fetched.append((str(address), address.with_secrets()))
        file = scratch / "orders"
        file.write_text("\n".join(["size,colour,price", *rows]))
        return FetchedTable(file=file)

    monkeypatch.setattr("litmus_core.experiments._data.sources.fetch_table", fetch)
    return rows


def added() -> Any:
    app = visit("data")
    app.text_input(key="address-0").set_value(ADDRESS)
    app.text_area(key="rows-0").set_value("SELECT * FROM orders")
    return next(button for button in app.button if button.label == "Read from there").click().run()


def test_an_address_becomes_a_table_and_its_password_is_used_alone(database: list[str]) -> None:
    app = added()

    shown = "postgresql://ada@db.example/shop?query=SELECT%20*%20FROM%20orders"
    assert "60 rows, 3 columns, ready." in text(app)
    assert fetched[-1] == (shown, ADDRESS)
    with Studio.open() as studio:
        assert [version.source for version in studio.datasets.list()] == [shown]


def test_refresh_makes_a_version_where_rows_changed(database: list[str]) -> None:
    added()
    with Studio.open() as studio:
        (version,) = studio.datasets.list()
    app = visit("data", dataset=version.id, section="versions")
    refresh = next(button for button in app.button if button.label == "Refresh")
    app = refresh.click().run()
    assert [toast.value for toast in app.toast] == ["No row has changed there."]
    database.append("77,red,1")
    next(button for button in app.button if button.label == "Refresh").click().run()

    with Studio.open() as studio:
        assert [(one.version, one.n_rows) for one in studio.datasets.list()] == [(2, 61)]


def test_pages_that_others_reach_contact_what_is_allowed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OPEN_VARIABLE, "1")
    with pytest.raises(UsageError, match="LITMUS_DATA_ADDRESSES"):
        check_address("https://data.example/in/shop.csv")
    monkeypatch.setenv("LITMUS_DATA_ADDRESSES", "s3://shop https://data.example/in")

    check_address("https://ada:x@data.example/in/shop.csv")
    for other in (
        "https://data.example/inner.csv",
        "https://data.example/in/../x",
        "https://evil.example/in/x",
    ):
        with pytest.raises(UsageError, match="not among"):
            check_address(other)


def test_a_text_that_is_no_address_is_said() -> None:
    with pytest.raises(UsageError, match=r"Begin with postgresql://"):
        check_address("/data/shop.csv")

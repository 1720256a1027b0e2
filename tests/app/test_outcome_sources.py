"""Export: outcomes of an endpoint from a database or an address, and from there again by a click."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from litmus_core.errors import DataError
from litmus_core.experiments import OutcomesService
from litmus_core.serving import OPEN_VARIABLE
from litmus_core.types import OutcomeCounts, ReadOptions
from tests.app.test_endpoints import Place, text
from tests.live_verdicts import live_verdict

ADDRESS, STORED = "postgresql://ada:s3cret@db.example/shop", "postgresql://ada@db.example/shop?table=came"
ELSEWHERE = "A database, S3 or the web"


class Sources:
    """What the page asks of outcomes; ``problem`` is what reading an address ends with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []
        self.problem: Exception | None = None
        self.stored: str | None = None
        verdict = live_verdict("no bar", sentence="It was judged.")
        monkeypatch.setattr(OutcomesService, "verdict", lambda *_: verdict)
        monkeypatch.setattr(OutcomesService, "add", lambda _, *what, **how: self.read(*what, how))
        monkeypatch.setattr(OutcomesService, "refresh", lambda _, name: self.read(name))
        monkeypatch.setattr(OutcomesService, "source", lambda *_: self.stored)

    def read(self, *asked: Any) -> OutcomeCounts:
        if self.problem is not None:
            raise self.problem
        self.asked.append(asked)
        return OutcomeCounts(n_sent=2, n_stored=2)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(monkeypatch)


@pytest.fixture
def sources(place: Place, monkeypatch: pytest.MonkeyPatch) -> Sources:
    monkeypatch.delenv(OPEN_VARIABLE, raising=False)
    return Sources(monkeypatch)


def typed(place: Place, rows: str) -> AppTest:
    """Open Export and type an address with a table or a query."""
    app = place.open()
    app.segmented_control(key="live.from.leave").set_value(ELSEWHERE).run()
    assert app.button(key="live.add.leave").disabled
    app.text_input(key="address-live.leave.0").set_value(ADDRESS).run()
    app.text_area(key="rows-live.leave.0").set_value(rows).run()
    return app


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ("", ReadOptions()),
        ("sales.came", ReadOptions(table="sales.came")),
        ("SELECT id, sold FROM came", ReadOptions(query="SELECT id, sold FROM came")),
    ],
)
def test_a_table_or_a_query_at_an_address_is_added_and_judged(place, sources, rows, options):
    app = typed(place, rows)
    app.selectbox(key="live.by.leave").select("A column of the rows").run()
    app.text_input(key="live.key.leave").input("number").run()
    app.button(key="live.add.leave").click().run()

    assert sources.asked == [("leave", ADDRESS, {"key": "number", "outcome": None, "options": options})]
    assert "2 outcomes: 2 stored." in text(app)
    assert "It was judged." in text(app)
    assert app.text_input(key="address-live.leave.1").value == ""
    assert "s3cret" not in text(app)


def test_the_last_address_is_read_again_by_a_click(place, sources):
    assert "live.again.leave" not in [button.key for button in place.open().button]
    sources.stored = STORED
    app = place.open()
    assert "Outcomes came from postgresql://ada@db.example/shop?table=came" in text(app).replace("\\", "")
    app.button(key="live.again.leave").click().run()

    assert sources.asked == [("leave",)]
    assert "2 outcomes: 2 stored." in text(app)
    assert "It was judged." in text(app)


def test_the_location_of_a_plugin_is_left_to_the_command_line(place, sources):
    sources.stored = "till://shop.example/sold"

    assert "live.again.leave" not in [button.key for button in place.open().button]


def test_an_expired_password_is_said_and_nothing_is_judged_or_lost(place, sources):
    sources.stored = STORED
    sources.problem = DataError("The database refused the password.", hint="It may have expired.")
    app = place.open()
    app.button(key="live.again.leave").click().run()

    (warning,) = app.warning
    assert warning.proto.title == "The database refused the password."
    assert "It may have expired." in warning.value
    assert "Nothing was stored. All earlier outcomes stay." in warning.value
    assert "It was judged." not in text(app)


def test_pages_of_a_shared_server_contact_no_address_that_nobody_allowed(place, sources, monkeypatch):
    monkeypatch.setenv(OPEN_VARIABLE, "1")
    sources.stored = STORED
    app = typed(place, "came")
    app.button(key="live.add.leave").click().run()
    assert "is not among the addresses that may be read here" in app.warning[0].proto.title
    app.button(key="live.again.leave").click().run()
    assert "is not among the addresses that may be read here" in app.warning[0].proto.title

    assert sources.asked == []

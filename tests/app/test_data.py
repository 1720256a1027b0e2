"""Data: adding a table, reading it, looking after it."""

from __future__ import annotations

import pytest

from litmus_core.experiments import Studio
from tests.app.visit import text, visit

TABLE = b"size,colour,price\n" + b"".join(
    b"%d,%s,%d\n" % (n, b"red" if n % 2 else b"blue", 10 * n) for n in range(60)
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(TABLE)
    return path


def tables() -> list[str]:
    with Studio.open() as studio:
        return [f"{each.name} v{each.version}" for each in studio.datasets()]


def test_an_upload_becomes_a_table_that_is_read_at_once():
    app = visit("data")
    app.file_uploader[0].set_value(("spring_orders.csv", TABLE, "text/csv")).run()
    assert "60 rows, 3 columns, ready." in text(app)
    assert tables() == ["spring orders v1"]


def test_a_path_on_this_computer_becomes_a_table(table):
    app = visit("data")
    app.text_input(key="path-0").set_value(str(table))
    app.button[0].click().run()
    assert tables() == ["orders v1"]


def test_a_path_that_is_not_there_is_said_in_words():
    app = visit("data")
    app.text_input(key="path-0").set_value("/nowhere/orders.csv")
    app.button[0].click().run()
    assert "/nowhere/orders.csv" in app.warning[0].proto.title
    assert tables() == []


def test_a_file_that_is_no_table_is_said_in_words_and_leaves_nothing():
    app = visit("data")
    app.file_uploader[0].set_value(("cat.csv", b"\x00\x01\x02\xff" * 500, "text/csv")).run()
    assert app.warning
    assert tables() == []
    with Studio.open() as studio:
        assert list(studio.workspace.uploads.iterdir()) == []


@pytest.mark.parametrize("name", ["orders.xlsx", "Orders.XLS"])
def test_a_workbook_is_answered_with_the_way_to_a_csv(name):
    app = visit("data")
    app.file_uploader[0].set_value((name, b"PK\x03\x04", "application/vnd.ms-excel")).run()
    assert app.warning[0].proto.title.startswith(f"'{name}' is a workbook")
    assert "File > Save as > CSV" in app.warning[0].value
    assert "Nothing was changed." in app.warning[0].value
    assert not app.file_uploader[0].proto.type  # the browser would refuse others, in words of its own
    assert app.text_input(key="path-0").label == "Or the path of a file on this computer"
    assert tables() == []


@pytest.fixture
def imported(table):
    with Studio.open() as studio:
        return studio.import_data(table, name="orders")


def test_a_second_file_can_be_a_new_version(imported):
    app = visit("data", dataset=imported.id, section="add")
    app.button_group(key="role-0").set_value("version").run()
    app.file_uploader[0].set_value(("later.csv", TABLE + b"9,red,90\n", "text/csv")).run()
    assert tables() == ["orders v2"]


def test_own_rows_are_read_with_the_types_of_the_table_in_hand(imported):
    app = visit("data", dataset=imported.id, section="add")
    app.button_group(key="role-0").set_value("rows").run()
    app.file_uploader[0].set_value(("test rows.csv", b"size,colour,price\n1,7,20\n", "text/csv")).run()
    with Studio.open() as studio:
        kinds = {each.name: [c.kind for c in each.columns] for each in studio.datasets()}
    assert kinds["test rows"] == kinds["orders"]


def test_a_table_can_be_renamed(imported):
    app = visit("data", dataset=imported.id, section="versions")
    app.text_input(key=f"rename-{imported.id}").set_value("Orders of spring")
    next(each for each in app.button if each.label == "Rename").click().run()
    assert tables() == ["Orders of spring v1"]


def test_a_table_is_deleted_only_when_one_is_sure(imported):
    app = visit("data", dataset=imported.id, section="versions")
    assert app.button(key="delete").disabled
    app.checkbox(key="sure").check().run()
    app.button(key="delete").click().run()
    assert tables() == []
    assert "Begin with a table" in text(app)


def test_the_way_on_takes_the_table_along(imported):
    app = visit("data", dataset=imported.id)
    app.button(key="next").click().run()
    assert app.query_params["dataset"] == imported.id
    assert "What do you want to know" in text(app)

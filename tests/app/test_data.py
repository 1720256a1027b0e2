"""Data: adding a table, reading it, looking after it."""

from __future__ import annotations

import sqlite3

import pytest

from app import services
from litmus_core.experiments import Studio
from tests.app.visit import text, visit
from tests.data.workbooks import write_xlsx

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
        return [f"{each.name} v{each.version}" for each in studio.datasets.list()]


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


def test_the_checks_of_a_second_table_open_once_it_is_added(table):
    app = visit("data")
    app.file_uploader[0].set_value(("spring_orders.csv", TABLE, "text/csv")).run()
    sections = app.button_group[0]
    sections.set_value("add").run()
    app.text_input(key="path-1").set_value(str(table))
    next(button for button in app.button if button.label == "Read it").click().run()
    assert tables() == ["orders v1", "spring orders v1"]
    assert app.button_group[0].value == "checks"


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


def test_a_workbook_that_is_none_is_said_in_words():
    app = visit("data")
    app.file_uploader[0].set_value(("orders.xlsx", b"PK\x03\x04", "application/vnd.ms-excel")).run()
    assert "orders.xlsx" in app.warning[0].proto.title
    assert not app.file_uploader[0].proto.type  # the browser would refuse others, in words of its own
    assert tables() == []


def test_a_path_outside_the_allowed_folders_is_refused_without_saying_what_is_there(monkeypatch, table):
    monkeypatch.setenv("LITMUS_DATA_FOLDERS", str(table.parent / "allowed"))
    app = visit("data")
    app.text_input(key="path-0").set_value(str(table))
    app.button[0].click().run()
    assert "lies outside the folders that may be read here" in app.warning[0].proto.title
    assert tables() == []


def test_a_link_does_not_lead_out_of_the_allowed_folders(monkeypatch, table, tmp_path):
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed" / "link.csv").symlink_to(table)
    monkeypatch.setenv("LITMUS_DATA_FOLDERS", str(tmp_path / "allowed"))
    app = visit("data")
    app.text_input(key="path-0").set_value(str(tmp_path / "allowed" / "link.csv"))
    app.button[0].click().run()
    assert "lies outside" in app.warning[0].proto.title


def test_how_a_file_is_read_can_be_set(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("a;b\n" + "1,5;2\n" * 30)
    app = visit("data")
    app.selectbox(key="read-decimal-0").set_value(",").run()
    app.selectbox(key="read-delimiter-0").set_value(";").run()
    app.text_input(key="path-0").set_value(str(path))
    app.button[0].click().run()
    assert not app.warning, (app.warning[0].proto.title, app.warning[0].value)
    with Studio.open() as studio:
        (version,) = studio.datasets.list()
    assert (version.options.delimiter, version.options.decimal) == (";", ",")


@pytest.fixture
def imported(table):
    with Studio.open() as studio:
        return studio.datasets.import_file(table, name="orders")


def test_a_second_file_can_be_a_new_version(imported):
    app = visit("data", dataset=imported.id, section="add")
    app.button_group(key="role-0").set_value("version").run()
    app.file_uploader[0].set_value(("later.csv", TABLE + b"9,red,90\n", "text/csv")).run()
    assert tables() == ["orders v2"]


def test_more_rows_go_below_those_that_are_here(imported):
    app = visit("data", dataset=imported.id, section="add")
    app.button_group(key="role-0").set_value("append").run()
    more = ("more.csv", b"size,colour,price\n99,red,990\n", "text/csv")
    app.file_uploader[0].set_value(more).run()
    with Studio.open() as studio:
        newest = studio.datasets.versions(imported.dataset_id)[-1]
    assert (newest.lineage.how, newest.n_rows, newest.lineage.parent_id) == ("appended", 61, imported.id)


def test_labels_are_corrected_by_a_table_that_names_the_rows(imported):
    app = visit("data", dataset=imported.id, section="add")
    app.button_group(key="role-0").set_value("correct").run()
    app.selectbox(key="correct-key-0").set_value("size").run()
    app.selectbox(key="correct-column-0").set_value("colour").run()
    app.file_uploader[0].set_value(("right.csv", b"size,colour\n5,green\n", "text/csv")).run()
    with Studio.open() as studio:
        newest = studio.datasets.versions(imported.dataset_id)[-1]
    assert newest.lineage.how == "corrected"


def test_versions_say_how_they_came_to_be_and_what_differs(imported, tmp_path):
    (tmp_path / "more.csv").write_text("size,colour,price\n99,red,990\n")
    with Studio.open() as studio:
        newest = studio.datasets.append_rows(imported.id, tmp_path / "more.csv")
    app = visit("data", dataset=newest.id, section="versions")
    assert "Rows of more.csv below those of version 1. 61 rows" in text(app)
    app.toggle(key=f"differs-{newest.id}").set_value(True).run()
    assert "1 row came." in text(app)
    app.button(key=f"show-{imported.id}").click().run()
    assert app.query_params["dataset"] == imported.id


def test_own_rows_are_read_with_the_types_of_the_table_in_hand(imported):
    app = visit("data", dataset=imported.id, section="add")
    app.button_group(key="role-0").set_value("rows").run()
    app.file_uploader[0].set_value(("test rows.csv", b"size,colour,price\n1,7,20\n", "text/csv")).run()
    with Studio.open() as studio:
        kinds = {each.name: [c.kind for c in each.columns] for each in studio.datasets.list()}
    assert kinds["test rows"] == kinds["orders"]


def test_a_table_can_be_renamed(imported):
    app = visit("data", dataset=imported.id, section="versions")
    app.text_input(key=f"rename-{imported.id}").set_value("Orders of spring")
    next(each for each in app.button if each.label == "Rename").click().run()
    assert tables() == ["Orders of spring v1"]


def test_a_table_is_deleted_only_when_one_is_sure(imported):
    app = visit("data", dataset=imported.id, section="versions")
    assert app.button(key="delete").disabled
    assert "Exported models, forecasts and many targets stay, and hold some of its rows." in text(app)
    app.checkbox(key="sure").check().run()
    app.button(key="delete").click().run()
    assert tables() == []
    assert "Begin with a table" in text(app)


def test_the_way_on_takes_the_table_along(imported):
    app = visit("data", dataset=imported.id)
    app.button(key="next").click().run()
    assert app.query_params["dataset"] == imported.id
    assert "What do you want to know" in text(app)


def test_an_upload_that_needs_to_be_told_more_waits_for_it(tmp_path):
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as database:
        for name in ("orders", "returns"):
            database.execute(f"CREATE TABLE {name} (size INTEGER, price INTEGER)")
            database.executemany(f"INSERT INTO {name} VALUES (?, ?)", [(n, 3 * n) for n in range(30)])
    database.close()
    app = visit("data")
    app.file_uploader[0].set_value(("shop.sqlite", path.read_bytes(), "application/octet-stream")).run()
    assert "'orders' (30 rows) and 'returns' (30 rows)" in app.warning[0].proto.title
    assert "'Table of a database' under 'How to read it'" in app.warning[0].value
    app.run()
    assert app.warning, "what is wrong is said until something else is asked"
    app.text_input(key="read-table-0").set_value("returns").run()
    assert "30 rows, 2 columns" in text(app)
    assert tables() == ["shop v1"]


def test_a_sheet_of_a_workbook_can_be_chosen(tmp_path):
    path = write_xlsx(tmp_path / "shop.xlsx", {"first": [["a", "b"], [1, 2]], "second": [["c", "d"], [3, 4]]})
    app = visit("data")
    app.text_input(key="read-sheet-0").set_value("second")
    app.text_input(key="path-0").set_value(str(path))
    app.button[0].click().run()
    with Studio.open() as studio:
        assert studio.datasets.list()[0].column_names == ("c", "d")


def test_labels_are_corrected_only_once_it_is_said_what_names_a_row(table):
    with Studio.open() as studio:
        version = studio.datasets.import_file(table, name="orders")
    app = visit("data", dataset=version.id, section="add")
    app.button_group(key="role-0").set_value("correct").run()
    assert not app.file_uploader, "there is no id, and any other column would be a guess"
    app.selectbox(key="correct-key-0").set_value("size")
    app.selectbox(key="correct-column-0").set_value("colour").run()
    assert app.file_uploader


def test_tables_of_one_name_are_told_apart(table, tmp_path):
    other = tmp_path / "other.csv"
    other.write_bytes(TABLE + b"99,red,990\n")
    with Studio.open() as studio:
        first = studio.datasets.import_file(table, name="orders")
        studio.datasets.import_file(other, name="orders")
    shown = visit("data", dataset=first.id).selectbox(key=f"table-{first.id}").options
    assert [each.partition(",")[0] for each in sorted(shown)] == ["orders (60 rows", "orders (61 rows"]


def test_a_table_that_comes_meanwhile_does_not_end_an_upload(tmp_path):
    """A notebook adds a table while a visitor, on an empty page, picks a file."""
    app = visit("data")
    path = tmp_path / "theirs.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    with Studio.open() as studio:
        studio.datasets.import_file(path)
    services.studio().store.refresh()
    app.file_uploader[0].set_value(("mine.csv", b"c,d\n1,2\n3,4\n", "text/csv")).run()
    assert not app.exception
    with Studio.open() as studio:
        assert sorted(each.name for each in studio.datasets.list()) == ["mine", "theirs"]


def test_columns_beyond_the_page_are_announced(imported):
    app = visit("data", dataset=imported.id)
    shown = [each.proto.body for each in app.get("html")]
    assert any("--columns: " in body and "scroll sideways to see them" in body for body in shown)

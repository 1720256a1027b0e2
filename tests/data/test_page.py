"""Pages: rows as they come, searched and sorted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from litmus_core.data import page_of, read_rows
from litmus_core.data._rows.pages import limited_duckdb
from litmus_core.errors import BusyError, UnknownNameError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]
SHOP = (
    "name,price,day,sold\n"
    "Red chair,30,2024-05-01,true\n"
    "blue CHAIR,10.5,2024-05-02,false\n"
    "Table,,2024-05-02,true\n"
    ",10.5,,false\n"
    "10% off,7,2024-06-01,true\n"
)


@pytest.fixture
def shop(imported: Importer) -> DatasetVersion:
    return imported(SHOP)


def test_a_page_is_some_rows_as_they_come(workspace: Workspace, shop: DatasetVersion) -> None:
    page = page_of(workspace, shop, offset=1, n_rows=2)

    assert page.rows["name"].tolist() == ["blue CHAIR", "Table"]
    assert (page.places, page.offset, page.n_matching, page.n_rows) == ((1, 2), 1, 5, 5)


def test_a_page_behind_the_last_row_is_empty(workspace: Workspace, shop: DatasetVersion) -> None:
    page = page_of(workspace, shop, offset=10, n_rows=2)

    assert (len(page.rows), page.places, page.n_matching) == (0, (), 5)


@pytest.mark.parametrize(
    ("search", "places"),
    [
        ("chair", (0, 1)),
        (" Chair ", (0, 1)),
        ("10.5", (1, 3)),
        ("10", (4,)),
        ("30", (0,)),
        ("2024-05-02", (1, 2)),
        ("2024-05-02T00:00:00", (1, 2)),
        ("false", (1, 3)),
        ("10%", (4,)),
        ("it's", ()),
        ("_", ()),
    ],
)
def test_a_search_finds_texts_numbers_dates_and_truth_values(
    workspace: Workspace, shop: DatasetVersion, search: str, places: tuple[int, ...]
) -> None:
    page = page_of(workspace, shop, offset=0, n_rows=10, search=search)

    assert (page.places, page.n_matching, len(page.rows)) == (places, len(places), len(places))


def test_a_search_looks_in_the_columns_shown(workspace: Workspace, shop: DatasetVersion) -> None:
    page = page_of(workspace, shop, offset=0, n_rows=10, search="chair", columns=["price", "sold"])

    assert (list(page.rows.columns), page.n_matching) == (["price", "sold"], 0)


@pytest.mark.parametrize(
    ("sort", "descending", "places"),
    [
        ("price", False, (4, 1, 3, 0, 2)),
        ("price", True, (0, 1, 3, 4, 2)),
        ("name", False, (4, 0, 2, 1, 3)),
        ("day", True, (4, 1, 2, 0, 3)),
    ],
)
def test_rows_are_sorted_with_missing_ones_last_and_equals_as_they_come(
    workspace: Workspace, shop: DatasetVersion, sort: str, descending: bool, places: tuple[int, ...]
) -> None:
    page = page_of(workspace, shop, offset=0, n_rows=10, sort=sort, descending=descending)

    assert (page.places, page.n_matching) == (places, 5)


def test_what_was_found_is_sorted_and_paged(workspace: Workspace, shop: DatasetVersion) -> None:
    page = page_of(workspace, shop, offset=1, n_rows=1, search="chair", sort="price", columns=["name"])

    assert (page.places, page.n_matching, page.rows["name"].tolist()) == ((0,), 2, ["Red chair"])


def test_rows_have_the_types_that_reading_gives(workspace: Workspace, shop: DatasetVersion) -> None:
    sorted_page = page_of(workspace, shop, offset=0, n_rows=5, sort="price").rows

    assert sorted_page.dtypes.to_dict() == read_rows(workspace, shop).dtypes.to_dict()


def test_pages_reach_over_row_groups(workspace: Workspace, imported: Importer) -> None:
    version = imported("n,t\n" + "".join(f"{number},t{number}\n" for number in range(130_000)))

    far = page_of(workspace, version, offset=122_000, n_rows=3)
    last = page_of(workspace, version, offset=0, n_rows=2, sort="n", descending=True)

    assert far.rows["n"].tolist() == [122_000, 122_001, 122_002]
    assert (last.places, last.rows["t"].tolist()) == ((129_999, 129_998), ["t129999", "t129998"])


def test_what_takes_too_long_is_stopped_with_words() -> None:
    with (
        pytest.raises(
            BusyError, match=r"Finding 'x' in 'shop' took longer than 0\.01 seconds, so Litmus stopped"
        ),
        limited_duckdb(0.01, subject="'x' in 'shop'") as connection,
    ):
        connection.execute("SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 3").fetchall()


def test_columns_that_are_not_there_are_named(workspace: Workspace, shop: DatasetVersion) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'price'"):
        page_of(workspace, shop, offset=0, n_rows=1, sort="prize")


def test_a_page_has_a_size_and_a_place(workspace: Workspace, shop: DatasetVersion) -> None:
    for offset, n_rows in ((-1, 1), (0, -1), (0, 5_000)):
        with pytest.raises(UsageError, match="up to 1,000 rows"):
            page_of(workspace, shop, offset=offset, n_rows=n_rows)

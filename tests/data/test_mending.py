"""Fixes make a new version, and an invalid fix changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from litmus_core.data import apply_fixes, preview_fix, read_rows, suggest, surviving_rows
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, Fix, FixKind, SplitPlan

Importer = Callable[..., DatasetVersion]

SHOP = """city,price,sold
Bern ,10,yes
bern,-999,no
Bern,12,
Basel,12.5,yes
Basel,12.5,yes
"""


@pytest.fixture
def shop(imported: Importer) -> DatasetVersion:
    return imported(SHOP)


def fix(kind: FixKind, *columns: str, **more: object) -> Fix:
    return Fix(kind=kind, title=f"{kind} {columns}", columns=columns, **more)  # type: ignore[arg-type]


def cells(workspace: Workspace, version: DatasetVersion, column: str) -> list[object]:
    values = read_rows(workspace, version, columns=[column])[column]
    return [None if value != value else value for value in values]


def files(workspace: Workspace, version: DatasetVersion) -> list[str]:
    return sorted(path.name for path in (workspace.datasets / version.dataset_id).iterdir())


def test_a_value_becomes_missing_and_is_counted(workspace: Workspace, shop: DatasetVersion) -> None:
    mended = apply_fixes(workspace, shop, [fix("as_missing", "price", values=(("-999", None),))], number=2)
    assert cells(workspace, mended, "price") == [10.0, None, 12.0, 12.5, 12.5]
    assert mended.column("price").n_missing == 1
    assert (mended.lineage.how, mended.lineage.parent_id, mended.version) == ("mended", shop.id, 2)
    assert mended.content_hash != shop.content_hash
    assert cells(workspace, shop, "price")[1] == -999.0


def test_spaces_around_texts_go_whatever_their_kind(workspace: Workspace, imported: Importer) -> None:
    version = imported("city,n\n\u00a0Bern\u3000,1\nBasel  Stadt,2\n")
    mended = apply_fixes(workspace, version, [fix("trim", "city")], number=2)
    assert cells(workspace, mended, "city") == ["Bern", "Basel  Stadt"]


def test_spellings_become_the_most_frequent_one(workspace: Workspace, shop: DatasetVersion) -> None:
    mended = apply_fixes(workspace, shop, [fix("fold_case", "city")], number=2)
    assert cells(workspace, mended, "city") == ["Bern", "Bern", "Bern", "Basel", "Basel"]


def test_values_are_replaced_all_at_once(workspace: Workspace, shop: DatasetVersion) -> None:
    swapped = (("yes", "no"), ("no", "yes"))
    mended = apply_fixes(workspace, shop, [fix("replace", "sold", values=swapped)], number=2)
    assert cells(workspace, mended, "sold") == ["no", "yes", None, "no", "no"]


def test_rows_without_a_label_go(workspace: Workspace, shop: DatasetVersion) -> None:
    mended = apply_fixes(workspace, shop, [fix("drop_missing", "sold")], number=2)
    assert cells(workspace, mended, "price") == [10.0, -999.0, 12.5, 12.5]
    assert "1 of 5 rows were left out by fixes." in mended.notes


def test_of_equal_rows_the_first_stays(workspace: Workspace, shop: DatasetVersion) -> None:
    assert apply_fixes(workspace, shop, [fix("drop_duplicates")], number=2).n_rows == 4
    by_city = apply_fixes(workspace, shop, [fix("drop_duplicates", "city")], number=3)
    assert cells(workspace, by_city, "price") == [10.0, -999.0, 12.0, 12.5]


def test_named_rows_go_by_where_they_stood_before_all_fixes(
    workspace: Workspace, shop: DatasetVersion
) -> None:
    fixes = [fix("drop_missing", "sold"), fix("drop_rows", rows=(0, 4))]
    assert cells(workspace, apply_fixes(workspace, shop, fixes, number=2), "price") == [-999.0, 12.5]
    assert surviving_rows(workspace, shop, fixes).tolist() == [1, 3]


def test_a_text_column_whose_odd_words_go_holds_numbers(workspace: Workspace, imported: Importer) -> None:
    version = imported("price\n" + "10\n11.5\n" * 10 + "call us\n")
    assert version.column("price").storage == "VARCHAR"
    mended = apply_fixes(
        workspace, version, [fix("as_missing", "price", values=(("call us", None),))], number=2
    )
    assert (mended.column("price").storage, mended.column("price").kind) == ("DOUBLE", "number")
    assert cells(workspace, mended, "price")[:2] == [10.0, 11.5]
    assert "'price' could be read as numbers then." in mended.notes


def test_what_is_left_out_stays_in_the_table_but_not_in_the_proposal(
    workspace: Workspace, shop: DatasetVersion
) -> None:
    mended = apply_fixes(workspace, shop, [fix("leave_out", "price")], number=2)
    assert mended.content_hash == shop.content_hash
    proposed = suggest(workspace, mended, "sold")
    assert proposed.features == ("city",)
    assert [(each.column, each.reason) for each in proposed.left_out] == [
        ("price", "It was left out when the table was checked.")
    ]
    assert "price" in suggest(workspace, mended, "price").target


def test_a_split_fix_is_proposed_and_its_group_left_out(workspace: Workspace, shop: DatasetVersion) -> None:
    plan = SplitPlan(kind="group", column="city")
    mended = apply_fixes(workspace, shop, [fix("split", split=plan)], number=2)
    proposed = suggest(workspace, mended, "sold")
    assert proposed.split == plan
    assert "city" not in proposed.features
    assert suggest(workspace, shop, "sold").split == SplitPlan()


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (fix("trim", "cty"), UnknownNameError, "Did you mean 'city'?"),
        (fix("trim"), UsageError, "which column"),
        (fix("replace", "city"), UsageError, "which values"),
        (fix("replace", "price", values=(("12", "twelve"),)), DataError, "'twelve' does not fit"),
        (fix("fold_case", "price"), UsageError, "does not hold texts"),
        (fix("drop_rows", rows=(5,)), UsageError, "Rows are counted from 0 to 4"),
        (fix("drop_rows", rows=(0, 1, 2, 3, 4)), DataError, "would leave no row"),
        (fix("split"), UsageError, "how rows are parted"),
        (fix("split", split=SplitPlan(kind="time", column="day")), UnknownNameError, "day"),
    ],
)
def test_a_fix_that_cannot_be_meant_is_said_and_leaves_nothing_behind(
    workspace: Workspace, shop: DatasetVersion, wrong: Fix, error: type[Exception], said: str
) -> None:
    before = files(workspace, shop)
    with pytest.raises(error, match=said):
        apply_fixes(workspace, shop, [wrong], number=2)
    assert files(workspace, shop) == before


def test_a_preview_shows_the_touched_rows_before_and_after(
    workspace: Workspace, shop: DatasetVersion
) -> None:
    seen = preview_fix(workspace, shop, fix("fold_case", "city"))
    assert (seen.n_rows, seen.n_cells, seen.rows) == (2, 2, (0, 1))
    assert seen.header[0] == "city"
    assert [row[0] for row in seen.before] == ["Bern ", "bern"]
    assert [row and row[0] for row in seen.after] == ["Bern", "Bern"]


def test_a_preview_of_rows_that_go_has_nothing_after(workspace: Workspace, shop: DatasetVersion) -> None:
    seen = preview_fix(workspace, shop, fix("drop_duplicates"), n_rows=1)
    assert (seen.n_rows, seen.rows, seen.after) == (1, (4,), (None,))


def test_a_preview_of_a_column_left_out_touches_no_cell(workspace: Workspace, shop: DatasetVersion) -> None:
    seen = preview_fix(workspace, shop, fix("leave_out", "price"))
    assert (seen.n_rows, seen.n_cells, seen.rows) == (0, 0, ())


def test_columns_with_awkward_names_are_mended(workspace: Workspace, imported: Importer) -> None:
    version = imported('"a ""b"" c",word,c0\nX ,?,1\nY,b,2\n')
    fixes = [fix("trim", 'a "b" c'), fix("as_missing", "word", values=(("?", None),))]
    mended = apply_fixes(workspace, version, fixes, number=2)
    assert cells(workspace, mended, 'a "b" c') == ["X", "Y"]
    assert cells(workspace, mended, "word") == [None, "b"]

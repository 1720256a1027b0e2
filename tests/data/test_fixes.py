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
    return Fix(kind=kind, columns=columns, **more)  # type: ignore[arg-type]


def cells(workspace: Workspace, version: DatasetVersion, column: str) -> list[object]:
    values = read_rows(workspace, version, columns=[column])[column]
    return [None if value != value else value for value in values]


def files(workspace: Workspace, version: DatasetVersion) -> list[str]:
    return sorted(path.name for path in (workspace.datasets / version.dataset_id).iterdir())


def test_a_value_becomes_missing_and_is_counted(workspace: Workspace, shop: DatasetVersion) -> None:
    fixed = apply_fixes(workspace, shop, [fix("as_missing", "price", values=(("-999", None),))], number=2)
    assert cells(workspace, fixed, "price") == [10.0, None, 12.0, 12.5, 12.5]
    assert fixed.column("price").n_missing == 1
    assert (fixed.lineage.how, fixed.lineage.parent_id, fixed.version) == ("fixed", shop.id, 2)
    assert fixed.content_hash != shop.content_hash
    assert cells(workspace, shop, "price")[1] == -999.0


def test_spaces_around_texts_go_whatever_their_kind(workspace: Workspace, imported: Importer) -> None:
    version = imported("city,n\n\u00a0Bern\u3000,1\nBasel  Stadt,2\n")
    fixed = apply_fixes(workspace, version, [fix("trim", "city")], number=2)
    assert cells(workspace, fixed, "city") == ["Bern", "Basel  Stadt"]


def test_spellings_become_the_most_frequent_one(workspace: Workspace, shop: DatasetVersion) -> None:
    fixed = apply_fixes(workspace, shop, [fix("fold_case", "city")], number=2)
    assert cells(workspace, fixed, "city") == ["Bern", "Bern", "Bern", "Basel", "Basel"]


def test_values_are_replaced_all_at_once(workspace: Workspace, shop: DatasetVersion) -> None:
    swapped = (("yes", "no"), ("no", "yes"))
    fixed = apply_fixes(workspace, shop, [fix("replace", "sold", values=swapped)], number=2)
    assert cells(workspace, fixed, "sold") == ["no", "yes", None, "no", "no"]


def test_rows_without_a_label_go(workspace: Workspace, shop: DatasetVersion) -> None:
    fixed = apply_fixes(workspace, shop, [fix("drop_missing", "sold")], number=2)
    assert cells(workspace, fixed, "price") == [10.0, -999.0, 12.5, 12.5]
    assert "1 of 5 rows were left out by fixes." in fixed.notes


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
    fixed = apply_fixes(
        workspace, version, [fix("as_missing", "price", values=(("call us", None),))], number=2
    )
    assert (fixed.column("price").storage, fixed.column("price").kind) == ("DOUBLE", "number")
    assert cells(workspace, fixed, "price")[:2] == [10.0, 11.5]
    assert "'price' could be read as numbers then." in fixed.notes


def test_what_is_left_out_stays_in_the_table_but_not_in_the_proposal(
    workspace: Workspace, shop: DatasetVersion
) -> None:
    fixed = apply_fixes(workspace, shop, [fix("leave_out", "price")], number=2)
    assert fixed.content_hash == shop.content_hash
    proposed = suggest(workspace, fixed, "sold")
    assert proposed.features == ("city",)
    assert [(each.column, each.reason) for each in proposed.left_out] == [
        ("price", "It was left out when the table was checked.")
    ]
    assert "price" in suggest(workspace, fixed, "price").target


def test_a_split_fix_is_proposed_and_its_group_left_out(workspace: Workspace, shop: DatasetVersion) -> None:
    plan = SplitPlan(kind="group", column="city")
    fixed = apply_fixes(workspace, shop, [fix("split", split=plan)], number=2)
    proposed = suggest(workspace, fixed, "sold")
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
        (fix("split"), UsageError, "how to split the rows"),
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
    assert [row[0] for row in seen.old_cells] == ["Bern ", "bern"]
    assert [row and row[0] for row in seen.new_cells] == ["Bern", "Bern"]


def test_a_preview_of_rows_that_go_has_nothing_after(workspace: Workspace, shop: DatasetVersion) -> None:
    seen = preview_fix(workspace, shop, fix("drop_duplicates"), n_rows=1)
    assert (seen.n_rows, seen.rows, seen.new_cells) == (1, (4,), (None,))


def test_a_preview_of_a_column_left_out_touches_no_cell(workspace: Workspace, shop: DatasetVersion) -> None:
    seen = preview_fix(workspace, shop, fix("leave_out", "price"))
    assert (seen.n_rows, seen.n_cells, seen.rows) == (0, 0, ())


def test_columns_with_awkward_names_are_fixed(workspace: Workspace, imported: Importer) -> None:
    version = imported('"a ""b"" c",word,c0\nX ,?,1\nY,b,2\n')
    fixes = [fix("trim", 'a "b" c'), fix("as_missing", "word", values=(("?", None),))]
    fixed = apply_fixes(workspace, version, fixes, number=2)
    assert cells(workspace, fixed, 'a "b" c') == ["X", "Y"]
    assert cells(workspace, fixed, "word") == [None, "b"]


def test_a_column_is_read_as_another_kind_and_stored_so(workspace: Workspace, imported: Importer) -> None:
    shop = imported("store,size,sold\n" + "".join(f'{n % 3},"1,{n:03}.5",yes\n' for n in range(30)))
    as_words = apply_fixes(workspace, shop, [fix("read_as", "store", meaning="category")], number=2)
    assert (as_words.column("store").kind, as_words.column("store").storage) == ("category", "VARCHAR")
    assert cells(workspace, as_words, "store")[:4] == ["0", "1", "2", "0"]
    truth = apply_fixes(workspace, shop, [fix("read_as", "sold", meaning="boolean")], number=3)
    assert (truth.column("sold").kind, cells(workspace, truth, "sold")[0]) == ("boolean", True)


def test_texts_become_numbers_in_the_spelling_of_most_of_them(
    workspace: Workspace, imported: Importer
) -> None:
    codes = imported("zip,when\n" + "".join(f"{n:05},2024{n % 12 + 1:02}01\n" for n in range(30)))
    assert codes.column("zip").stores_text
    number = apply_fixes(workspace, codes, [fix("read_as", "zip", meaning="number")], number=2)
    assert cells(workspace, number, "zip")[:3] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("meaning", "column", "message"),
    [
        ("number", "size", "6 of 30 values in 'size' cannot be read as a number: 'large' (3 rows)"),
        ("date", "day", "30 of 30 values in 'day' cannot be read as a date: 'day 0' (1 row), 'day 1'"),
        ("category", "weight", "30 of 30 values in 'weight' have a fraction: '0.5' (1 row)"),
        ("text", "sent", "'sent' holds dates, and how the file wrote them is not kept"),
        ("category", "price", "The numbers of 'price' had a format of their own in the file (unit $)"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_so_is_counted_and_named(
    workspace: Workspace, imported: Importer, meaning: str, column: str, message: str
) -> None:
    sizes = ["large", "huge", "large", "wide", "slim", "large", *map(str, range(24))]
    rows = (
        f"{size},day {n},{n}.5,2024-01-{n % 28 + 1:02},${n}\n" for n, size in enumerate(sizes)
    )  # fmt: skip
    version = imported("size,day,weight,sent,price\n" + "".join(rows))
    with pytest.raises(DataError) as refused:
        apply_fixes(workspace, version, [fix("read_as", column, meaning=meaning)], number=2)
    assert refused.value.message.startswith(message)
    assert not (workspace.datasets / version.dataset_id / "v2.parquet").exists()


def test_later_fixes_see_a_column_as_it_is_read_then(workspace: Workspace, imported: Importer) -> None:
    version = imported("n,x\n" + "".join(f"{n:03},a\n" for n in range(30)))
    steps = [fix("read_as", "n", meaning="number"), fix("as_missing", "n", values=(("7", None),))]
    fixed = apply_fixes(workspace, version, steps, number=2)
    assert cells(workspace, fixed, "n")[6:9] == [6.0, None, 8.0]
    assert fixed.column("n").kind == "number"

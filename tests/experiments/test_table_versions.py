"""Tables grow: rows are appended, labels corrected, and what differs between versions is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments import Studio
from litmus_core.types import DatasetVersion, Fix, ReadOptions

SHOP = "order id,size,colour\n" + "".join(
    f"{number},{number % 7},{'red' if number % 2 else 'blue'}\n" for number in range(1, 31)
)


@pytest.fixture
def shop(studio: Studio, tmp_path: Path) -> DatasetVersion:
    return studio.datasets.import_file(write(tmp_path, SHOP, "shop.csv"))


def write(folder: Path, content: str, name: str = "more.csv") -> Path:
    path = folder / name
    path.write_text(content)
    return path


def column_of(studio: Studio, version: DatasetVersion, name: str) -> list[object]:
    frame = studio.datasets.preview(version.id, n_rows=1_000)
    return frame[name].astype(object).where(frame[name].notna(), None).tolist()


def files_of(studio: Studio, version: DatasetVersion) -> list[str]:
    folder = studio.workspace.datasets / version.dataset_id
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".parquet" or path.is_dir())


def test_appended_rows_make_a_version_that_remembers_its_parent(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    grown = studio.datasets.append_rows(shop.id, write(tmp_path, "colour,order id,size\ngreen,31,4\n"))

    assert (grown.version, grown.lineage.how, grown.lineage.parent_id, grown.n_rows) == (
        2,
        "appended",
        shop.id,
        31,
    )
    assert studio.datasets.get(grown.id) == grown
    assert column_of(studio, grown, "colour")[-2:] == ["blue", "green"]
    assert studio.datasets.get(shop.id).n_rows == 30
    assert "1 rows of 'more.csv' were appended." in grown.notes
    assert studio.datasets.profile(grown.id).n_rows == 31


def test_values_and_copies_that_join_a_table_are_said(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    more = "order id,size,colour\n1,1,red\n2,2,blue\n1,1,mauve\n"

    grown = studio.datasets.append_rows(shop.id, write(tmp_path, more))

    assert grown.notes[-2:] == (
        "'colour' has values that it never had before: 'mauve'.",
        "2 of the new rows are copies of rows that were there.",
    )


def test_columns_that_are_missing_or_unknown_in_appended_rows_are_said(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    grown = studio.datasets.append_rows(shop.id, write(tmp_path, "order id,colour,weight\n31,green,9\n"))

    assert grown.column_names == shop.column_names
    assert column_of(studio, grown, "size")[-1] is None
    assert "The new rows have no 'size'; the values are missing there." in grown.notes
    assert "'weight' of 'more.csv' is not in the table and left out." in grown.notes


def test_appended_cells_take_the_types_of_the_table_or_are_refused(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"'size' holds numbers in 'shop', but row 1 of '.*' has 'large'"):
        studio.datasets.append_rows(shop.id, write(tmp_path, "order id,size,colour\n31,large,red\n"))

    grown = studio.datasets.append_rows(shop.id, write(tmp_path, "order id,size,colour\n31,4,7\n"))
    assert grown.column("colour").storage == "VARCHAR"
    assert files_of(studio, shop) == ["v1.parquet", "v2.parquet"]


def test_a_file_with_other_columns_is_not_appended(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"'more\.csv' has none of the columns of 'shop'"):
        studio.datasets.append_rows(shop.id, write(tmp_path, "a,b\n1,2\n"))

    assert files_of(studio, shop) == ["v1.parquet"]
    assert len(studio.datasets.versions(shop.dataset_id)) == 1


def test_appended_rows_are_read_with_the_options_given(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    source = write(tmp_path, "order id^size^colour\n31^4^red\n")

    grown = studio.datasets.append_rows(shop.id, source, options=ReadOptions(delimiter="^"))

    assert (grown.n_rows, grown.options.delimiter) == (31, "^")


def test_fixes_hold_for_appended_rows_too(studio: Studio, shop: DatasetVersion, tmp_path: Path) -> None:
    fix = Fix(kind="as_missing", columns=("size",), values=(("6", None),))
    fixed = studio.fixes.apply(shop.id, [fix])

    grown = studio.datasets.append_rows(fixed.id, write(tmp_path, "order id,size,colour\n31,6,red\n"))

    assert (grown.lineage.how, grown.lineage.fixes, grown.n_rows) == ("fixed", (fix,), 31)
    assert column_of(studio, grown, "size")[-1] is None
    before_fixes = studio.fixes.revert(grown.id, [fix])
    assert (before_fixes.lineage.how, column_of(studio, before_fixes, "size")[-1]) == ("appended", 6)


def test_corrected_labels_make_a_version_and_are_counted(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    source = write(tmp_path, "order id,colour\n2,red\n4,blue\n6,\n99,red\n")

    corrected = studio.datasets.correct_labels(shop.id, source, key="order id", column="colour")

    assert (corrected.lineage.how, corrected.lineage.parent_id, corrected.version) == (
        "corrected",
        shop.id,
        2,
    )
    assert column_of(studio, corrected, "colour")[:6] == ["red", "red", "red", "blue", "red", "blue"]
    assert column_of(studio, corrected, "order id") == list(range(1, 31))
    assert corrected.notes[-3:] == (
        "'colour' was corrected in 1 row by 'more.csv'.",
        "1 row had the given value already.",
        "1 of 3 values of 'order id' in the file are in no row.",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("order id,colour\n1,red\n1,blue\n", "'more.csv' gives 'order id' 1 more than one 'colour'."),
        ("order id,colour\n1,red\n", "'more.csv' corrects nothing: all its values are there already."),
        ("order id,colour\n77,red\n", "'more.csv' corrects nothing: no row has one of its values"),
        ("order id,shade\n1,red\n", "'more.csv' has no column 'colour'."),
    ],
    ids=["contradiction", "nothing new", "no such row", "no such column"],
)
def test_corrections_that_cannot_be_meant_are_refused(
    studio: Studio, shop: DatasetVersion, tmp_path: Path, content: str, words: str
) -> None:
    with pytest.raises(DataError) as refused:
        studio.datasets.correct_labels(shop.id, write(tmp_path, content), key="order id", column="colour")

    assert words in refused.value.message
    assert refused.value.hint
    assert files_of(studio, shop) == ["v1.parquet"]


def test_a_key_or_column_that_is_not_there_is_named(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    source = write(tmp_path, "order id,colour\n2,red\n")

    with pytest.raises(UnknownNameError, match="Did you mean 'order id'"):
        studio.datasets.correct_labels(shop.id, source, key="orderid", column="colour")
    with pytest.raises(UsageError, match="cannot be the same"):
        studio.datasets.correct_labels(shop.id, source, key="colour", column="colour")


def test_versions_are_compared_by_the_id_that_both_have(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    content = SHOP.replace("30,2,blue\n", "").replace("4,4,blue", "4,5,blue") + "31,0,red\n"
    lines = content.splitlines()
    shuffled = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    other = studio.datasets.import_file(write(tmp_path, shuffled), dataset_id=shop.dataset_id)

    found = studio.datasets.difference(shop.id, other.id)

    assert (found.matched_by, found.key) == ("key", "order id")
    assert (found.n_added, found.n_removed, found.n_changed) == (1, 1, 1)
    assert [(each.name, each.n_cells, each.examples) for each in found.changes] == [
        ("size", 1, (("4", "4", "5"),))
    ]
    assert (found.added, found.removed) == ((("31", "0", "red"),), (("30", "2", "blue"),))


def test_without_an_id_rows_are_compared_by_their_place(studio: Studio, tmp_path: Path) -> None:
    before = studio.datasets.import_file(write(tmp_path, "a,b\n1,x\n2,y\n3,y\n"))
    after = studio.datasets.import_file(
        write(tmp_path, "a,b\n1,x\n2,z\n3,y\n4,y\n"), dataset_id=before.dataset_id
    )

    found = studio.datasets.difference(before.id, after.id)

    assert (found.matched_by, found.n_added, found.n_removed, found.n_changed) == ("position", 1, 0, 1)
    assert found.changes[0].examples == (("2", "y", "z"),)


def test_rows_that_moved_are_compared_by_all_that_is_in_them(studio: Studio, tmp_path: Path) -> None:
    before = studio.datasets.import_file(write(tmp_path, "a,b\n1,x\n2,y\n3,z\n3,z\n"))
    after = studio.datasets.import_file(
        write(tmp_path, "a,b\n2,y\n3,z\n1,x\n5,w\n"), dataset_id=before.dataset_id
    )

    found = studio.datasets.difference(before.id, after.id)

    assert (found.matched_by, found.n_added, found.n_removed) == ("content", 1, 1)
    assert (found.added, found.removed) == ((("5", "w"),), (("3", "z"),))


def test_columns_that_came_went_or_changed_their_type_are_told(studio: Studio, tmp_path: Path) -> None:
    before = studio.datasets.import_file(write(tmp_path, "a,b,c\n1,x,1\n2,y,2\n"))
    after = studio.datasets.import_file(
        write(tmp_path, "a,c,d\n1,one,3\n2,two,4\n"), dataset_id=before.dataset_id
    )

    found = studio.datasets.difference(before.id, after.id)

    assert (found.columns.added, found.columns.removed) == (("d",), ("b",))
    assert found.columns.retyped == (("c", "BIGINT", "VARCHAR"),)
    assert (found.n_added, found.n_removed, found.n_changed) == (0, 0, 0)
    assert not found.is_none


def test_a_version_does_not_differ_from_itself(studio: Studio, shop: DatasetVersion) -> None:
    assert studio.datasets.difference(shop.id, shop.id).is_none


def test_a_key_that_does_not_tell_rows_apart_is_refused(studio: Studio, shop: DatasetVersion) -> None:
    with pytest.raises(DataError, match="'colour' does not tell the rows of 'shop' apart"):
        studio.datasets.difference(shop.id, shop.id, key="colour")
    with pytest.raises(UnknownNameError):
        studio.datasets.difference(shop.id, shop.id, key="weight")


def test_each_changed_column_of_many_has_its_examples(studio: Studio, tmp_path: Path) -> None:
    names = [f"n{at}" for at in range(50)]
    before, after = (
        studio.datasets.import_file(
            write(
                tmp_path,
                ",".join(names)
                + "\n"
                + "".join(
                    ",".join(str(row * 100 + at + (change if row in (4, 6, 7, 9) else 0)) for at in range(50))
                    + "\n"
                    for row in range(20)
                ),
                f"wide{change}.csv",
            )
        )
        for change in (0, 5_000)
    )

    changes = studio.datasets.difference(before.id, after.id).changes

    assert {change.name: change.examples for change in changes} == {
        name: tuple((str(row + 1), str(row * 100 + at), str(row * 100 + at + 5_000)) for row in (4, 6, 7))
        for at, name in enumerate(names)
    }

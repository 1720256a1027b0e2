"""Profiles: counts that a page can draw."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from litmus_core.data import DateRange, TextFigures, ValueCount, profile
from litmus_core.errors import NotFoundError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]


def test_numbers_have_range_middle_and_histogram(workspace: Workspace, imported: Importer) -> None:
    version = imported("n,x\n" + "".join(f"{number},1\n" for number in range(101)) + ",1\n")

    column = profile(workspace, version).column("n")

    assert (column.n_rows, column.n_missing, column.n_distinct) == (102, 1, 101)
    numbers = column.numbers
    assert numbers is not None
    assert (numbers.low, *numbers.quartiles, numbers.high) == (0.0, 25.0, 50.0, 75.0, 100.0)
    assert (numbers.mean, round(numbers.std or 0, 3)) == (50.0, 29.3)
    assert column.histogram is not None
    assert column.histogram.counts == (5,) * 19 + (6,)
    assert (column.histogram.edges[0], column.histogram.edges[1], column.histogram.edges[-1]) == (
        0.0,
        5.0,
        100.0,
    )
    assert column.histogram.labels[:2] == ("0 to 5", "5 to 10")


def test_a_constant_has_one_bin(workspace: Workspace, imported: Importer) -> None:
    column = profile(workspace, imported("n,x\n7,a\n7,b\n,c\n")).column("n")

    assert column.histogram is not None
    assert (column.histogram.counts, column.histogram.edges, column.histogram.labels) == (
        (2,),
        (7.0, 7.0),
        ("7",),
    )


def test_very_large_numbers_do_not_break_it(workspace: Workspace, imported: Importer) -> None:
    column = profile(workspace, imported("n,x\n1.7e308,a\n-1.7e308,b\n0.5,c\n")).column("n")

    assert column.numbers is not None
    assert (column.numbers.low, column.numbers.high, column.numbers.std) == (-1.7e308, 1.7e308, None)
    assert column.histogram is not None
    assert sum(column.histogram.counts) == 3


def test_dates_have_first_last_and_a_histogram_in_days(workspace: Workspace, imported: Importer) -> None:
    column = profile(workspace, imported("day,x\n1970-01-02,1\n1970-01-12 12:00,2\n1970-01-22,3\n")).column(
        "day"
    )

    assert column.dates == DateRange(first="1970-01-02T00:00:00", last="1970-01-22T00:00:00")
    assert column.histogram is not None
    assert (column.histogram.edges[0], column.histogram.edges[-1]) == (1.0, 21.0)
    assert sum(column.histogram.counts) == 3
    assert column.histogram.labels[0] == "1970-01-02 to 1970-01-03"


def test_categories_have_their_most_frequent_values(workspace: Workspace, imported: Importer) -> None:
    column = profile(workspace, imported("c,x\n" + "red,1\n" * 3 + "blue,2\n" * 5 + ",3\n")).column("c")

    assert column.top == (ValueCount(value="blue", n_rows=5), ValueCount(value="red", n_rows=3))
    assert column.texts == TextFigures(mean_letters=3.625, most_letters=4, mean_words=1.0)
    assert (column.n_missing, round(column.missing_share, 3)) == (1, 0.111)


def test_many_categories_are_counted_too(workspace: Workspace, imported: Importer) -> None:
    rows = [f"town{number % 1_200},1" for number in range(2_600)]

    column = profile(workspace, imported("\n".join(["c,x", *rows]) + "\n")).column("c")

    assert column.top[0] == ValueCount(value="town0", n_rows=3)
    assert len(column.top) == 10


def test_texts_have_lengths_and_examples_but_no_top(workspace: Workspace, imported: Importer) -> None:
    rows = [f"a fine set of {number} plates" for number in range(40)]

    column = profile(workspace, imported("\n".join(["t", *rows]) + "\n")).column("t")

    assert column.top == ()
    assert column.texts is not None
    assert (column.kind, column.texts.mean_words) == ("text", 6.0)
    assert column.examples == ("a fine set of 0 plates", "a fine set of 1 plates", "a fine set of 2 plates")


def test_booleans_and_empty_columns_are_profiled(workspace: Workspace, imported: Importer) -> None:
    found = profile(workspace, imported("flag,empty\ntrue,\nfalse,\ntrue,\n"))

    assert found.column("flag").top == (
        ValueCount(value="true", n_rows=2),
        ValueCount(value="false", n_rows=1),
    )
    assert (found.column("empty").n_missing, found.column("empty").top) == (3, ())
    assert [column.name for column in found.columns] == ["flag", "empty"]


def test_names_with_quotes_are_names(workspace: Workspace, imported: Importer) -> None:
    found = profile(workspace, imported('"a ""b"" c","it\'s"\n1,2\n3,4\n'))

    assert [column.numbers and column.numbers.mean for column in found.columns] == [2.0, 3.0]


def test_a_table_that_is_gone_is_not_found(workspace: Workspace, imported: Importer) -> None:
    version = imported("a,b\n1,2\n")
    (workspace.path / version.path).unlink()

    with pytest.raises(NotFoundError):
        profile(workspace, version)


def test_a_profile_is_counted_at_import_and_kept(workspace: Workspace, imported: Importer) -> None:
    version = imported("n,x\n1,a\n2,b\n")
    kept = (workspace.path / version.path).with_suffix(".profile.json")
    found = profile(workspace, version)

    assert kept.is_file()
    (workspace.path / version.path).write_bytes(b"PAR1")  # nothing is counted again
    assert profile(workspace, version) == found


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"shape": 0}', '{"shape": 1, "profile": {"columns": 3}}']
)
def test_a_profile_that_is_gone_or_damaged_is_counted_again(
    workspace: Workspace, imported: Importer, content: str | None
) -> None:
    version = imported("n,x\n1,a\n2,b\n")
    kept = (workspace.path / version.path).with_suffix(".profile.json")
    found = profile(workspace, version)
    kept.unlink()
    if content is not None:
        kept.write_text(content)

    assert profile(workspace, version) == found
    assert profile(workspace, version) == found

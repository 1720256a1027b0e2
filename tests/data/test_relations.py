"""Relations: the target against each column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from litmus_core.data import Group, relations
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]


def test_a_number_is_averaged_by_each_value_and_by_ranges(workspace: Workspace, imported: Importer) -> None:
    rows = [f"{number},{'red' if number < 30 else 'blue'},{number}" for number in range(100)]
    version = imported("\n".join(["price,colour,size", *rows, ",red,5", "7,,"]) + "\n")

    found = relations(workspace, version, "price")

    assert (found.classes, found.overall.n_rows, round(found.overall.mean or 0, 2)) == ((), 101, 49.08)
    colour, size = found.columns
    assert (colour.column, colour.by) == ("colour", "values")
    assert colour.groups == (
        Group(label="blue", n_rows=70, mean=64.5),
        Group(label="red", n_rows=30, mean=14.5),
        Group(label="missing", n_rows=1, mean=7.0),
    )
    assert size.by == "ranges"
    assert sum(group.n_rows for group in size.groups) == 101
    assert [group.label for group in size.groups][-1] == "missing"
    means = [group.mean or 0 for group in size.groups[:-1]]
    assert len(means) == 10
    assert means == sorted(means)


def test_classes_are_counted_by_ranges_values_and_letters(workspace: Workspace, imported: Importer) -> None:
    rows = [
        f"{'yes' if number % 4 == 0 else 'no'},{number},{'red' if number % 4 == 0 else 'blue'},"
        f"a fine set of {number} plates"
        for number in range(100)
    ]
    version = imported("\n".join(["sold,price,colour,title", *rows]) + "\n")

    found = relations(workspace, version, "sold")

    assert found.classes == ("no", "yes")
    assert (found.overall.counts, found.overall.shares) == ((75, 25), (0.75, 0.25))
    by = {relation.column: relation for relation in found.columns}
    assert by["colour"].groups == (
        Group(label="blue", n_rows=75, counts=(75, 0)),
        Group(label="red", n_rows=25, counts=(0, 25)),
    )
    assert sum(group.counts[1] for group in by["price"].groups) == 25
    assert (by["title"].by, sum(group.n_rows for group in by["title"].groups)) == ("letters", 100)


def test_rare_classes_and_rare_values_are_others(workspace: Workspace, imported: Importer) -> None:
    rows = [f"k{number % 13},t{number % 12}" for number in range(13 * 12)]
    version = imported("\n".join(["kind,town", *rows]) + "\n")

    found = relations(workspace, version, "kind")

    assert (len(found.classes), found.classes[-1], found.overall.counts) == (11, "others", (12,) * 10 + (36,))
    (town,) = found.columns
    assert [group.label for group in town.groups][-1] == "others"
    assert town.groups[-1].n_rows == 26
    assert sum(town.groups[-1].counts) == 26


def test_dates_are_grouped_by_days(workspace: Workspace, imported: Importer) -> None:
    rows = [f"2024-01-{number:02d},{number}.5" for number in range(1, 31)]
    version = imported("\n".join(["day,price", *rows]) + "\n")

    (day,) = relations(workspace, version, "price").columns

    assert day.groups[0].label.startswith("2024-01-01 to 2024-01-0")
    assert sum(group.n_rows for group in day.groups) == 30


def test_a_column_that_never_changes_and_an_empty_one_have_one_group(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported("price,same,none\n" + "".join(f"{number},7,\n" for number in range(20)))

    same, none = relations(workspace, version, "price").columns

    assert [(group.label, group.n_rows) for group in same.groups] == [("7", 20)]
    assert [(group.label, group.n_rows) for group in none.groups] == [("missing", 20)]


def test_a_target_must_be_there_and_can_be_predicted(workspace: Workspace, imported: Importer) -> None:
    version = imported("day,n\n2024-01-01,1\n2024-01-02,2\n")

    with pytest.raises(UnknownNameError):
        relations(workspace, version, "prize")
    with pytest.raises(UsageError, match="dates"):
        relations(workspace, version, "day")


def test_ranges_of_whole_numbers_are_whole(workspace: Workspace, imported: Importer) -> None:
    rows = [f"{number % 7},{number % 50}" for number in range(400)]
    version = imported("\n".join(["price,size", *rows]) + "\n")
    labels = [group.label for group in relations(workspace, version, "price").columns[0].groups]
    assert (labels[0][:4], labels[-1][-5:]) == ("0 to", "to 49")
    assert not any("." in label for label in labels)

"""Types and kinds: what a column of a CSV holds is decided by every one of its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from litmus_core.data import read_rows
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]


def column_of(imported: Importer, *cells: str, name: str = "x") -> tuple[str, str, str]:
    """Import one column beside another and return its storage, kind and spelling."""
    lines = [f"{name},other", *(f'"{cell}",a' for cell in cells)]
    column = imported("\n".join(lines) + "\n").columns[0]
    return column.storage, column.kind, column.written_as


@pytest.mark.parametrize(
    ("cells", "storage", "kind", "written_as"),
    [
        (("1", "2", "-3"), "BIGINT", "number", ""),
        (("1", "2.5", "1e-3"), "DOUBLE", "number", ""),
        ((" 1 ", "2"), "BIGINT", "number", ""),
        (("1", "NA", "2"), "BIGINT", "number", ""),
        (("1.5", "?", "2"), "DOUBLE", "number", ""),
        (("1", "inf"), "DOUBLE", "number", ""),
        (("1,234", "5", "1,234,567.5"), "DOUBLE", "number", "thousands"),
        (("1.514", "787", "2.300"), "DOUBLE", "number", "decimal comma"),
        (("26", "54.750", "32.500", "187.250", "204"), "DOUBLE", "number", ""),  # kilograms
        (("1.514", "787", "2.345"), "DOUBLE", "number", ""),  # decimals whose zeros are left out
        (("1.514", "0.787", "2.300"), "DOUBLE", "number", ""),
        (("1.234,5", "5,25"), "DOUBLE", "number", "decimal comma"),
        (("00501", "10001"), "VARCHAR", "category", "codes of 5 digits"),
        (("1_000", "2"), "VARCHAR", "category", ""),
        (("0x1F", "2"), "VARCHAR", "category", ""),
        (("9007199254740993", "9007199254740995"), "VARCHAR", "category", "codes"),
        (("1" + "0" * 30, "5", "6", "7"), "DOUBLE", "number", ""),
        (("true", "False"), "BOOLEAN", "boolean", ""),
        (("TRUE", "NA"), "BOOLEAN", "boolean", ""),
        (("yes", "no"), "VARCHAR", "category", ""),
        (("0", "1"), "BIGINT", "number", ""),
        (("NA", ""), "VARCHAR", "category", ""),
        (("2024-05-01", "2024-12-31"), "TIMESTAMP", "date", ""),
        (("2024-05-01T10:00:00Z", "2024-05-01 12:30:00+02:00"), "TIMESTAMP", "date", ""),
        (("2024-05-01 10:00", "NA"), "TIMESTAMP", "date", ""),
        (("5/13/2024", "12/1/2024"), "TIMESTAMP", "date", "%m/%d/%Y"),
        (("13/5/2024", "1/12/2024"), "TIMESTAMP", "date", "%d/%m/%Y"),
        (("13.5.2024", "1.12.2024"), "TIMESTAMP", "date", "%d.%m.%Y"),
        (("5/1/2024 3:05 PM", "5/31/2024 11:00 AM"), "TIMESTAMP", "date", "%m/%d/%Y %I:%M %p"),
        (("1-May-2024", "31-Dec-2024"), "TIMESTAMP", "date", "%d-%b-%Y"),
        (("May 1, 2024", "December 31, 2024"), "TIMESTAMP", "date", "%B %d, %Y"),
        (("13/13/2024", "1/1/2024"), "VARCHAR", "category", ""),
        (("20240501", "20241231"), "BIGINT", "number", ""),
        (("2024", "2025"), "BIGINT", "number", ""),
        (("10:30", "11:00"), "VARCHAR", "category", ""),
    ],
)
def test_a_column_is_typed_by_all_its_cells(
    imported: Importer, cells: tuple[str, ...], storage: str, kind: str, written_as: str
) -> None:
    assert column_of(imported, *cells) == (storage, kind, written_as)


def test_points_between_thousands_are_said_to_be_points(imported: Importer) -> None:
    found = imported("x,other\n1.514,a\n787,b\n2.300,c\n")

    assert found.columns[0].examples == ("1514", "787", "2300")
    assert found.notes == ("Points in 'x' were read as thousands separators.",)


def test_eight_digits_are_a_date_where_the_name_says_so(imported: Importer) -> None:
    assert column_of(imported, "20240501", "20241231", name="start_date") == ("TIMESTAMP", "date", "%Y%m%d")


DAYS = ("20240131", "20231215", "20240229", "20221001", "20230630")


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (DAYS, ("TIMESTAMP", "date", "%Y%m%d")),
        (DAYS[:4], ("BIGINT", "number", "")),
        ((*DAYS, "20241301"), ("BIGINT", "number", "")),
    ],
)
def test_eight_digits_are_days_where_five_and_more_all_are_whatever_the_name(
    imported: Importer, values: tuple[str, ...], kept: tuple[str, str, str]
) -> None:
    assert column_of(imported, *values, name="Stichtag") == kept


def test_one_odd_cell_far_down_keeps_a_column_a_text(imported: Importer) -> None:
    cells = [str(number) for number in range(3_000)] + ["12 px"]

    assert column_of(imported, *cells)[0] == "VARCHAR"


def test_dates_that_could_be_either_are_read_as_another_column_proves(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported("ordered,paid\n1/2/2024,25/2/2024\n3/4/2024,26/4/2024\n")

    assert read_rows(workspace, version)["ordered"].tolist() == [datetime(2024, 2, 1), datetime(2024, 4, 3)]


def test_dates_that_could_be_either_are_said_to_be(imported: Importer) -> None:
    version = imported("ordered,n\n1/2/2024,1\n3/4/2024,2\n")

    assert version.columns[0].written_as == "%m/%d/%Y"
    assert version.notes == ("Dates in 'ordered' were read as month/day/year; they could also be day first.",)


@pytest.mark.parametrize(
    ("dates", "note"),
    [
        (("13/01/24", "25/01/24"), "day/month/year; they could also be year first."),
        (("31/01/99", "25/02/99"), "day/month/year."),
        (("99/01/31", "99/02/25"), "year/month/day."),
    ],
)
def test_two_digit_years_are_doubted_where_they_could_be_days(
    imported: Importer, dates: tuple[str, ...], note: str
) -> None:
    version = imported("at,n\n" + "".join(f"{date},{n}\n" for n, date in enumerate(dates)))
    assert any(said.endswith(note) for said in version.notes), version.notes


def test_a_date_whose_year_may_come_first_proves_no_order_of_others(imported: Importer) -> None:
    version = imported("ordered,paid\n1/2/2024,24/01/13\n3/4/2024,24/01/14\n")
    assert "they could also be day first" in version.notes[0]


def test_moments_with_a_zone_are_brought_to_utc(workspace: Workspace, imported: Importer) -> None:
    version = imported("at,n\n2024-05-01T10:00:00Z,1\n2024-05-01T10:00:00+02:00,2\n")

    assert read_rows(workspace, version)["at"].tolist() == [
        datetime(2024, 5, 1, 10), datetime(2024, 5, 1, 8),
    ]  # fmt: skip


def test_one_zone_far_down_brings_all_moments_to_utc(workspace: Workspace, imported: Importer) -> None:
    version = imported("at,n\n" + "2024-05-01T10:00:00,1\n" * 3_000 + "2024-05-01T10:00:00+02:00,2\n")

    assert read_rows(workspace, version, offset=2_999)["at"].tolist() == [
        datetime(2024, 5, 1, 10), datetime(2024, 5, 1, 8),
    ]  # fmt: skip


def test_missing_words_are_missing_in_every_column(workspace: Workspace, imported: Importer) -> None:
    version = imported('a,b\nNA,x\nn/a,NULL\n3," "\n,None\n')

    assert [column.n_missing for column in version.columns] == [3, 3]
    assert read_rows(workspace, version)["b"].tolist() == ["x", None, None, None]


def test_a_question_mark_is_a_category_among_words(workspace: Workspace, imported: Importer) -> None:
    version = imported("a,b\n?,1\nx,2\n")

    assert read_rows(workspace, version)["a"].tolist() == ["?", "x"]


def table(*columns: tuple[str, list[str]]) -> str:
    names = ",".join(name for name, _ in columns)
    rows = zip(*(cells for _, cells in columns), strict=True)
    return "\n".join([names, *(",".join(row) for row in rows)]) + "\n"


COUNTING = [str(number) for number in range(1, 41)]
SHUFFLED = [str(number * 37 % 41) for number in range(1, 41)]


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("product ID", COUNTING, "id"),
        ("Unnamed: 0", COUNTING, "id"),
        ("rownames", COUNTING, "id"),
        ("", COUNTING, "id"),
        ("anything", COUNTING, "id"),
        ("customer_id", SHUFFLED, "id"),
        ("customer_id", ["1", "2"] * 20, "number"),
        ("price", SHUFFLED, "number"),
        ("paid", SHUFFLED, "number"),
        ("seconds", [str(10**9 + 7_000 * number) for number in range(40)], "number"),
        ("code", [f"QA-{number}-XC" for number in range(40)], "id"),
        ("colour", ["red", "blue"] * 20, "category"),
        ("town", [f"New York {number % 8}" for number in range(40)], "place"),
        ("crew", [f"New York {number % 8}" for number in range(40)], "category"),
        ("title", [f"a fine set of {number} red plates" for number in range(40)], "text"),
        ("review", [f"it was {'very ' * 20}good {number % 25}" for number in range(40)], "text"),
    ],
)
def test_a_kind_is_judged_by_name_order_and_distinct_values(
    imported: Importer, name: str, cells: list[str], kind: str
) -> None:
    assert imported(table((name, cells), ("other", ["a"] * 40))).columns[0].kind == kind


def test_counts_and_examples_come_with_the_columns(imported: Importer) -> None:
    version = imported("a,b\n" + "1.0,\n" * 300 + "2.5,late\n")
    first, second = version.columns

    assert (first.n_missing, first.n_distinct, first.examples) == (0, 2, ("1",))
    assert (second.n_missing, second.n_distinct, second.examples) == (300, 1, ("late",))


@pytest.mark.parametrize(
    ("separator", "first", "doubt"),
    [
        (";", 63.422, "decimal marks; they could also stand between thousands"),
        ("\t", 63422.0, "thousands separators; they could also be decimal marks"),
    ],
)
def test_three_digits_behind_every_comma_are_decimals_beside_semicolons(
    workspace: Workspace, imported: Importer, separator: str, first: float, doubt: str
) -> None:
    lines = [f"{cell}{separator}a" for cell in ("63,422", "27,430", "5,001")]
    version = imported("\n".join([f"kg{separator}other", *lines]))

    assert read_rows(workspace, version)["kg"][0] == first
    assert version.notes == (f"Commas in 'kg' were read as {doubt}.",)

"""Dates in one column that are not all written in one way: what kept them from being dates is said."""

from __future__ import annotations

import pytest

from litmus_core.frame import read_rows as read_dicts
from tests.data.test_units import Importer, table

DAYS = tuple(f"2024-{month:02}-{month + 9}" for month in range(1, 13))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ("2024-01-31", "31/01/2024", "Jan 31 2024", "2024-02-29"),
            "its dates are written in several ways, as in '2024-01-31' and '31/01/2024' and 'Jan 31 2024'.",
        ),
        (
            ("01/13/2024", "13/02/2024", "03/04/2024"),
            "not all its dates have the day first (1 do not), nor the month (1 do not).",
        ),
        ((*DAYS, "soon"), "'soon' is not a date like '2024-01-10'."),
        ((*(f"{day}/{month}/2024" for day in (14, 15) for month in range(1, 13)), "31/2/2024"),
         "1 value is no date written as day/month/year."),
    ],
)  # fmt: skip
def test_what_kept_dates_a_text_is_said(imported: Importer, cells: tuple[str, ...], said: str) -> None:
    version = imported(table("day", cells))

    assert version.columns[0].storage == "VARCHAR"
    assert version.notes[0].startswith(f"'day' was kept as text: {said}")


@pytest.mark.parametrize(
    "cells", [("12-34-5678", "99-01-2024"), ("1.2.3", "1.10.2"), ("soon", "2024-01-31"), ("Mar 5", "May 6")]
)
def test_texts_that_are_no_dates_are_not_called_so(imported: Importer, cells: tuple[str, ...]) -> None:
    assert imported(table("code", cells * 6)).notes == ()


@pytest.mark.parametrize("cell", ["Jan 31 2024", "January 31 2024"])
def test_a_named_month_ahead_needs_no_comma(imported: Importer, cell: str) -> None:
    version = imported(table("day", (cell, cell)))

    assert version.columns[0].kind == "date"
    assert read_dicts([{"day": cell}], version.columns[:1])["day"].tolist()[0].isoformat() == (
        "2024-01-31T00:00:00"
    )

"""Columns that look like other ones: debits like seconds, decimals like thousands, houses like amounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from litmus_core.data import read_rows
from litmus_core.frame import read_rows as read_dicts
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]


def table(name: str, cells: tuple[str, ...]) -> str:
    return f"{name},other\n" + "".join(f'"{cell}",a\n' for cell in cells)


def assert_reads(
    workspace: Workspace, imported: Importer, name: str, cells: tuple[str, ...], values: list[Any]
) -> None:
    version = imported(table(name, cells))

    assert read_rows(workspace, version)[name].tolist() == values
    served = read_dicts([{name: cell} for cell in cells], [version.columns[0]])[name]
    assert served.tolist() == values


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1h 25m", "45m", "2h"), [85.0, 45.0, 120.0]),
        (("2 h", "45 min", "30 min"), [120.0, 45.0, 30.0]),
        (("2H 30M", "45M", "1H"), [150.0, 45.0, 60.0]),
        (("2h", "45m", "30m"), [120.0, 45.0, 30.0]),
    ],
)
def test_units_of_time_are_durations(
    workspace: Workspace, imported: Importer, cells: tuple[str, ...], values: list[float]
) -> None:
    assert_reads(workspace, imported, "x", cells, values)


@pytest.mark.parametrize(
    "cells",
    [
        ("1,234.56 H", "980.10 S", "12.40 H"),
        ("1.234,56 S", "980,10 H", "12,40 H"),
        ("12 H", "30 S", "45 H"),
        ("12H", "30M", "45S"),
        ("1H", "4H", "15M"),
        ("7.5 Y", "3 M", "2 M"),
        ("1,234.50 h", "30.25 s", "12.00 h"),
    ],
)
def test_letters_alone_are_no_durations(
    workspace: Workspace, imported: Importer, cells: tuple[str, ...]
) -> None:
    assert_reads(workspace, imported, "x", cells, [*cells])


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("3,902 cc", "3990 cc", "1998 cc"), [3902.0, 3990.0, 1998.0]),
        (("3.902 cc", "3990 cc", "1998 cc"), [3902.0, 3990.0, 1998.0]),
        (("$1,250", "$1300", "$999"), [1250.0, 1300.0, 999.0]),
        (("1,250", "1300", "999"), [1250.0, 1300.0, 999.0]),
        (("3,902 kg", "3990 kg", "1,25 kg"), [3.902, 3990.0, 1.25]),
        (("3,902 kg", "12 kg", "3990 kg"), ["3,902 kg", "12 kg", "3990 kg"]),
        (("812,250 m", "1300 m", "999 m"), [812.25, 1300.0, 999.0]),
    ],
)
def test_the_sizes_of_the_other_numbers_tell_what_a_mark_is(
    workspace: Workspace, imported: Importer, cells: tuple[str, ...], values: list[Any]
) -> None:
    assert_reads(workspace, imported, "x", cells, values)


def test_a_mark_that_nothing_settles_is_said(imported: Importer) -> None:
    version = imported(table("x", ("3,902 kg", "12 kg", "3990 kg")))

    assert (
        "'x' was kept as text: its ',' could be decimal marks or stand between thousands" in version.notes[0]
    )


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("x", ("12 Main St", "14 Main St", "9 Main St")),
        ("x", ("12 Main St.", "14 Main St.", "9 Main St.")),
        ("x", ("12 Ocean Drive NW", "14 Ocean Drive NW", "9 Ocean Drive NW")),
        ("x", ("12 rue Foch", "14 rue Foch", "9 rue Foch")),
        ("x", ("12 Via Roma", "14 Via Roma", "9 Via Roma")),
        ("x", ("12 Hauptstr.", "14 Hauptstr.", "9 Hauptstr.")),
        ("x", ("12a Gartenweg", "14 Gartenweg", "9-11 Gartenweg")),
        ("Address", ("12 Main", "14 Main", "9 Main")),
        ("billing_address_line_1", ("12 Broadway", "14 Broadway", "9 Broadway")),
        ("Street", ("12 Kings Mews", "14 Kings Mews", "9 Kings Mews")),
    ],
)
def test_houses_in_a_street_are_no_amounts(
    workspace: Workspace, imported: Importer, name: str, cells: tuple[str, ...]
) -> None:
    assert_reads(workspace, imported, name, cells, [*cells])


@pytest.mark.parametrize(
    "cells", [("12 sq ft", "14 sq ft", "9 sq ft"), ("12 km", "14 km", "9 km"), ("5 st", "7 st 2 lb", "8 st")]
)
def test_amounts_with_units_are_no_houses(imported: Importer, cells: tuple[str, ...]) -> None:
    assert imported(table("x", cells)).columns[0].storage == "DOUBLE"


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("12'480.35", "12'395.35", "10'440.10"), [12480.35, 12395.35, 10440.1]),
        (("12 480,35", "12 395,35", "10 440,10"), [12480.35, 12395.35, 10440.1]),
    ],
)
def test_balances_of_one_length_are_amounts_by_their_fractions(
    cells: tuple[str, ...], values: list[float], workspace: Workspace, imported: Importer
) -> None:
    assert_reads(workspace, imported, "Saldo", cells, values)


@pytest.mark.parametrize("cells", [("12 480", "12 395", "10 440"), ("12'480", "12'395", "10'440")])
def test_groups_of_digits_of_one_length_stay_codes(
    cells: tuple[str, ...], workspace: Workspace, imported: Importer
) -> None:
    assert_reads(workspace, imported, "Ort", cells, list(cells))

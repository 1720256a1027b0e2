"""Long files are typed by a guess from first rows: the result is the one that counting all rows gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.data._types import first_rows as guessing
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Writer = Callable[..., Path]
N_ROWS = 40
FIRST = 10  # rows that are looked at first, in these tests


@pytest.fixture(autouse=True)
def few_first_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "_ROWS", FIRST)
    monkeypatch.setattr(guessing, "_FEWEST_ROWS", FIRST)


def content(cells: list[str]) -> str:
    return "x,other\n" + "".join(f'"{cell}",a\n' for cell in cells)


def without_guess(workspace: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch) -> DatasetVersion:
    with monkeypatch.context() as patched:
        patched.setattr(guessing, "_ROWS", 1_000)
        patched.setattr(guessing, "_FEWEST_ROWS", 1_000)
        return import_table(workspace, path)


PLAIN = [str(number) for number in range(N_ROWS)]
HALVES = [f"{number}.5" for number in range(N_ROWS)]
DAYS = [f"2024-05-{1 + number % 28:02d}" for number in range(N_ROWS)]
AMERICAN = [f"{1 + number % 12}/{13 + number % 15}/2024" for number in range(N_ROWS)]
CASES = {
    "whole numbers": PLAIN,
    "a fraction far down": [*PLAIN, "2.5"],
    "a word far down": [*PLAIN, "12 px"],
    "padding far down": [*PLAIN, "007"],
    "a plus far down": [*PLAIN, "+7"],
    "an underscore far down": [*PLAIN, "1_000"],
    "a number with spaces": [*PLAIN, " 7 "],
    "a placeholder far down": [*PLAIN, "?", "n.a.", "-", "NA", ""],
    "a huge number far down": [*PLAIN, "9007199254740993"],
    "many huge numbers": [str(9007199254740993 + number) for number in range(N_ROWS)],
    "fractions": HALVES,
    "an exponent": [*HALVES, "1e5", "-0.5", ".5", "5.", "inf", "-Infinity", "1e400"],
    "an underscore among fractions": [*HALVES, "1_0.5"],
    "two signs": [*HALVES, "+-0.5"],
    "padding among fractions": [*HALVES, "007"],
    "padded fractions": [*HALVES, "007.5"],
    "not a number": [*HALVES, "nan"],
    "not a number, spelled otherwise": [*HALVES, "NAN"],
    "thousands": [f"{number},{number + 100}" for number in range(1, N_ROWS)],
    "thousands, then a word": [*(f"{number},{number + 100}" for number in range(1, N_ROWS)), "many"],
    "decimal commas": [f"{number},5" for number in range(N_ROWS)],
    "truth values": [["true", "False"][number % 2] for number in range(N_ROWS)],
    "truth values, then a word": [*(["true", "False"][number % 2] for number in range(N_ROWS)), "maybe"],
    "truth values, then a placeholder": [*(["true"] * N_ROWS), "?"],
    "days": DAYS,
    "days and moments": [*DAYS, "2024-05-01 10:30", "2024-05-01T10:30:15", "2024/5/1"],
    "a zone far down": [*DAYS, "2024-05-01 10:30:00+02:00"],
    "a short zone far down": [*DAYS, "2024-5-1 1:00+02:00"],
    "an impossible day far down": [*DAYS, "2024-02-31"],
    "a year before all": [*DAYS, "0999-01-01"],
    "American dates": AMERICAN,
    "American dates, then a European one": [*AMERICAN, "25/12/2024"],
    "dates that could be either until far down": [*["1/2/2024"] * N_ROWS, "25/12/2024"],
    "dates that could be either": ["1/2/2024"] * N_ROWS,
    "months by name": [f"{1 + number % 28} May 2024" for number in range(N_ROWS)],
    "words": [f"word {number}" for number in range(N_ROWS)],
    "words among which some mean missing": [*["red", " NA ", "None", "none"] * 10],
    "nothing at first": [*[""] * N_ROWS, "12/31/2024"],
    "placeholders at first": [*["?"] * N_ROWS, "3.5"],
    "nothing": ["NA"] * N_ROWS,
}


@pytest.mark.parametrize("case", CASES)
def test_a_guess_comes_to_what_counting_comes_to(
    workspace: Workspace, write: Writer, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    path = write(content(CASES[case]))

    guessed = import_table(workspace, path)
    counted = without_guess(workspace, path, monkeypatch)

    assert (guessed.columns, guessed.notes) == (counted.columns, counted.notes)
    assert guessed.content_hash == counted.content_hash


def test_a_row_that_does_not_fit_far_down_is_named(workspace: Workspace, write: Writer) -> None:
    path = write(content(PLAIN) + "1,2,3\n")

    with pytest.raises(DataError, match="Line 42 of"):
        import_table(workspace, path)


def test_many_columns_that_fail_their_guess_are_counted(workspace: Workspace, write: Writer) -> None:
    names = [f"k{number}" for number in range(8)]
    rows = [",".join([str(number)] * 8) for number in range(N_ROWS)]
    late = [",".join("x" if column == place else "1" for column in range(8)) for place in range(8)]

    version = import_table(workspace, write("\n".join([",".join(names), *rows, *late]) + "\n"))

    assert [column.storage for column in version.columns] == ["VARCHAR"] * 8
    assert read_rows(workspace, version, offset=N_ROWS)["k2"].tolist() == [
        "1",
        "1",
        "x",
        "1",
        "1",
        "1",
        "1",
        "1",
    ]

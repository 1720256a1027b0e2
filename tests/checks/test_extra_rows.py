"""Rows that came with a table and hold no data: totals, notes, repeated headers and units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from litmus_core.checks import evidence_sentences, finding_sentence, run_checks
from litmus_core.data import apply_fixes, import_table
from litmus_core.store import Workspace
from litmus_core.types import CheckReport, DatasetVersion

Checked = Callable[[str], tuple[DatasetVersion, CheckReport]]
_NAMES = "shop,units,amount,day\n"
_ROWS = [f"S{at % 7},{10 + at * 37 % 80},{at * 13 % 50}.25,2024-03-{at % 28 + 1:02}\n" for at in range(60)]
_UNITS, _AMOUNT = sum(10 + at * 37 % 80 for at in range(60)), sum(at * 13 % 50 + 0.25 for at in range(60))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace").create()


@pytest.fixture
def checked(workspace: Workspace, tmp_path: Path) -> Checked:
    """Return a function that imports the text of a CSV file, and checks which rows and types are odd."""

    def checked(text: str) -> tuple[DatasetVersion, CheckReport]:
        path = tmp_path / "table.csv"
        path.write_text(text)
        version = import_table(workspace, path)
        return version, run_checks(workspace, version, kinds=["extra_rows", "mixed_types"])

    return checked


@pytest.mark.parametrize(
    ("text", "rows", "said"),
    [
        (
            _NAMES + "".join(_ROWS) + f"Total,{_UNITS},{_AMOUNT},\n",
            (60,),
            "Row 61 is a total: it says 'Total'.",
        ),
        (_NAMES + "".join(_ROWS) + "Summe,,,\n", (60,), "Row 61 is a total: it says 'Summe'."),
        (
            _NAMES + "".join(_ROWS) + f",{_UNITS},{_AMOUNT},\n",
            (60,),
            "Row 61 is a total: its numbers are the sums of those above.",
        ),
        (
            _NAMES + "".join(_ROWS) + "Source: the tills,,,\n",
            (60,),
            "Row 61 is a note: 'Source: the tills'.",
        ),
        (
            _NAMES + "".join(_ROWS) + ",,,\nAll amounts are before tax,,,\n",
            (61,),
            "Row 62 is a note: 'All amounts are before tax'.",
        ),
        (
            _NAMES + "".join([*_ROWS[:9], _NAMES, *_ROWS[9:]]),
            (9,),
            "Row 10 repeats the names of the columns.",
        ),
        (_NAMES + ",pcs,EUR,\n" + "".join(_ROWS), (0,), "Row 1 says what is in the columns: pcs, EUR."),
    ],
)
def test_each_is_one_finding_and_its_fix_restores_the_table(
    checked: Checked, workspace: Workspace, text: str, rows: tuple[int, ...], said: str
) -> None:
    version, report = checked(text)
    (found,) = report.findings
    assert evidence_sentences(found) == (said,)
    assert finding_sentence(found) == "1 row (2 %) holds no data, but came with the table."
    assert found.fix is not None
    assert found.fix.rows == rows

    fixed = apply_fixes(workspace, version, [found.fix], number=2)
    assert fixed.n_rows == version.n_rows - 1
    assert [column.stores_numbers for column in fixed.columns] == [False, True, True, False]
    assert fixed.columns[3].storage == "TIMESTAMP"


def test_totals_of_parts_are_found_between_them(checked: Checked) -> None:
    parts = [_ROWS[start : start + 20] for start in (0, 20, 40)]
    sums = [sum(int(row.split(",")[1]) for row in part) for part in parts]
    lines = [line for part, n in zip(parts, sums, strict=True) for line in (*part, f"Subtotal,{n},,\n")]
    (found,) = checked(_NAMES + "".join(lines) + f"Grand total,{sum(sums)},,\n")[1].findings
    assert found.fix is not None
    assert found.fix.rows == (20, 41, 62, 63)


@pytest.mark.parametrize(
    "text",
    [
        _NAMES + "".join(_ROWS),
        "kind,units\n" + "".join(f"{('total', 'urban')[at % 2]},{at * 37 % 80}\n" for at in range(60)),
        "text,label,split\n"
        + "".join(f"words of row {at} that go on,{at % 2},a\n" for at in range(60))
        + "".join(f"words of row {at} without a label,,\n" for at in range(5)),
        "month,units,price\n" + "".join(f"m{at},{at * 37 % 80},{at}\n" for at in range(60)) + "m60,,\n",
        "a,b\n" + "".join(f"{at},{at * at}\n" for at in range(60)),
    ],
)
def test_rows_of_data_are_left_alone(checked: Checked, text: str) -> None:
    assert checked(text)[1].findings == ()

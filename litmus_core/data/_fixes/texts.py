"""The texts of fixes on every page, in every command and report."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from litmus_core.text import fill_sentence, format_number
from litmus_core.types import COLUMN_KINDS

if TYPE_CHECKING:
    from litmus_core.types import Fix

_MOST_LISTED = 4  # of more columns or numbers only the count is shown
# By kind of fix, then by the check that proposed it or the kind of split, if that matters. Braces hold facts
# of the fix; ``litmus_core.text.fill_sentence`` describes how they are formatted.
TEXTS = {
    "leave_out": "Leave {@columns} out",
    "split": "Split the rows at random",
    "split, group": "Split by '{by}'",
    "split, time": "Test on the latest rows by '{by}'",
    "as_missing": "Take {numbers:?numbers|words} in {columns:names} as missing",
    "as_missing, infinities": "Take infinite numbers in {columns:names} as missing",
    "as_missing, rare_labels": "Set rows with {words:names} aside",
    "numbers": "{are_few:?few numbers|many numbers}",
    "few numbers": "{numbers:list}",
    "many numbers": "{n_values:count number}",
    "words": "{words:names}",
    "replace": "Merge {is_single:?one spelling|several spellings}",
    "replace, rare_labels": "Merge {n_values:count rare label} into '{into}'",
    "one spelling": "'{first}' into '{into}'",
    "several spellings": "{n_values:count spelling} in {columns:names}",
    "trim": "Trim spaces in {@columns}",
    "fold_case": "Use one spelling for each category of {@columns}",
    "drop_missing": "Leave out rows without {columns:names}",
    "drop_duplicates": "Keep one of equal rows",
    "drop_rows": "Leave {n_rows:count row} out",
    "drop_rows, empty_rows": "Drop {n_rows:count empty row}",
    "drop_rows, near_duplicates": "Remove {n_rows:count near-duplicate}",
    "drop_rows, overlap": "Leave {n_rows:count row} out of the table",
    "read_as": "Read {columns:names} as {meaning}",
    "columns": "{many_columns:?number of columns|names of columns}",
    "number of columns": "{n_columns:,} columns",
    "names of columns": "{columns:names}",
}  # fmt: skip


def fix_title(fix: Fix) -> str:
    """Return the label of a fix's button.

    >>> from litmus_core.types import Fix
    >>> fix_title(Fix(kind="leave_out", columns=("id",))), fix_title(Fix(kind="drop_rows", rows=(0, 3)))
    ("Leave 'id' out", 'Leave 2 rows out')
    """
    variant = f"{fix.kind}, {fix.check if fix.split is None else fix.split.kind}"
    befores = [before for before, _ in fix.values]
    numbers = [written for before in befores if (written := _as_number(before))]
    first, into = fix.values[0] if fix.values else ("", None)
    return fill_sentence(
        TEXTS,
        variant if variant in TEXTS else fix.kind,
        {
            "columns": fix.columns,
            "n_columns": len(fix.columns),
            "many_columns": len(fix.columns) > _MOST_LISTED,
            "n_rows": len(fix.rows),
            "words": befores,
            "numbers": numbers if len(numbers) == len(befores) else [],
            "n_values": len(befores),
            "are_few": len(befores) <= _MOST_LISTED,
            "is_single": len(befores) == 1,
            "first": first,
            "into": into or "",
            "by": "" if fix.split is None else fix.split.by,
            "meaning": "" if fix.meaning is None else COLUMN_KINDS[fix.meaning].label,
        },
    )


def _as_number(text: str) -> str:
    """Return a number as people write it; "" for anything else."""
    with suppress(ValueError):
        return format_number(float(text))
    return ""

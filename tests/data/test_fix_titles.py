"""A fix is called by what it does."""

from __future__ import annotations

from typing import get_args

import pytest

from litmus_core.data import fix_title
from litmus_core.types import Fix, FixKind, SplitPlan


@pytest.mark.parametrize(
    ("fix", "title"),
    [
        (Fix(kind="leave_out", columns=("id", "ref")), "Leave 'id' and 'ref' out"),
        (Fix(kind="leave_out", columns=tuple("abcde")), "Leave 5 columns out"),
        (
            Fix(kind="as_missing", columns=("age",), values=(("999.0", None), ("-1.0", None))),
            "Take 999 and -1 in 'age' as missing",
        ),
        (
            Fix(kind="as_missing", columns=("age",), values=tuple((f"{n}e9", None) for n in range(1, 6))),
            "Take 5 numbers in 'age' as missing",
        ),
        (
            Fix(kind="as_missing", columns=("plan",), values=(("n/a", None), ("7", None))),
            "Take 'n/a' and '7' in 'plan' as missing",
        ),
        (
            Fix(
                kind="as_missing", columns=("x",), values=(("inf", None), ("-inf", None)), check="infinities"
            ),
            "Take infinite numbers in 'x' as missing",
        ),
        (
            Fix(kind="as_missing", columns=("y",), values=(("maybe", None),), check="rare_labels"),
            "Set rows with 'maybe' aside",
        ),
        (
            Fix(kind="replace", columns=("y",), values=(("a", "z"), ("b", "z")), check="rare_labels"),
            "Merge 2 rare labels into 'z'",
        ),
        (Fix(kind="replace", columns=("y",), values=(("a{x}", "z"),)), "Merge 'a{x}' into 'z'"),
        (Fix(kind="replace", columns=("y",), values=(("a", "z"), ("b", "c"))), "Merge 2 spellings in 'y'"),
        (Fix(kind="trim", columns=("city",)), "Trim spaces in 'city'"),
        (Fix(kind="fold_case", columns=("city",)), "Use one spelling for each category of 'city'"),
        (Fix(kind="drop_missing", columns=("y",)), "Leave out rows without 'y'"),
        (Fix(kind="drop_duplicates"), "Keep one of equal rows"),
        (Fix(kind="drop_rows", rows=(3,)), "Leave 1 row out"),
        (Fix(kind="drop_rows", rows=(3, 4), check="near_duplicates"), "Remove 2 near-duplicates"),
        (Fix(kind="drop_rows", rows=(3,), check="empty_rows"), "Drop 1 empty row"),
        (Fix(kind="drop_rows", rows=(3, 4), check="overlap"), "Leave 2 rows out of the table"),
        (
            Fix(kind="split", columns=("shop",), split=SplitPlan(kind="group", column="shop")),
            "Split by 'shop'",
        ),
        (
            Fix(kind="split", split=SplitPlan(kind="time", column="year", finer=("month",))),
            "Test on the latest rows by 'year then month'",
        ),
        (Fix(kind="split", split=SplitPlan()), "Split the rows at random"),
        (Fix(kind="read_as", columns=("zip",), meaning="category"), "Read 'zip' as category"),
    ],
)
def test_a_fix_says_what_it_does(fix: Fix, title: str) -> None:
    assert fix_title(fix) == title


@pytest.mark.parametrize("kind", get_args(FixKind))
def test_one_that_says_nothing_still_has_a_title(kind: FixKind) -> None:
    assert fix_title(Fix(kind=kind))

"""Tables too small for training or evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.checks._label_balance import is_classes, target_of
from litmus_core.text import format_count
from litmus_core.types import Finding

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

_VERY_FEW, _FEW = 50, 200
_TEST_FRACTION = 0.2
_ACCURACY = 0.9  # an example score, for its interval
_WIDE, _VERY_WIDE = 0.03, 0.06  # half-widths of the interval


def few_rows(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if there are few rows to learn from."""
    if table.n_rows < _FEW:
        n_rows = format_count(table.n_rows, "row")
        yield Finding(
            kind="few_rows",
            severity="warning" if table.n_rows < _VERY_FEW else "hint",
            sentence=f"{n_rows} {'is' if table.n_rows == 1 else 'are'} few to learn from. "
            "Nothing helps as much as more of them.",
        )


def wide_table(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if there are more columns than rows."""
    n_columns = len(table.columns)
    if n_columns > max(10, table.n_rows):
        yield Finding(
            kind="wide_table",
            severity="warning",
            sentence=f"There are more columns ({n_columns:,}) than rows ({table.n_rows:,}), so some will "
            "fit the answer by mere chance.",
            evidence=("Leave out the columns that cannot matter, or gather more rows.",),
        )


def small_test(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if the evaluation rows are too few for a precise score."""
    n_labelled = table.n_rows - target_of(table).n_missing
    n_test = table.test.n_rows if table.test is not None else round(_TEST_FRACTION * n_labelled)
    if not n_test:
        return
    half = 1.96 * math.sqrt(_ACCURACY * (1 - _ACCURACY) / n_test)
    if half < _WIDE:
        return
    where = "of the test file" if table.test is not None else "(20 % of the table)"
    chance = (
        f"a model that is right 90 % of the time could look like anything from "
        f"{100 * max(0.0, _ACCURACY - half):.0f} % to {100 * min(1.0, _ACCURACY + half):.0f} %"
        if is_classes(table)
        else f"the error would be known to about ± {100 * 1.96 / math.sqrt(2 * n_test):.0f} %"
    )
    yield Finding(
        kind="small_test",
        severity="warning" if half >= _VERY_WIDE else "hint",
        sentence=f"{format_count(n_test, 'row')} {where} would judge the model: {chance}.",
        evidence=("A bar within that range cannot be decided. More rows make it narrower.",),
        n_rows=n_test,
        score=half,
    )

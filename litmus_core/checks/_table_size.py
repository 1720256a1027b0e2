"""Tables too small for training or evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.checks._label_balance import is_classes, required_target
from litmus_core.types import Finding, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

_VERY_FEW, _FEW = 50, 200
_TEST_FRACTION = 0.2
_ACCURACY = 0.9  # an example score, for its interval
_WIDE, _VERY_WIDE = 0.03, 0.06  # half-widths of the interval


def few_rows(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if there are few rows to learn from."""
    if table.n_rows < _FEW:
        yield Finding(
            kind="few_rows",
            severity="warning" if table.n_rows < _VERY_FEW else "hint",
            statement=Statement.of("few_rows", "few", n_rows=table.n_rows),
        )


def wide_table(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if there are more columns than rows."""
    n_columns = len(table.columns)
    if n_columns > max(10, table.n_rows):
        yield Finding(
            kind="wide_table",
            severity="warning",
            statement=Statement.of("wide_table", "wide", n_columns=n_columns, n_rows=table.n_rows),
            evidence=(Statement.of("wide_table", "remedy"),),
        )


def small_test(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if the evaluation rows are too few for a precise score."""
    n_labelled = table.n_rows - required_target(table).n_missing
    n_test = table.test.n_rows if table.test is not None else round(_TEST_FRACTION * n_labelled)
    if not n_test:
        return
    half = 1.96 * math.sqrt(_ACCURACY * (1 - _ACCURACY) / n_test)
    if half < _WIDE:
        return
    statement = partial(Statement.of, "small_test", n_rows=n_test, is_own=table.test is not None)
    yield Finding(
        kind="small_test",
        severity="warning" if half >= _VERY_WIDE else "hint",
        statement=statement("rows", low=max(0.0, _ACCURACY - half), high=min(1.0, _ACCURACY + half))
        if is_classes(table)
        else statement("values", width=1.96 / math.sqrt(2 * n_test)),
        evidence=(Statement.of("small_test", "range"),),
        n_rows=n_test,
        score=half,
    )

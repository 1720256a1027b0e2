"""All checks, in the order they are made."""

from __future__ import annotations

from litmus_core.checks._check import Check
from litmus_core.checks._columns import constant_columns
from litmus_core.checks._leakage import leakage
from litmus_core.checks._near_duplicates import near_duplicates
from litmus_core.checks._overlap import overlap
from litmus_core.checks._row_order import row_order
from litmus_core.checks._shift import shift
from litmus_core.checks._structure import structure
from litmus_core.checks._suspicious import suspicious_labels

CHECKS: tuple[Check, ...] = (
    Check(kind="constant_column", title="Columns that say nothing", find=constant_columns),
    Check(kind="row_order", title="Order of the rows", find=row_order, needs="target", slow=True),
    Check(kind="leakage", title="Columns that give the answer away", find=leakage, needs="target", slow=True),
    Check(kind="structure", title="Rows that belong together", find=structure, needs="target", slow=True),
    Check(
        kind="suspicious_labels",
        title="Labels that look wrong",
        find=suspicious_labels,
        needs="target",
        slow=True,
    ),
    Check(kind="near_duplicates", title="Rows that are nearly equal", find=near_duplicates, slow=True),
    Check(kind="overlap", title="Rows of the test in the table", find=overlap, needs="test", slow=True),
    Check(kind="shift", title="Test rows unlike the table", find=shift, needs="test", slow=True),
)

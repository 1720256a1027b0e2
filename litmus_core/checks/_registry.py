"""All checks, in the order they are made."""

from __future__ import annotations

from litmus_core.checks._check import Check
from litmus_core.checks._columns import constant_columns
from litmus_core.checks._leakage import leakage
from litmus_core.checks._row_order import row_order

CHECKS: tuple[Check, ...] = (
    Check(kind="constant_column", title="Columns that say nothing", find=constant_columns),
    Check(kind="row_order", title="Order of the rows", find=row_order, needs="target", slow=True),
    Check(kind="leakage", title="Columns that give the answer away", find=leakage, needs="target", slow=True),
)


def known_kinds() -> tuple[str, ...]:
    """Return the keys of all checks."""
    return tuple(check.kind for check in CHECKS)

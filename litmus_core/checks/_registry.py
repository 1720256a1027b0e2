"""All checks, in the order they are made."""

from __future__ import annotations

from litmus_core.checks._check import Check
from litmus_core.checks._columns import constant_columns

CHECKS: tuple[Check, ...] = (
    Check(kind="constant_column", title="Columns that say nothing", find=constant_columns),
)


def known_kinds() -> tuple[str, ...]:
    """Return the keys of all checks."""
    return tuple(check.kind for check in CHECKS)

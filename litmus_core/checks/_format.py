"""Format cells and counts for findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.data import as_text

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

_LETTERS = 50


def n_sampled(table: CheckContext) -> int | None:
    """Return the number of rows in the sample; None if it holds all rows."""
    return None if len(table.rows) == table.n_rows else len(table.rows)


def short_cell(value: object) -> str:
    """Return a cell as a short text, "" if it is missing; a plain date has no time of day.

    >>> short_cell(12.50001), short_cell(float("nan")), short_cell("x" * 60)[-2:]
    ('12.5', '', 'x…')
    """
    if value is None or str(value) in ("nan", "NaT", "<NA>"):  # pandas' missing values
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else as_text(value)
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"

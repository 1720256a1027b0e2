"""The first rows of a table, with the kind of each column."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.presenters.markdown import literal
from app.presenters.tables.columns import KINDS
from litmus_core.text import in_unit
from litmus_core.types import (
    COLUMN_KINDS,
    CURRENCY_CODES,
    CURRENCY_SYMBOLS,
    Column,
    DatasetVersion,
    Fix,
    KindName,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["N_FIRST", "FirstColumn", "FirstRows", "MeaningChange", "present_first_rows"]

N_FIRST = 10
_CURRENCIES = frozenset({*CURRENCY_CODES, *CURRENCY_SYMBOLS})
_ICONS = {
    "quantity": ":material/tag:",
    "moment": ":material/calendar_month:",
    "truth": ":material/toggle_on:",
    "vocabulary": ":material/category:",
    "prose": ":material/notes:",
    "identifier": ":material/key:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstColumn:
    """One column: its first cells ("": missing), its kind, and the kinds it could be read as."""

    name: str
    label: str
    icon: str
    is_changed: bool
    cells: tuple[str, ...]
    choices: tuple[tuple[KindName, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningChange:
    """A column that someone reads as another kind than the detected one (Markdown)."""

    sentence: str
    fix: Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRows:
    """The first rows by column; ``part`` says which columns of a wide table are shown."""

    part: str
    columns: tuple[FirstColumn, ...]
    n_rows: int
    changes: tuple[MeaningChange, ...]


def present_first_rows(version: DatasetVersion, base: DatasetVersion, rows: pd.DataFrame) -> FirstRows:
    """Present the first ``rows``; ``base`` is the version before all fixes, with the detected kinds."""
    changed = {fix.columns[0]: fix for fix in version.lineage.fixes if fix.meaning is not None}
    shown = [place for place, column in enumerate(version.columns, start=1) if column.name in rows]
    n_columns = len(version.columns)
    return FirstRows(
        part=f"Columns {shown[0]} to {shown[-1]} of {n_columns}. " if 0 < len(shown) < n_columns else "",
        columns=tuple(
            _column(column, rows[column.name].tolist(), is_changed=column.name in changed)
            for column in version.columns
            if column.name in rows
        ),
        n_rows=len(rows),
        changes=tuple(
            MeaningChange(
                sentence=f"You read {literal(name)} as {KINDS[version.column(name).kind]}. "
                f"Litmus detected {KINDS[base.column(name).kind]}.",
                fix=fix,
            )
            for name, fix in changed.items()
        ),
    )


def _amounts(unit: str, values: Sequence[object]) -> Callable[[Any], str]:
    """Return what writes amounts of money, all of them with cents if any has some."""
    numbers = [value for value in values if isinstance(value, float) and math.isfinite(value)]
    places = 0 if all(number.is_integer() for number in numbers) else 2
    return lambda value: in_unit(f"{float(value):,.{places}f}", unit)


def _column(column: Column, values: Sequence[object], *, is_changed: bool) -> FirstColumn:
    from litmus_core.data import as_text

    is_money = column.traits.is_quantity and column.unit in _CURRENCIES
    write = _amounts(column.unit, values) if is_money else as_text
    return FirstColumn(
        name=column.name,
        label=KINDS[column.kind],
        icon=":material/edit:" if is_changed else _ICONS[column.traits.role],
        is_changed=is_changed,
        cells=tuple("" if value is None or value != value else write(value) for value in values),
        choices=tuple(
            (kind.name, f"{_ICONS[kind.role]} {kind.label}")
            for kind in COLUMN_KINDS.values()
            if kind is not column.traits
        ),
    )

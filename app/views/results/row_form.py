"""A row as a form: one field per column, by the column's kind. An empty field means a missing value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from app.presenters.markdown import literal
from app.presenters.results.what_if import InputFieldView
from litmus_core.diagnostics import Plain

__all__ = ["draw_row_form"]

_SHOWN = 12
_MISSING = "missing"
_FIRST_DAY, _LAST_DAY = date(1700, 1, 1), date(2262, 1, 1)


def draw_row_form(fields: Sequence[InputFieldView], *, key: str) -> dict[str, Plain]:
    """Draw the fields inside the caller's form and return their values.

    Long texts get the full width; of many fields the later ones are folded.
    """
    wide = [field for field in fields[:_SHOWN] if field.is_long]
    shown = [field for field in fields[:_SHOWN] if not field.is_long]
    values = {field.name: _draw(field, key=f"{key}.{field.name}") for field in wide}
    values |= _draw_grid(shown, key=key)
    if len(fields) > _SHOWN:
        with st.expander(f"{len(fields) - _SHOWN} more columns"):
            values |= _draw_grid(fields[_SHOWN:], key=key)
    return values


def _draw_grid(fields: Sequence[InputFieldView], *, key: str) -> dict[str, Plain]:
    with st.grid(min_column_width=220, gap="small"):
        return {field.name: _draw(field, key=f"{key}.{field.name}") for field in fields}


def _draw(field: InputFieldView, *, key: str) -> Plain:
    if field.kind == "number":
        return _number(field, key=key)
    if field.kind == "choice":
        index = field.choices.index(str(field.value)) if str(field.value) in field.choices else None
        return st.selectbox(
            literal(field.name),
            field.choices,
            index=index,
            key=key,
            accept_new_options=True,
            placeholder=_MISSING,
        )
    if field.kind == "yes or no":
        answer = st.selectbox(
            literal(field.name), ("yes", "no"), index=_yes_no(field.value), key=key, placeholder=_MISSING
        )
        return None if answer is None else answer == "yes"
    if field.kind in ("date", "date and time"):
        return _date(field, key=key)
    draw = st.text_area if field.is_long else st.text_input
    return draw(literal(field.name), value=_text(field.value), key=key, placeholder=_MISSING) or None


def _text(value: Plain) -> str:
    return "" if value is None else str(value)


def _yes_no(value: Plain) -> int | None:
    if value is None:
        return None
    return 0 if value is True or str(value).lower() in ("true", "yes", "1") else 1


def _number(field: InputFieldView, *, key: str) -> Plain:
    value = field.value if isinstance(field.value, int | float) else None
    if field.is_whole:
        integer = None if value is None else int(value)
        return st.number_input(literal(field.name), value=integer, step=1, key=key, placeholder=_MISSING)
    number = None if value is None else float(value)
    return st.number_input(literal(field.name), value=number, key=key, format="%.6g", placeholder=_MISSING)


def _date(field: InputFieldView, *, key: str) -> Plain:
    moment = None if field.value is None else datetime.fromisoformat(str(field.value))
    if field.kind == "date":
        day = None if moment is None else moment.date()
        chosen = st.date_input(
            literal(field.name),
            value=day,
            min_value=_FIRST_DAY,
            max_value=_LAST_DAY,
            key=key,
            format="YYYY-MM-DD",
        )
        return chosen.isoformat() if isinstance(chosen, date) else None
    at = st.datetime_input(
        literal(field.name),
        value=moment,
        min_value=_FIRST_DAY,
        max_value=_LAST_DAY,
        key=key,
        format="YYYY-MM-DD",
    )
    return None if at is None else at.isoformat()

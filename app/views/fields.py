"""Draw form fields by their kind."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.presenters.fields import FieldView
from litmus_core.types import Scalar

__all__ = ["draw_field", "draw_fields"]


def draw_fields(fields: Sequence[FieldView], *, key: str, on_phone: int = 220) -> dict[str, Scalar]:
    """Draw the fields in columns of at least ``on_phone`` pixels; return their values."""
    with st.grid(min_column_width=on_phone, gap="small"):
        return {field.name: draw_field(field, key=f"{key}-{field.name}") for field in fields}


def draw_field(field: FieldView, *, key: str) -> Scalar:
    """Draw one field; return its value, None or "" while it is empty."""
    help_ = field.help or None
    if field.kind == "switch":
        return st.toggle(field.title, value=bool(field.default), key=key, help=help_)
    if field.kind == "choice":
        at = field.choices.index(field.default) if field.default in field.choices else 0
        return st.selectbox(
            field.title,
            list(field.choices),
            index=at,
            format_func=lambda choice: _choice_text(choice, field.example),
            key=key,
            help=help_,
        )
    if field.kind == "text":
        value, example = str(field.default or ""), field.example
        return st.text_input(field.title, value=value, placeholder=example, key=key, help=help_).strip()
    if field.kind == "whole":
        return st.number_input(
            field.title,
            value=None if field.default is None else int(field.default),
            min_value=None if field.low is None else int(field.low),
            max_value=None if field.high is None else int(field.high),
            step=1,
            key=key,
            help=help_,
            placeholder=field.example,
        )
    return st.number_input(
        field.title,
        value=None if field.default is None else float(field.default),
        min_value=field.low,
        max_value=field.high,
        key=key,
        help=help_,
        format="%g",
        placeholder=field.example,
    )


def _choice_text(choice: Scalar, while_empty: str) -> str:
    if choice is None and while_empty:
        return while_empty
    return str(choice)

"""Knobs of a recipe as form fields."""

from __future__ import annotations

from collections.abc import Sequence

from app.presenters.fields import FieldKind, FieldView
from litmus_core.recipes import Knob

__all__ = ["present_knobs"]


def present_knobs(knobs: Sequence[Knob]) -> tuple[FieldView, ...]:
    """Return a recipe's knobs as fields, with its own labels."""
    return tuple(
        FieldView(
            name=each.name,
            title=each.words,
            help="" if each.low is None else f"From {each.low:g} to {each.high:g}.",
            kind=_kind(each),
            default=each.default,
            low=each.low,
            high=each.high,
            choices=each.choices,
        )
        for each in knobs
    )


def _kind(knob: Knob) -> FieldKind:
    if isinstance(knob.default, bool):
        return "switch"
    if knob.choices:
        return "choice"
    return "whole" if knob.whole else "number"

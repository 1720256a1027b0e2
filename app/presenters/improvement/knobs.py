"""Knobs of a recipe as form fields."""

from __future__ import annotations

from collections.abc import Sequence

from app.presenters.fields import FieldKind, FieldView
from litmus_core.recipes import Knob

__all__ = ["present_knobs"]


def present_knobs(knobs: Sequence[Knob]) -> tuple[FieldView, ...]:
    """Return a recipe's knobs as fields, with the recipe's labels."""
    return tuple(
        FieldView(
            name=knob.name,
            title=knob.words,
            help="" if knob.low is None else f"From {knob.low:g} to {knob.high:g}.",
            kind=_kind(knob),
            default=knob.default,
            low=knob.low,
            high=knob.high,
            choices=knob.choices,
        )
        for knob in knobs
    )


def _kind(knob: Knob) -> FieldKind:
    if isinstance(knob.default, bool):
        return "switch"
    if knob.choices:
        return "choice"
    return "whole" if knob.whole else "number"

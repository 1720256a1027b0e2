"""Check that a search space is not empty."""

from __future__ import annotations

import math

from litmus_core.errors import UsageError
from litmus_core.text import value_code
from litmus_core.types import Space


def check_space(name: str, space: Space) -> None:
    """Raise UsageError for a space without anything to search.

    ``name`` says whose it is: ``'num_leaves' (lightgbm)``.
    """
    where = f"The search space of {name}"
    if space.choices:
        _check_choices(where, space)
        return
    low, high = space.low, space.high
    if low is None or high is None:
        raise UsageError(
            f"{where} has nothing in it: it has neither choices nor both a low and a high end.",
            hint="Give choices, or both ends.",
        )
    if not (math.isfinite(low) and math.isfinite(high)):
        raise UsageError(
            f"{where} has no end: from {low:g} to {high:g} it does not end.", hint="Give two finite numbers."
        )
    if low >= high:
        wider = f"Give it the value {low:g}, or a wider space."
        hint = wider if low == high else f"Did you mean from {high:g} to {low:g}?"
        raise UsageError(f"{where} has no room: it goes from {low:g} to {high:g}.", hint=hint)
    if space.log and low <= 0:
        raise UsageError(
            f"{where} is logarithmic and begins at {low:g}, which has no logarithm.",
            hint=f"Begin above 0, such as at {high / 1000:g}, or leave log out.",
        )
    if space.integer and (low != int(low) or high != int(high)):
        raise UsageError(
            f"{where} takes whole numbers, and goes from {low:g} to {high:g}.",
            hint="Give whole numbers as its ends.",
        )


def _check_choices(where: str, space: Space) -> None:
    if space.low is not None or space.high is not None:
        raise UsageError(
            f"{where} has both choices and ends.", hint="Give the choices, or the two ends, not both."
        )
    different = {(type(choice), choice) for choice in space.choices}
    if len(different) < 2:
        raise UsageError(
            f"{where} has no room: its only choice is {value_code(space.choices[0])}.",
            hint="Give at least two different choices, or the value itself.",
        )

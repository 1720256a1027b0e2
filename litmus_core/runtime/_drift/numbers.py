"""Whether the numbers of rows are on the scale that a model learned."""

from __future__ import annotations

from typing import Any

import numpy as np

from litmus_core.runtime._drift import messages
from litmus_core.runtime._drift.learned import Floats, LearnedNumbers

_NEARLY_ALL = 0.95
_FEWEST, _FEWEST_EXAMPLES = 30, 10
_MOST_OUTSIDE = 0.1  # of the example rows: with more, new rows are expected beyond the range
_FACTOR = 10.0  # between medians: months and years of growth stay below it, changes of unit rarely do
_THOUSAND = 1_000.0


def number_note(learned: LearnedNumbers, values: Floats) -> str:
    """Return what is wrong with the column's ``values``; "" if nothing is."""
    thousands = _read_as_thousands(learned, values)
    if thousands:
        return thousands
    if not (_is_far_outside(learned, values) or _has_other_size(learned.examples, values)):
        return ""
    examples = learned.examples
    return messages.other_scale(
        learned.column.name,
        here=float(np.median(values)),
        before=float(np.median(examples)) if len(examples) else None,
        outside=(int(_is_outside(learned, values).sum()), len(values)),
        learned=(learned.low, learned.high),
    )


def _is_outside(learned: LearnedNumbers, values: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return (values < learned.low) | (values > learned.high)


def _is_far_outside(learned: LearnedNumbers, values: Floats) -> bool:
    """Return whether nearly all values are outside, typically by more than the range is wide."""
    width = learned.high - learned.low
    if width <= 0 or _is_outside(learned, values).mean() < _NEARLY_ALL:
        return False
    examples = learned.examples
    if len(examples) and _is_outside(learned, examples).mean() > _MOST_OUTSIDE:
        return False
    middle = float(np.median(values))
    return middle > learned.high + width or middle < learned.low - width


def _has_other_size(examples: Floats, values: Floats) -> bool:
    """Return whether sizes are ten times larger or smaller, and beyond those of all example rows.

    Zeros count on neither side: they are zeros on every scale.
    """
    here, before = np.abs(values[values != 0]), np.abs(examples[examples != 0])
    if len(here) < _FEWEST or len(before) < _FEWEST_EXAMPLES:
        return False
    ratio = float(np.median(here)) / float(np.median(before))
    if ratio >= _FACTOR:
        return bool((here > before.max()).mean() >= _NEARLY_ALL)
    return ratio <= 1 / _FACTOR and bool((here < before.min()).mean() >= _NEARLY_ALL)


def _read_as_thousands(learned: LearnedNumbers, values: Floats) -> str:
    """Return a note if values such as 1.234 fit as thousands (1,234), and do not fit as decimals."""
    broken = values[values != np.trunc(values)]
    if len(broken) < max(3.0, values.size / 10) or not _have_three_decimals(broken):
        return ""
    examples = learned.examples[learned.examples != 0]
    low = np.abs(examples).min() if len(examples) >= _FEWEST_EXAMPLES else 0.0
    misfit = _is_outside(learned, broken) | (np.abs(broken) < low)
    fit = ~_is_outside(learned, broken * _THOUSAND)
    if min(misfit.mean(), fit.mean()) < _NEARLY_ALL:
        return ""
    return messages.thousands(
        learned.column.name,
        n_broken=len(broken),
        n_rows=len(values),
        example=float(broken[0]),
        learned=(learned.low, learned.high),
    )


def _have_three_decimals(values: Floats) -> bool:
    """Return whether no number has more than three decimals, and some have three."""
    thousandths, hundredths = values * _THOUSAND, values * 100
    is_whole = np.abs(thousandths - np.round(thousandths)) < 1e-6
    is_shorter = np.abs(hundredths - np.round(hundredths)) < 1e-7
    return bool(is_whole.all() and not is_shorter.all())

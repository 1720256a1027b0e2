"""Notes on how the dates of a column were read, or on what kept them from being dates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from litmus_core.data._types.dates.formats import (
    ISO,
    ISO_ZONED,
    doubt_of_order,
    is_day_first,
    likeliest_form,
    order_of,
)
from litmus_core.frame import describe_format

_FEWEST = 4  # values before one that is no date among them is odd
_MOST = 0.9  # of the values are dates, or the column holds something else
_CURE = "Write all its dates in one way, best as 2024-05-31."
_NAMED_MONTH = re.compile(r"%[bB]")


def order_note(name: str, form: str, fitting: Sequence[str]) -> str:
    """Return the note on the order of a date's parts; "" if no other was possible."""
    if order_of(form) is None:
        return ""
    return f"Dates in '{name}' were read as {describe_format(form)}{doubt_of_order(form, fitting)}."


def ways_note(name: str, values: Sequence[str]) -> str:
    """Return the note on dates written in several ways, or among other texts; "" if few are dates.

    >>> ways_note("day", ["2024-01-31", "31/01/2024"])[:60]
    "'day' was kept as text: its dates are written in several way"
    """
    if not any(map(likeliest_form, values[:_FEWEST])):
        return ""
    by_form: dict[str, str] = {}
    odd = []
    for value in sorted(values):
        if form := likeliest_form(value):
            by_form.setdefault(form, value)
        else:
            odd.append(value)
    if not by_form or len(values) - len(odd) < _MOST * len(values):
        return ""
    if len(by_form) > 1:
        shown = " and ".join(f"'{value}'" for value in [*by_form.values()][:3])
        return f"'{name}' was kept as text: its dates are written in several ways, as in {shown}. {_CURE}"
    if not odd or len(values) < _FEWEST:
        return ""
    return f"'{name}' was kept as text: '{odd[0]}' is not a date like '{next(iter(by_form.values()))}'."


def misfits_note(name: str, counts: Mapping[str, int], wanted: int) -> str:
    """Return the note on a column that nearly fits one form of dates, or two together; "" if none does.

    ``counts`` are the values that fit, by form; ``wanted`` of them must.
    """
    orders = {is_day_first(form): n for form, n in counts.items() if n and is_day_first(form) is not None}
    if len(orders) == 2 and orders[True] + orders[False] >= wanted:
        return (
            f"'{name}' was kept as text: not all its dates have the day first ({wanted - orders[True]:,} do "
            f"not), nor the month ({wanted - orders[False]:,} do not). {_CURE}"
        )
    form, n_fit = max(counts.items(), key=lambda item: item[1], default=("", 0))
    n_odd = wanted - n_fit
    if n_fit < _FEWEST or n_fit < _MOST * wanted or not n_odd:
        return ""
    odd = "1 value is no date" if n_odd == 1 else f"{n_odd:,} values are no dates"
    return f"'{name}' was kept as text: {odd} written as {_described(form)}."


def _described(form: str) -> str:
    return "year-month-day" if form in (ISO, ISO_ZONED) else _NAMED_MONTH.sub("month", describe_format(form))

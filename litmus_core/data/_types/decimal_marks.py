"""Decide by a column's other numbers whether the mark in 1,234 is a decimal mark."""

from __future__ import annotations

import re

from litmus_core.data._types.evidence import Evidence
from litmus_core.data._types.hypotheses import ColumnHypotheses
from litmus_core.data._types.sql_predicates import FAR
from litmus_core.frame import CURRENCIES

_FAR_LARGER = 10  # times
_LARGE_MONEY = 100  # prices of fuel, such as 1,259 beside 2, have three digits after the mark
PLACE = re.compile(r"(^|[\W_])(lat|latitude|lon|lng|long|longitude)$", re.IGNORECASE)
_CONTINENTAL = frozenset(
    ["EUR", "PLN", "CZK", "HUF", "DKK", "SEK", "NOK", "kr", "RON", "BGN", "RSD", "BRL", "ARS", "TRY", "%"]
)


def is_decimal_mark(
    hypotheses: ColumnHypotheses, evidence: Evidence, *, decimal: str, decimal_comma: bool
) -> bool | None:
    """Return whether the column's ambiguous mark is a decimal mark; None if nothing decides.

    ``decimal`` is the decimal mark that other columns prove ("" for none); ``decimal_comma`` says that the
    file's delimiter makes a comma one.
    """
    unit, mark = hypotheses.evidence.unit or "", hypotheses.evidence.ambiguous
    if PLACE.search(hypotheses.name):
        return True
    if evidence["long"]:
        return _is_decimal_among_long(evidence) if unit or mark == "," else True
    is_bare_beside = bool(unit) and evidence["marked"] < evidence.wanted  # 567 beside 1,234
    if is_bare_beside and unit in CURRENCIES and evidence["bare"] >= _LARGE_MONEY:
        return False  # whatever mark other columns prove: cents have two digits
    if decimal:
        return decimal == mark
    if is_bare_beside:
        return False  # no number has one or two digits after the mark
    ends_in_zeros = not decimal_comma if mark == "," else evidence["widths"]
    if evidence["tens"] and not evidence["bare"] and ends_in_zeros:
        return False  # 1.500 beside 12.750; numbers of one width, such as 12.750 and 31.046, decide nothing
    if evidence["tens"] and evidence["bare"] >= 100 and evidence["bare"] > 2 * evidence["before"]:
        return (
            False  # 787 beside 1.500: 1.5 would have no 0; 26 beside 54.750: the numbers are of similar size
        )
    if mark == ",":
        return True if decimal_comma else None if unit in _CONTINENTAL else False
    return None if decimal_comma or (unit and unit != "%") else True


def _is_decimal_among_long(evidence: Evidence) -> bool | None:
    """Return whether the mark of 1,234 is a decimal mark beside numbers such as 3990, by their sizes.

    It is not if every number without it is far larger than the digits before it; None if only some are.
    """
    smallest, largest = FAR - evidence["bare_below"], evidence["bare"]
    if smallest >= _FAR_LARGER * evidence["before"]:
        return False
    return True if largest < _FAR_LARGER * evidence["before"] else None

"""Decide by the other numbers of a column whether the mark in 1,234 is a decimal mark."""

from __future__ import annotations

import re

from litmus_core.data._types.evidence import Evidence
from litmus_core.data._types.hypotheses import ColumnHypotheses
from litmus_core.data._types.sql_predicates import FAR

_FAR_LARGER = 10  # times
PLACE = re.compile(r"(^|[\W_])(lat|latitude|lon|lng|long|longitude)$", re.IGNORECASE)
_CONTINENTAL = frozenset(
    ["EUR", "PLN", "CZK", "HUF", "DKK", "SEK", "NOK", "kr", "RON", "BGN", "RSD", "BRL", "ARS", "TRY", "%"]
)


def is_decimal_mark(
    question: ColumnHypotheses, evidence: Evidence, *, decimal: str, decimal_comma: bool
) -> bool | None:
    """Return whether the column's ambiguous mark is a decimal mark; None if nothing tells.

    ``decimal`` is the decimal mark that other columns prove, "" for none; ``decimal_comma`` says that the
    file's delimiter makes a comma one.
    """
    unit, mark = question.evidence.unit or "", question.evidence.ambiguous
    if PLACE.search(question.name):
        return True
    if evidence["long"]:
        return _is_decimal_among_long(evidence) if unit or mark == "," else True
    if decimal:
        return decimal == mark
    if unit and evidence["marked"] < evidence.wanted:
        return False  # beside 1,234 a 567: no number has one or two digits behind the mark
    if evidence["tens"] and not evidence["bare"] and (mark == "," or evidence["widths"]):
        return False  # 1.500 beside 12.750; numbers of one width, 12.750 beside 31.046, say nothing
    if evidence["tens"] and evidence["bare"] >= 100 and evidence["bare"] > 2 * evidence["before"]:
        return False  # beside 1.500 a 787, of 1.5 there would be no 0; of 26 and 54.750, numbers are alike
    if mark == ",":
        return True if decimal_comma else None if unit in _CONTINENTAL else False
    return None if decimal_comma or (unit and unit != "%") else True


def _is_decimal_among_long(evidence: Evidence) -> bool | None:
    """Return whether the mark of 1,234 is a decimal mark beside numbers such as 3990, by their sizes.

    It is none if every number without it is far larger than the digits ahead of it; None if some are and
    some are not.
    """
    smallest, largest = FAR - evidence["bare_below"], evidence["bare"]
    if smallest >= _FAR_LARGER * evidence["before"]:
        return False
    return True if largest < _FAR_LARGER * evidence["before"] else None

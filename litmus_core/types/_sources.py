"""Options for reading a file, and what was detected about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DateOrder = Literal["day first", "month first", "year first"]
DATE_ORDERS: tuple[DateOrder, ...] = ("day first", "month first", "year first")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read a file; None: detected from the file.

    ``delimiter`` and ``quote`` are one character (quote ``""``: quotes are ordinary characters); ``encoding``
    is a codec's name. ``decimal`` is ``.`` or ``,``; ``thousands`` is ``,`` ``.`` ``'``, a space, or ``""``
    for none. ``header_row`` counts lines (in a sheet: rows) from 1; 0: there is none. ``sheet`` and ``table``
    are names within a workbook or database; ``query`` is a SELECT that a database answers.
    """

    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: DateOrder | None = None
    header_row: int | None = None
    sheet: str | None = None
    table: str | None = None
    query: str | None = None


DETECT_ALL = ReadOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """One detected property of a file: the ReadOptions field, its value, and the evidence.

    ``others`` are alternatives: other sheets, other tables. A "zone" is that of ``column``, whose times
    became UTC: a name (Europe/Berlin), an offset (+01:00), or "several".
    """

    option: str
    value: str
    why: str
    others: tuple[str, ...] = ()
    column: str = ""

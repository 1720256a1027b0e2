"""Columns of numbers as people write them, by hands that never read how Litmus reads: what is each?

A case says which numbers its texts mean by common practice, or that they mean none. Where practice knows two
answers, ``is_open`` lets a text stay text: then only a wrong number counts. ``scales`` are the factors by
which all values may differ: 12.5 % is 12.5 or 0.125, 99 cents are 99 or 0.99.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MISSING = math.nan
WHOLE = (
    32458, 1250, 980, 74300, 5120, 410999, 60, 1899, 27450, 3300, 815, 1120045,
    45, 9999, 2040, 700, 58600, 13, 4275, 39990,
)  # fmt: skip
CENTS = (
    1234.5, 19.99, 7.25, 48210.0, 350.75, 2999.95, 0.99, 15.4, 120.0, 66420.18, 5.05, 1800.0,
    742.6, 31.31, 9.5, 1100225.4, 88.0, 264.79, 4.2, 12999.99,
)  # fmt: skip
SIGNED = (
    1234.5, -19.99, 7.25, -48210.0, 350.75, -2999.95, 0.99, -15.4, 120.0, 66420.18, -5.05, 1800.0,
    -742.6, 31.31, -9.5, 1100225.4, 88.0, -264.79, 4.2, 12999.99,
)  # fmt: skip
SHARES = (
    12.5, 3.0, 99.1, 45.75, 0.4, 100.0, 7.2, 61.0, 33.33, 18.9, 54.0, 2.25,
    80.5, 9.0, 27.6, 71.4, 5.1, 66.0, 40.2, 88.8,
)  # fmt: skip
SIGNED_SHARES = (12.5, -3.0, 9.1, -45.5, 0.4, 100.0, -7.2, 61.0, -33.3, 18.9, 54.0, -2.2, 80.5, 9.0)
SMALL = (
    5.3, 12.0, 72.4, 180.0, 37.2, 6.7, 45.0, 120.5, 3.1, 250.0, 98.6, 21.5,
    64.0, 15.9, 8.8, 33.0, 101.3, 57.2, 2.4, 19.0,
)  # fmt: skip
COUNTS = (5, 12, 72, 180, 37, 6, 45, 120, 3, 250, 98, 21, 64, 15, 8, 33, 101, 57, 2, 19)


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersNumber:
    """One column: its header, its texts, the value of each (None: they are no numbers) and the reason.

    ``nan`` among the values is a missing one.
    """

    column: str
    cells: tuple[str, ...]
    values: tuple[float, ...] | None
    why: str
    is_open: bool = False
    scales: tuple[float, ...] = (1.0,)


def number(
    column: str,
    write: Callable[[float], str],
    values: Sequence[float],
    why: str,
    *,
    is_open: bool = False,
    scales: tuple[float, ...] = (1.0,),
) -> OthersNumber:
    """Return a column in which ``write`` writes each value."""
    return OthersNumber(
        column=column,
        cells=tuple(map(write, values)),
        values=tuple(map(float, values)),
        why=why,
        is_open=is_open,
        scales=scales,
    )


def spelled(
    column: str, cells: str | Sequence[str], values: Sequence[float], why: str, *, is_open: bool = False
) -> OthersNumber:
    """Return a column of given texts (one text: split at ``|``) and their values."""
    texts = cells.split("|") if isinstance(cells, str) else cells
    return OthersNumber(
        column=column, cells=tuple(texts), values=tuple(map(float, values)), why=why, is_open=is_open
    )


def no_number(column: str, cells: str | Sequence[str], why: str, *, is_open: bool = False) -> OthersNumber:
    """Return a column of texts (one text: split at ``|``) that nobody may take for one kind of number."""
    texts = cells.split("|") if isinstance(cells, str) else cells
    return OthersNumber(column=column, cells=tuple(texts), values=None, why=why, is_open=is_open)


def grouped(value: float, *, thousands: str = ",", point: str = ".", digits: int | None = None) -> str:
    """Write a number with its marks; ``digits`` behind the point, or as many as it needs."""
    text = f"{value:,.{digits}f}" if digits is not None else f"{value:,.10f}".rstrip("0").rstrip(".")
    return text.replace(",", "\0").replace(".", point).replace("\0", thousands)


def us(value: float) -> str:
    """Write 1,234.50."""
    return grouped(value, digits=2)


def german(value: float) -> str:
    """Write 1.234,50."""
    return grouped(value, thousands=".", point=",", digits=2)


def french(value: float, *, space: str = "\u202f") -> str:
    """Write 1 234,50, with a narrow space that does not break."""
    return grouped(value, thousands=space, point=",", digits=2)


def swiss(value: float) -> str:
    """Write 1'234.50."""
    return grouped(value, thousands="'", digits=2)


def indian(value: float, *, digits: int = 2) -> str:
    """Write 12,34,567.50."""
    whole, _, behind = f"{value:.{digits}f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = [head[max(at - 2, 0) : at] for at in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail]) + (f".{behind}" if behind else "")


def plain(value: float) -> str:
    """Write 1234.5, and whole numbers without a point."""
    return grouped(value, thousands="")


def comma(value: float) -> str:
    """Write 1234,5."""
    return grouped(value, thousands="", point=",")

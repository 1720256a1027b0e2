# ruff: noqa: S608 - names are quoted by identifier
"""Whether rows are equal because there are few things they can say, or because they were copied."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from litmus_core.data import identifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from litmus_core.checks._context.table import CheckContext

Why = Literal["chance", "doubt", "copies"]

_COLUMNS_TRIED, _ROWS_TRIED = 30, 200_000
_FEWEST_PAIRS = 20
_BY_CHANCE, _ODD_PAIRS = 0.3, 2  # of the equal pairs; pairs too few to say anything of


def hashed(names: Sequence[str]) -> str:
    """Return the SQL of one number for all cells of ``names`` in a row; equal rows have equal ones."""
    return f"hash({', '.join(map(identifier, names))})"


def not_empty(names: Sequence[str]) -> str:
    """Return the SQL that says whether a row has a value in any of ``names``."""
    return f"({' OR '.join(f'{identifier(name)} IS NOT NULL' for name in names)})"


def why_equal(table: CheckContext, names: Sequence[str]) -> Why:
    """Say why rows are equal in ``names``: by chance, by copying, or that it is hard to say.

    Where two rows agree in all columns but one, chance would have made them agree in that one, too, as often
    as any two different rows do. So the pairs that differ in one column alone tell how many equal pairs are
    to be expected. Copying makes equal pairs without any that nearly are. Three in ten of the equal pairs
    expected by one column is chance; by all columns together, a doubt. A table in which every row is there as
    often as another, or so many times as often, was copied as a whole.
    """
    if _is_copied_whole(table, names):
        return "copies"
    n_equal, expected = _pairs(table, names, most=_ROWS_TRIED)
    if n_equal < _FEWEST_PAIRS and table.n_rows > _ROWS_TRIED:
        n_equal, expected = _pairs(table, names, most=table.n_rows)
    enough = _BY_CHANCE * (n_equal - _ODD_PAIRS)
    if max(expected) >= enough:
        return "chance"
    return "doubt" if sum(expected) >= enough else "copies"


def _is_copied_whole(table: CheckContext, names: Sequence[str]) -> bool:
    """Say whether a number above 1 divides how often each row is there."""
    found = table.query(
        f"SELECT n, count(*) FROM (SELECT count(*) AS n FROM rows WHERE {not_empty(names)} "
        f"GROUP BY {hashed(names)}) GROUP BY n"
    )
    n_different = sum(n_rows for _, n_rows in found)
    return n_different >= _FEWEST_PAIRS and math.gcd(*(times for times, _ in found)) > 1


def find_copies(table: CheckContext) -> NDArray[np.bool_]:
    """Return which of the question's rows (n,) equal an earlier one in the target and all that models see.

    None do where rows are equal by chance.
    """
    assert table.target is not None  # noqa: S101 - a check that needs a target asks
    names = [*table.suggestion.features, table.target.name]
    equal = table.sample[names].duplicated().to_numpy()[table.question.rows]
    is_copied = equal.any() and why_equal(table, names) == "copies"
    return equal if is_copied else np.zeros(len(equal), dtype=bool)


def _pairs(table: CheckContext, names: Sequence[str], *, most: int) -> tuple[float, list[float]]:
    """Return how many pairs of (drawn) rows are equal, and how many chance would make so, by each column."""
    tried = list(names)[:: max(1, len(names) // _COLUMNS_TRIED)]
    parts = {name: _part(place, name) for place, name in enumerate(names)}
    whole = "0::UBIGINT"
    for each in parts.values():
        whole = f"xor({whole}, {each})"
    columns = ", ".join(f"{parts[name]} AS part{place}" for place, name in enumerate(tried))
    kept = ", ".join(f"any_value(part{place}) AS part{place}" for place in range(len(tried)))
    drawn = f"USING SAMPLE reservoir({most} ROWS) REPEATABLE (0)" if table.n_rows > most else ""
    asked = [_count_pairs("drawn", "whole"), "SELECT count(*) FROM different"]
    for place in range(len(tried)):
        asked += [
            _count_pairs("drawn", f"xor(whole, part{place})"),
            _count_pairs("different", f"part{place}"),
        ]
    n_equal, n_different, *found = table.query(
        f"WITH drawn AS MATERIALIZED (SELECT {whole} AS whole, {columns} FROM "
        f"(SELECT * FROM rows WHERE {not_empty(names)}) {drawn}), "
        f"different AS MATERIALIZED (SELECT {kept} FROM drawn GROUP BY whole) "
        f"SELECT {', '.join(f'({each})' for each in asked)}"
    )[0]
    n_pairs = max(n_different * (n_different - 1) / 2, 1)
    chances = [min(n_alike / n_pairs, 0.999) for n_alike in found[1::2]]
    expected = [
        (n_but_one - n_equal) * chance / (1 - chance)
        for n_but_one, chance in zip(found[::2], chances, strict=True)
    ]
    return float(n_equal), expected


def _count_pairs(where: str, by: str) -> str:
    return (
        f"SELECT coalesce(sum(n * (n - 1.0) / 2), 0) FROM (SELECT count(*) AS n FROM {where} GROUP BY {by})"
    )


def _part(place: int, name: str) -> str:
    """Return the SQL of a column's share of a row's number; equal cells of two columns have other ones."""
    salt = (place + 1) * 0x9E3779B97F4A7C15 % 2**64
    return f"hash(xor(hash({identifier(name)}), {salt}::UBIGINT))"

# ruff: noqa: S608 - names are quoted by identifier
"""Whether rows are equal because few combinations exist, or because they were copied."""

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
_BY_CHANCE, _ODD_PAIRS = 0.3, 2  # share of the equal pairs; with fewer pairs nothing is certain


def row_hash(names: Sequence[str]) -> str:
    """Return the SQL of a hash over all cells of ``names`` in a row; equal rows have equal hashes."""
    return f"hash({', '.join(map(identifier, names))})"


def not_empty(names: Sequence[str]) -> str:
    """Return the SQL that tests whether a row has a value in any of ``names``."""
    return f"({' OR '.join(f'{identifier(name)} IS NOT NULL' for name in names)})"


def why_equal(table: CheckContext, names: Sequence[str]) -> Why:
    """Return why rows are equal in ``names``: by chance, by copying, or uncertain.

    If two rows agree in all columns but one, chance would also have made them agree in that one as often as
    any two different rows do. So the pairs that differ in a single column predict the number of equal pairs.
    Copying makes equal pairs without nearly equal ones. If one column explains three in ten of the equal
    pairs, it is chance; if all columns together do, uncertain. A table in which every row occurs equally
    often, or in multiples, was copied as a whole.
    """
    if _is_duplicated_file(table, names):
        return "copies"
    n_equal, expected = _pairs(table, names, most=_ROWS_TRIED)
    if n_equal < _FEWEST_PAIRS and table.n_rows > _ROWS_TRIED:
        n_equal, expected = _pairs(table, names, most=table.n_rows)
    enough = _BY_CHANCE * (n_equal - _ODD_PAIRS)
    if max(expected) >= enough:
        return "chance"
    return "doubt" if sum(expected) >= enough else "copies"


def _is_duplicated_file(table: CheckContext, names: Sequence[str]) -> bool:
    """Return whether the counts of all rows have a common divisor above 1."""
    counts = table.query(
        f"SELECT n, count(*) FROM (SELECT count(*) AS n FROM rows WHERE {not_empty(names)} "
        f"GROUP BY {row_hash(names)}) GROUP BY n"
    )
    n_different = sum(n_rows for _, n_rows in counts)
    return n_different >= _FEWEST_PAIRS and math.gcd(*(times for times, _ in counts)) > 1


def find_copies(table: CheckContext) -> NDArray[np.bool_]:
    """Return which of the scorer's rows (n,) equal an earlier one in the target and all features.

    None do if rows are equal by chance.
    """
    assert table.target is not None  # noqa: S101 - only checks with a target ask
    names = [*table.suggestion.features, table.target.name]
    equal = table.sample[names].duplicated().to_numpy()[table.scorer.rows]
    is_copied = equal.any() and why_equal(table, names) == "copies"
    return equal if is_copied else np.zeros(len(equal), dtype=bool)


def _pairs(table: CheckContext, names: Sequence[str], *, most: int) -> tuple[float, list[float]]:
    """Return the number of equal pairs of rows, and the number expected by chance for each column."""
    tried = list(names)[:: max(1, len(names) // _COLUMNS_TRIED)]
    parts = {name: _column_hash(place, name) for place, name in enumerate(names)}
    all_columns = "0::UBIGINT"
    for part in parts.values():
        all_columns = f"xor({all_columns}, {part})"
    columns = ", ".join(f"{parts[name]} AS part{place}" for place, name in enumerate(tried))
    columns_sql = ", ".join(f"any_value(part{place}) AS part{place}" for place in range(len(tried)))
    drawn = f"USING SAMPLE reservoir({most} ROWS) REPEATABLE (0)" if table.n_rows > most else ""
    queries = [_count_pairs("drawn", "whole"), "SELECT count(*) FROM different"]
    for place in range(len(tried)):
        queries += [
            _count_pairs("drawn", f"xor(whole, part{place})"),
            _count_pairs("different", f"part{place}"),
        ]
    n_equal, n_different, *counts = table.query(
        f"WITH drawn AS MATERIALIZED (SELECT {all_columns} AS whole, {columns} FROM "
        f"(SELECT * FROM rows WHERE {not_empty(names)}) {drawn}), "
        f"different AS MATERIALIZED (SELECT {columns_sql} FROM drawn GROUP BY whole) "
        f"SELECT {', '.join(f'({query})' for query in queries)}"
    )[0]
    n_pairs = max(n_different * (n_different - 1) / 2, 1)
    chances = [min(n_alike / n_pairs, 0.999) for n_alike in counts[1::2]]
    expected = [
        (n_but_one - n_equal) * chance / (1 - chance)
        for n_but_one, chance in zip(counts[::2], chances, strict=True)
    ]
    return float(n_equal), expected


def _count_pairs(where: str, by: str) -> str:
    return (
        f"SELECT coalesce(sum(n * (n - 1.0) / 2), 0) FROM (SELECT count(*) AS n FROM {where} GROUP BY {by})"
    )


def _column_hash(place: int, name: str) -> str:
    """Return the SQL of a column's share of a row's hash; equal cells of two columns hash differently."""
    salt = (place + 1) * 0x9E3779B97F4A7C15 % 2**64
    return f"hash(xor(hash({identifier(name)}), {salt}::UBIGINT))"

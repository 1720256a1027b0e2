# ruff: noqa: S608 - names are quoted by identifier
"""Whether rows are equal because there are few things they can say, or because they were copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.data import identifier, read_some_rows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.checks._table import Table

_MOST_ROWS, _MOST_CELLS = 20_000, 4_000_000
_FEWEST_ROWS = 20
_NATURAL, _MERGED = 0.4, 0.5
_COLUMNS_TRIED, _ROWS_TRIED = 30, 100_000


def hashed(names: Sequence[str]) -> str:
    """Return the SQL of one number for all cells of ``names`` in a row; equal rows have equal ones."""
    return f"hash({', '.join(map(identifier, names))})"


def not_empty(names: Sequence[str]) -> str:
    """Return the SQL that says whether a row has a value in any of ``names``."""
    return f"({' OR '.join(f'{identifier(name)} IS NOT NULL' for name in names)})"


def are_natural(table: Table, names: Sequence[str], n_different: int) -> bool:
    """Say whether rows that are equal in ``names`` are so by nature, among ``n_different`` different ones.

    Two signs of it. Rows that are equal by chance are the ordinary ones, made of common values, where copying
    takes any row: the half of the different rows with the rarer values has far fewer copies then than the
    other half. And where there are few things to say, different rows become equal without one column.
    """
    return _are_ordinary(table, names, n_different) or _nearly_all_is_there(table, names)


def _are_ordinary(table: Table, names: Sequence[str], n_different: int) -> bool:
    most = min(_MOST_ROWS, max(1_000, _MOST_CELLS // len(names)))
    step = max(1, n_different // most)
    found = table.query(
        f"SELECT min(file_row_number), count(*) FROM rows WHERE {not_empty(names)} "
        f"GROUP BY {hashed(names)} HAVING {hashed(names)} % {step} = 0 ORDER BY 1"
    )
    if len(found) < _FEWEST_ROWS:
        return True
    rows, counts = (np.array(each, dtype=np.int64) for each in zip(*found, strict=True))
    common = _commonness(read_some_rows(table.workspace, table.version, rows, columns=list(names)))
    order = np.argsort(common, kind="stable")
    rare, ordinary = (float((counts[half] - 1).mean()) for half in np.array_split(order, 2))
    return rare < _NATURAL * ordinary


def _nearly_all_is_there(table: Table, names: Sequence[str]) -> bool:
    """Say whether different rows become equal without one column about as often as rows are equal with all.

    A column that alone tells rows apart (a time, a text) is no sign, so the second such column counts.
    """
    tried = list(names)[:: max(1, len(names) // _COLUMNS_TRIED)]
    parts = {name: _part(place, name) for place, name in enumerate(names)}
    whole = "0::UBIGINT"
    for each in parts.values():
        whole = f"xor({whole}, {each})"
    counts = ", ".join(f"count(DISTINCT xor(whole, part{place}))" for place in range(len(tried)))
    columns = ", ".join(f"{parts[name]} AS part{place}" for place, name in enumerate(tried))
    drawn = f"USING SAMPLE reservoir({_ROWS_TRIED} ROWS) REPEATABLE (0)" if table.n_rows > _ROWS_TRIED else ""
    n_rows, n_different, *found = table.query(
        f"SELECT count(*), count(DISTINCT whole), {counts} "
        f"FROM (SELECT {whole} AS whole, {columns} FROM rows {drawn})"
    )[0]
    merged = sorted(((n_different - int(n)) / n_different for n in found), reverse=True)
    return bool(merged[min(1, len(merged) - 1)] >= _MERGED * max(n_rows - n_different, 1) / n_rows)


def _part(place: int, name: str) -> str:
    """Return the SQL of a column's share of a row's number; equal cells of two columns have other ones."""
    salt = (place + 1) * 0x9E3779B97F4A7C15 % 2**64
    return f"hash(xor(hash({identifier(name)}), {salt}::UBIGINT))"


def _commonness(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return for each row (n,) how common its values are: the mean log of how many rows have each of them."""
    import pandas as pd

    total = np.zeros(len(frame))
    for name in frame.columns:
        codes, _ = pd.factorize(frame[name], use_na_sentinel=False)
        total += np.log(np.bincount(codes)[codes])
    return total / max(1, len(frame.columns))

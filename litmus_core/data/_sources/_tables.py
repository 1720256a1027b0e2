"""Choose a database's table."""

from __future__ import annotations

from collections.abc import Mapping

from litmus_core.errors import DataError
from litmus_core.text import format_count, join_names
from litmus_core.types import Detected

_SHOWN = 10


def choose_table(
    sizes: Mapping[str, int], wanted: str | None, *, name: str
) -> tuple[str, tuple[Detected, ...]]:
    """Return the requested table, or the only one with rows, and the evidence for the latter.

    ``sizes`` are rows by table. Raises DataError if there is none, or (listing them) several.
    """
    if not sizes:
        raise DataError(
            f"There is no table in '{name}'.",
            hint="Views are not read: copy what they show into a table, or a CSV file.",
        )
    if wanted is not None:
        chosen = (
            wanted if wanted in sizes else {size.casefold(): size for size in sizes}.get(wanted.casefold())
        )
        if chosen is None:
            raise DataError(f"'{name}' has no table '{wanted}'.", hint=f"It has {_list_tables(sizes)}.")
        _check_rows(chosen, sizes, name=name)
        return chosen, ()
    filled = [candidate for candidate, n_rows in sizes.items() if n_rows]
    if len(filled) > 1:
        listed = _list_tables({candidate: sizes[candidate] for candidate in filled})
        raise DataError(
            f"'{name}' has {len(filled):,} tables: {listed}.",
            hint="Say which one is meant: --table NAME in the shell, ReadOptions(table=...) in Python, "
            "'Table of a database' under 'How to read it' in the app.",
        )
    table = filled[0] if filled else next(iter(sizes))
    _check_rows(table, sizes, name=name)
    why = "it is the only table" if len(sizes) == 1 else "it is the only table with rows"
    others = tuple(size for size in sizes if size != table)
    return table, (Detected(option="table", value=table, why=why, others=others),)


def _check_rows(table: str, sizes: Mapping[str, int], *, name: str) -> None:
    if not sizes[table]:
        raise DataError(
            f"The table '{table}' of '{name}' has no rows.", hint="Choose a table with at least one row."
        )


def _list_tables(sizes: Mapping[str, int]) -> str:
    largest = sorted(sizes.items(), key=lambda item: -item[1])
    named = [f"'{name}' ({format_count(n_rows, 'row')})" for name, n_rows in largest]
    return join_names(named, most=_SHOWN)

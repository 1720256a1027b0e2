"""Check column names, and the columns of raw rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.frame._layouts.regex_translation import has_lone_surrogate
from litmus_core.frame._symbolic.errors import with_article
from litmus_core.types import Column

_COLUMNS = (
    "Give a list with Column(name=…, original_name=…, kind=…, storage=…) for each column that the rows have. "
    "ScalableDataFrame(rows) tells them from the rows, and its to_plan() is a plan of them."
)


def check_names(names: Sequence[Any], *, would_be: bool = False) -> None:
    """Raise UsageError for a name that is not text, that UTF-8 cannot encode, or that two columns share.

    ``would_be``: the columns do not exist yet.
    """
    for name in names:
        if not isinstance(name, str):
            raise UsageError(f"A column cannot be called {name!r}.", hint="Names of columns are texts.")
        if has_lone_surrogate(name):
            raise UsageError(
                f"A column cannot be called {name!r}: half of a surrogate pair is not a letter.",
                hint="Rename it: neither a file in UTF-8 nor Polars has such a name.",
            )
    if len(set(names)) < len(names):
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        called = "would be called" if would_be else "are called"
        raise UsageError(f"Two columns {called} '{twice}'.", hint="Give each a name of its own.")


def checked_columns(columns: Any) -> tuple[Column, ...]:
    """Return raw columns; raises UsageError for none, for another type, or as :func:`check_names` does."""
    if isinstance(columns, str) or not isinstance(columns, Iterable):
        raise UsageError(f"{columns!r} is not a list of columns.", hint=_COLUMNS)
    listed = tuple(columns)
    if not listed:
        raise UsageError("There are no columns to read.", hint=_COLUMNS)
    for column in listed:
        if not isinstance(column, Column):
            raise UsageError(
                f"{column!r} is {with_article(type(column).__name__)}, not a Column.", hint=_COLUMNS
            )
    check_names([one.name for one in listed])
    return listed

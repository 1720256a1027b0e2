"""One operation of a graph: its types, and its implementation in every layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from litmus_core.errors import UsageError

# Each type in a record, and n values of it in columns:
#   number   float, NaN where missing             (n,) float64
#   flag     bool                                 (n,) bool
#   text     str or None                          list of str or None
#   moment   int microseconds since 1970, or NaN  (n,) datetime64[us], NaT where missing
#   code     int                                  (n,) int32
#   marks    list of marked positions             (n, positions) uint8
#   row      tuple of several columns' values     list of tuples; only between steps
Dtype = Literal["number", "flag", "text", "moment", "code", "marks", "row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The computation of a node.

    ``input_types`` are its inputs' and ``gives`` is its own. ``pandas`` (Series in, Series or frame out) is
    the reference; it gets the node's settings by name. ``record`` is a Python expression over one row's
    values ``{0}``, ``{1}`` … and ``columns`` a function of the inputs' columns; both get ``bind``'s result
    for the settings by name. Each row is computed separately: no operation reads neighbouring rows.
    ``of_datetime`` is the same expression over a ``datetime`` without a time zone, if it takes a moment: a
    record then need not convert it to microseconds. ``polars`` takes expressions and the settings by name and
    returns an expression, or None if Polars has none with the same result to the last bit; then, and without
    ``polars``, ``columns`` is called. ``runs`` says what it calls besides Python and NumPy, a user's function
    or pandas: bundles never contain such operations.
    """

    name: str
    input_types: tuple[Dtype, ...]
    gives: Dtype
    record: str
    columns: Callable[..., Any]
    pandas: Callable[..., Any]
    bind: Callable[..., Mapping[str, Any]] = dict
    of_datetime: str = ""
    polars: Callable[..., Any] | None = None
    runs: Literal["here", "function", "pandas"] = "here"

    def __reduce__(self) -> tuple[Any, ...]:
        return _registered, (self.name,)

    def unfit(self, dtypes: tuple[Dtype, ...]) -> UsageError:
        """Return the error for inputs of unsupported types."""
        return UsageError(
            f"'{self.name}' works on {' and '.join(self.input_types)}, not on {' and '.join(dtypes)}.",
            hint="Make the columns of that type first, or use another operation.",
        )


OPERATIONS: dict[str, Operation] = {}  # all operations that a graph may hold, by name; the registry fills it


def _registered(name: str) -> Operation:
    """Return the operation that a pickle names: its code is in the registry, never in a file."""
    return OPERATIONS[name]

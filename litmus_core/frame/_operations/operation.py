"""One operation of a graph: what it takes and gives, and what it means in every layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from litmus_core.errors import UsageError

# How one value of each type looks in a record, and n of them in columns:
#   number   float, NaN where missing             (n,) float64
#   flag     bool                                 (n,) bool
#   text     str or None                          list of str or None
#   moment   int microseconds since 1970, or NaN  (n,) datetime64[us], NaT where missing
#   code     int                                  (n,) int32
#   marks    list of places that are marked       (n, places) uint8
Dtype = Literal["number", "flag", "text", "moment", "code", "marks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a node does.

    ``takes`` are its inputs' types and ``gives`` is its own. ``pandas`` (Series in, Series or frame out) is
    the reference; it gets the node's settings by name. ``record`` is a Python expression over one row's
    values ``{0}``, ``{1}`` … and ``columns`` a function of the inputs' columns; both get by name what
    ``bind`` makes of the settings. Each row is on its own: no operation looks at its neighbours.
    ``of_datetime`` is the same expression over a ``datetime`` without a time zone, where it takes a moment: a
    record need not count its microseconds first.
    ``polars`` takes expressions and the settings by name and returns an expression, None where Polars has
    none that gives the same to the last bit; there, and without ``polars``, it is ``columns`` that is called.
    ``runs`` says what it calls beside Python and NumPy, a function of whoever wrote the code or pandas: no
    bundle holds such a one.
    """

    name: str
    takes: tuple[Dtype, ...]
    gives: Dtype
    record: str
    columns: Callable[..., Any]
    pandas: Callable[..., Any]
    bind: Callable[..., Mapping[str, Any]] = dict
    of_datetime: str = ""
    polars: Callable[..., Any] | None = None
    runs: Literal["here", "function", "pandas"] = "here"

    def __reduce__(self) -> tuple[Any, ...]:
        return _known, (self.name,)

    def unfit(self, given: tuple[Dtype, ...]) -> UsageError:
        """Return the error that says that inputs of these types are not what it takes."""
        return UsageError(
            f"'{self.name}' works on {' and '.join(self.takes)}, not on {' and '.join(given)}.",
            hint="Make the columns of that type first, or use another operation.",
        )


OPERATIONS: dict[str, Operation] = {}  # all that a graph may hold, by name: the registry fills it


def _known(name: str) -> Operation:
    """Return the operation that a pickle names: what it does is in the registry, and never in a file."""
    return OPERATIONS[name]

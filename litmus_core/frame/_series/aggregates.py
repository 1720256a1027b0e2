"""pandas' aggregations over all rows: ``median``, ``value_counts`` …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litmus_core.frame._graph import GraphNode, capabilities_of
from litmus_core.frame._symbolic.errors import unsupported
from litmus_core.frame._symbolic.row_context import ROWS

_WORDS: Mapping[str, str] = {
    "count": "how many values there are",
    "sum": "the sum",
    "mean": "the mean; NaN of no values",
    "median": "the value in the middle; NaN of no values",
    "std": "the standard deviation, of the sum of squares over n - ``ddof`` (1); NaN of no more than that",
    "min": "the lowest value; NaN of no values",
    "max": "the highest value; NaN of no values",
    "quantile": "the value that a part ``q`` of all (half) is below; NaN of no values",
    "nunique": "how many different values there are",
    "value_counts": "a dict of how often each value is there (``normalize``: in parts of 1), most first",
}


class AggregateMethods:
    """Aggregations over all rows of a column, without missing values.

    Without rows, as in ``transform``, they raise UsageError with a hint.
    """

    node: GraphNode


def _word(method: str, gives: str) -> Callable[..., Any]:
    def call(column: AggregateMethods, *arguments: Any, **named: Any) -> Any:
        bound_rows = capabilities_of(column.node).rows
        rows = ROWS.get() if bound_rows is None else bound_rows
        if rows is None:
            raise unsupported("column", method)
        return rows.aggregate(column.node, method, arguments, named)

    call.__name__, call.__doc__ = method, f"Return {gives}."
    return call


for _method, _gives in _WORDS.items():
    setattr(AggregateMethods, _method, _word(_method, _gives))

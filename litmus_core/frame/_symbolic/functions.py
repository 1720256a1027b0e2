"""pandas' functions besides methods; they also take pandas frames, so that code runs on both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.frame._graph import apply
from litmus_core.frame._series.operands import as_number, as_scalar
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._symbolic.unsupported import unmeant
from litmus_core.frame._values.column_names import check_names


def concat(frames: Sequence[Any], *, axis: Any = 0) -> Any:
    """Return frames of the same rows side by side (``axis=1``), as ``pandas.concat`` does.

    >>> from litmus_core.frame import ScalableDataFrame
    >>> frame = ScalableDataFrame([{"size": 3.0}])
    >>> concat([frame, frame.rename(columns={"size": "again"})], axis=1).collect()
    [{'size': 3.0, 'again': 3.0}]
    """
    parts = list(frames)
    if not any(isinstance(part, SymbolicDataFrame) for part in parts):
        import pandas as pd

        return pd.concat(parts, axis=axis)
    if axis not in (1, "columns"):
        raise unmeant("concat of rows below one another", "Say axis=1: columns side by side.")
    odd = next((part for part in parts if not isinstance(part, SymbolicDataFrame)), None)
    if odd is not None:
        raise unmeant(f"concat with {type(odd).__name__}", "Give frames; of one column: frame[['name']].")
    check_names([name for part in parts for name in part], would_be=True)
    return parts[0].assign(**{name: part[name] for part in parts[1:] for name in part})


def cut(
    x: Any, bins: Sequence[float], *, labels: Any, right: bool = True, include_lowest: bool = False
) -> Any:
    """Return the interval that each number lies in, as ``pandas.cut`` does; missing if in none.

    ``bins`` are the edges, ascending. ``labels`` are one text or number for each interval, or False for its
    index from 0. ``right`` includes an interval's right edge, ``include_lowest`` the first edge.

    >>> from litmus_core.frame import ScalableDataFrame
    >>> frame = ScalableDataFrame([{"size": 3.0}, {"size": 9.0}])
    >>> frame["how"] = cut(frame["size"], [0, 5, 10], labels=["small", "big"])
    >>> [row["how"] for row in frame.collect()]
    ['small', 'big']
    """
    if not isinstance(x, ScalableSeries):
        import pandas as pd

        return pd.cut(x, bins, labels=labels, right=right, include_lowest=include_lowest)
    if not hasattr(bins, "__len__"):
        raise unmeant(f"cut into {bins!r} parts of the range", "Give edges, learned in fit.")
    edges = tuple(as_scalar(bin_) for bin_ in bins)
    if len(edges) < 2 or not all(one < other for one, other in pairwise(edges)):
        raise UsageError(f"{list(edges)} are not edges.", hint="Give two or more numbers that rise.")
    settings = {"edges": edges, "right": bool(right), "lowest": bool(include_lowest)}
    place = ScalableSeries(apply("bin", as_number(x.node), **settings))
    if labels is False:
        return place
    if labels is None or len(labels) != len(edges) - 1:
        raise UsageError(
            f"{len(edges) - 1} parts need as many labels.",
            hint="Give labels=[…], or labels=False for places.",
        )
    return place.map(dict(enumerate(labels)))

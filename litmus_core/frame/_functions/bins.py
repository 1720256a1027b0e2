"""``cut``, ``qcut`` and ``concat``; they also take pandas' frames, so that code runs on both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._graph import apply
from litmus_core.frame._series.operands import as_number, as_scalar
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import no_options, unsupported, untraceable
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._symbolic.operator_errors import Refusing
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
        raise untraceable("concat of rows below one another", "Say axis=1: columns side by side.")
    odd = next((part for part in parts if not isinstance(part, SymbolicDataFrame)), None)
    if odd is not None:
        hint = getattr(type(odd), "_as_column", "")
        raise untraceable(
            f"concat with {repr(odd) if hint else type(odd).__name__}",
            hint or "Give frames; of one column: frame[['name']].",
        )
    check_names([name for part in parts for name in part._columns], would_be=True)
    return parts[0].assign(**{name: part._columns[name] for part in parts[1:] for name in part._columns})


def cut(
    x: Any,
    bins: Sequence[float],
    right: bool = True,
    labels: Any = None,
    include_lowest: bool = False,
    **options: Any,
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

        return pd.cut(x, bins, right, labels, include_lowest=include_lowest, **options)
    no_options("cut", {name: one for name, one in options.items() if (name, one) != ("retbins", False)})
    if not hasattr(bins, "__len__"):
        raise untraceable(f"cut into {bins!r} parts of the range", "Give edges, learned in fit.")
    edges = tuple(as_scalar(bin_) for bin_ in bins)
    if len(edges) < 2 or not all(one < other for one, other in pairwise(edges)):
        raise UsageError(f"{list(edges)} are not edges.", hint="Give two or more numbers that rise.")
    settings = {"edges": edges, "right": bool(right), "lowest": bool(include_lowest)}
    place = ScalableSeries(apply("bin", as_number(x.node), **settings))
    if labels is False:
        return place
    if labels is None:
        return Intervals(place, _interval_names(bins, edges, right=bool(right), lowest=bool(include_lowest)))
    if len(labels) != len(edges) - 1:
        raise UsageError(
            f"{len(edges) - 1} parts need as many labels.",
            hint="Give labels=[…], or labels=False for places.",
        )
    return place.map(dict(enumerate(labels)))._marked(_categories=tuple(labels))


class Intervals(Refusing):
    """The intervals that ``cut`` returns without labels, readable as codes or texts."""

    _name_in_errors = "column of intervals, by cut without labels,"
    _as_column = "Say labels=[…] in cut, or .astype(str) or .cat.codes after it."

    def __init__(self, place: ScalableSeries, names: Sequence[str]) -> None:
        self._place, self._names = place, tuple(names)

    @property
    def cat(self) -> Intervals:
        """The accessor for categories, with their codes."""
        return self

    @property
    def codes(self) -> ScalableSeries:
        """The position of each number's interval, -1 outside all intervals."""
        return self._place.fillna(-1)

    def astype(self, dtype: Any) -> ScalableSeries:
        """Return the intervals as texts, 'nan' where a number lies in none, as in pandas."""
        if dtype not in (str, "str"):
            raise untraceable(f"astype({dtype!r}) of cut without labels", "Say astype(str), or labels=[…].")
        return self._place.map(dict(enumerate(self._names))).fillna("nan")

    def __repr__(self) -> str:
        return "a column of intervals"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported(self._name_in_errors, name, ["astype", "cat", "codes"])


def _interval_names(
    bins: Sequence[float], edges: tuple[float, ...], *, right: bool, lowest: bool
) -> list[str]:
    """Return how pandas writes the intervals between edges: as whole numbers if all are written so."""
    import pandas as pd

    is_whole = all(isinstance(bin_, int | np.integer) for bin_ in bins)
    exact = [int(edge) for edge in edges] if is_whole else list(edges)
    categories = pd.cut(pd.Series(exact[:1]), exact, right=right, include_lowest=lowest).cat.categories
    return [str(interval) for interval in categories]


def qcut(x: Any, q: Any, **options: Any) -> Any:
    """Return ``pandas.qcut`` of pandas' own columns; raises UsageError for traced ones."""
    if isinstance(x, ScalableSeries):
        raise untraceable(
            "qcut, whose edges depend on the rows,",
            "Learn them in fit: _, self.edges_ = pd.qcut(…, retbins=True), and say cut(column, self.edges_).",
        )
    import pandas as pd

    return pd.qcut(x, q, **options)

"""ScalableDataFrame: rows with pandas' methods, computed in the layout that fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from litmus_core.errors import UsageError
from litmus_core.frame._layouts.frame_plan import FramePlan
from litmus_core.frame._series.operands import as_flag
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.bound_rows import BoundRows
from litmus_core.frame._symbolic.errors import unsupported
from litmus_core.frame._symbolic.frame import SymbolicDataFrame

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class ScalableDataFrame(SymbolicDataFrame):
    """Rows with pandas' methods: operations are recorded, and computed in the layout that fits.

    ``rows`` are a list of dicts, n values each by column name, a pandas or Polars frame, or a lazy one.
    ``types`` set a column's type ("number", "text", "date", "boolean") if its values do not show it, such as
    a date written as text. Nothing is computed before :meth:`collect` or a similar method, or an aggregation
    over all rows (``mean``, ``value_counts`` …). ``else_pandas`` runs unsupported methods in pandas, as in
    FramePlan.

    >>> frame = ScalableDataFrame([{"size": 12.0}, {"size": None}])
    >>> frame["big"] = frame["size"].fillna(frame["size"].mean()) > 10
    >>> frame.collect()
    [{'size': 12.0, 'big': True}, {'size': nan, 'big': True}]

    Created by :meth:`of` it has columns and no rows, like a :class:`SymbolicDataFrame`.
    """

    _bound_rows: BoundRows | None

    def __init__(
        self,
        rows: Any,
        *,
        types: Mapping[str, Literal["number", "text", "date", "boolean"]] | None = None,
        else_pandas: bool = False,
    ) -> None:
        if isinstance(rows, Mapping) and all(isinstance(row, ScalableSeries) for row in rows.values()):
            self._begin(rows, None)
            return
        bound_rows = BoundRows.of(rows, types or {}, pandas=else_pandas)
        self._begin({name: ScalableSeries(node) for name, node in bound_rows.nodes.items()}, bound_rows)

    def _begin(self, columns: Mapping[str, ScalableSeries], bound_rows: BoundRows | None) -> None:
        super().__init__(columns)
        object.__setattr__(self, "_bound_rows", bound_rows)

    def _with(self, columns: Mapping[str, ScalableSeries]) -> ScalableDataFrame:
        """Return a frame of the same rows with these columns."""
        return _of_rows(columns, self._bound_rows)

    def _where(self, mask: ScalableSeries) -> SymbolicDataFrame:
        """Return the rows where a condition is true, as rows for further operations."""
        if self._bound_rows is None:
            return super()._where(mask)
        left = self._bound_rows.where(self.nodes, as_flag(mask))
        return _of_rows({name: ScalableSeries(node) for name, node in left.nodes.items()}, left)

    def __len__(self) -> int:
        return super().__len__() if self._bound_rows is None else self._bound_rows.n_rows()

    def __repr__(self) -> str:
        return f"{super().__repr__()}: collect() computes it"

    def collect(self) -> Any:
        """Compute the columns, and return them in the form of the rows; a lazy frame as a frame."""
        return self._rows("collect").collected(self.nodes)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Compute the columns and return a dict for each row; missing is NaN, for texts and dates None."""
        return self._rows("to_dicts").as_dicts(self.nodes)

    def to_pandas(self) -> pd.DataFrame:
        """Compute the columns and return a pandas frame."""
        return self._rows("to_pandas").as_pandas(self.nodes)

    def to_polars(self) -> pl.DataFrame:
        """Compute the columns and return a Polars frame; missing is null."""
        return self._rows("to_polars").as_polars(self.nodes)

    def lazy(self) -> pl.LazyFrame:
        """Return a lazy Polars frame, which computes and writes piece by piece if the rows are lazy."""
        rows = self._rows("lazy")
        lazy: pl.LazyFrame = rows.computed(self.nodes) if rows.is_lazy else rows.as_polars(self.nodes).lazy()
        return lazy

    def to_plan(self) -> FramePlan:
        """Return the recorded operations as a plan for other rows, such as single ones in production."""
        return self._rows("to_plan").plan(self.nodes)

    def explain(self) -> str:
        """Describe where :meth:`collect` computes, and which steps call pandas or a function."""
        return self._rows("explain").explained(self.nodes)

    def _rows(self, method: str) -> BoundRows:
        if self._bound_rows is None:
            raise unsupported("frame", method)
        if not self._columns:
            raise UsageError("The frame has no columns left.", hint="Keep one.")
        return self._bound_rows

    def _has_rows(self) -> bool:
        return self._bound_rows is not None


def _of_rows(columns: Mapping[str, ScalableSeries], bound_rows: BoundRows | None) -> ScalableDataFrame:
    result = object.__new__(ScalableDataFrame)
    result._begin(columns, bound_rows)
    return result

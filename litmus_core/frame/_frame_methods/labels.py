"""Frame attributes and methods that need no rows: ``dtypes``, ``shape``, ``index``, column names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing

if TYPE_CHECKING:
    import pandas as pd


class NRows(Refusing):
    """A frame's number of rows, which is unknown while code is traced."""

    _name_in_errors = "frame's number of rows, shape[0]"
    _as_column = "Learn it in fit, or leave it out: in production rows come one by one."

    def __repr__(self) -> str:
        return "the number of rows"


class RowIndex(Refusing):
    """A frame's index, which code may only pass on, as in ``pd.Series(…, index=frame.index)``."""

    _name_in_errors = "frame's index"

    def __repr__(self) -> str:
        return "the index of the rows"


class LabelMethods:
    """Frame methods about the names and types of columns."""

    _columns: dict[str, ScalableSeries]

    if TYPE_CHECKING:

        def _with(self, columns: Mapping[str, ScalableSeries]) -> Any: ...

    @property
    def dtypes(self) -> pd.Series[Any]:
        """The columns' types in pandas, by name."""
        import pandas as pd

        return pd.Series({name: column.dtype for name, column in self._columns.items()}, dtype=object)

    @property
    def shape(self) -> tuple[Any, int]:
        """The number of rows, unknown while code is traced, and of columns."""
        return self._n_rows(), len(self._columns)

    @property
    def index(self) -> RowIndex:
        """The rows' index, which code may only pass on."""
        return RowIndex()

    @property
    def empty(self) -> bool:
        """Whether it has no columns."""
        return not self._columns

    def keys(self) -> Any:
        """Return the columns' names."""
        return self.columns  # type: ignore[attr-defined]

    def items(self) -> Any:
        """Return the columns and their names."""
        return list(self._columns.items())

    def add_prefix(self, prefix: str, axis: Any = None) -> Self:
        """Return a frame with ``prefix`` in front of each column's name."""
        return self._named(axis, lambda name: f"{prefix}{name}")

    def add_suffix(self, suffix: str, axis: Any = None) -> Self:
        """Return a frame with ``suffix`` after each column's name."""
        return self._named(axis, lambda name: f"{name}{suffix}")

    def _named(self, axis: Any, name_of: Any) -> Self:
        if axis not in (None, 1, "columns"):
            raise untraceable("Names of rows", "Say axis=1.")
        result: Self = self._with({name_of(name): column for name, column in self._columns.items()})
        return result

    def reindex(
        self, labels: Any = None, *, columns: Any = None, axis: Any = None, fill_value: Any = None
    ) -> Self:
        """Return these columns in this order; an unknown column is filled with ``fill_value``, or missing."""
        wanted = columns if columns is not None else labels if axis in (1, "columns") else None
        if wanted is None:
            raise untraceable("reindex of rows", "Say reindex(columns=[…]).")
        result = self._with(self._columns)
        for name in wanted:
            if name not in self._columns:
                result[name] = fill_value
        chosen: Self = result[list(wanted)]
        return chosen

    def _n_rows(self) -> Any:
        return NRows()

"""What a frame says of its columns without rows: types, shape, names, and frames side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.refused_operators import Refusing
from litmus_core.frame._symbolic.unsupported import unmeant

if TYPE_CHECKING:
    import pandas as pd


class NRows(Refusing):
    """The number of rows, of which there are none while code is traced."""

    _called = "frame's number of rows, shape[0]"

    def __repr__(self) -> str:
        return "the number of rows"


class RowIndex(Refusing):
    """A frame's index: only to be handed on, as in ``pd.Series(…, index=frame.index)``."""

    _called = "frame's index"

    def __repr__(self) -> str:
        return "the index of the rows"


class LabelMethods:
    """A frame's words about its columns' names and types."""

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
        """The number of rows, which no code can look at before rows come, and of columns."""
        return self._n_rows(), len(self._columns)

    @property
    def index(self) -> RowIndex:
        """The rows' index, only to be handed on."""
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
        """Return a frame whose columns are called ``prefix`` and their name."""
        return self._named(axis, lambda name: f"{prefix}{name}")

    def add_suffix(self, suffix: str, axis: Any = None) -> Self:
        """Return a frame whose columns are called their name and ``suffix``."""
        return self._named(axis, lambda name: f"{name}{suffix}")

    def _named(self, axis: Any, name_of: Any) -> Self:
        if axis not in (None, 1, "columns"):
            raise unmeant("Names of rows", "Say axis=1.")
        result: Self = self._with({name_of(name): column for name, column in self._columns.items()})
        return result

    def reindex(
        self, labels: Any = None, *, columns: Any = None, axis: Any = None, fill_value: Any = None
    ) -> Self:
        """Return these columns in this order; one that is not there is ``fill_value`` or missing."""
        wanted = columns if columns is not None else labels if axis in (1, "columns") else None
        if wanted is None:
            raise unmeant("reindex of rows", "Say reindex(columns=[…]).")
        result = self._with(self._columns)
        for name in wanted:
            if name not in self._columns:
                result[name] = fill_value
        chosen: Self = result[list(wanted)]
        return chosen

    def _n_rows(self) -> Any:
        return NRows()

"""Columns that a text is split into, by groups of a pattern or by tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self

from litmus_core.frame._series.column import ColumnT
from litmus_core.frame._symbolic.errors import public_names, unsupported, untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing

if TYPE_CHECKING:
    import pandas as pd


class PartColumns(Refusing, Generic[ColumnT]):
    """Several columns, whose names may be numbers; a frame takes them by ``frame[[…]] = parts``."""

    _name_in_errors = "frame of groups"

    def __init__(self, columns: Mapping[Any, ColumnT]) -> None:
        self._columns = dict(columns)

    @property
    def columns(self) -> pd.Index[Any]:
        """The columns' names."""
        import pandas as pd

        names: pd.Index[Any] = pd.Index(list(self._columns))
        return names

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, list):
            return type(self)({name: self[name] for name in key})
        if key not in self._columns:
            raise untraceable(f"The group {key!r}", f"The pattern has {list(self._columns)}.")
        return self._columns[key]

    def astype(self, dtype: Any) -> Self:
        """Return the columns as another type."""
        return self._by_column(lambda column: column.astype(dtype))

    def fillna(self, value: Any) -> Self:
        """Return the columns with missing values filled."""
        return self._by_column(lambda column: column.fillna(value))

    def apply(self, func: Callable[[Any], Any]) -> Self:
        """Return the function of each column."""
        return self._by_column(func)

    def rename(self, *, columns: Mapping[Any, Any]) -> Self:
        """Return the columns under other names."""
        return type(self)({columns.get(name, name): column for name, column in self._columns.items()})

    def add_prefix(self, prefix: str) -> Self:
        """Return the columns with ``prefix`` in front of their names."""
        return type(self)({f"{prefix}{name}": column for name, column in self._columns.items()})

    def _by_column(self, change: Callable[[Any], Any]) -> Self:
        return type(self)({name: change(column) for name, column in self._columns.items()})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported(self._name_in_errors, name, public_names(PartColumns))


class TagColumns(Refusing, Generic[ColumnT]):
    """The columns of ``str.get_dummies``, one for each tag; ``reindex(columns=…)`` names the tags."""

    _name_in_errors = "frame of tags, by str.get_dummies,"

    def __init__(self, has: Callable[[str], ColumnT]) -> None:
        self._has = has

    def reindex(self, *, columns: Any, fill_value: Any = None) -> PartColumns[ColumnT]:
        """Return 1 or 0 for each tag, by its name."""
        if fill_value != 0:
            raise untraceable(
                "reindex of tags without fill_value=0", "Say fill_value=0: a tag is there or not."
            )
        return PartColumns({str(tag): self._has(str(tag)) for tag in columns})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise untraceable(
            f"str.get_dummies(…).{name}, which has a column for each tag of the rows,",
            "Learn the tags in fit, and say .reindex(columns=self.tags_, fill_value=0).",
        )

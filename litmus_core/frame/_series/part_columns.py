"""Columns that a text is cut into, by groups of a pattern or by tags: taken one by one, or all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self

from litmus_core.frame._series.column import Made
from litmus_core.frame._symbolic.refused_operators import Refusing
from litmus_core.frame._symbolic.unsupported import public_names, unmeant, unsupported

if TYPE_CHECKING:
    import pandas as pd


class PartColumns(Refusing, Generic[Made]):
    """Columns beside each other, whose names may be numbers; a frame takes them by ``frame[[…]] = parts``."""

    _called = "frame of groups"

    def __init__(self, columns: Mapping[Any, Made]) -> None:
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
            raise unmeant(f"The group {key!r}", f"The pattern has {list(self._columns)}.")
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
        """Return the columns called ``prefix`` and their name."""
        return type(self)({f"{prefix}{name}": column for name, column in self._columns.items()})

    def _by_column(self, change: Callable[[Any], Any]) -> Self:
        return type(self)({name: change(column) for name, column in self._columns.items()})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported(self._called, name, public_names(PartColumns))


class Tags(Refusing, Generic[Made]):
    """What ``str.get_dummies`` makes: a column for each tag, which are known once they are told."""

    _called = "frame of tags, by str.get_dummies,"

    def __init__(self, has: Callable[[str], Made]) -> None:
        self._has = has

    def reindex(self, *, columns: Any, fill_value: Any = None) -> PartColumns[Made]:
        """Return 1 or 0 for each tag, by its name."""
        if fill_value != 0:
            raise unmeant("reindex of tags without fill_value=0", "Say fill_value=0: a tag is there or not.")
        return PartColumns({str(tag): self._has(str(tag)) for tag in columns})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unmeant(
            f"str.get_dummies(…).{name}, which has a column for each tag of the rows,",
            "Learn the tags in fit, and say .reindex(columns=self.tags_, fill_value=0).",
        )

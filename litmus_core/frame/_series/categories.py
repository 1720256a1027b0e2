"""The ``.cat`` accessor, for columns whose categories are given."""

from __future__ import annotations

from typing import Any, Generic

from litmus_core.frame._series.column import ColumnT
from litmus_core.frame._symbolic.errors import public_names, unsupported, untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing


def known_categories(dtype: Any) -> tuple[Any, ...] | None:
    """Return the categories of pandas' ``CategoricalDtype``; None for another type, or if it has none."""
    categories = getattr(dtype, "categories", None)
    return None if categories is None else tuple(categories)


class CategoryMethods(Refusing, Generic[ColumnT]):
    """The supported part of pandas' ``.cat`` for a column with given categories."""

    _name_in_errors = "column's .cat"

    def __init__(self, column: ColumnT, categories: tuple[Any, ...] | None) -> None:
        if categories is None:
            raise untraceable(
                "'.cat' of a column whose categories are not known",
                "Write astype(pd.CategoricalDtype([…])).cat, with the categories that fit learned.",
            )
        self._column, self._categories = column, categories

    @property
    def codes(self) -> ColumnT:
        """The position of each value among the categories, -1 if missing."""
        return self._column.map({category: at for at, category in enumerate(self._categories)}).fillna(-1)

    @property
    def categories(self) -> list[Any]:
        """The categories."""
        return list(self._categories)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported("column's .cat", name, public_names(CategoryMethods))

"""The column interface that accessors (``.str``, ``.dt``, ``.cat``) use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self, TypeVar


class ColumnLike(Protocol):
    """A symbolic column as accessors use it; :class:`ScalableSeries` is one."""

    @property
    def eq(self) -> Callable[..., Self]:
        """Compare for equality."""
        ...

    @property
    def ne(self) -> Callable[..., Self]:
        """Compare for inequality."""
        ...

    @property
    def node(self) -> Any:
        """The node that computes the column."""
        ...

    def astype(self, dtype: Any) -> Self:
        """Return the column as another type."""
        ...

    def map(self, arg: Any) -> Self:
        """Return each value's entry in a dict."""
        ...

    def fillna(self, value: Any) -> Self:
        """Return the column with missing values filled."""
        ...

    def __mod__(self, other: Any) -> Self: ...

    def __truediv__(self, other: Any) -> Self: ...

    def __and__(self, other: Any) -> Self: ...

    def __or__(self, other: Any) -> Self: ...


ColumnT = TypeVar("ColumnT", bound=ColumnLike)

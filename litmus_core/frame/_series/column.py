"""What the words of a column's accessors (``.str``, ``.dt``, ``.cat``) need of the columns that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self, TypeVar


class ColumnLike(Protocol):
    """A column to be, as far as accessors work with it: :class:`ScalableSeries` is one."""

    @property
    def eq(self) -> Callable[..., Self]:
        """Compare for equality."""
        ...

    @property
    def ne(self) -> Callable[..., Self]:
        """Compare for inequality."""
        ...

    def map(self, arg: Any) -> Self:
        """Return the values of a dict."""
        ...

    def fillna(self, value: Any) -> Self:
        """Return the column with what is missing filled."""
        ...

    def __mod__(self, other: Any) -> Self: ...

    def __truediv__(self, other: Any) -> Self: ...

    def __and__(self, other: Any) -> Self: ...

    def __or__(self, other: Any) -> Self: ...


Made = TypeVar("Made", bound=ColumnLike)

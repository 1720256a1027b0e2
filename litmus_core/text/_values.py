"""Format a model's parameters: as Python, and in the name of a model."""

from __future__ import annotations

from collections.abc import Sequence

_Value = bool | int | float | str | None


def value_code(value: _Value | Sequence[_Value]) -> str:
    """Return a value as Python; several are a list.

    >>> print(value_code((64, 32)), value_code("adam"))
    [64, 32] 'adam'
    """
    return repr(list(value) if isinstance(value, tuple) else value)


def value_text(value: _Value | Sequence[_Value]) -> str:
    """Return a value in the name of a model.

    >>> value_text((64, 32)), value_text("gini")
    ('64 32', 'gini')
    """
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)

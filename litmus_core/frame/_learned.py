"""Stand-ins for what a fit learned: code is traced with them once, and again only where it looks at values.

A stand-in can be handed to the words of a frame (``fillna(self.middle_)``, ``/ self.std_``,
``map(self.places_)``), which leave a :class:`Parameter` in the graph. Whatever else is done with it, which
may change what the code does, raises :class:`Looked`: such code is traced anew with each fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_NUMBER, _TABLE = "a number", "texts to numbers"


class Looked(BaseException):
    """Code looked at a value that it learned. No ``except Exception`` of that code takes it for its own."""


class Parameter:
    """A setting of a graph that each fit has for itself: what is learned under ``name``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def _look(*_: Any, **__: Any) -> Any:
    raise Looked


def _of_a_column(_: Any, other: Any) -> Any:
    """Leave arithmetic to a column, which knows stand-ins; of two values it would be looking at one."""
    if hasattr(other, "node"):
        return NotImplemented
    raise Looked


_ARRAYS = ("__array__", "__array_interface__", "__array_struct__")  # NumPy asks objects, not their types


class _StandIn:
    """What all stand-ins have: they seem to be of the type of what is learned, and show nothing of it."""

    __slots__ = ("_parameter",)

    def __init__(self, parameter: Parameter) -> None:
        object.__setattr__(self, "_parameter", parameter)

    def __getattribute__(self, name: str) -> Any:
        seems = object.__getattribute__(self, "__class__")
        if name == "__class__":
            return seems
        if hasattr(seems, name) or name in _ARRAYS:
            raise Looked
        raise AttributeError(name)

    __setattr__ = __delattr__ = _look
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __setitem__ = __delitem__ = _look
    __repr__ = __str__ = __format__ = __hash__ = __reduce_ex__ = _look
    __int__ = __float__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _look
    __neg__ = __pos__ = __abs__ = __reversed__ = _look
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _of_a_column
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _of_a_column
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _of_a_column
    __or__ = __ror__ = __and__ = __rand__ = __xor__ = __rxor__ = __divmod__ = __rdivmod__ = _look


class LearnedNumber(_StandIn):
    """Stands for a float."""

    __slots__ = ()
    __class__ = float  # type: ignore[assignment]


class LearnedTable(_StandIn):
    """Stands for a dict of texts and numbers."""

    __slots__ = ()
    __class__ = dict  # type: ignore[assignment]


_STAND_INS: Mapping[str, Callable[[Parameter], Any]] = {_NUMBER: LearnedNumber, _TABLE: LearnedTable}


def parameter_of(value: Any, kind: type[_StandIn]) -> Parameter | None:
    """Return the parameter that a stand-in of this kind leaves in a graph; None for any other value."""
    if type(value) is not kind:
        return None
    found: Parameter = object.__getattribute__(value, "_parameter")
    return found


def kind_of(value: Any) -> str | None:
    """Return what stands in for a learned value, or what there is to say of it whole; None for neither.

    >>> kind_of(0.5), kind_of({"a": 1}), kind_of(3), kind_of([1.0])
    ('a number', 'texts to numbers', 'int 3', None)
    """
    made = type(value)
    if made is float and value - value == 0.0:  # finite
        return _NUMBER
    if made is dict and {str}.issuperset(map(type, value)) and _NUMBERS.issuperset(map(type, value.values())):
        return _TABLE
    if made in (float, int, str, bool, type(None)):
        return f"{made.__name__} {value!r}"
    return None


_NUMBERS = {int, float}


def stand_in(name: str, kind: str, value: Any) -> Any:
    """Return what stands in for the value learned under ``name``; the value itself if ``kind`` tells all."""
    made = _STAND_INS.get(kind)
    return value if made is None else made(Parameter(name))

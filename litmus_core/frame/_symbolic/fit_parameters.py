"""Stand-ins for learned values: code is traced with them once, and again only if it inspects values.

A stand-in can be passed to a frame's methods (``fillna(self.middle_)``, ``/ self.std_``,
``map(self.places_)``), which leave a :class:`FitParameter` in the graph. Any other use may change what the
code does and raises :class:`ValueInspected`: such code is traced at each fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_NUMBER, _TABLE, _WHOLE_TABLE = "a number", "texts to numbers", "texts to whole numbers"


class ValueInspected(BaseException):
    """Code inspected a learned value. An ``except Exception`` in that code does not catch it."""


class FitParameter:
    """A setting of a graph that each fit fills in: the value learned as ``name``."""

    __slots__ = ("is_whole", "looked_at", "name")

    def __init__(self, name: str, *, is_whole: bool = False) -> None:
        self.name, self.looked_at, self.is_whole = name, False, is_whole


def _inspect(value: Any, *_: Any, **__: Any) -> Any:
    object.__getattribute__(value, "_parameter").looked_at = True  # a bare "except" would hide it
    raise ValueInspected


def _of_a_column(value: Any, other: Any, *_: Any) -> Any:
    """Leave arithmetic to a column, which knows stand-ins; arithmetic on values would inspect one."""
    return NotImplemented if hasattr(other, "node") else _inspect(value)


_ARRAYS = ("__array__", "__array_interface__", "__array_struct__")  # NumPy looks at objects, not their types


class _StandIn:
    """Base of all stand-ins: they pretend to have the learned value's type, and reveal nothing of it."""

    __slots__ = ("_parameter",)

    def __init__(self, parameter: FitParameter) -> None:
        object.__setattr__(self, "_parameter", parameter)

    def __getattribute__(self, name: str) -> Any:
        seems = object.__getattribute__(self, "__class__")
        if name == "__class__":
            return seems
        if hasattr(seems, name) or name in _ARRAYS:
            _inspect(self)
        raise AttributeError(name)


class SymbolicNumber(_StandIn):
    """Stand-in for a float."""

    __slots__ = ()
    __class__ = float  # type: ignore[assignment]


class LearnedTable(_StandIn):
    """Stand-in for a dict of texts and numbers."""

    __slots__ = ()
    __class__ = dict  # type: ignore[assignment]


Mapping.register(LearnedTable)  # match statements look at the type
_REVERSIBLE = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
_OF_TWO = {f"__{side}{method}__" for method in _REVERSIBLE for side in ("", "r")}
_OF_TWO |= {f"__{method}__" for method in ("eq", "ne", "lt", "le", "gt", "ge")}
_OWN = {*vars(_StandIn), "__class__", "__class_getitem__", "__init_subclass__", "__new__", "__subclasshook__"}


def _as_seems(class_: type[_StandIn], seems: type) -> None:
    """Define every special method of the type, and no other: len(0.5) is a TypeError, not an inspection."""
    for method in dir(seems):
        if method.startswith("__") and method not in _OWN:
            meaning = getattr(seems, method)
            setattr(
                class_,
                method,
                (_of_a_column if method in _OF_TWO else _inspect) if callable(meaning) else meaning,
            )


_as_seems(SymbolicNumber, float)
_as_seems(LearnedTable, dict)
_STAND_INS: Mapping[str, Callable[[FitParameter], Any]] = {
    _NUMBER: SymbolicNumber,
    _TABLE: LearnedTable,
    _WHOLE_TABLE: LearnedTable,
}


def parameter_of(value: Any, kind: type[_StandIn]) -> FitParameter | None:
    """Return the parameter that a stand-in of this kind leaves in a graph; None for any other value."""
    if type(value) is not kind:
        return None
    parameter: FitParameter = object.__getattribute__(value, "_parameter")
    return parameter


def inspected_value(value: Any) -> bool:
    """Return whether a value stands for one that code inspected."""
    parameter = parameter_of(value, SymbolicNumber) or parameter_of(value, LearnedTable)
    return parameter is not None and parameter.looked_at


def kind_of(value: Any) -> str | None:
    """Return the kind of stand-in for a learned value, or the value's full description; None for neither.

    >>> kind_of(0.5), kind_of({"a": 1}), kind_of(3), kind_of([1.0])
    ('a number', 'texts to whole numbers', 'int 3', None)
    """
    class_ = type(value)
    if class_ is float and value - value == 0.0:  # finite
        return _NUMBER
    if (
        class_ is dict
        and {str}.issuperset(map(type, value))
        and _NUMBERS.issuperset(map(type, value.values()))
    ):
        return _WHOLE_TABLE if value and set(map(type, value.values())) == {int} else _TABLE
    return describe_parameter(value)


def describe_parameter(value: Any) -> str | None:
    """Return a value's full description; None if it is too long, or may change.

    >>> describe_parameter(("a", 0.5)), describe_parameter(["a"])
    ("tuple ('a', 0.5)", None)
    """
    class_ = type(value)
    if class_ in _SCALARS or (class_ is tuple and _SCALARS.issuperset(map(type, value))):
        return f"{class_.__name__} {value!r}"
    return None


_NUMBERS = {int, float}
_SCALARS = {float, int, str, bool, type(None)}


def stand_in(name: str, value: Any) -> Any:
    """Return the stand-in for the value learned as ``name``; the value itself if it has none."""
    kind = kind_of(value) or ""
    stand_in_class = _STAND_INS.get(kind)
    if stand_in_class is None:
        return value
    return stand_in_class(FitParameter(name, is_whole=kind == _WHOLE_TABLE))

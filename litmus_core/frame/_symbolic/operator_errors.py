"""Errors for Python's operators and protocols that a class does not define."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from litmus_core.errors import UsageError
from litmus_core.frame._symbolic.errors import UnsupportedMethodError

_OF_TWO: tuple[str, ...] = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow")
_OF_TWO += ("and", "or", "xor", "lshift", "rshift")
_COMPARED = ("eq", "ne", "lt", "le", "gt", "ge")
_OF_ONE = ("neg", "pos", "abs", "invert", "round", "trunc", "floor", "ceil")
_PLAIN = ("bool", "int", "float", "complex", "index", "len", "iter", "reversed", "contains")
_ITEMS = ("getitem", "setitem", "delitem")
# Methods that NumPy, Polars and others look for to recognise an object.
_PROTOCOLS = ("array", "array_ufunc", "array_function", "dataframe", "arrow_c_stream", "arrow_c_array")

_OPERATORS = (*_OF_TWO, *(f"r{operator_name}" for operator_name in _OF_TWO), *_COMPARED, *_OF_ONE)
REFUSED = tuple(f"__{operator}__" for operator in (*_OPERATORS, *_PLAIN, *_ITEMS, *_PROTOCOLS))
"""Methods that pandas' frames and columns have; each :class:`Refusing` defines or refuses them."""

_NOT_KNOWN = "A traced {called} has no '{word}'."
_OF_COLUMNS = "Use it on one column, with a method that columns have."
_OF_ROWS = "No rows exist while the code is traced: say what to do with a column."
_AT_HAND = "Call to_pandas() to compute the rows, and use pandas on the result."
_MESSAGES: Mapping[str, str] = {
    "__bool__": "A {called} has no truth value before rows come.",
    "__len__": "A traced {called} has no 'len'.",
    "__iter__": "A traced {called} has no 'items'.",
    **{
        f"__{protocol}__": "A function that wants a {called}'s values cannot be traced."
        for protocol in _PROTOCOLS
    },
}
_HINTS: Mapping[str, str] = {
    "__bool__": "Use &, | and ~ between conditions, and where(…) or mask(…) to choose by one.",
    **{f"__{operator}__": _OF_COLUMNS for operator in (*_OPERATORS, *_ITEMS)},
}


class Refusing:
    """Base class that refuses operators which Python defines for any object: == would be False, bool True.

    ``_name_in_errors`` is the name of the class in errors.
    """

    _name_in_errors: ClassVar[str]
    __hash__ = None  # type: ignore[assignment]  # as pandas' own have none

    def _refused(self, word: str) -> UsageError:
        """Return the error for one of Python's operators or protocols."""
        hint = _HINTS.get(word) or (_AT_HAND if self._has_rows() else _OF_ROWS)
        reason = _MESSAGES.get(word, _NOT_KNOWN).format(word=word, called=self._name_in_errors)
        return UnsupportedMethodError(reason, hint=hint)

    def _has_rows(self) -> bool:
        """Return whether the object has rows."""
        return False


def _refusal(word: str) -> Callable[..., Any]:
    def refuse(refusing: Refusing, *_: Any, **__: Any) -> Any:
        raise refusing._refused(word)

    refuse.__name__ = word
    return refuse


for _operator in REFUSED:
    setattr(Refusing, _operator, _refusal(_operator))

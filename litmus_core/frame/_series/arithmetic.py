"""pandas' method names for Python's operators: ``add`` for ``+``, ``ge`` for ``>=`` …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from litmus_core.frame._symbolic.errors import no_options

_ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
_SIGNS: Mapping[str, str] = {
    **{f"{side}{method}": f"__{side}{method}__" for method in _ARITHMETIC for side in ("", "r")},
    **{method: f"__{method}__" for method in ("eq", "ne", "lt", "le", "gt", "ge")},
    "div": "__truediv__",
    "rdiv": "__rtruediv__",
}


class ArithmeticMethods:
    """pandas' method names for the operators that the class itself defines."""

    eq: Callable[..., Self]
    ne: Callable[..., Self]
    lt: Callable[..., Self]
    le: Callable[..., Self]
    gt: Callable[..., Self]
    ge: Callable[..., Self]


def _named_method(method: str, sign: str) -> Callable[..., Any]:
    def call(column: Any, other: Any, **options: Any) -> Any:
        no_options(method, options)
        return getattr(column, sign)(other)

    call.__name__, call.__doc__ = method, f"Return what ``{sign}`` does."
    return call


for _word, _sign in _SIGNS.items():
    setattr(ArithmeticMethods, _word, _named_method(_word, _sign))

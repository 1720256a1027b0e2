"""pandas' method names for Python's operators: ``add`` for ``+``, ``ge`` for ``>=`` …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from litmus_core.frame._symbolic.unsupported import no_options

_ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
_SIGNS: Mapping[str, str] = {
    **{f"{side}{word}": f"__{side}{word}__" for word in _ARITHMETIC for side in ("", "r")},
    **{word: f"__{word}__" for word in ("eq", "ne", "lt", "le", "gt", "ge")},
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


def _named_method(word: str, sign: str) -> Callable[..., Any]:
    def call(column: Any, other: Any, **options: Any) -> Any:
        no_options(word, options)
        return getattr(column, sign)(other)

    call.__name__, call.__doc__ = word, f"Return what ``{sign}`` does."
    return call


for _word, _sign in _SIGNS.items():
    setattr(ArithmeticMethods, _word, _named_method(_word, _sign))

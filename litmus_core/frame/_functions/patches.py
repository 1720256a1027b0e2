"""Patches that let pandas' functions take traced columns: ``pd.to_numeric(frame["a"])``.

pandas has no protocol for that, as NumPy has. So while code is traced, names in pandas' module lead to
functions that check their arguments: they call pandas' own unless one is traced.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock
from typing import Any

from litmus_core.frame._functions.constructors import FUNCTIONS, is_traced

_LOCK = Lock()
_OWN: dict[str, Any] = {}  # pandas' own functions while code is traced
_n_traced = 0


@contextmanager
def traced_functions() -> Iterator[None]:
    """Let pandas' functions take traced columns within this context, in all threads."""
    global _n_traced
    pandas: Any = sys.modules.get("pandas")
    if pandas is None:  # code that does not import it cannot call it
        yield
        return
    with _LOCK:
        if _n_traced == 0:
            for name, function in FUNCTIONS.items():
                _OWN[name] = getattr(pandas, name)
                setattr(pandas, name, _dispatching(_OWN[name], function))
        _n_traced += 1
    try:
        yield
    finally:
        with _LOCK:
            _n_traced -= 1
            if _n_traced == 0:
                for name, original in _OWN.items():
                    setattr(pandas, name, original)


def _dispatching(original: Any, traced: Callable[..., Any]) -> Any:
    """Return a function or class that leads to ``traced`` for traced arguments, else to pandas' own."""
    if isinstance(original, type):
        return _class_like(original, traced)

    @wraps(original)
    def call(*arguments: Any, **named: Any) -> Any:
        if is_traced(arguments) or is_traced(list(named.values())):
            return traced(*arguments, **named)
        return original(*arguments, **named)

    return call


def _class_like(original: type, traced: Callable[..., Any]) -> Any:
    class Dispatching(type):
        """Looks like pandas' class: ``isinstance`` and its attributes are that class's."""

        def __call__(cls, *arguments: Any, **named: Any) -> Any:
            if is_traced(arguments) or is_traced(list(named.values())):
                return traced(*arguments, **named)
            return original(*arguments, **named)

        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, original)

        def __subclasscheck__(cls, class_: type) -> bool:
            return issubclass(class_, original)

        def __getattr__(cls, name: str) -> Any:
            return getattr(original, name)

    return Dispatching(original.__name__, (), {"__doc__": original.__doc__})

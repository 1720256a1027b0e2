"""A plug-in as text: a reference, with parameters in brackets."""

from __future__ import annotations

import ast
import math
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.types import PluginRef, Point, Scalar

_FORM = "Write FILE.py:NAME, MODULE:NAME or NAME, with parameters in brackets: caps.py:Cap(high=100)."


def read_part(point: Point, text: str) -> PluginRef:
    """Return the part that ``text`` asks for; raises UsageError where it is not of that form.

    Values are numbers, True, False, None or texts; a text of letters needs no quotes.

    >>> read_part("postprocess", "cap(low=0, high=100)").parameters
    (('low', 0), ('high', 100))
    >>> read_part("preprocess", "plugins/caps.py:Cap(column=price)").reference
    'plugins/caps.py:Cap'
    """
    reference, bracket, inside = text.strip().partition("(")
    if not reference or (bracket and not inside.endswith(")")):
        raise UsageError(f"'{text}' names no plug-in.", hint=_FORM)
    return PluginRef(point=point, reference=reference.strip(), parameters=_parameters(inside[:-1], text))


def _parameters(inside: str, text: str) -> tuple[tuple[str, Scalar], ...]:
    try:
        called = ast.parse(f"f({inside})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UsageError(f"The parameters of '{text}' cannot be read.", hint=_FORM) from error
    if not isinstance(called, ast.Call) or called.args or not isinstance(called.func, ast.Name):
        raise UsageError(f"Each parameter of '{text}' needs its name.", hint=_FORM)
    values: dict[str, Scalar] = {}
    for keyword in called.keywords:
        if keyword.arg is None:
            raise UsageError(f"Each parameter of '{text}' needs its name.", hint=_FORM)
        if keyword.arg in values:
            raise UsageError(f"'{text}' gives {keyword.arg} twice.", hint="Give it once.")
        values[keyword.arg] = _value(keyword.value, keyword.arg, text)
    return tuple(values.items())


def _value(node: Any, name: str, text: str) -> Scalar:
    if isinstance(node, ast.Name):
        return {"true": True, "false": False}.get(node.id, node.id)
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        value = node
    if not isinstance(value, bool | int | float | str | None):
        raise UsageError(f"{name} in '{text}' is neither a number nor a text.", hint=_FORM)
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{name} in '{text}' is not a finite number.", hint=_FORM)
    return value

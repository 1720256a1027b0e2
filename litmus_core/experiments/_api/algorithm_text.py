"""Parse an algorithm from text in Python syntax: ``lightgbm(learning_rate=0.05, num_leaves=31)``."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.spec import AlgorithmSpec, Choices, Floats, Integers
from litmus_core.types import Space

_FORM = "Write a name such as lightgbm, or with values: lightgbm(learning_rate=0.05)."
_RESERVED = re.compile(rf"\b({'|'.join(keyword.kwlist)})(?=\s*=[^=])")  # such as LightGBM's lambda=3
_MARK = "reserved__"
_SPACES: dict[str, Callable[..., Space]] = {"Integers": Integers, "Floats": Floats, "Choices": Choices}


def parse_algorithm(text: str) -> AlgorithmSpec:
    """Parse an algorithm; no code in the text is run. Raises UsageError.

    >>> parse_algorithm("lightgbm(learning_rate=0.05)")
    Algorithm('lightgbm', learning_rate=0.05)
    >>> parse_algorithm("my_models.py:Net(depth=Integers(1, 4))").name
    'my_models.py:Net'
    """
    name, bracket, inside = text.strip().partition("(")
    if not bracket:
        return AlgorithmSpec(name.strip())
    try:
        call = _parse_call(f"_({inside}")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"'{text}' cannot be read as an algorithm.", hint=_FORM) from error
    if not isinstance(call, ast.Call) or call.args or not name.strip():
        raise UsageError(f"'{text}' has a value without a name.", hint=_FORM)
    return AlgorithmSpec(name.strip(), **_named_values(call, text))


def _parse_call(text: str) -> ast.expr:
    """Parse a call whose argument names may be reserved words of Python."""
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return ast.parse(_RESERVED.sub(rf"{_MARK}\1", text), mode="eval").body


def _named_values(call: ast.Call, text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for argument in call.keywords:
        if argument.arg is None:
            raise UsageError(f"'{text}' cannot be read as an algorithm.", hint=_FORM)
        values[argument.arg.removeprefix(_MARK)] = _value(argument.value, text)
    return values


def _value(node: ast.expr, text: str) -> Any:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SPACES:
        ends = [_value(arg, text) for arg in node.args]
        return _space(node.func.id, ends, _named_values(node, text), text)
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        code = ast.unparse(node)
        raise UsageError(
            f"'{code}' in '{text}' is not a value.",
            hint=f"Write a number, True, False, None, or a text in quotes: '{code}'.",
        ) from error


def _space(kind: str, ends: list[Any], more: dict[str, Any], text: str) -> Space:
    try:
        return _SPACES[kind](*ends, **more)
    except TypeError as error:
        raise UsageError(
            f"'{kind}' in '{text}' does not take these values.",
            hint="Write Integers(8, 256), Floats(0.01, 0.3, log=True) or Choices('gini', 'entropy').",
        ) from error

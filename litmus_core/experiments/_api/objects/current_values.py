"""Refuse what a notebook changed after its cell ran: a run has only the cell's source."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from litmus_core.errors import UsageError

_ABSENT = object()
_PLAIN_NODES = (
    ast.Constant, ast.Name, ast.Load, ast.UnaryOp, ast.unaryop, ast.BinOp, ast.operator, ast.Tuple,
)  # fmt: skip


def check_current(
    value: Any, source: str, namespace: Mapping[str, Any], *, is_plain: Callable[[Any], bool]
) -> None:
    """Raise UsageError if the ``source`` of a class or function would give it another value than it has.

    These are the defaults of its arguments and the attributes of a class, as far as they are ``is_plain`` and
    written without calls, lists and other attributes. ``def make(depth=K)`` has the K of its cell, and a run
    would take a later one.
    """
    [definition] = ast.parse(source).body
    names = {name: one for name, one in namespace.items() if name not in vars(value)}
    for name, expression, current in _values(definition, value):
        of_source = _evaluated(expression, names)
        is_other = (type(of_source), of_source) != (type(current), current)
        if is_other and is_plain(current) and is_plain(of_source):
            raise UsageError(
                f"'{value.__name__}' has {name}={current!r} here, and by its source {name}={of_source!r}.",
                hint="Write the value into its cell, and run the cell again.",
            )


def _values(definition: ast.stmt, value: Any) -> Iterator[tuple[str, ast.expr, Any]]:
    """Yield the names, expressions and present values of a function's defaults or a class's attributes."""
    if isinstance(definition, ast.FunctionDef):
        yield from _defaults(definition, value)
    elif isinstance(definition, ast.ClassDef):
        assigned: dict[str, ast.expr] = {}
        for statement in definition.body:
            if isinstance(statement, ast.FunctionDef):
                yield from _defaults(statement, vars(value).get(statement.name))
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                assigned |= {one.id: statement.value for one in targets if isinstance(one, ast.Name)}
        for name, expression in assigned.items():
            yield name, expression, vars(value).get(name, _ABSENT)


def _defaults(definition: ast.FunctionDef, member: Any) -> Iterator[tuple[str, ast.expr, Any]]:
    function = inspect.unwrap(getattr(member, "__func__", getattr(member, "fget", member)))
    if not inspect.isfunction(function):
        return
    arguments, written = definition.args, definition.args.defaults
    positional = [*arguments.posonlyargs, *arguments.args][-len(written) :] if written else []
    for argument, expression, current in zip(positional, written, function.__defaults__ or (), strict=False):
        yield argument.arg, expression, current
    for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if keyword_default is not None:
            yield argument.arg, keyword_default, (function.__kwdefaults__ or {}).get(argument.arg, _ABSENT)


def _evaluated(expression: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return the value of an expression without calls, or a mark for another one."""
    if not all(isinstance(node, _PLAIN_NODES) for node in ast.walk(expression)):
        return _ABSENT
    try:
        return eval(compile(ast.Expression(expression), "<default>", "eval"), dict(names))  # noqa: S307 - theirs
    except (NameError, TypeError, ValueError, ArithmeticError):
        return _ABSENT

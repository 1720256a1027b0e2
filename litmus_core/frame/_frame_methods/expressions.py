"""``frame.eval("a + b * 2")``: an expression of columns, parsed as Python and never executed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from litmus_core.errors import UnknownNameError
from litmus_core.frame._symbolic.errors import untraceable

_SIGNS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_, ast.And: operator.and_, ast.Or: operator.or_, ast.USub: operator.neg,
    ast.UAdd: operator.pos, ast.Not: operator.invert, ast.Invert: operator.invert, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip


def evaluate(expression: str, columns: Mapping[str, Any]) -> tuple[str | None, Any]:
    """Return the name that an expression assigns (None if it assigns none), and its value."""
    try:
        [statement] = ast.parse(expression.strip()).body
    except (SyntaxError, ValueError, AttributeError):
        raise untraceable(f"eval({expression!r})", "Give one expression of columns and numbers.") from None
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, _value(statement.value, columns, expression)
    if isinstance(statement, ast.Expr):
        return None, _value(statement.value, columns, expression)
    raise untraceable(f"eval({expression!r})", "Give one expression of columns and numbers.")


def _value(node: ast.expr, columns: Mapping[str, Any], expression: str) -> Any:
    def of(part: ast.expr) -> Any:
        return _value(part, columns, expression)

    match node:
        case ast.Name(id=name):
            if name not in columns:
                raise UnknownNameError(kind="column", name=name, names=columns)
            return columns[name]
        case ast.Constant(value=int() | float() | str() as value):
            return value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            return _SIGNS[type(op)](of(left), of(right))
        case ast.UnaryOp(op=op, operand=operand):
            return _SIGNS[type(op)](of(operand))
        case ast.BoolOp(op=op, values=values):
            result = of(values[0])
            for one in values[1:]:
                result = _SIGNS[type(op)](result, of(one))
            return result
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SIGNS:
            return _SIGNS[type(op)](of(left), of(right))
    raise untraceable(
        f"eval({expression!r}), with {ast.unparse(node)},", "Say it with columns: frame['a'] + 1."
    )

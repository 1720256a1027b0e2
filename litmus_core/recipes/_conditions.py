"""Conditions of steps: a small grammar of names, numbers and comparisons, which is never executed as code."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litmus_core.recipes._file.fields import unknown
from litmus_core.recipes._file.problems import problem_at
from litmus_core.recipes._node import Node, text_of

NUMBERS: Mapping[str, str] = {
    "score": "the leading model's score on validation rows, in the metric's own sign",
    "bar": "what is good enough",
    "gap": "how far that score is on the bad side of the bar; below 0 on the good side",
    "latency": "how long the leading model takes to answer, ms (95th percentile)",
    "latency_budget": "how long it may take, ms",
    "size": "how large the leading model is, MB",
    "size_budget": "how large it may be, MB",
    "worst_recall": "the smallest share of a class's rows that it finds",
    "rows": "the table's rows",
    "columns": "the columns that models learn from",
    "text_columns": "those of them that hold text",
    "classes": "the different answers; 0 where the answer is a number",
    "smallest_class": "the rarest answer's share of the rows; 1 where the answer is a number",
    "runs": "the runs that have ended",
    "minutes": "the time that they took together",
}
FLAGS: Mapping[str, str] = {
    "bar met": "the leading model meets the bar, by its whole 95 % interval on test rows",
    "undecided": "that interval holds the bar",
    "too slow": "the leading model takes longer than the budget allows",
    "too big": "it is larger than the budget allows",
    "held back": "its run made a better model, which is outside the budget",
}
CLASS_FACTS: Mapping[str, str] = {
    "recall": "the share of a class's rows that the leading model finds",
    "precision": "the share of its answers of a class that are right",
}
_PHRASES = [name for name in FLAGS if " " in name]
_QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*')")
_COMPARED: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
_COUNTED: dict[type, Callable[[Any, Any], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_FORM = "Write such as: score < bar - 0.01, not bar met and rows > 500."
_MOST_LETTERS = 500
Facts = Mapping[str, float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionResult:
    """Whether a condition holds (None: not known yet), the reason, and the numbers that it used."""

    holds: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition: ``text`` as written in the recipe, at ``line`` and ``column`` (both from 1)."""

    text: str
    tree: ast.expr
    line: int = 1
    column: int = 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def judge(self, facts: Facts) -> ConditionResult:
        """Evaluate the condition for ``facts``; a missing or None fact is not known yet.

        Facts about classes are under ``recall:LABEL`` and ``precision:LABEL``, None before a model leads.
        """
        phrases = dict.fromkeys(_phrase(name, facts) for name in _names(self.tree))
        return ConditionResult(holds=_truth(self.tree, facts), why=", ".join(phrases))

    def missing_classes(self, facts: Facts) -> tuple[str, ...]:
        """Return the classes that it names and ``facts`` lack, unless it is settled without them."""
        if self.judge(facts).holds is not None:
            return ()
        labels = [name.partition(":")[2] for name in _names(self.tree) if name not in facts and ":" in name]
        return tuple(dict.fromkeys(labels))


def read_condition(node: Node) -> Condition:
    """Parse a condition; raises Wrong with the place in the line and the nearest name."""
    if isinstance(node.value, list | dict):
        raise problem_at(node, "A condition is expected here.", _FORM)
    text = " ".join(text_of(node.value).split()) if not node.plain else text_of(node.value)
    if len(text) > _MOST_LETTERS or not text or "\\" in text:
        raise problem_at(node, "This is not a condition.", _FORM)
    parts = _QUOTED.split(text)
    for at in range(0, len(parts), 2):  # quoted phrases are names of classes
        for phrase in _PHRASES:
            parts[at] = re.sub(rf"\b{phrase}\b", phrase.replace(" ", "_"), parts[at])
        parts[at] = re.sub(r"\b(true|false)\b", lambda match: match[0].title(), parts[at])
    try:
        tree = ast.parse("".join(parts).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = (getattr(error, "offset", None) or 1) - 1
        hint = "Compare with ==, not =." if re.search(r"[^<>=!]=[^=]", text) else _FORM
        raise problem_at(
            node, f"'{text}' is not a condition.", hint, offset=offset if node.plain else 0
        ) from error
    if _check(tree, node) != "truth":
        raise problem_at(
            node, f"'{text}' is a number, and neither true nor false.", f"Compare it: {text} > 0."
        )
    return Condition(text, tree, node.line, node.column)


def _check(tree: ast.expr, node: Node) -> str:
    """Return whether ``tree`` is a "truth" or a "number"; raises Wrong for anything outside the grammar."""
    kind = _check_logic(tree, node) or _check_sum(tree, node)
    if kind:
        return kind
    if isinstance(tree, ast.Name):
        return _check_name(tree, node)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        return _check_call(tree, tree.func.id, node)
    raise _misplaced(tree, f"'{ast.unparse(tree)}' cannot stand in a condition.", _FORM, node)


def _check_logic(tree: ast.expr, node: Node) -> str:
    match tree:
        case ast.BoolOp(values=parts):
            _expect("truth", parts, node)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _expect("truth", [part], node)
        case ast.Compare(left=left, ops=signs, comparators=others) if all(
            type(s) in _COMPARED for s in signs
        ):
            _expect("number", [left, *others], node)
        case ast.Constant(value=bool()):
            pass
        case _:
            return ""
    return "truth"


def _check_sum(tree: ast.expr, node: Node) -> str:
    match tree:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=part):
            _expect("number", [part], node)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _COUNTED:
            _expect("number", [left, right], node)
        case ast.Constant(value=int() | float()):
            pass
        case _:
            return ""
    return "number"


def _check_call(tree: ast.Call, name: str, node: Node) -> str:
    if name not in CLASS_FACTS:
        raise _unknown(tree, name, node)
    match tree:
        case ast.Call(args=[ast.Constant(value=str())], keywords=[]):
            return "number"
    raise _misplaced(tree, f"{name} looks at one class.", f'Write {name}("its label").', node)


def _expect(kind: str, parts: list[ast.expr], node: Node) -> None:
    for part in parts:
        if _check(part, node) != kind:
            text = re.sub("_(?=met|slow|big|back)", " ", ast.unparse(part))
            wanted = "true or false" if kind == "truth" else "a number"
            raise _misplaced(part, f"'{text}' is not {wanted}.", _FORM, node)


def _check_name(tree: ast.Name, node: Node) -> str:
    if _flag(tree.id) in FLAGS:
        return "truth"
    if tree.id not in NUMBERS:
        raise _unknown(tree, tree.id, node)
    return "number"


def _unknown(tree: ast.expr, name: str, node: Node) -> Exception:
    offset = tree.col_offset if node.plain else 0
    at = Node(node.value, node.line, node.column + offset)
    return unknown(at, name, [*NUMBERS, *FLAGS, *CLASS_FACTS], kind="thing that a condition knows called")


def _misplaced(tree: ast.expr, message: str, hint: str, node: Node) -> Exception:
    return problem_at(node, message, hint, offset=tree.col_offset if node.plain else 0)


def _flag(name: str) -> str:
    return name.replace("_", " ")


def _key(tree: ast.expr) -> str:
    """Return the key of a name, or of a class's call, among the facts."""
    if isinstance(tree, ast.Name):
        return _flag(tree.id) if _flag(tree.id) in FLAGS else tree.id
    match tree:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(label))]):
            return f"{name}:{label}"
    raise TypeError(f"{ast.dump(tree)} was let through")


def _names(tree: ast.expr) -> Iterator[str]:
    if isinstance(tree, ast.Name | ast.Call):
        yield _key(tree)
        return
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.expr):
            yield from _names(child)


def _truth(tree: ast.expr, facts: Facts) -> bool | None:
    match tree:
        case ast.BoolOp(op=sign, values=parts):
            settles = isinstance(sign, ast.Or)  # one true part settles an "or", one false part an "and"
            truths = [_truth(part, facts) for part in parts]
            if settles in truths:
                return settles
            return None if None in truths else not settles
        case ast.UnaryOp(op=ast.Not(), operand=part):
            truth = _truth(part, facts)
            return None if truth is None else not truth
        case ast.Compare(left=left, ops=signs, comparators=others):
            return _compared([_number(operand, facts) for operand in (left, *others)], signs)
        case ast.Constant(value=bool(value)):
            return value
    fact = facts.get(_key(tree))
    return None if fact is None else bool(fact)


def _compared(values: list[float | None], signs: list[ast.cmpop]) -> bool | None:
    pairs = zip(values, signs, values[1:], strict=False)
    results = [None if a is None or b is None else _COMPARED[type(sign)](a, b) for a, sign, b in pairs]
    if False in results:
        return False
    return None if None in results else True


def _number(tree: ast.expr, facts: Facts) -> float | None:
    match tree:
        case ast.UnaryOp(op=sign, operand=part):
            value = _number(part, facts)
            return -value if isinstance(sign, ast.USub) and value is not None else value
        case ast.BinOp(left=left, op=sign, right=right):
            a, b = _number(left, facts), _number(right, facts)
            if a is None or b is None or (isinstance(sign, ast.Div) and b == 0):
                return None
            return _COUNTED[type(sign)](a, b)
        case ast.Constant(value=int(value) | float(value)):
            return float(value)
    fact = facts.get(_key(tree))
    return None if fact is None else float(fact)


def _phrase(name: str, facts: Facts) -> str:
    kind, is_of_class, label = name.partition(":")
    if is_of_class and name not in facts:
        return f"there is no answer '{label}'"
    subject = f"{kind} of '{label}'" if is_of_class else name
    return f"{subject} is {_value(facts.get(name))}"


def _value(value: float | bool | None) -> str:
    if value is None:
        return "not known yet"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:.4g}"

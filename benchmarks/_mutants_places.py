"""Where code can be changed so that a test should notice, and what it reads then.

Each statement offers changes of four kinds: ``statement`` (it is deleted), ``argument`` (a call loses one
that can be left out), ``comparison`` (< and <=, == and !=, and and or, a lost not), ``constant`` (another
number, text or truth). Imports, docstrings, annotations and what only type checkers read offer none.
"""

from __future__ import annotations

import ast
import dis
import random
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import CodeType
from typing import Any

from benchmarks._mutants_probes import modules

KINDS = ("statement", "argument", "comparison", "constant")
FLIPPED = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "is": "is not", "is not": "is", "in": "not in", "not in": "in", "and": "or", "or": "and",
}  # fmt: skip
_OPERATOR = re.compile(r"not\s+in|is\s+not|is|in|[<>=!]=|<|>")
_FORBID_ONLY = ("kw_only", "slots")  # of a dataclass: without them more is allowed, and nothing is otherwise
_NO_STEP = ("NOP", "EXTENDED_ARG")
# Calls of Python and its libraries whose last positional argument can be left out, by how many there are.
OPTIONAL = {
    "dict": 1, "enumerate": 2, "get": 2, "getattr": 3, "int": 2, "list": 1, "max": 1, "min": 1, "next": 2,
    "pop": 1, "print": 1, "round": 2, "set": 1, "setdefault": 2, "split": 1, "strip": 1, "sum": 2, "tuple": 1,
}  # fmt: skip
_NO_DELETION = (
    ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef,
    ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module: its bytes from ``start`` to ``end`` become ``text``."""

    path: str
    line: int
    kind: str
    start: int
    end: int
    text: str

    def apply(self, source: bytes) -> bytes:
        """Return the changed source."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def shown(self, source: bytes) -> str:
        """Return the changed lines as they were and as they are; of an insertion, what is new."""
        if self.start == self.end:
            return f"+ {_one_line(self.text)}"
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        last = len(source) if last < 0 else last
        before = source[first:last].decode()
        after = (source[first : self.start] + self.text.encode() + source[self.end : last]).decode()
        return f"{_one_line(before)}  ->  {_one_line(after)}"


class Module:
    """The source of one module, and the changes that each of its statements offers."""

    def __init__(self, path: str, source: bytes, optional: Mapping[str, int]) -> None:
        self.path, self.source = path, source
        self._optional = optional
        self._starts = [0]
        for line in source.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def statements(self) -> list[ast.stmt]:
        """Return the statements that offer a change, in their order."""
        return [each for each in _statements(ast.parse(self.source)) if any(self._changes(each))]

    def changes(self, statement: ast.stmt) -> list[Mutant]:
        """Return what a statement offers, without what is no Python or the same to it."""
        return [each for each in self._changes(statement) if self._is_another(each)]

    def _is_another(self, mutant: Mutant) -> bool:
        try:
            return fingerprint(mutant.apply(self.source)) != fingerprint(self.source)
        except (SyntaxError, ValueError):
            return False

    def _changes(self, statement: ast.stmt) -> Iterator[Mutant]:
        if _is_deletable(statement):
            yield self._mutant("statement", *self.span(statement), "pass", statement)
        for node in _own_nodes(statement):
            for kind, start, end, text in self._of_node(node):
                yield self._mutant(kind, start, end, text, node)

    def _mutant(self, kind: str, start: int, end: int, text: str, node: Any) -> Mutant:
        return Mutant(self.path, node.lineno, kind, start, end, text)

    def _of_node(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        if isinstance(node, ast.Compare):
            yield from self._comparisons(node)
        elif isinstance(node, ast.BoolOp):
            yield self._all_operators(node)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            start, _ = self.span(node)
            yield "comparison", start, start + 3, ""
        elif isinstance(node, ast.Call):
            yield from self._arguments(node)
        elif isinstance(node, ast.Constant) and (text := swapped(node.value)) is not None:
            yield "constant", *self.span(node), text

    def _comparisons(self, node: ast.Compare) -> Iterator[tuple[str, int, int, str]]:
        values = [node.left, *node.comparators]
        for left, right in pairwise(values):
            start, end = self.span(left)[1], self.span(right)[0]
            match = _OPERATOR.search(self.source[start:end].decode())
            if match is not None:
                text = FLIPPED[re.sub(r"\s+", " ", match[0])]
                yield "comparison", start + match.start(), start + match.end(), text

    def _all_operators(self, node: ast.BoolOp) -> tuple[str, int, int, str]:
        word = "and" if isinstance(node.op, ast.And) else "or"
        start, end = self.span(node.values[0])[1], self.span(node.values[-1])[0]
        text, at = "", start
        for left, right in pairwise(node.values):
            gap, until = self.span(left)[1], self.span(right)[0]
            text += self.source[at:gap].decode()
            text += re.sub(rf"\b{word}\b", FLIPPED[word], self.source[gap:until].decode())
            at = until
        return "comparison", start, end, text

    def _arguments(self, node: ast.Call) -> Iterator[tuple[str, int, int, str]]:
        given: list[ast.expr | ast.keyword] = sorted([*node.args, *node.keywords], key=lambda a: self.span(a))
        for place, argument in enumerate(given):
            if getattr(node.func, "id", "") == "dataclass" and getattr(argument, "arg", "") in _FORBID_ONLY:
                continue
            if isinstance(argument, ast.keyword) or self._is_optional(node, argument):
                yield "argument", *self._without(node, given, place), ""

    def _is_optional(self, node: ast.Call, argument: ast.expr) -> bool:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        needed = OPTIONAL[name] - 1 if name in OPTIONAL else self._optional.get(name, -1)
        return argument is node.args[-1] and 0 <= needed < len(node.args)

    def _without(self, node: ast.Call, given: list[Any], place: int) -> tuple[int, int]:
        start, end = self.span(given[place])
        if place + 1 < len(given):
            return start, self.span(given[place + 1])[0]
        if place:
            return self.span(given[place - 1])[1], end
        return start, self.span(node)[1] - 1

    def text(self, node: Any) -> str:
        """Return what the source says of a node."""
        start, end = self.span(node)
        return self.source[start:end].decode()

    def span(self, node: Any) -> tuple[int, int]:
        """Return where a node begins and ends, in bytes."""
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset


def swapped(value: object) -> str | None:
    """Return another constant of the same kind as Python writes it; None for what has none."""
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, int):
        return repr(value + 1)
    if isinstance(value, float):
        return repr(2 * value + 1)
    if isinstance(value, str):
        return repr(value + "_x")
    return None


@lru_cache(maxsize=8)
def fingerprint(source: bytes) -> str:
    """Return what the interpreter makes of source, without its places: equal ones do the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return _of_code(compile(source, "", "exec", dont_inherit=True))


def _of_code(code: CodeType) -> str:
    steps = [each for each in dis.get_instructions(code) if each.opname not in _NO_STEP]
    places = [each.offset for each in steps]
    words = []
    for step in steps:
        is_jump = step.opcode in (*dis.hasjrel, *dis.hasjabs)
        value = bisect_left(places, step.argval) if is_jump else step.argval
        words.append((step.opname, _of_code(value) if isinstance(value, CodeType) else repr(value)))
    return repr((code.co_name, code.co_varnames, code.co_freevars, code.co_flags, words))


def all_modules(root: Path) -> list[Module]:
    """Read the modules of Litmus."""
    paths = modules(root)
    sources = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    optional = optional_positionals(ast.parse(source) for source in sources.values())
    return [Module(name, source, optional) for name, source in sources.items()]


def optional_positionals(trees: Iterable[ast.Module]) -> dict[str, int]:
    """Return how many positional arguments each function of a name needs, if all of them agree."""
    found: dict[str, set[tuple[int, int]]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                positional = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
                n_all = len(positional) - (positional[:1] in (["self"], ["cls"]))
                found.setdefault(node.name, set()).add((n_all - len(node.args.defaults), n_all))
    return {name: next(iter(each))[0] for name, each in found.items() if len(each) == 1}


def sample(root: Path, *, n: int, seed: int) -> list[Mutant]:
    """Draw statements of all modules, each as likely as any other, and one change of each."""
    found = [(module, each) for module in all_modules(root) for each in module.statements()]
    draw = random.Random(seed)
    chosen: list[Mutant] = []
    for module, statement in draw.sample(found, len(found)):
        if len(chosen) == n:
            break
        changes = module.changes(statement)
        kinds = [kind for kind in KINDS if any(each.kind == kind for each in changes)]
        if kinds:
            kind = draw.choice(kinds)
            chosen.append(draw.choice([each for each in changes if each.kind == kind]))
    return chosen


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield statements in their order, without those that only type checkers read."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        if isinstance(child, ast.stmt):
            yield child
        yield from _statements(child)


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the expressions of a statement, without statements in it, annotations and parts of f-strings."""
    if _is_text(statement) or isinstance(statement, ast.Import | ast.ImportFrom):
        return
    waiting = list(_expressions(statement))
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting += _expressions(node)


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.JoinedStr):  # Python 3.11 does not know where their parts stand
        return
    if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
        return
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST) and not isinstance(each, ast.stmt):
                yield each


def _is_deletable(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return False
    return not isinstance(statement, _NO_DELETION) and not _is_text(statement)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _one_line(text: str) -> str:
    return " ".join(text.split())

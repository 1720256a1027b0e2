"""Bytecode that notes which blocks of Litmus' code run, in every process of a test.

Each block of statements (a function's body, each branch, each loop's body, what follows a return within)
sets one byte of a file that all processes of a copied checkout map into memory: forked ones, those started
anew, and those that get killed. The source stays as it is: only the bytecode beside it is replaced, and
Python takes that without asking.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import _bootstrap_external
from pathlib import Path

from benchmarks._mutants_copy import Copy

PACKAGES = ("litmus_core", "app")
HITS = ".hits"
_HOME = "litmus_probes"
_MAP = "import mmap\nwith open({path!r}, 'r+b') as file:\n    HITS = mmap.mmap(file.fileno(), 0)\n"
_FIELDS = ("body", "orelse", "finalbody")


@dataclass(frozen=True, slots=True)
class Block:
    """Statements that run together; ``inside`` says whether a function holds them."""

    path: str
    first: int
    last: int
    inside: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The blocks by their probes' numbers, and the hash of each module's source."""

    blocks: list[Block]
    hashes: dict[str, str]

    @classmethod
    def read(cls, file: Path) -> Table:
        plain = json.loads(file.read_text())
        return cls([Block(*each) for each in plain["blocks"]], plain["hashes"])

    def write(self, file: Path) -> None:
        blocks = [list(asdict(block).values()) for block in self.blocks]
        file.write_text(json.dumps({"blocks": blocks, "hashes": self.hashes}))


def modules(root: Path) -> list[Path]:
    """Return the modules that mutants are made of, in a fixed order."""
    return [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]


def source_hash(source: bytes) -> str:
    """Return 12 hex digits that stand for a file's content."""
    return hashlib.sha256(source).hexdigest()[:12]


def place_probes(copy: Copy) -> Table:
    """Replace the bytecode of a copy's modules; return what its probes stand for."""
    table = Table([], {})
    for path in modules(copy.root):
        name, source = path.relative_to(copy.root).as_posix(), path.read_bytes()
        table.hashes[name] = source_hash(source)
        tree = with_probes(ast.parse(source), name, table.blocks)
        code = compile(tree, str(path), "exec", dont_inherit=True)
        cached = Path(importlib.util.cache_from_source(str(path)))
        cached.parent.mkdir(exist_ok=True)
        unchecked = _bootstrap_external._code_to_hash_pyc(code, importlib.util.source_hash(source), False)
        cached.write_bytes(unchecked)
    (copy.root / HITS).write_bytes(bytes(len(table.blocks)))
    (copy.packages / f"{_HOME}.py").write_text(_MAP.format(path=str(copy.root / HITS)))
    return table


def with_probes(tree: ast.Module, name: str, blocks: list[Block]) -> ast.Module:
    """Put a probe at the start of every block of a module; each is added to ``blocks``."""
    for statements, inside in list(_blocks(tree, False)):
        start = _start(statements)
        begins = [start, *(at + 1 for at in range(start, len(statements) - 1) if _may_leave(statements[at]))]
        ends = [*begins[1:], len(statements)]
        for begin, end in reversed(list(zip(begins, ends, strict=True))):
            if begin < end:
                number, first = len(blocks), _first(statements[begin])
                last = statements[end - 1].end_lineno or first
                blocks.append(Block(name, first, last, inside))
                probe = ast.parse(f"__hits__[{number}] = 1").body[0]
                statements.insert(begin, _moved(probe, statements[begin].lineno))
    prelude = ast.parse(f"from {_HOME} import HITS as __hits__").body[0]
    tree.body.insert(_start(tree.body), _moved(prelude, 1))
    return tree


def _blocks(node: ast.AST, inside: bool) -> Iterator[tuple[list[ast.stmt], bool]]:
    """Yield each list of statements below a node and whether a function holds it."""
    for field in _FIELDS:
        statements = getattr(node, field, None)
        if isinstance(statements, list) and statements and isinstance(statements[0], ast.stmt):
            yield statements, inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for child in ast.iter_child_nodes(node):
        yield from _blocks(child, inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _may_leave(statement: ast.stmt) -> bool:
    """Return whether what follows a statement may be skipped: a return, a raise, a turn of a loop."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    leaves = (ast.Return, ast.Raise, ast.Break, ast.Continue)
    return any(isinstance(node, leaves) for node in ast.walk(statement))


def _start(statements: list[ast.stmt]) -> int:
    """Return where a block's own work begins: after a docstring and imports from the future."""
    first = 0
    for each in statements:
        is_text = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        if not is_text and not (isinstance(each, ast.ImportFrom) and each.module == "__future__"):
            break
        first += 1
    return first


def _first(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _moved(statement: ast.stmt, line: int) -> ast.stmt:
    for node in ast.walk(statement):
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = line  # type: ignore[attr-defined]
            node.col_offset = node.end_col_offset = 0  # type: ignore[attr-defined]
    return statement

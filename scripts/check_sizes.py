"""Refuse dataclasses, packages and functions that are too large to read: ``python scripts/check_sizes.py``.

A dataclass has at most 15 fields, inherited ones included; a package has at most 15 modules, without those of
its sub-packages; a function has at most 40 lines, without its docstring. Exceptions are listed here with
their reasons.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("litmus_core", "app")
MOST_FIELDS = 15
MOST_MODULES = 15
MOST_LINES = 40
MOST_FLAT_CLASSES = 5
FLAT_CLASSES = {
    "litmus_core/engine/_families/family.py:ModelFamily": "all that is known of a family, in its one object",
    "litmus_core/types/_runs.py:Candidate": "a row of the leaderboard, which pages and queries read",
    "litmus_core/types/_tasks.py:Task": "the whole task, which all training and judging code gets",
    "litmus_core/types/_verdicts.py:Verdict": "all facts of one judgement, put into words in one place",
    "litmus_core/metrics/_metric.py:Metric": "a row of the table of metrics: a formula and its traits",
}
WIDE_PACKAGES = {
    "app/controllers": "one file a page",
    "litmus_core/checks": "one file a check",
    "litmus_core/cli": "one file a noun of the command line",
    "litmus_core/types": "one file a noun that crosses packages; all are read through one front door",
}


@cache
def measured(root: Path) -> tuple[dict[str, ast.ClassDef], dict[str, int]]:
    """Return the dataclasses under ``root``, and the number of lines of each function's body.

    The keys are a file, a colon and a name.
    """
    dataclasses: dict[str, ast.ClassDef] = {}
    lines: dict[str, int] = {}
    for path in (file_path for package in PACKAGES for file_path in sorted((root / package).rglob("*.py"))):
        file = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{file}:{getattr(node, 'name', '')}"
            if isinstance(node, ast.ClassDef) and any(map(_is_dataclass, node.decorator_list)):
                dataclasses[place] = node
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[bool(ast.get_docstring(node)) :]
                n_lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                lines[place] = max(lines.get(place, 0), n_lines)
    return dataclasses, lines


def _is_dataclass(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(named).rpartition(".")[2] == "dataclass"


def n_fields(dataclasses: dict[str, ast.ClassDef], node: ast.ClassDef) -> int:
    """Return the number of fields of a dataclass, with those of its bases in ``dataclasses``."""
    n_own = sum(
        isinstance(statement, ast.AnnAssign) and not ast.unparse(statement.annotation).startswith("ClassVar")
        for statement in node.body
    )
    bases = (ast.unparse(base).partition("[")[0] for base in node.bases)
    return n_own + sum(
        n_fields(dataclasses, dataclasses[base])
        for base in bases
        if base in dataclasses and base != node.name
    )


@cache
def flat_classes(root: Path) -> dict[str, int]:
    """Return the dataclasses of more than 15 fields, by file and name, with their number of fields."""
    places, _ = measured(root)
    dataclasses = {node.name: node for node in places.values()}
    counts = {place: n_fields(dataclasses, node) for place, node in places.items()}
    return {place: count for place, count in counts.items() if count > MOST_FIELDS}


def wide_packages(root: Path) -> dict[str, int]:
    """Return the packages of more than 15 modules, ``__init__`` not counted, with their number of modules."""
    counts = {
        path.parent.relative_to(root).as_posix(): sum(
            module.name != "__init__.py" for module in path.parent.glob("*.py")
        )
        for package in PACKAGES
        for path in (root / package).rglob("__init__.py")
    }
    return {package: count for package, count in counts.items() if count > MOST_MODULES}


def too_wide(root: Path) -> Iterator[str]:
    """Yield a sentence for each dataclass, package and function that is too large without a reason."""
    for place, count in flat_classes(root).items():
        if place not in FLAT_CLASSES:
            yield f"{place} has {count} fields. Group what belongs together: at most {MOST_FIELDS}."
    for package, count in wide_packages(root).items():
        if package not in WIDE_PACKAGES:
            yield f"{package} has {count} modules. Give ideas packages of their own: at most {MOST_MODULES}."
    long = {place: count for place, count in measured(root)[1].items() if count > MOST_LINES}
    for place, count in long.items():
        yield f"{place} has {count} lines. Give a part of it a name: at most {MOST_LINES}."
    if len(FLAT_CLASSES) > MOST_FLAT_CLASSES:
        yield f"{len(FLAT_CLASSES)} dataclasses are flat for a reason. At most {MOST_FLAT_CLASSES} are."


def needless(root: Path) -> Iterator[str]:
    """Yield a sentence for each listed exception that is not too large."""
    for name in (FLAT_CLASSES.keys() - flat_classes(root)) | (WIDE_PACKAGES.keys() - wide_packages(root)):
        yield f"{name} is not wide. Delete its reason from scripts/check_sizes.py."


def main() -> int:
    """Print what is too large, and needless exceptions; return 1 if there are any."""
    sentences = [*too_wide(ROOT), *needless(ROOT)]
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return int(bool(sentences))


if __name__ == "__main__":
    sys.exit(main())

"""Refuse what has grown too wide to read: ``python scripts/check_sizes.py``.

A dataclass has at most 15 fields, its bases' included, a package at most 15 modules of its own, and a
function at most 40 lines, its docstring aside. What is wide for a reason stands here with it.
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
    "litmus_core/types/_runs.py:Candidate": "a row of the leaderboard, which pages and queries read",
    "litmus_core/types/_tasks.py:Task": "the whole question, which all that trains or judges is given",
    "litmus_core/types/_verdicts.py:Verdict": "all facts of one judgement, made words of in one place",
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
    """Return the dataclasses under ``root``, and how many lines each function's body has.

    Both by their place: their file, a colon and their name.
    """
    dataclasses: dict[str, ast.ClassDef] = {}
    lines: dict[str, int] = {}
    for path in (each for package in PACKAGES for each in sorted((root / package).rglob("*.py"))):
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


def n_fields(found: dict[str, ast.ClassDef], node: ast.ClassDef) -> int:
    """Return how many fields the dataclass has, those of its bases in ``found`` included."""
    own = sum(
        isinstance(each, ast.AnnAssign) and not ast.unparse(each.annotation).startswith("ClassVar")
        for each in node.body
    )
    bases = (ast.unparse(base).partition("[")[0] for base in node.bases)
    return own + sum(n_fields(found, found[base]) for base in bases if base in found and base != node.name)


@cache
def flat_classes(root: Path) -> dict[str, int]:
    """Return the dataclasses of more than 15 fields: their place, and how many they have."""
    places, _ = measured(root)
    found = {node.name: node for node in places.values()}
    counts = {place: n_fields(found, node) for place, node in places.items()}
    return {place: count for place, count in counts.items() if count > MOST_FIELDS}


def wide_packages(root: Path) -> dict[str, int]:
    """Return the packages of more than 15 modules of their own, the front door not counted."""
    counts = {
        path.parent.relative_to(root).as_posix(): sum(
            each.name != "__init__.py" for each in path.parent.glob("*.py")
        )
        for package in PACKAGES
        for path in (root / package).rglob("__init__.py")
    }
    return {package: count for package, count in counts.items() if count > MOST_MODULES}


def too_wide(root: Path) -> Iterator[str]:
    """Yield a sentence for each dataclass and package that is wide without a reason."""
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
    """Yield a sentence for each reason that stands here for what is not wide."""
    for name in (FLAT_CLASSES.keys() - flat_classes(root)) | (WIDE_PACKAGES.keys() - wide_packages(root)):
        yield f"{name} is not wide. Delete its reason from scripts/check_sizes.py."


def main() -> int:
    """Print what is too wide, and reasons without need; 1 where there are any."""
    found = [*too_wide(ROOT), *needless(ROOT)]
    for sentence in found:
        print(sentence, file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

"""Refuse code that decides by a task type's name: ``python scripts/check_task_types.py``.

Refused are comparisons and ``match`` with "binary", "multiclass" or "regression" or with one of the three
objects, and tables with two of these keys that are no facet. Each would have to be changed for a fourth task
type.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = "litmus_core/task_types/"
KEYS = frozenset({"binary", "multiclass", "regression"})
OBJECTS = frozenset(key.upper() for key in KEYS)
# Modules in which these are a library's words, or the keys of examples.
EXCEPTIONS = {
    "litmus_core/serving/_arrow.py": "Arrow's names of types that hold bytes",
    "litmus_core/engine/_families/catboost.py": "CatBoost's losses of a task type",
    "litmus_core/engine/_families/lightgbm.py": "LightGBM's objectives",
    "litmus_core/engine/_families/xgboost.py": "XGBoost's objectives",
    "litmus_core/testing/_action_checks.py": "examples that the checks of actions are given",
}


def decisions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line of each decision by name, and what it is.

    >>> list(decisions(ast.parse('if task.problem_type == "binary": pass')))
    [(1, 'a comparison')]
    >>> list(decisions(ast.parse('words = {"binary": "two", "regression": "how much"}')))
    [(1, 'a table')]
    >>> list(decisions(ast.parse('WORDS = Facet("words", {"binary": "two", "regression": "how much"})')))
    []
    """
    facets = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Facet")
        for argument in node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(map(_names, (node.left, *node.comparators))):
            yield node.lineno, "a comparison"
        elif isinstance(node, ast.MatchValue) and _names(node.value):
            yield node.lineno, "a case of a match"
        elif isinstance(node, ast.Dict) and id(node) not in facets and sum(map(_names, node.keys)) > 1:
            yield node.lineno, "a table"


def _names(node: ast.expr | None) -> bool:
    """Return whether the expression is a task type's key or object, or has one among others."""
    match node:
        case ast.Constant(value=str(text)):
            return text in KEYS
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in OBJECTS
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return any(map(_names, parts))
        case _:
            return False


def main(root: Path = ROOT) -> int:
    """Print each decision by name; return the exit status."""
    problems = []
    for path in sorted(
        [
            *(root / "litmus_core").rglob("*.py"),
            *(root / "app").rglob("*.py"),
            *(root / "pages").rglob("*.py"),
        ]
    ):
        name = path.relative_to(root).as_posix()
        if name.startswith(HOME):
            continue
        for line, what in decisions(ast.parse(path.read_text(encoding="utf-8"))):
            if name not in EXCEPTIONS:
                problems.append(
                    f"{name}:{line}: {what} by a task type's name. Ask the object for what follows from it."
                )
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

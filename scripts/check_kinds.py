"""Refuse comparisons with the name of a column kind or of a stored type: ``python scripts/check_kinds.py``.

``litmus_core/types/_column_kinds.py`` says what a kind can do, and ``_storage.py`` beside it what a column
stores. A module that compares names would have to be changed for each new kind.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from litmus_core.types import KIND_NAMES

ROOT = Path(__file__).resolve().parents[1]
HOMES = {"litmus_core/types/_column_kinds.py", "litmus_core/types/_storage.py"}
# Modules in which ``kind`` means something else, and what.
EXCEPTIONS = {
    "litmus_core/data/_versions/content_hash.py": "Arrow's types",
    "litmus_core/data/_sources/parquet.py": "the types of a file's columns",
    "litmus_core/frame/_layouts/polars_values.py": "the types of a graph's values",
    "litmus_core/frame/_values/column_types.py": "the types of a graph's values",
    "litmus_core/runtime/_postprocess/_spec.py": "parameters of a step",
    "litmus_core/testing/_tables.py": "tables that a plug-in's pandas code is tried on",
    "app/views/fields.py": "fields of a form",
    "app/views/results/row_form.py": "fields of a form",
}


def compared_kinds(path: Path) -> Iterator[int]:
    """Yield the lines that compare a ``kind``, an entry of ``kinds`` or a ``storage`` with a name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            named = [constants.get(each.id, each) if isinstance(each, ast.Name) else each for each in sides]
            kinds = any(map(_is_kind, sides)) and any(map(_names_one, named))
            if kinds or (any(map(_is_storage, sides)) and any(map(_names_type, named))):
                yield node.lineno
        elif isinstance(node, ast.Match) and _is_kind(node.subject):
            patterns = [each for case in node.cases for each in ast.walk(case.pattern)]
            if any(isinstance(each, ast.MatchValue) and _names_one(each.value) for each in patterns):
                yield node.lineno
        elif isinstance(node, ast.Dict) and sum(map(_names_one, filter(None, node.keys))) == len(KIND_NAMES):
            yield node.lineno


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the values of a module's constants by name."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _is_kind(node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id == "kinds"
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in ("kind", "kinds")


def _names_one(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return any(map(_names_one, node.elts))
    return isinstance(node, ast.Constant) and node.value in KIND_NAMES


def _is_storage(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.strip("_") == "storage"


def _names_type(node: ast.expr) -> bool:
    names = ("BIGINT", "DOUBLE", "VARCHAR", "TIMESTAMP", "BOOLEAN")
    return any(isinstance(part, ast.Constant) and part.value in names for part in ast.walk(node))


def main() -> int:
    """Print comparisons of kinds by name, and exceptions that nothing needs; return 1 if there are any."""
    found = []
    for folder in ("app", "litmus_core", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            lines = [] if name in HOMES else list(compared_kinds(path))
            if name in EXCEPTIONS:
                found += [] if lines else [f"{name} is no exception any more: remove it from EXCEPTIONS"]
            else:
                found += [f"{name}:{line}: ask column.traits, or what it stores, instead" for line in lines]
    print("\n".join(found), file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())

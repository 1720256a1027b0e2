"""Modules and pages are small enough to hold in the head."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = [*sorted((ROOT / "litmus_core").rglob("*.py")), *sorted((ROOT / "app").rglob("*.py"))]
PAGES = sorted((ROOT / "pages").glob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}

    assert {name: n for name, n in lengths.items() if n > 400} == {}


def test_no_page_is_longer_than_30_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PAGES}

    assert PAGES
    assert {name: n for name, n in lengths.items() if n > 30} == {}


def test_every_front_door_says_what_it_offers() -> None:
    doors = [
        path for path in CODE if path.name == "__init__.py" and path.parent.parent == ROOT / "litmus_core"
    ]

    assert [name_of(door) for door in doors if "\n__all__ = [" not in door.read_text(encoding="utf-8")] == []


def test_what_benchmarks_import_is_there():
    """They import where they need something, so that only a run of hours would tell."""
    missing = [
        f"{name_of(path)}: {node.module}.{each.name}"
        for path in sorted((ROOT / "benchmarks").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("litmus_core")
        for each in node.names
        if each.name not in _names_in(str(node.module))
    ]

    assert missing == []


@cache
def _names_in(module: str) -> set[str]:
    """Return what a module defines, imports or names, and the modules in it."""
    path = ROOT / module.replace(".", "/")
    inside = {each.stem for each in path.iterdir()} if path.is_dir() else set()
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            inside |= {(each.asname or each.name).partition(".")[0] for each in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            inside.add(node.id)
        elif isinstance(node, ast.Constant):
            inside.add(str(node.value))  # what is imported when it is asked for
    return inside

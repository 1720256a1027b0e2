"""Modules of one's own: a model's class that no installed distribution holds travels in the bundle."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from litmus_core.deploy._pickles import modules_in
from litmus_core.deploy._requirements import distributions_of
from litmus_core.errors import BundleError
from litmus_core.runtime import MODULES

_IN_A_FILE = "Put the class into a module, a .py file that can be imported, and train again."


def top_modules(model: Path) -> tuple[str, ...]:
    """Return the top-level modules that the pickles in a bundle's ``model`` folder refer to."""
    return tuple(sorted({name.partition(".")[0] for name in modules_in(model)}))


def bring_modules(tops: Iterable[str], to: Path) -> tuple[str, ...]:
    """Copy those of the modules that are someone's own files, and what they import, into ``to/modules``.

    Returns the names of what was copied. Modules of Python, of Litmus and of installed distributions stay
    where they are. Raises BundleError for a class that was made in a notebook or script itself.
    """
    copied: list[str] = []
    left = sorted(tops)
    while left:
        name = left.pop(0)
        if name in copied or name in sys.builtin_module_names or distributions_of(name):
            continue
        if name == "__main__":
            raise BundleError("The model's class was made in a notebook or script.", hint=_IN_A_FILE)
        source = _own_source(name)
        if source is None:
            continue
        copied.append(name)
        left += sorted(_copy(source, to / MODULES))
    return tuple(copied)


def _own_source(name: str) -> Path | None:
    """Return the file or package folder of a module that is neither Python's nor Litmus's own."""
    if name in sys.stdlib_module_names or name in ("litmus_core", "app"):
        return None
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def _copy(source: Path, to: Path) -> set[str]:
    """Copy a module's or package's Python files; returns the top-level modules that they import."""
    to.mkdir(exist_ok=True)
    paths = sorted(source.rglob("*.py")) if source.is_dir() else [source]
    imported: set[str] = set()
    for path in paths:
        target = to / path.relative_to(source.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        imported |= set(_imports(path))
    return imported


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]

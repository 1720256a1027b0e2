"""Custom modules: the source of model classes that no installed distribution contains."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from litmus_core.deploy._bundles.pickles import modules_in
from litmus_core.deploy._bundles.requirements import distributions_of
from litmus_core.errors import BundleError, UsageError
from litmus_core.plugins import copy_module
from litmus_core.runtime import MODULES

_IN_A_FILE = "Put the class into a module, a .py file that can be imported, and train again."


def top_modules(model: Path) -> tuple[str, ...]:
    """Return the top-level modules that the pickles in a bundle's ``model`` folder refer to."""
    return tuple(sorted({name.partition(".")[0] for name in modules_in(model)}))


def bring_modules(tops: Iterable[str], to: Path, *, stored: Path | None = None) -> tuple[str, ...]:
    """Copy the custom modules among these, and what they import, into ``to/modules``.

    ``stored`` is the run's own copy of its models' source, which comes first. Returns the names of the copied
    modules. Modules of Python, of Litmus and of installed distributions are not copied. Raises BundleError
    for a class that was defined in a notebook or script itself.
    """
    copied: list[str] = []
    left = sorted(tops)
    while left:
        name = left.pop(0)
        source = _stored_source(name, stored)
        if name in copied or name in sys.builtin_module_names or (source is None and distributions_of(name)):
            continue
        if name == "__main__":
            raise BundleError("The model's class was made in a notebook or script.", hint=_IN_A_FILE)
        source = source or _importable_source(name)
        if source is None:
            continue
        copied.append(name)
        left += sorted(_copy(source, to / MODULES))
    return tuple(copied)


def _copy(source: Path, to: Path) -> set[str]:
    try:
        return copy_module(source, to)
    except UsageError as error:  # it changed since the training
        raise BundleError(error.message, hint=error.hint) from error


def _stored_source(name: str, stored: Path | None) -> Path | None:
    if stored is None:
        return None
    return next((path for path in (stored / name, stored / f"{name}.py") if path.exists()), None)


def _importable_source(name: str) -> Path | None:
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

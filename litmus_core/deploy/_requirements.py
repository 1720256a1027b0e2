"""requirements.txt: exactly what was installed where the bundle was made, and the bundle's own wheel."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata

from litmus_core.runtime import Manifest

WHEELS = "wheels"


def requirements(manifest: Manifest, *, wheel_version: str, modules: Iterable[str] = ()) -> str:
    """Return requirements.txt for a bundle: everything it needs, down to the last part, with its version.

    ``modules`` are names of top-level modules that its weights refer to (native ones).
    """
    compiled = manifest.executor == "compiled"
    python = ".".join(manifest.versions["python"].split(".")[:2])
    pins = closure("litmus", extras=() if compiled else ("train",))
    for module in modules:
        for distribution in distributions_of(module):
            pins |= closure(distribution)
    return "\n".join(
        [
            f"# Python {python}",
            f"litmus{'' if compiled else '[train]'}=={wheel_version}",
            f"--find-links {WHEELS}",
            *(f"{name}=={pins[name]}" for name in sorted(pins)),
            "",
        ]
    )


def distributions_of(module: str) -> tuple[str, ...]:
    """Return the installed distributions that a top-level module comes from; none for Litmus and Python."""
    if module in ("litmus_core", "app") or module in sys.stdlib_module_names:
        return ()
    return tuple(dict.fromkeys(_by_module().get(module, ())))


@cache
def _by_module() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def closure(distribution: str, *, extras: Iterable[str] = ()) -> dict[str, str]:
    """Return all that ``distribution`` needs here, itself left out where it is Litmus: name to version.

    What it names and is not installed (an alternative, another system's part) is left out. Versions are
    without the mark of a local build, such as torch's ``+cpu``.
    """
    found: dict[str, str] = {}
    asked: set[tuple[str, frozenset[str]]] = set()
    left = [(distribution, frozenset(extras))]
    while left:
        name, wanted = left.pop()
        if (name, wanted) in asked:
            continue
        asked.add((name, wanted))
        try:
            about = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        if name not in ("litmus", "pip"):
            found[_plain(about.metadata["Name"])] = about.version.partition("+")[0]
        left += _needs(about, wanted)
    return found


def _needs(about: metadata.Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    from packaging.requirements import Requirement

    for text in about.requires or ():
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield _plain(need.name), frozenset(need.extras)


def _plain(name: str) -> str:
    """Return a distribution's name in the one spelling that pip compares by."""
    return name.lower().replace("_", "-").replace(".", "-")

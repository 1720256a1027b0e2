"""requirements.txt: exactly what was installed where the bundle was made, and the bundle's own wheel."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import DISTRIBUTION
from litmus_core.runtime import Manifest

if TYPE_CHECKING:
    from packaging.requirements import Requirement

WHEELS = "wheels"


def requirements(manifest: Manifest, *, wheel_version: str, modules: Iterable[str] = ()) -> str:
    """Return requirements.txt for a bundle: every package it needs, directly or not, with its version.

    ``modules`` are the top-level modules that its weights refer to (native ones).
    """
    compiled = manifest.executor == "compiled"
    python = ".".join(manifest.versions["python"].split(".")[:2])
    pins = closure(DISTRIBUTION, extras=() if compiled else ("train",))
    for module in modules:
        for distribution in distributions_of(module):
            pins |= closure(distribution)
    return "\n".join(
        [
            f"# Python {python}",
            f"{DISTRIBUTION}{'' if compiled else '[train]'}=={wheel_version}",
            f"--find-links {WHEELS}",
            *(f"{name}=={pins[name]}" for name in sorted(pins)),
            "",
        ]
    )


def distributions_of(module: str) -> tuple[str, ...]:
    """Return the installed distributions that provide a top-level module; none for Litmus and Python."""
    if module in ("litmus_core", "app") or module in sys.stdlib_module_names:
        return ()
    return tuple(dict.fromkeys(_by_module().get(module, ())))


@cache
def _by_module() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def closure(distribution: str, *, extras: Iterable[str] = ()) -> dict[str, str]:
    """Return all installed packages that ``distribution`` needs, without Litmus itself: name to version.

    Requirements that are not installed (alternatives, other systems) are left out. Versions have no local
    build mark, such as torch's ``+cpu``.
    """
    names: dict[str, str] = {}
    installed = _changed_at()
    requested: set[tuple[str, frozenset[str]]] = set()
    left = [(distribution, frozenset(extras))]
    while left:
        name, wanted = left.pop()
        if (name, wanted) in requested:
            continue
        requested.add((name, wanted))
        details = _about(name, installed)
        if details is None:
            continue
        if name not in (DISTRIBUTION, "pip"):
            names[details.name] = details.version
        left += details.needs(wanted)
    return names


@dataclass(frozen=True)
class _Metadata:
    """An installed distribution's metadata."""

    name: str
    version: str
    requirements: tuple[Requirement, ...]

    def needs(self, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield the requirements for these extras, and the extras of each."""
        for wish in self.requirements:
            if wish.marker is None or any(wish.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                yield _plain(wish.name), frozenset(wish.extras)


@cache  # reading a hundred of them takes as long as the rest of an export
def _about(name: str, installed: tuple[tuple[str, int], ...]) -> _Metadata | None:
    """Return a distribution's metadata; None if it is not among ``installed``."""
    from packaging.requirements import Requirement

    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    details = distribution.metadata
    return _Metadata(
        name=_plain(details["Name"]),
        version=details["Version"].partition("+")[0],
        requirements=tuple(Requirement(text) for text in distribution.requires or ()),
    )


def _changed_at() -> tuple[tuple[str, int], ...]:
    """Return the folders that packages are installed in, and when each last changed."""
    folders = [folder for folder in map(Path, sys.path) if folder.is_dir()]
    return tuple((str(folder), folder.stat().st_mtime_ns) for folder in folders)


def _plain(name: str) -> str:
    """Return a distribution's name as pip normalises it."""
    return name.lower().replace("_", "-").replace(".", "-")

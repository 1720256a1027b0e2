"""requirements.txt: the exact versions installed where the bundle was made, and the bundle's own wheel."""

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
    """Return requirements.txt for a bundle: every direct and indirect dependency with its version.

    ``modules`` are the top-level modules that its native weights refer to.
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
    """Return the name and version of every installed package that ``distribution`` needs, without Litmus.

    Requirements that are not installed (alternatives, other systems) are left out. Versions have no local
    build mark, such as torch's ``+cpu``.
    """
    names: dict[str, str] = {}
    installed = _folder_times()
    requested: set[tuple[str, frozenset[str]]] = set()
    left = [(distribution, frozenset(extras))]
    while left:
        name, wanted = left.pop()
        if (name, wanted) in requested:
            continue
        requested.add((name, wanted))
        details = _read_metadata(name, installed)
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
                yield _normalised(wish.name), frozenset(wish.extras)


@cache  # cached: reading a hundred of them takes as long as the rest of an export
def _read_metadata(name: str, installed: tuple[tuple[str, int], ...]) -> _Metadata | None:
    """Return a distribution's metadata; None if it is not among ``installed``."""
    from packaging.requirements import Requirement

    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    details = distribution.metadata
    return _Metadata(
        name=_normalised(details["Name"]),
        version=details["Version"].partition("+")[0],
        requirements=tuple(Requirement(text) for text in distribution.requires or ()),
    )


def _folder_times() -> tuple[tuple[str, int], ...]:
    """Return the folders of installed packages, and when each last changed."""
    folders = [folder for folder in map(Path, sys.path) if folder.is_dir()]
    return tuple((str(folder), folder.stat().st_mtime_ns) for folder in folders)


def _normalised(name: str) -> str:
    """Return a distribution's name as pip normalises it."""
    return name.lower().replace("_", "-").replace(".", "-")

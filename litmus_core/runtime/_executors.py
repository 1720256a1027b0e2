"""Executors that run a bundle's weights, by the name in its manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path

from litmus_core.errors import BundleError, MissingExtraError
from litmus_core.runtime._predictor import Executor, FeatureExecutor
from litmus_core.runtime._seal.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorKind:
    """A kind of executor. ``load`` gets the bundle's ``model`` folder and loads the weights.

    ``packages`` are the distributions whose exact version the weights depend on, by their names in the
    manifest's ``versions``; ``extra`` is the installation extra with them. ``same_python``: weights load only
    in the Python (minor) version that wrote them. ``runs_code``: opening them may run code; other bundles may
    not contain a pickle. ``reads_features``: the executor has ``predict_features`` and needs no data frames.
    """

    load: Callable[[Path], Executor | FeatureExecutor]
    packages: Mapping[str, str]
    extra: str = "train"
    same_python: bool = True
    runs_code: bool = True
    reads_features: bool = False


def _load_compiled(folder: Path) -> FeatureExecutor:
    from litmus_core.compiled import load_compiled

    return load_compiled(folder)


_KINDS: dict[str, ExecutorKind] = {
    "compiled": ExecutorKind(
        load=_load_compiled, packages={}, same_python=False, runs_code=False, reads_features=True
    ),
}


def register_executor(name: str, kind: ExecutorKind) -> None:
    """Register ``name`` for :func:`load_bundle` in this process; the last registration counts."""
    _KINDS[name] = kind


def executor_kind(name: str) -> ExecutorKind:
    """Return the kind called ``name``; raises BundleError if this Litmus has none."""
    from litmus_core import EXECUTORS

    if name not in _KINDS and name in EXECUTORS:
        module, _, kind = EXECUTORS[name].partition(":")
        register_executor(name, getattr(import_module(module), kind))
    if name not in _KINDS:
        raise BundleError(
            f"The bundle needs an executor '{name}' that this Litmus does not have.",
            hint="Update Litmus, or install the plug-in that the model came from.",
        )
    return _KINDS[name]


def current_versions(kind: ExecutorKind) -> dict[str, str]:
    """Return the installed versions: ``python``, ``litmus`` and the kind's packages.

    Raises MissingExtraError if one of these is not installed.
    """
    import platform

    from litmus_core import __version__

    versions = {"python": platform.python_version(), "litmus": __version__}
    for name, package in kind.packages.items():
        try:
            versions[name] = metadata.version(package)
        except metadata.PackageNotFoundError as error:
            raise MissingExtraError(subject="Running this model", extra=kind.extra) from error
    return versions


def check_versions(manifest: Manifest) -> None:
    """Raise BundleError if the weights would not load here, MissingExtraError if a library is missing."""
    kind = executor_kind(manifest.executor)
    here = current_versions(kind)
    if kind.same_python and _minor(manifest.versions.get("python")) != _minor(here["python"]):
        _refuse_version("Python", manifest.versions.get("python"), here["python"])
    for name in kind.packages:
        if manifest.versions.get(name) != here[name]:
            _refuse_version(name, manifest.versions.get(name), here[name])


def _refuse_version(name: str, then: str | None, here: str) -> None:
    label = {"autogluon": "AutoGluon"}.get(name, name)
    raise BundleError(
        f"The bundle was exported with {label} {then or '(not recorded)'}; here it is {here}.",
        hint=f"Load it with {label} {_minor(then) if name == 'Python' else then}, "
        "or export the model again from here.",
    )


def _minor(version: str | None) -> str:
    return ".".join((version or "").split(".")[:2])

"""What a server answers with: each kind of model is one object, which says how it is found and served."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from litmus_core.errors import BundleError, UsageError

if TYPE_CHECKING:
    from litmus_core.serving import Desk, Limits, ServerAddress, SupervisorOptions


class Servable(Protocol):
    """A stored model that an endpoint can serve."""

    @property
    def id(self) -> str:
        """The id that the endpoint's version has."""

    @property
    def path(self) -> str:
        """Its folder or file."""

    @property
    def sha256(self) -> str:
        """The hash that a server checks before it opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRun:
    """How a server runs: as :func:`litmus_core.serving.serve` takes it."""

    ready_file: Path | None = None
    as_json: bool = False
    limits: Limits | None = None
    supervisor: SupervisorOptions | None = None


class ServedKind(ABC):
    """One kind of model that a server answers with.

    ``noun`` is what people call its answers. A request is posted to ``route``, ``reply`` names the list in
    the reply, and ``page`` says what a request may hold. ``no_outcomes`` says why no outcomes are joined
    with the answers ("": they are), and ``instead`` what to do.
    """

    noun: ClassVar[str]
    route: ClassVar[str] = "/predict"
    reply: ClassVar[str] = "predictions"
    page: ClassVar[str] = "/schema"
    no_outcomes: ClassVar[str] = ""
    instead: ClassVar[str] = ""

    @abstractmethod
    def has(self, path: Path) -> bool:
        """Return whether ``path`` holds such a model."""

    def answers(self, path: Path) -> str:
        """Return what the model in ``path`` answers, alike for all versions of a name; "" if not known."""
        return ""

    @abstractmethod
    def serve(self, path: Path, address: ServerAddress, run: ServerRun, *, sha256: str | None = None) -> None:
        """Serve it until it is stopped; raises BundleError for a damaged one, or another than ``sha256``."""


class _Bundles(ServedKind):
    """Bundles of candidates: whatever path holds no other kind."""

    noun, page = "rows", "/docs"

    def has(self, path: Path) -> bool:
        return True

    def answers(self, path: Path) -> str:
        from litmus_core.runtime import read_manifest

        try:
            signature = read_manifest(path).signature
        except BundleError:
            return ""
        kind = "labels" if signature.classes else "numbers"
        return f"{kind} of '{signature.target}'"

    def serve(self, path: Path, address: ServerAddress, run: ServerRun, *, sha256: str | None = None) -> None:
        from litmus_core.serving import serve

        serve(
            path,
            address,
            sha256=sha256,
            ready_file=run.ready_file,
            as_json=run.as_json,
            limits=run.limits,
            supervisor=run.supervisor,
        )


class _Folders(ServedKind):
    """Folders that answer by themselves. ``marker`` is a file of each, which holds the hashes of the others.

    ``prefix`` begins the ids of a workspace.
    """

    marker: ClassVar[str]
    prefix: ClassVar[str]

    def has(self, path: Path) -> bool:
        return (path / self.marker).is_file()

    def serve(self, path: Path, address: ServerAddress, run: ServerRun, *, sha256: str | None = None) -> None:
        version = folder_sha256(path)
        if sha256 is not None and version != sha256:
            raise BundleError(
                f"'{path}' holds another model than the one that was deployed.", hint="Deploy it again."
            )
        parent = path.parent.name
        name = parent if parent.startswith(f"{self.prefix}_") else path.name
        self._run(
            self._open(path, name=name, version=version[:16]),
            address,
            ready_file=run.ready_file,
            as_json=run.as_json,
            limits=run.limits,
            supervisor=run.supervisor,
        )

    @abstractmethod
    def _open(self, path: Path, *, name: str, version: str) -> Desk:
        """Open the folder for a server, which calls itself ``name``."""

    @property
    @abstractmethod
    def _run(self) -> Callable[..., None]:
        """What serves it."""


class _Forecasts(_Folders):
    """Forecasts of series."""

    noun, marker, prefix = "forecasts", "forecast.json", "fc"
    route, reply = "/forecast", "forecasts"
    no_outcomes = "No outcomes are joined with forecasts, so there is no live verdict."
    instead = "Append the newer values to the table and train the forecast again: it is judged by them."

    def _open(self, path: Path, *, name: str, version: str) -> Desk:
        from litmus_core.forecasting import ForecastServer, load_forecaster

        return ForecastServer(load_forecaster(path), name=name, version=version)

    @property
    def _run(self) -> Callable[..., None]:
        from litmus_core.serving import serve_forecast

        return serve_forecast


class _Targets(_Folders):
    """Many targets of rows."""

    noun, marker, prefix = "many targets", "targets.json", "mt"
    no_outcomes = "No outcomes are joined with answers of many targets, so there is no live verdict."
    instead = "Append the newer rows to the table and train the targets again: they are judged by such rows."

    def _open(self, path: Path, *, name: str, version: str) -> Desk:
        from litmus_core.many_targets import TargetsServer, load_targets

        return TargetsServer(load_targets(path), name=name, version=version)

    @property
    def _run(self) -> Callable[..., None]:
        from litmus_core.serving import serve_targets

        return serve_targets


_FOLDERS: tuple[_Folders, ...] = (_Forecasts(), _Targets())
_KINDS: tuple[ServedKind, ...] = (*_FOLDERS, _Bundles())


def served_kind(path: Path) -> ServedKind:
    """Return the kind of the model at ``path``; that of bundles where it holds no other."""
    return next(kind for kind in _KINDS if kind.has(path))


def folder_sha256(path: Path) -> str:
    """Return the hash of a folder that answers by itself, such as that of a forecast."""
    kind = next((kind for kind in _FOLDERS if kind.has(path)), None)
    if kind is None:
        raise BundleError(f"'{path}' holds no model that answers.", hint="Export it again.")
    return hashlib.sha256((path / kind.marker).read_bytes()).hexdigest()


def check_outcomes(path: str) -> None:
    """Raise UsageError where no outcomes are joined with the answers of the model at ``path``."""
    kind = served_kind(Path(path))
    if kind.no_outcomes:
        raise UsageError(kind.no_outcomes, hint=kind.instead)

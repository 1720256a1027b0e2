"""Models that can be deployed: one object for each kind, which the endpoints' service asks."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from litmus_core.errors import BundleError, NotFoundError, writing
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.bundles import BundlesService, slug
from litmus_core.experiments._deploy.deployable.certification import BundleCertification
from litmus_core.experiments._work import StoredWork, copies_of
from litmus_core.store import new_id
from litmus_core.types import BundleRecord

if TYPE_CHECKING:
    from litmus_core.deploy import Servable

ModelSource = Literal["experiment", "forecast", "targets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """What a version of an endpoint serves, for people: its ``title``, and which ``source`` it belongs to.

    ``source_id`` is the id of that experiment, forecast or set of targets. ``has_certificate``: it earns one,
    and is promoted once it has. Requests are posted to ``route``, ``reply`` is the list in its replies, and
    ``page`` says what a request may hold.
    ``no_outcomes`` says why outcomes are not joined with its answers, and what to do ("": they are).
    """

    title: str
    source: ModelSource
    source_id: str
    has_certificate: bool
    route: str = "/predict"
    reply: str = "predictions"
    page: str = "/docs"
    no_outcomes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredModel:
    """A copy of what answers, as it was when it was deployed. Its id is that of the work, and of the copy."""

    id: str
    path: str
    sha256: str


class DeployableModels(Protocol):
    """Models of one kind that an endpoint can serve, by their ids or by those of what is stored of them."""

    @property
    def certification(self) -> BundleCertification | None:
        """What their certificates are made by; None: they have none."""

    def has(self, id_: str, /) -> bool:
        """Return whether an id is of this kind, whether or not it exists."""

    def stored(self, id_: str, /) -> Servable:
        """Return what is served of a model, stored first if it is not yet."""

    def name(self, stored_id: str, /) -> str:
        """Return what its endpoint is called unless somebody names it."""

    def described(self, stored_id: str, /) -> ServedModel:
        """Describe what a version serves; raises NotFoundError where it was removed."""


@dataclass(frozen=True, slots=True)
class CandidateModels:
    """Candidates, served as bundles of the workspace."""

    context: Context
    bundles: BundlesService
    certification: BundleCertification

    def has(self, id_: str, /) -> bool:
        """Return whether no other kind has it: ids of candidates begin with those of runs."""
        return True

    def stored(self, id_: str, /) -> BundleRecord:
        """Return the bundle with this id, or the workspace's own bundle of this candidate."""
        for bundle in self.context.store.bundles():
            if bundle.id == id_:
                if not Path(bundle.path).exists():
                    raise BundleError(
                        f"The bundle is no longer at {bundle.path}.", hint="Export the model again."
                    )
                return bundle
        if id_.startswith("bd_"):
            raise NotFoundError(kind="bundle", id=id_, hint="Export the model again.")
        return self.bundles.stored(id_)

    def name(self, stored_id: str, /) -> str:
        """Return the experiment's name."""
        return self.context.experiment(self.context.store.bundle(stored_id).experiment_id).name

    def described(self, stored_id: str, /) -> ServedModel:
        """Describe a bundle's model; raises NotFoundError where its record was deleted."""
        bundle = self.context.store.bundle(stored_id)
        try:
            title = self.context.candidate(bundle.candidate_id).name
        except NotFoundError:  # its run was deleted
            title = bundle.candidate_id.removeprefix(f"{bundle.run_id}-")
        return ServedModel(
            title=title, source="experiment", source_id=bundle.experiment_id, has_certificate=True
        )


@dataclass(frozen=True, slots=True)
class WorkModels:
    """Forecasts, or many targets, served as copies of the folders that answer."""

    work: StoredWork[Any, Any, Any]
    source: ModelSource
    certification: None = None

    def has(self, id_: str, /) -> bool:
        """Return whether the id begins as theirs do."""
        return id_.startswith(f"{self.work.folders.prefix}_")

    def stored(self, id_: str, /) -> StoredModel:
        """Return a copy of what answers now, or the copy with this id."""
        from litmus_core.deploy import folder_sha256

        work_id, _, digest = id_.partition("-")
        model = None
        if not digest:
            model = self.work.model(work_id)
            digest = folder_sha256(model)[:8]
        copy = self._copy(work_id, digest)
        if model is not None and not copy.exists():
            _copy_folder(model, copy)
        if not copy.exists():
            raise NotFoundError(kind="deployed model", id=id_, hint=f"Deploy {work_id}.")
        return StoredModel(id=f"{work_id}-{digest}", path=str(copy), sha256=folder_sha256(copy))

    def _copy(self, work_id: str, digest: str) -> Path:
        """Return where a copy lies, which is called so that a server's name tells what it serves."""
        stem = slug(self.work.folders.request(work_id).name) or "model"
        return copies_of(self.work.folders.folder(work_id)) / f"{stem}-{digest}"

    def name(self, stored_id: str, /) -> str:
        """Return the work's name."""
        name: str = self.work.folders.request(stored_id.partition("-")[0]).name
        return name

    def described(self, stored_id: str, /) -> ServedModel:
        """Describe a copy; raises NotFoundError where the work was removed."""
        from litmus_core.deploy import served_kind

        work_id, _, digest = stored_id.partition("-")
        kind = served_kind(self._copy(work_id, digest))
        return ServedModel(
            title=self.name(stored_id),
            source=self.source,
            source_id=work_id,
            has_certificate=False,
            route=kind.route,
            reply=kind.reply,
            page=kind.page,
            no_outcomes=f"{kind.no_outcomes} {kind.instead}",
        )


def models_of(kinds: Sequence[DeployableModels], id_: str) -> DeployableModels:
    """Return the kind of an id; the last has every id that no other has."""
    return next(kind for kind in kinds if kind.has(id_))


def _copy_folder(model: Path, copy: Path) -> None:
    """Copy a folder whole or not at all."""
    partial = copy.with_name(f"{copy.name}.{new_id('new')}")
    with writing(copy):
        try:
            shutil.copytree(model, partial)
            if not copy.exists():
                partial.rename(copy)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

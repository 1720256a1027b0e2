"""The contents of the workspace and their sizes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import versions_of
from litmus_core.experiments._deploy.scorings import ScoringsService

Kind = Literal["dataset", "experiment", "run", "bundle", "environment", "scoring"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """An item that takes space; ``in_use`` is a reason to keep it."""

    kind: Kind
    id: str
    name: str
    n_bytes: int
    in_use: str = ""


@dataclass(frozen=True, slots=True)
class StorageService:
    """Disk usage of a workspace."""

    context: Context
    scorings: ScoringsService

    def sizes(self) -> list[Size]:
        """Return the items that take space in the workspace, largest first."""
        store, workspace = self.context.store, self.context.workspace
        experiments = store.experiments()
        used = {version_id for experiment in experiments for version_id in versions_of(experiment.task)}
        items = []
        for dataset in store.datasets():
            versions = store.versions(dataset.dataset_id)
            uses = "used by an experiment" if any(version.id in used for version in versions) else ""
            n_bytes = sum(version.n_bytes for version in versions)
            items.append(
                Size(kind="dataset", id=dataset.dataset_id, name=dataset.name, n_bytes=n_bytes, in_use=uses)
            )
        names = {experiment.id: experiment.name for experiment in experiments}
        n_runs = {experiment.id: len(store.runs(experiment.id)) for experiment in experiments}
        items += [
            Size(
                kind="experiment",
                id=experiment.id,
                name=experiment.name,
                n_bytes=0,
                in_use=f"has {n_runs[experiment.id]} runs",
            )
            for experiment in experiments
        ]
        bundled = {bundle.run_id for bundle in store.bundles()}
        for run in store.runs():
            folder = workspace.run_dir(run.id)
            n_bytes = run.n_bytes if run.n_bytes is not None else workspace.folder_bytes(folder)
            name = f"{names.get(run.experiment_id, run.experiment_id)}, {run.title}"
            uses = "has an exported bundle" if run.id in bundled else ""
            if run.status in ("queued", "running"):
                uses = f"is {run.status}"
            items.append(Size(kind="run", id=run.id, name=name, n_bytes=n_bytes, in_use=uses))
        for bundle in store.bundles():
            items.append(Size(kind="bundle", id=bundle.id, name=bundle.path, n_bytes=bundle.n_bytes))
        items += [*self._scorings(), *self._environments()]
        return sorted(items, key=lambda size: -size.n_bytes)

    def _scorings(self) -> list[Size]:
        workspace, sizes = self.context.workspace, []
        for job in self.scorings.list():
            uses = {"running": "is running", "waiting": "waits for its turn"}.get(job.status, "")
            n_bytes = workspace.folder_bytes(workspace.scoring_dir(job.id))
            source = Path(job.source)
            if source.is_relative_to(workspace.uploads):
                n_bytes += workspace.folder_bytes(source)
            name = f"{source.name} scored into {job.to}"
            sizes.append(Size(kind="scoring", id=job.id, name=name, n_bytes=n_bytes, in_use=uses))
        return sizes

    def _environments(self) -> list[Size]:
        from litmus_core.deploy import built_environments

        name = "a bundle's own environment, made again when it is needed"
        built = built_environments(self.context.workspace.environments)
        return [
            Size(kind="environment", id=environment.folder.name, name=name, n_bytes=environment.n_bytes)
            for environment in built
        ]

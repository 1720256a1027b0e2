"""What the workspace holds, how large it is, and removing what is no longer needed."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._data.removal import remove_files, request_logs
from litmus_core.experiments._deploy.export import run_held
from litmus_core.jobs import is_alive
from litmus_core.store import forget_aside
from litmus_core.types import (
    BundleDeleted,
    DatasetDeleted,
    DatasetVersion,
    ExperimentDeleted,
    RunDeleted,
    VersionDeleted,
)

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

Kind = Literal["dataset", "experiment", "run", "bundle", "environment", "scoring"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Something that takes room: ``in_use`` says why it should not be removed without thought."""

    kind: Kind
    id: str
    name: str
    n_bytes: int
    in_use: str = ""


def sizes(studio: Studio) -> list[Size]:
    """Return what takes room in the workspace, largest first."""
    store, workspace = studio.store, studio.workspace
    experiments = store.experiments()
    used = {version_id for each in experiments for version_id in _versions_of(each.task)}
    found = []
    for dataset in store.datasets():
        versions = store.versions(dataset.dataset_id)
        uses = "used by an experiment" if any(each.id in used for each in versions) else ""
        found.append(
            Size(
                kind="dataset",
                id=dataset.dataset_id,
                name=dataset.name,
                n_bytes=sum(each.n_bytes for each in versions),
                in_use=uses,
            )
        )
    names = {each.id: each.name for each in experiments}
    n_runs = {each.id: len(store.runs(each.id)) for each in experiments}
    found += [
        Size(kind="experiment", id=each.id, name=each.name, n_bytes=0, in_use=f"has {n_runs[each.id]} runs")
        for each in experiments
    ]
    bundled = {bundle.run_id for bundle in store.bundles()}
    for run in store.runs():
        folder = workspace.run_dir(run.id)
        n_bytes = run.n_bytes if run.n_bytes is not None else workspace.folder_bytes(folder)
        name = f"{names.get(run.experiment_id, run.experiment_id)}, {run.title}"
        uses = "has an exported bundle" if run.id in bundled else ""
        if run.status in ("queued", "running"):
            uses = f"is {run.status}"
        found.append(Size(kind="run", id=run.id, name=name, n_bytes=n_bytes, in_use=uses))
    for bundle in store.bundles():
        found.append(Size(kind="bundle", id=bundle.id, name=bundle.path, n_bytes=bundle.n_bytes))
    found += [*_scorings(studio), *_environments(studio)]
    return sorted(found, key=lambda size: -size.n_bytes)


def _scorings(studio: Studio) -> list[Size]:
    workspace, found = studio.workspace, []
    for job in studio.scorings():
        uses = {"running": "is running", "waiting": "waits for its turn"}.get(job.status, "")
        n_bytes = workspace.folder_bytes(workspace.scoring_dir(job.id))
        source = Path(job.source)
        if source.is_relative_to(workspace.uploads):
            n_bytes += workspace.folder_bytes(source)
        name = f"{source.name} scored into {job.to}"
        found.append(Size(kind="scoring", id=job.id, name=name, n_bytes=n_bytes, in_use=uses))
    return found


def _environments(studio: Studio) -> list[Size]:
    from litmus_core.deploy import built_environments

    name = "a bundle's own environment, made again when it is needed"
    built = built_environments(studio.workspace.environments)
    return [Size(kind="environment", id=each.folder.name, name=name, n_bytes=each.n_bytes) for each in built]


def _versions_of(task: object) -> set[str]:
    names = ("dataset_version_id", "validation_version_id", "test_version_id")
    return {value for name in names if (value := getattr(task, name)) is not None}


def delete_dataset(studio: Studio, dataset_id: str) -> None:
    """Remove a data set's versions, caches, samples and the request logs of its models' endpoints.

    No bytes of its rows stay in the store's files, the journal or what was set aside. Where the app has the
    workspace open, its store follows within a second; 'litmus doctor' names files that cannot be cleaned.

    Raises UsageError while an experiment rests on it, WorkspaceError where a file cannot be removed.
    """
    versions = studio.store.versions(dataset_id)
    ids = {each.id for each in versions}
    users = [each.name for each in studio.store.experiments() if ids & _versions_of(each.task)]
    if users:
        raise UsageError(
            f"The data set '{versions[-1].name}' is used by {', '.join(users[:3])}.",
            hint="Delete those experiments first. Nothing was removed.",
        )
    folder, logs = studio.workspace.dataset_dir(dataset_id), request_logs(studio, ids)
    studio.record(DatasetDeleted(dataset_id=dataset_id))
    remove_files(folder, *logs)
    studio.store.refresh()  # which rewrites the store, where it is ours
    studio.journal.empty_log()
    forget_aside(studio.workspace, dataset_id)


def delete_version(studio: Studio, version: DatasetVersion) -> None:
    """Remove a version that was just made, and that nothing rests on."""
    checks = studio.workspace.dataset_dir(version.dataset_id) / "checks"
    path = studio.workspace.table_path(version.path)
    studio.record(VersionDeleted(version_id=version.id))
    beside = [each for each in path.parent.glob(f"v{version.version}.*") if each != path]
    remove_files(path, *beside, *checks.glob(f"v{version.version}-*"))


def delete_run(studio: Studio, run_id: str) -> None:
    """Remove a run's files and rows; BusyError while it runs or is exported. Its bundles stay."""
    run = studio.store.run(run_id)
    if run.status in ("queued", "running") and is_alive(studio.workspace, run_id):
        raise BusyError(f"{run.title} is still running.", hint="Stop it first. Nothing was removed.")
    if run.status == "queued":
        studio.stop_run(run_id)
    folder = studio.workspace.run_dir(run_id)
    with run_held(studio, run_id, patience_s=0.0) if folder.exists() else nullcontext():
        studio.record(RunDeleted(run_id=run_id))
        remove_files(folder)


def delete_experiment(studio: Studio, experiment_id: str) -> None:
    """Remove an experiment with all its runs; BusyError while one of them runs."""
    experiment = studio.store.experiment(experiment_id)
    for run in studio.store.runs(experiment_id):
        delete_run(studio, run.id)
    asked = [studio.workspace.handoff_dir(each.id) for each in studio.store.handoffs(experiment_id)]
    studio.record(ExperimentDeleted(experiment_id=experiment.id))
    remove_files(*asked)


def delete_bundle(studio: Studio, bundle_id: str) -> None:
    """Remove a bundle that lies in the workspace; one exported elsewhere is only forgotten.

    BusyError while an endpoint answers with it.
    """
    bundle = studio.store.bundle(bundle_id)
    for endpoint in studio.endpoints():
        if endpoint.bundle_id == bundle_id and endpoint.name:
            raise BusyError(
                f"'{endpoint.name}' answers with this bundle.", hint="Stop it first. Nothing was removed."
            )
    studio.record(BundleDeleted(bundle_id=bundle_id))
    path = Path(bundle.path)
    if studio.workspace.bundles.resolve() in path.resolve().parents:
        remove_files(path)

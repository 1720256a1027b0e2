"""Permanently remove files, including a data set's rows outside its own folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from litmus_core.errors import WorkspaceError, reading
from litmus_core.experiments._context import Context
from litmus_core.types import BundleExported, DatasetVersion, ExperimentCreated, Task, VersionDeleted


def remove_files(*paths: Path) -> None:
    """Remove files and whole folders. Raises WorkspaceError that names what remains."""
    left: list[str] = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, onerror=lambda _, name, error: left.append(f"{name} ({error[1]})"))
        else:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                left.append(f"{path} ({error})")
    if remaining := [path for path in paths if path.exists()]:
        raise WorkspaceError(
            f"It is off the record, but some of its files could not be removed: {(left or remaining)[0]}.",
            hint="Make them writable for you and remove them by hand; 'litmus doctor' names them, too.",
        )


def versions_of(task: Task) -> set[str]:
    """Return the ids of the versions that a task depends on."""
    ids = (task.dataset_version_id, task.validation_version_id, task.test_version_id)
    return {id_ for id_ in ids if id_ is not None}


def request_logs(context: Context, version_ids: Iterable[str]) -> list[Path]:
    """Return the sampled requests of endpoints with models that were trained on these versions."""
    from litmus_core.deploy import sampled_requests

    versions = set(version_ids)
    models = bundles_of(context, versions) | _work_of(context, versions)
    return [path for path in sampled_requests(context.workspace, models) if path.exists()]


def _work_of(context: Context, version_ids: Collection[str]) -> set[str]:
    """Return the ids of the forecasts and targets of these versions."""
    ids = set()
    for root in (context.workspace.forecasts, context.workspace.targets):
        for path in root.glob("*/request.json"):
            with reading(path):
                request = json.loads(path.read_text(encoding="utf-8"))
            if request.get("dataset_version_id") in version_ids:
                ids.add(path.parent.name)
    return ids


def bundles_of(context: Context, version_ids: Iterable[str]) -> set[str]:
    """Return the ids of all bundles ever exported from models trained on these versions."""
    versions, experiments, bundle_ids = set(version_ids), set(), set()
    for event in context.journal.events(types=[ExperimentCreated, BundleExported]):
        fact = event.fact
        if isinstance(fact, ExperimentCreated):
            experiments |= {fact.experiment.id} if versions_of(fact.experiment.task) & versions else set()
        elif isinstance(fact, BundleExported) and fact.bundle.experiment_id in experiments:
            bundle_ids.add(fact.bundle.id)
    return bundle_ids


def delete_version(context: Context, version: DatasetVersion) -> None:
    """Remove a version that was just made, on which nothing depends."""
    checks = context.workspace.dataset_dir(version.dataset_id) / "checks"
    path = context.workspace.table_path(version.path)
    context.record(VersionDeleted(version_id=version.id))
    siblings = [entry for entry in path.parent.glob(f"v{version.version}.*") if entry != path]
    remove_files(path, *siblings, *checks.glob(f"v{version.version}-*"))


def undo_append(context: Context, version: DatasetVersion) -> None:
    """Remove a version with appended rows, and its version before fixes."""
    versions = [version]
    while versions[-1].lineage.how == "fixed" and versions[-1].lineage.parent_id is not None:
        versions.append(context.dataset(versions[-1].lineage.parent_id))
    for new_version in versions:
        delete_version(context, new_version)

"""Removing files for good, and a data set's rows wherever they lie besides its own folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import WorkspaceError
from litmus_core.types import BundleExported, ExperimentCreated

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


def remove_files(*paths: Path) -> None:
    """Remove files and whole folders; raises WorkspaceError that names what is still there."""
    left: list[str] = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, onerror=lambda _, name, error: left.append(f"{name} ({error[1]})"))
        else:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                left.append(f"{path} ({error})")
    if still_there := [path for path in paths if path.exists()]:
        raise WorkspaceError(
            f"It is off the record, but some of its files could not be removed: {(left or still_there)[0]}.",
            hint="Make them writable for you and remove them by hand; 'litmus doctor' names them, too.",
        )


def request_logs(studio: Studio, version_ids: Iterable[str]) -> list[Path]:
    """Return the sampled requests of endpoints that answer with models of these data set versions."""
    from litmus_core.deploy import sampled_requests

    bundles = bundles_of(studio, version_ids)
    return [path for path in sampled_requests(studio.workspace, bundles) if path.exists()]


def bundles_of(studio: Studio, version_ids: Iterable[str]) -> set[str]:
    """Return the ids of all bundles ever exported of models that learned from these versions."""
    versions, experiments, found = set(version_ids), set(), set()
    for event in studio.journal.events(types=[ExperimentCreated, BundleExported]):
        fact = event.fact
        if isinstance(fact, ExperimentCreated):
            task = fact.experiment.task
            used = {task.dataset_version_id, task.validation_version_id, task.test_version_id}
            experiments |= {fact.experiment.id} if used & versions else set()
        elif isinstance(fact, BundleExported) and fact.bundle.experiment_id in experiments:
            found.add(fact.bundle.id)
    return found

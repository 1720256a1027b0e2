"""Import: a file becomes a data set of the workspace, unless it is there already."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.types import DatasetImported, DatasetVersion, ReadOptions

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


def import_data(
    studio: Studio,
    source: Path,
    *,
    name: str | None,
    dataset_id: str | None,
    like: DatasetVersion | None,
    options: ReadOptions,
) -> DatasetVersion:
    """Import a file as a new data set, or as a new version of ``dataset_id``, and record it."""
    from litmus_core.data import import_table

    version_number = 1
    if dataset_id is not None:
        latest = studio.store.versions(dataset_id)[-1]
        version_number, name = latest.version + 1, name or latest.name
    version = import_table(
        studio.workspace,
        source,
        name=name,
        dataset_id=dataset_id,
        version=version_number,
        like=like,
        options=options,
    )
    for known in studio.datasets() if dataset_id is None else ():
        if (known.name, known.content_hash) == (version.name, version.content_hash):
            shutil.rmtree(studio.workspace.datasets / version.dataset_id)
            return known
    studio.record(DatasetImported(version=version))
    return version

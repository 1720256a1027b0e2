"""Reports of checks that are stored with a version of a table, by what was checked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from litmus_core.checks._revision import revision
from litmus_core.store import Workspace
from litmus_core.types import CheckReport, DatasetVersion, read_stored


def report_path(
    workspace: Workspace, version: DatasetVersion, target: str | None, test_version_id: str | None
) -> Path:
    """Return where the report of all checks of a version is stored, whether it exists or not."""
    key = json.dumps([version.id, target, test_version_id, revision()])
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    return workspace.dataset_dir(version.dataset_id) / "checks" / f"v{version.version}-{name}.json"


def read_report(
    workspace: Workspace, version: DatasetVersion, target: str | None, test_version_id: str | None
) -> CheckReport | None:
    """Return the stored report of all checks of a version; None if they were not run."""
    return read_stored(report_path(workspace, version, target, test_version_id), CheckReport)

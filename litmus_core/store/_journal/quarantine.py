"""Set damaged files, and files of another journal, aside; nothing is deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from litmus_core.errors import WorkspaceError
from litmus_core.store._workspace import Workspace

_MOST = 5  # folders of rebuilt stores; those that may hold more than the journal all stay
_KEEP_MARK = "keep"


def set_aside(workspace: Workspace, *paths: Path, keep: bool = False) -> list[Path]:
    """Move the files, with SQLite's and DuckDB's side files, into a new folder; return their new paths.

    Of folders without ``keep`` only the newest five stay.
    """
    existing = [log for path in paths for log in _with_logs(path) if log.exists()]
    for path_here in existing:
        if path_here.is_dir():
            raise WorkspaceError(f"{path_here} is a folder.", hint="Move it away; Litmus keeps a file there.")
    if not existing:
        return []
    folder = _new_folder(workspace, keep=keep)
    moved = [path.replace(folder / path.name) for path in existing]
    _forget_old(workspace)
    return moved


def quarantined(workspace: Workspace) -> list[Path]:
    """Return the files that were set aside, newest first."""
    folders = sorted(workspace.aside.iterdir(), reverse=True) if workspace.aside.is_dir() else []
    return [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]


def is_quarantined(folder: Path) -> bool:
    """Whether the folder may hold more than the journal."""
    return folder.name.endswith(_KEEP_MARK)


def _with_logs(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + ending) for ending in (".wal", "-wal", "-shm"))]


def _new_folder(workspace: Workspace, *, keep: bool) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    folder = workspace.aside / (f"{stamp}-{_KEEP_MARK}" if keep else stamp)
    folder.mkdir(parents=True)
    return folder


def _forget_old(workspace: Workspace) -> None:
    folders = [entry for entry in sorted(workspace.aside.iterdir()) if not is_quarantined(entry)]
    for folder in folders[:-_MOST]:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

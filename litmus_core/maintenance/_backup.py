"""``litmus backup`` and ``litmus restore``: a whole workspace in one file, and back."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import UsageError, WorkspaceError, writing
from litmus_core.maintenance._archive import (
    CONTENTS,
    FORMAT,
    ArchiveEntry,
    Contents,
    SavedTable,
    copy_hashed,
    free_bytes,
    open_archive,
    sync,
    unpack,
    write_contents,
)
from litmus_core.maintenance._deleted_data import note_backup
from litmus_core.store import Workspace, copy_journal, open_store, rebuild, utc_now

# Derived from the journal, specific to this machine, or set aside as damaged.
_LEFT_OUT = ("experiments.duckdb", "experiments.duckdb.wal", "snapshot.duckdb", "reserve", "leading.json",
             "environments", "set-aside", "backups.json", CONTENTS)  # fmt: skip
_LEFT_OUT_ENDINGS = (".lock", ".tmp", ".partial", ".part", ".new", "journal.db-wal", "journal.db-shm")
_KEY = "trust.key"  # the user's signing key stays on their machine, wherever it lies


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """The result of a backup or restore: the place, the amounts, and the links that were left out."""

    path: str
    n_files: int
    n_bytes: int
    last_event: int
    tables: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def back_up(
    workspace: Workspace, to: Path | str, *, on_progress: Callable[[str], None] | None = None
) -> BackupReport:
    """Write the whole workspace to the new file ``to`` while it stays in use, and verify the copy.

    The journal is copied first, in one snapshot; the files that it names exist by then. The analytic store
    (which is rebuilt from the journal), environments, locks and the trust key are left out. Raises UsageError
    if ``to`` exists or cannot be written, WorkspaceError if the journal is damaged; then nothing is left
    behind.
    """
    target = Path(to).expanduser().absolute()
    if target.exists():
        raise UsageError(f"'{target}' already exists.", hint="Name a new file. Nothing was written.")
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with writing(target), tempfile.TemporaryDirectory(prefix="litmus-backup-") as scratch:
            contents = _write(workspace, partial, Path(scratch), on_progress or (lambda _: None))
            sync(partial)
            with open_archive(partial) as (archive, read):
                unpack(archive, read, None, target)
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    note_backup(workspace, target)
    return _report(target, contents)


def _write(
    workspace: Workspace, partial: Path, scratch: Path, report_progress: Callable[[str], None]
) -> Contents:
    journal = scratch / "journal.db"
    last_event = copy_journal(workspace, journal)
    journal_id, tables = _facts_of(journal, scratch)
    files, left_out = {}, []
    with zipfile.ZipFile(partial, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        files["journal.db"] = _add(archive, journal, "journal.db")
        for path in _files(workspace.path):
            name = path.relative_to(workspace.path).as_posix()
            if not path.is_file() or path.is_symlink() or path.absolute() == partial:
                left_out += [name] if path.is_symlink() else []
                continue
            report_progress(name)
            try:
                name.encode()
                files[name] = _add(archive, path, name)
            # removed meanwhile, or not a valid name elsewhere
            except (FileNotFoundError, UnicodeEncodeError):
                left_out.append(name.encode(errors="replace").decode())
        contents = Contents(
            format=FORMAT,
            made_at=utc_now(),
            journal_id=journal_id,
            last_event=last_event,
            tables=tables,
            files=files,
            left_out=tuple(left_out),
        )
        write_contents(archive, contents)
    return contents


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> ArchiveEntry:
    with path.open("rb") as source:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_STORED if path.suffix == ".parquet" else zipfile.ZIP_DEFLATED
        info.external_attr = (stat.S_IMODE(path.stat().st_mode) | stat.S_IFREG) << 16
        with archive.open(info, "w", force_zip64=True) as sink:
            return copy_hashed(source, sink)


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        top = Path(folder) == root
        names[:] = sorted(name for name in names if not (top and name in _LEFT_OUT))
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        for name in sorted([*files, *links]):
            if (
                name == _KEY
                or name.endswith(_LEFT_OUT_ENDINGS)
                or (top and name in (*_LEFT_OUT, "journal.db"))
            ):
                continue
            yield Path(folder) / name


def _facts_of(journal: Path, scratch: Path) -> tuple[str, tuple[SavedTable, ...]]:
    """Return the copied journal's id and data sets, without what others wrote since."""
    copy = Workspace(scratch / "workspace").create()
    shutil.copyfile(journal, copy.journal_path)
    with open_store(copy) as store:
        tables = tuple(SavedTable(id=dataset.dataset_id, name=dataset.name) for dataset in store.datasets())
        return store.journal.identity(), tables


def _report(path: Path, contents: Contents) -> BackupReport:
    return BackupReport(
        path=str(path),
        n_files=len(contents.files),
        n_bytes=sum(file.n_bytes for file in contents.files.values()),
        last_event=contents.last_event,
        tables=tuple(table.name for table in contents.tables),
        left_out=contents.left_out,
    )


def restore(file: Path | str, workspace: Workspace) -> BackupReport:
    """Restore a backup as a new workspace; every file is verified by its checksum first.

    Runs that were active when it was saved are marked as interrupted and can be continued. Raises UsageError
    if the folder is not empty, WorkspaceError if the backup is damaged or of a newer Litmus; then nothing is
    left behind.
    """
    source, target = Path(file).expanduser().absolute(), workspace.path
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} is not empty.",
            hint="Restore into a new folder: --workspace NAME. Nothing was changed.",
        )
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        with writing(target), open_archive(source) as (archive, contents):
            n_bytes = sum(entry.n_bytes for entry in contents.files.values())
            if n_bytes > free_bytes(target.parent):
                raise WorkspaceError(
                    f"There is no room for {n_bytes:,} bytes at {target.parent}.", hint="Free some space."
                )
            fresh.mkdir(parents=True)
            unpack(archive, contents, fresh, source)
            rebuild(Workspace(fresh).create())
            if target.exists():
                target.rmdir()
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return _report(target, contents)

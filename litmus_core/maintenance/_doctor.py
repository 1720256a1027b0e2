"""``litmus doctor``: check everything in a workspace, report problems, and repair the journal."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from litmus_core.compiled import unavailable_reason
from litmus_core.errors import BundleError, LitmusError, NotFoundError, UntrustedError, WorkspaceError
from litmus_core.maintenance._deleted_data import remains_in_backups
from litmus_core.store import (
    FileLock,
    JournalState,
    Store,
    Workspace,
    examine,
    open_store,
    quarantined,
    rebuild,
    salvage,
)
from litmus_core.trust import check_files, is_workspace_signed

Kind = Literal["journal", "store", "data set", "run", "bundle", "set aside", "backup", "machine"]
_MOST_IDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorFinding:
    """One finding of the doctor.

    ``is_harm``: something is damaged or lost; other findings are for information. ``fixed``: this call
    repaired it.
    """

    kind: Kind
    where: str
    message: str
    hint: str = ""
    is_harm: bool = True
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorReport:
    """All findings of the doctor, the journal first; ``n_events`` is the journal's number of undamaged
    events.
    """

    workspace: str
    n_events: int
    findings: tuple[DoctorFinding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether no harmful finding is left."""
        return not any(finding.is_harm and not finding.fixed for finding in self.findings)


def diagnose(
    workspace: Workspace,
    *,
    fix: bool = False,
    backups: tuple[Path, ...] = (),
    on_progress: Callable[[str], None] | None = None,
) -> DoctorReport:
    """Check journal, store, data sets, runs, bundles and backups; with ``fix``, repair the journal.

    Checking changes nothing. Repair works on a copy and sets the damaged file aside, so that nothing is lost.
    Raises NotFoundError if there is no workspace, BusyError if one to be repaired is in use.
    """
    if not workspace.path.is_dir() or not (workspace.journal_path.exists() or workspace.traces()):
        raise NotFoundError(
            kind="journal or data", id=str(workspace.path), hint="Name the workspace's folder."
        )
    report_progress = on_progress or (lambda _: None)
    report_progress("Checking the journal.")
    examined = examine(workspace)
    problems = list(_journal(workspace, examined))
    n_events = examined.n_events
    if fix and not examined.is_sound:
        report_progress("Salvaging the journal.")
        stored = salvage(workspace, examined)
        rebuild(workspace)
        n_events = len(examined.all_events())
        problems = [
            replace(problem, fixed=True, hint=_copies_text(stored)) if problem.is_harm else problem
            for problem in problems
        ]
    problems += _store(workspace, examined)
    try:
        problems += _folders(workspace, backups, report_progress)
    except WorkspaceError as error:
        if not problems:
            raise
        problems.append(
            DoctorFinding(
                kind="store", where=str(workspace.path), message=error.message, hint=error.hint, is_harm=False
            )
        )
    problems += _machine()
    return DoctorReport(workspace=str(workspace.path), n_events=n_events, findings=tuple(problems))


def _journal(workspace: Workspace, examined: JournalState) -> Iterator[DoctorFinding]:
    where = str(workspace.journal_path)
    fix = (
        "'litmus doctor --fix' rebuilds the journal from all events that can be read, and sets this file "
        "aside."
    )
    if examined.problem:
        yield DoctorFinding(kind="journal", where=where, message=f"The journal {examined.problem}.", hint=fix)
    if examined.lacking:
        message = (
            f"The journal lacks {_events(examined.lacking)}, which can be restored"
            f" from {', '.join(path.name for path in examined.sources)}."
        )
        yield DoctorFinding(kind="journal", where=where, message=message, hint=fix)
    if examined.displaced:
        n = len(examined.displaced)
        message = f"{n:,} {'event' if n == 1 else 'events'} were lost, and others took their place since."
        yield DoctorFinding(kind="journal", where=where, message=message, hint=fix)
    if examined.lost:
        message = f"{_events(examined.lost).capitalize()} can no longer be read anywhere."
        hint = "A backup may contain them: 'litmus restore' restores it into a new folder."
        yield DoctorFinding(kind="journal", where=where, message=message, hint=hint)
    if examined.known_lost:
        message = f"An earlier repair could not restore {_events(examined.known_lost)}."
        yield DoctorFinding(kind="journal", where=where, message=message, is_harm=False)


def _store(workspace: Workspace, examined: JournalState) -> Iterator[DoctorFinding]:
    for mirror in examined.unreadable:
        if mirror.path in (workspace.store_path, workspace.snapshot_path):
            yield DoctorFinding(
                kind="store",
                where=str(mirror.path),
                message=f"The analytic store {mirror.path.name} is damaged ({mirror.problem}).",
                hint="The next command, or 'litmus rebuild', rebuilds it from the journal.",
                is_harm=False,
            )
    for path in examined.foreign:
        message = f"{path.name} holds events of another journal; they are not mixed into this one."
        yield DoctorFinding(kind="store", where=str(path), message=message, is_harm=False)
    unreadable = {mirror.path for mirror in examined.unreadable}
    for path in quarantined(workspace):
        size = path.stat().st_size
        message = f"{path.name} was set aside ({size:,} bytes)."
        if path in unreadable:
            message += " It cannot be read, so data sets that were deleted since may be in it."
        hint = "Remove the folder once you are sure that nothing is missing."
        yield DoctorFinding(
            kind="set aside", where=str(path.parent), message=message, hint=hint, is_harm=False
        )


def _machine() -> Iterator[DoctorFinding]:
    if reason := unavailable_reason():
        yield DoctorFinding(
            kind="machine",
            where=platform.node(),
            message=f"Compiled models give the same answers here, but slower, in NumPy: {reason}.",
            hint="Install the wheel of Litmus again where machine code should run: Linux on x86-64 or ARM64.",
            is_harm=False,
        )


def _folders(
    workspace: Workspace, backups: tuple[Path, ...], report_progress: Callable[[str], None]
) -> Iterator[DoctorFinding]:
    with _open_in_memory(workspace) as store:
        report_progress("Checking the data sets.")
        yield from _tables(workspace, store)
        yield from _runs(workspace, store)
        report_progress("Checking the bundles.")
        yield from _bundles(workspace, store)
        yield from _backups(store, backups)


def _backups(store: Store, backups: tuple[Path, ...]) -> Iterator[DoctorFinding]:
    for remains in remains_in_backups(store, *backups):
        names = ", ".join(f"'{table.name}'" for table in remains.tables)
        message = f"The backup of {remains.made_at[:10]} still holds deleted data sets: {names}."
        hint = "Remove the backup and make a new one if all copies of their rows must go."
        yield DoctorFinding(kind="backup", where=remains.backup, message=message, hint=hint, is_harm=False)


@contextmanager
def _open_in_memory(workspace: Workspace) -> Iterator[Store]:
    """Open the store in memory only: a check writes nothing."""
    with FileLock(workspace.lock_path) as lock:
        if not workspace.is_read_only:
            lock.acquire()
        with open_store(workspace) as store:
            yield store


def _tables(workspace: Workspace, store: Store) -> Iterator[DoctorFinding]:
    names = set()
    for dataset in store.datasets():
        names.add(dataset.dataset_id)
        for version in store.versions(dataset.dataset_id):
            try:
                path = workspace.table_path(version.path)
            except WorkspaceError as error:
                yield _altered_finding("data set", error)
                continue
            if problem := _table_problem(path, version.content_hash):
                subject = f"'{dataset.name}', version {version.version}"
                message = f"The rows of {subject}, are lost: {path.name} {problem}."
                hint = f"Import them again (from {version.source}), or restore the file from a backup."
                yield DoctorFinding(kind="data set", where=str(path), message=message, hint=hint)
    yield from _strays(workspace.datasets, names, "data set")


def _table_problem(path: Path, expected: str) -> str:
    from litmus_core.data import content_hash

    if not path.is_file():
        return "is missing"
    try:
        return "" if content_hash(path) == expected else "is not what was imported"
    except Exception as error:  # noqa: BLE001 - a damaged Parquet file may raise anything
        return f"cannot be read ({(str(error) or type(error).__name__).splitlines()[0]})"


def _runs(workspace: Workspace, store: Store) -> Iterator[DoctorFinding]:
    names = set()
    for run in store.runs():
        names.add(run.id)
        try:
            folder = workspace.run_dir(run.id)
        except WorkspaceError as error:
            yield _altered_finding("run", error)
            continue
        if run.status == "finished" and not folder.is_dir():
            message = f"The models of {run.title} are gone: its folder is missing."
            hint = "Its scores are kept. Train it again, or restore the folder from a backup."
            yield DoctorFinding(kind="run", where=str(folder), message=message, hint=hint)
        # trust in someone else's workspace covers all of it or nothing
        elif is_workspace_signed(workspace.path):
            yield from _changed_problem(folder)
    yield from _strays(workspace.runs, names, "run")


def _changed_problem(folder: Path) -> Iterator[DoctorFinding]:
    try:
        check_files(folder)
    except UntrustedError as error:
        hint = f"If nobody changed it, it is damaged: restore it from a backup, or train again. {error.hint}"
        yield DoctorFinding(kind="run", where=str(folder), message=error.message, hint=hint)


def _altered_finding(kind: Kind, error: WorkspaceError) -> DoctorFinding:
    return DoctorFinding(kind=kind, where="journal.db", message=error.message, hint=error.hint)


def _strays(folder: Path, names: set[str], kind: Kind) -> Iterator[DoctorFinding]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in names:
            message = f"The folder {path.name} belongs to no {kind}: it was deleted or never finished."
            hint = "Remove it if nothing is missing."
            yield DoctorFinding(kind=kind, where=str(path), message=message, hint=hint, is_harm=False)


def _bundles(workspace: Workspace, store: Store) -> Iterator[DoctorFinding]:
    from litmus_core.runtime import verified_folder

    for bundle in store.bundles():
        path = Path(bundle.path)
        inside = workspace.path in path.parents
        try:
            with verified_folder(path):
                continue
        except BundleError as error:
            message, hint = error.message, error.hint
        except (LitmusError, OSError) as error:
            message, hint = str(error), ""
        hint = f"Export it again: litmus export {bundle.candidate_id}" if inside else hint
        yield DoctorFinding(kind="bundle", where=str(path), message=message, hint=hint, is_harm=inside)


def _events(ids: tuple[int, ...]) -> str:
    if len(ids) == 1:
        return f"event {ids[0]}"
    shown = ", ".join(map(str, ids[:_MOST_IDS])) + (" and more" if len(ids) > _MOST_IDS else "")
    return f"{len(ids):,} events ({shown})"


def _copies_text(paths: list[Path]) -> str:
    return f"The old files are in {paths[0].parent}." if paths else "No file had to be set aside."

"""The store: its owner applies the journal to a file; every other process applies it in memory."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from types import TracebackType
from typing import Any, TypeVar

from litmus_core.errors import BusyError, LitmusError, MissingExtraError, UsageError
from litmus_core.store._analytic.queries import Reads
from litmus_core.store._analytic.tables import Tables
from litmus_core.store._analytic.user_sql import SqlLimits, run_select
from litmus_core.store._forks import abandon, reset_in_children
from litmus_core.store._journal.journal import Journal
from litmus_core.store._owner import Ownership, UnwritableError, is_machine_error, unwritable_error
from litmus_core.store._periodic import PeriodicTask
from litmus_core.store._workspace import Workspace

T = TypeVar("T")

_MOST_AGE_S = 0.5
# cache limits: a page repeats nearly the same queries each time it is drawn
_MOST_RESULTS, _MOST_ROWS = 256, 2_000

_log = logging.getLogger(__name__)


class Store(Reads):
    """The recorded facts as tables and typed values. Open it with :func:`open_store`; safe for threads.

    The owner keeps ``experiments.duckdb`` and a snapshot of it up to date. Any other Store loads that
    snapshot into memory and applies the journal's newer events, whatever the owner does. A read refreshes the
    store if the last refresh was half a second ago or this process wrote since (through any Store). When the
    owner has ended, the next Store to refresh takes over.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.journal = Journal(workspace)
        self._lock = threading.RLock()  # held to open, refresh, publish and close
        self._ownership = Ownership(workspace, self.journal)
        self._thread: PeriodicTask | None = None
        self._closed = False
        self._refreshed_at = time.monotonic()
        self._opened: Tables | None = None
        self._answers: dict[tuple[int, str, str, str], list[Any]] = {}
        self._lists: dict[str, tuple[object, list[Any]]] = {}
        reset_in_children(self)
        try:
            self._ownership.acquire()
            self._opened = self._open()
            self.refresh()
        except BaseException:
            self._close_tables()
            raise

    def reset_after_fork(self) -> None:
        """In a forked child, leave the parent's tables alone and open tables of this process."""
        self._lock = threading.RLock()
        if self._opened is not None:
            abandon(self._opened)
        self._opened, self._thread, self._refreshed_at = None, None, -_MOST_AGE_S
        self._ownership.reset_after_fork()

    @property
    def _tables(self) -> Tables:
        tables = self._opened
        if tables is None:  # first use in a forked child
            with self._lock:
                if self._opened is None:
                    opened = self._open()
                    opened.fold(self.journal)
                    self._opened = opened
                tables = self._opened
        return tables

    @_tables.setter
    def _tables(self, tables: Tables) -> None:
        self._opened = tables

    @property
    def is_owner(self) -> bool:
        """Whether this Store keeps the files up to date."""
        return self._ownership.held

    def refresh(self, until: int | None = None) -> None:
        """Apply the journal's new events; become the owner if there is none.

        ``until`` is the id of the event that the caller needs; nothing is done if it is already applied.
        """
        self._apply_new_events(until, publish=self._thread is None)

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return the rows of one reading statement as dicts; raises UsageError for any other statement."""
        import duckdb

        self._refresh_if_old()
        try:
            return self._with_sound_tables(lambda tables: tables.read(sql, params))
        except duckdb.Error as error:
            raise UsageError(f"The store cannot answer this: {error}") from error

    def close(self) -> None:
        """Stop refreshing, write a snapshot, give up ownership."""
        self.stop_refreshing()
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self._publish(at_once=True)
            finally:
                if self._opened is not None:
                    self._opened.close()
                self._close_tables()

    def start_refreshing(self, interval_s: float = 0.5) -> None:
        """Refresh in a background thread every ``interval_s`` seconds until closed."""
        if self._thread is None:
            self._thread = PeriodicTask(
                lambda: self._apply_new_events(None, publish=True), every_s=interval_s
            )
            self._thread.start()

    def stop_refreshing(self) -> None:
        """End the background thread, if there is one."""
        if self._thread is not None:
            self._thread.stop()
            self._thread = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _close_tables(self) -> None:
        self._ownership.release()
        self.journal.close()

    def _read_dicts(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        self._refresh_if_old()
        return self._cached_result(sql, params, Tables.rows)

    def _read_tuples(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._cached_result(sql, params, Tables.tuples)

    def _cached_result(
        self, sql: str, params: Sequence[Any], read: Callable[[Tables, str, Sequence[Any]], list[T]]
    ) -> list[T]:
        """Return the query's result, from the cache if nothing was recorded since; do not change it."""
        key = (self._tables.last_event, read.__name__, sql, repr(params))
        stored = self._answers.get(key)
        if stored is None:
            stored = self._with_sound_tables(lambda tables: read(tables, sql, params))
            if len(self._answers) >= _MOST_RESULTS:
                self._answers.clear()
            if len(stored) <= _MOST_ROWS:
                self._answers[key] = stored
        return stored

    def _memoized(self, name: str, build: Callable[[], list[T]], *, key: object = None) -> list[T]:
        self._refresh_if_old()
        now = (self._tables.last_event, key)
        at, built = self._lists.get(name, (None, []))
        if at != now:
            built = build()
            self._lists[name] = (now, built)
        return list(built)

    def _refresh_if_old(self) -> None:
        is_old = self._thread is None and time.monotonic() > self._refreshed_at + _MOST_AGE_S
        if is_old or self._tables.last_event < self.journal.last_written():
            self.refresh()

    def _apply_new_events(self, until: int | None, *, publish: bool) -> None:
        with self._lock:
            if self._closed or (until is not None and self._tables.last_event >= until):
                return
            if not self.is_owner and self._ownership.acquire():
                before, self._tables = self._tables, self._open()
                before.close()
            self._with_sound_tables(lambda tables: tables.fold(self.journal), writing=True)
            self._refreshed_at = time.monotonic()
            self._rewrite()
            if publish:
                self._publish(at_once=False)

    def _rewrite(self) -> None:
        """Remove a deleted data set's bytes from the store's files."""
        if not self.is_owner or not self._tables.rewrite_due:
            return
        try:
            self._tables = self._ownership.rewrite(self._tables)
            self._ownership.publish(self._tables, at_once=True)
        except UnwritableError as error:
            self._tables.close()
            self._continue_in_memory(error)
            self._tables = self._open()
            self._tables.fold(self.journal)

    def _publish(self, *, at_once: bool) -> None:
        if not self.is_owner:
            return
        try:
            self._ownership.publish(self._tables, at_once=at_once)
        except UnwritableError as error:
            self._tables.close()
            self._continue_in_memory(error)
            self._tables = self._open()
            self._tables.fold(self.journal)

    def _continue_in_memory(self, error: LitmusError) -> None:
        """Continue in memory: reading must work on a full disk, if only to find what to delete."""
        _log.warning("%s", error)
        self._ownership.release(rest=True)

    def _with_sound_tables(self, work: Callable[[Tables], T], *, writing: bool = False) -> T:
        """Do the work; if the tables turn out to be damaged or closed, replace them and try again."""
        import duckdb

        tables = self._tables
        try:
            return work(tables)
        except (
            duckdb.ConnectionException,
            duckdb.FatalException,
            duckdb.InternalException,
            duckdb.IOException,
            duckdb.TransactionException,
        ) as error:
            if self._closed or not self._fix(tables, error, writing=writing):
                raise
        return work(self._tables)

    def _fix(self, tables: Tables, error: Exception, *, writing: bool) -> bool:
        """Replace the tables after an error, unless they are sound and the work itself was at fault."""
        with self._lock:
            if tables is not self._tables:  # another thread replaced them
                return True
            machine = writing and is_machine_error(error)
            if tables.is_sound() and not machine:
                return False
            if not machine:
                _log.warning("The store is damaged and is rebuilt from the journal: %s", error)
            tables.close()  # first: one process cannot open the file twice
            if machine:
                self._continue_in_memory(unwritable_error(self.workspace.store_path, error))
            self._tables = self._open(rebuild=not machine)
            self._tables.fold(self.journal)
            return True

    def _open(self, *, rebuild: bool = False) -> Tables:
        if self.is_owner:
            try:
                return self._ownership.open(rebuild=rebuild)
            except (BusyError, UnwritableError) as error:
                self._continue_in_memory(error)
            except BaseException:
                self._ownership.release()
                raise
        return _in_memory(self.workspace, self.journal, rebuild=rebuild)


def _in_memory(workspace: Workspace, journal: Journal, *, rebuild: bool) -> Tables:
    """Load the snapshot if it is sound and of this journal, else start empty; a refresh fills it."""
    import duckdb

    if not rebuild:
        try:
            tables = Tables.in_memory(workspace.snapshot_path)
            if tables.belongs_to(journal):
                return tables
            tables.close()
        except duckdb.Error as error:
            _log.warning("The snapshot cannot be read, the journal is: %s", error)
    tables = Tables.in_memory(None)
    tables.belongs_to(journal)
    return tables


def _check_extra() -> None:
    if find_spec("duckdb") is None:
        raise MissingExtraError(subject="A workspace", extra="train")


def open_store(workspace: Workspace) -> Store:
    """Open the workspace's store, as its owner if there is none, else for reading.

    If the store's files cannot be written, it opens for reading and logs a warning. Raises WorkspaceError
    when the journal is missing, damaged, not writable or of a newer Litmus, and MissingExtraError when only
    the packages that a bundle needs are installed.
    """
    _check_extra()
    return Store(workspace)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Collect no cycles in the block: among the facts of a whole journal there are none to find."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def rebuild(workspace: Workspace) -> int:
    """Set the store and its snapshot aside, apply the whole journal, and return the number of its events.

    Raises BusyError while another process (or Store) owns the store.
    """
    _check_extra()
    journal = Journal(workspace)
    ownership = Ownership(workspace, journal)
    if workspace.is_read_only:
        raise UnwritableError(
            f"The workspace {workspace.path} can only be read, and so can its store.",
            hint="Nothing was changed, and nothing needs to be: what reads it folds the journal by itself.",
        )
    if not ownership.acquire():
        raise BusyError(
            "The store is open in another Litmus process.", hint="Close the app or notebook, then try again."
        )
    try:
        tables = ownership.open(rebuild=True)
        try:
            with _without_collection():
                n_events = tables.fold(journal)
            ownership.publish(tables, at_once=True)
        finally:
            tables.close()
    finally:
        ownership.release()
        journal.close()
    return n_events


def sql(workspace: Workspace, text: str, *, limits: SqlLimits | None = None) -> list[dict[str, Any]]:
    """Run one SELECT on the store and the data sets, up to date with the journal and within limits.

    Raises UsageError for any other statement, or one that reads anything else or exceeds the limits.
    """
    with open_store(workspace) as store:
        journal = store.journal
        # a separate instance: its restrictions cannot be lifted again
        tables = _in_memory(workspace, journal, rebuild=False)
        try:
            tables.fold(journal)
            return run_select(tables, workspace.datasets, text, limits or SqlLimits())
        finally:
            tables.close()

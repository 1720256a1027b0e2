"""The store: its one owner folds the journal into a file; everyone else folds it into memory."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from types import TracebackType
from typing import Any, TypeVar

from litmus_core.errors import BusyError, LitmusError, MissingExtraError, UsageError
from litmus_core.store._duck import Tables
from litmus_core.store._forks import abandon, reset_in_children
from litmus_core.store._journal import Journal
from litmus_core.store._owner import Ownership, UnwritableError, is_environment
from litmus_core.store._periodic import Repeating
from litmus_core.store._queries import Reads
from litmus_core.store._user_sql import SqlLimits, ask
from litmus_core.store._workspace import Workspace

T = TypeVar("T")

_YOUNG_S = 0.5
_MOST_ANSWERS, _MOST_ROWS = 256, 2_000  # that are kept: a page asks much the same again at each turn

_log = logging.getLogger(__name__)


class Store(Reads):
    """What was recorded, as tables and typed values. Open it with :func:`open_store`; safe for threads.

    The owner keeps ``experiments.duckdb`` up to date, and a snapshot of it. Any other Store begins with that
    snapshot in memory and folds what the journal has beyond it, whatever the owner does. Reads refresh it
    when that was not done for half a second, or this process wrote since (through any Store). When the owner
    is gone, whoever refreshes first takes over.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.journal = Journal(workspace)
        self._lock = threading.RLock()  # opening, folding, publishing, closing
        self._ownership = Ownership(workspace, self.journal)
        self._thread: Repeating | None = None
        self._closed = False
        self._refreshed_at = time.monotonic()
        self._opened: Tables | None = None
        self._answers: dict[tuple[int, str, str, str], list[Any]] = {}
        reset_in_children(self)
        try:
            self._ownership.take()
            self._opened = self._open()
            self.refresh()
        except BaseException:
            self._let_go()
            raise

    def begin_anew(self) -> None:
        """In a forked child: leave the parent's tables alone, and read along with those of this process."""
        self._lock = threading.RLock()
        if self._opened is not None:
            abandon(self._opened)
        self._opened, self._thread, self._refreshed_at = None, None, -_YOUNG_S
        self._ownership.begin_anew()

    @property
    def _tables(self) -> Tables:
        tables = self._opened
        if tables is None:  # the first time in a forked child
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
        """Whether this Store is the one that keeps the files up to date."""
        return self._ownership.held

    def refresh(self, until: int | None = None) -> None:
        """Fold what is new in the journal; take over when there is no owner.

        ``until`` is the id of the event that the caller wants to see: nothing is done when it is folded.
        """
        self._advance(until, publish=self._thread is None)

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return the rows of one reading statement as dicts; raises UsageError for what is none."""
        import duckdb

        self._keep_young()
        try:
            return self._sound(lambda tables: tables.read(sql, params))
        except duckdb.Error as error:
            raise UsageError(f"The store cannot answer this: {error}") from error

    def close(self) -> None:
        """Stop folding, leave a snapshot, give the ownership back."""
        self.stop_folding()
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self._publish(at_once=True)
            finally:
                if self._opened is not None:
                    self._opened.close()
                self._let_go()

    def start_folding(self, interval_s: float = 0.5) -> None:
        """Refresh in a background thread every ``interval_s`` seconds, until closed."""
        if self._thread is None:
            self._thread = Repeating(lambda: self._advance(None, publish=True), every_s=interval_s)
            self._thread.start()

    def stop_folding(self) -> None:
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

    def _let_go(self) -> None:
        self._ownership.give_up()
        self.journal.close()

    def _ask(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        self._keep_young()
        return self._answer(sql, params, Tables.rows)

    def _ask_tuples(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._answer(sql, params, Tables.tuples)

    def _answer(
        self, sql: str, params: Sequence[Any], read: Callable[[Tables, str, Sequence[Any]], list[T]]
    ) -> list[T]:
        """Return what is read, not to be changed: that of before where nothing was recorded since."""
        key = (self._tables.last_event, read.__name__, sql, repr(params))
        found = self._answers.get(key)
        if found is None:
            found = self._sound(lambda tables: read(tables, sql, params))
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            if len(found) <= _MOST_ROWS:
                self._answers[key] = found
        return found

    def _keep_young(self) -> None:
        is_old = self._thread is None and time.monotonic() > self._refreshed_at + _YOUNG_S
        if is_old or self._tables.last_event < self.journal.last_written():
            self.refresh()

    def _advance(self, until: int | None, *, publish: bool) -> None:
        with self._lock:
            if self._closed or (until is not None and self._tables.last_event >= until):
                return
            if not self.is_owner and self._ownership.take():
                before, self._tables = self._tables, self._open()
                before.close()
            self._sound(lambda tables: tables.fold(self.journal), writing=True)
            self._refreshed_at = time.monotonic()
            self._rewrite()
            if publish:
                self._publish(at_once=False)

    def _rewrite(self) -> None:
        """Where a data set was deleted, leave none of its bytes in the store's files."""
        if not self.is_owner or not self._tables.rewrite_due:
            return
        try:
            self._tables = self._ownership.rewrite(self._tables)
            self._ownership.publish(self._tables, at_once=True)
        except UnwritableError as error:
            self._tables.close()
            self._resign(error)
            self._tables = self._open()
            self._tables.fold(self.journal)

    def _publish(self, *, at_once: bool) -> None:
        if not self.is_owner:
            return
        try:
            self._ownership.publish(self._tables, at_once=at_once)
        except UnwritableError as error:
            self._tables.close()
            self._resign(error)
            self._tables = self._open()
            self._tables.fold(self.journal)

    def _resign(self, error: LitmusError) -> None:
        """Go on in memory: reading must work where nothing can be written, to find out what can go."""
        _log.warning("%s", error)
        self._ownership.give_up(rest=True)

    def _sound(self, work: Callable[[Tables], T], *, writing: bool = False) -> T:
        """Do the work; where the tables turn out to be damaged or closed, replace them and do it again."""
        import duckdb

        tables = self._tables
        try:
            return work(tables)
        except (
            duckdb.ConnectionException,
            duckdb.FatalException,
            duckdb.InternalException,
            duckdb.IOException,
        ) as error:
            if self._closed or not self._mend(tables, error, writing=writing):
                raise
        return work(self._tables)

    def _mend(self, tables: Tables, error: Exception, *, writing: bool) -> bool:
        """Replace tables that an error came from, unless they are sound: then the work was at fault."""
        with self._lock:
            if tables is not self._tables:  # another thread did it
                return True
            machine = writing and is_environment(error)
            if tables.is_sound() and not machine:
                return False
            _log.warning("The store is damaged and is rebuilt from the journal: %s", error)
            tables.close()  # before: one process cannot have the file twice
            self._tables = self._open(anew=not machine)
            self._tables.fold(self.journal)
            return True

    def _open(self, *, anew: bool = False) -> Tables:
        if self.is_owner:
            try:
                return self._ownership.open(anew=anew)
            except (BusyError, UnwritableError) as error:
                self._resign(error)
            except BaseException:
                self._ownership.give_up()
                raise
        return _in_memory(self.workspace, self.journal, anew=anew)


def _in_memory(workspace: Workspace, journal: Journal, *, anew: bool) -> Tables:
    """Begin with the snapshot if it is sound and of this journal, else with nothing: folding fills it."""
    import duckdb

    if not anew:
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
    if find_spec("duckdb") is None or find_spec("sqlite_utils") is None:
        raise MissingExtraError(what="A workspace", extra="train")


def open_store(workspace: Workspace) -> Store:
    """Open the workspace's store: as its owner when there is none, else reading along.

    Where the store's files cannot be written it reads along too, and says so in the log. Raises
    WorkspaceError when the journal is missing, damaged, not writable or of a newer Litmus, and
    MissingExtraError where only what a bundle needs is installed.
    """
    _check_extra()
    return Store(workspace)


def rebuild(workspace: Workspace) -> int:
    """Set the store and its snapshot aside, fold the whole journal, and return how many events it has.

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
    if not ownership.take():
        raise BusyError(
            "The store is open in another Litmus process.", hint="Close the app or notebook, then try again."
        )
    try:
        tables = ownership.open(anew=True)
        try:
            n_events = tables.fold(journal)
            ownership.publish(tables, at_once=True)
        finally:
            tables.close()
    finally:
        ownership.give_up()
        journal.close()
    return n_events


def sql(workspace: Workspace, text: str, *, limits: SqlLimits | None = None) -> list[dict[str, Any]]:
    """Answer one SELECT, up to date with the journal, within limits, from the store and the data sets alone.

    Raises UsageError for what is none, asks for anything else or takes too much.
    """
    with open_store(workspace) as store:
        journal = store.journal
        tables = _in_memory(workspace, journal, anew=False)  # its own: what confines it holds for good
        try:
            tables.fold(journal)
            return ask(tables, workspace.datasets, text, limits or SqlLimits())
        finally:
            tables.close()

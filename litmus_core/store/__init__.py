"""The workspace's record: the journal that every process writes, and the analytic store built from it."""

from litmus_core.store._analytic.user_sql import SqlLimits
from litmus_core.store._journal.journal import JobMode, JobState, Journal, StopKind, WriteJob
from litmus_core.store._journal.quarantine import quarantined
from litmus_core.store._journal.quarantine_erasure import erase_set_aside
from litmus_core.store._journal.salvage import JournalState, copy_journal, examine, hold_locks, salvage
from litmus_core.store._locks import FileLock, is_locked
from litmus_core.store._periodic import PeriodicTask
from litmus_core.store._store import Store, open_store, rebuild, sql
from litmus_core.store._table_file import TableFile, check_free, count_rows
from litmus_core.store._trust import check_trusted, is_trusted, trust_workspace
from litmus_core.store._workspace import Workspace, new_id, utc_now

__all__ = [
    "FileLock",
    "JobMode",
    "JobState",
    "Journal",
    "JournalState",
    "PeriodicTask",
    "SqlLimits",
    "StopKind",
    "Store",
    "TableFile",
    "Workspace",
    "WriteJob",
    "check_free",
    "check_trusted",
    "copy_journal",
    "count_rows",
    "erase_set_aside",
    "examine",
    "hold_locks",
    "is_locked",
    "is_trusted",
    "new_id",
    "open_store",
    "quarantined",
    "rebuild",
    "salvage",
    "sql",
    "trust_workspace",
    "utc_now",
]

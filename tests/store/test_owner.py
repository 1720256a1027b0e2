"""Who owns the store, how ownership passes on, and what readers see meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from litmus_core.errors import UsageError, WorkspaceError
from litmus_core.store import FileLock, Journal, Workspace, open_store, rebuild
from litmus_core.store._analytic.tables import Tables
from litmus_core.types import DatasetRenamed
from tests.store.story import STORY, content

OWN = """
import sys, time
from litmus_core.store import Journal, Workspace, open_store
from litmus_core.types import DatasetRenamed
store = open_store(Workspace(sys.argv[1]))
store.start_refreshing(0.05)
print(store.is_owner, flush=True)
time.sleep(600)
"""


def test_there_is_one_owner_and_the_others_read_the_same(told: Workspace):
    with open_store(told) as owner, open_store(told) as reader:
        assert (owner.is_owner, reader.is_owner) == (True, False)
        assert content(reader) == content(owner)


def test_a_reader_sees_what_it_wrote_at_once(told: Workspace, journal: Journal):
    with open_store(told), open_store(told) as reader:
        reader.refresh(until=journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers")))

        assert reader.datasets()[0].name == "leavers"


def test_a_reader_needs_no_owner_that_folds(told: Workspace, journal: Journal):
    with FileLock(told.lock_path) as somebody:
        somebody.acquire()
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        with open_store(told) as reader:
            assert not reader.is_owner
            assert reader.datasets()[0].name == "leavers"


def test_the_ownership_passes_on_when_the_owner_closes(told: Workspace):
    owner, reader = open_store(told), open_store(told)
    before = content(owner)
    owner.close()
    reader.refresh()

    assert reader.is_owner
    assert content(reader) == before
    reader.close()


def test_the_ownership_passes_on_when_the_owner_is_killed(told: Workspace, journal: Journal, start):
    owner = start(OWN, told.path)
    assert owner.line() == "True"
    with open_store(told) as reader:
        assert not reader.is_owner
        owner.kill()
        reader.refresh(until=journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers")))

        assert reader.is_owner
        assert reader.datasets()[0].name == "leavers"


def test_only_one_of_many_readers_becomes_the_owner(told: Workspace):
    owner, readers = open_store(told), [open_store(told) for _ in range(4)]
    owner.close()
    threads = [threading.Thread(target=reader.refresh) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(reader.is_owner for reader in readers) == [False, False, False, True]
    for reader in readers:
        reader.close()


def test_the_owner_leaves_a_snapshot_that_any_duckdb_reads(told: Workspace):
    with open_store(told), duckdb.connect(str(told.snapshot_path), read_only=True) as snapshot:
        assert snapshot.execute("SELECT id, status FROM runs").fetchall() == [("run_1", "finished")]


def test_a_folding_owner_keeps_its_snapshot_young(told: Workspace, journal: Journal):
    with open_store(told) as owner:
        owner.start_refreshing(0.02)
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        deadline = time.monotonic() + 10
        while snapshot_name(told) != "leavers" and time.monotonic() < deadline:
            time.sleep(0.02)

    assert snapshot_name(told) == "leavers"


def test_a_folding_reader_takes_over_by_itself(told: Workspace):
    owner, reader = open_store(told), open_store(told)
    reader.start_refreshing(0.02)
    owner.close()
    deadline = time.monotonic() + 10
    while not reader.is_owner and time.monotonic() < deadline:
        time.sleep(0.02)

    assert reader.is_owner
    reader.close()
    with open_store(told) as next_owner:
        assert next_owner.is_owner


def test_closing_twice_is_closing_once(told: Workspace):
    store = open_store(told)
    store.start_refreshing(0.01)
    store.close()
    store.close()

    assert not store.is_owner


def test_a_store_that_a_foreign_program_holds_is_read_along_and_said_in_words(
    told: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, start
):
    monkeypatch.setattr("litmus_core.store._analytic.tables._OPEN_WAIT_S", 0.1)
    hold = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print(1, flush=True); time.sleep(600)"
    foreign = start(hold, told.store_path)
    assert foreign.line() == "1"

    with caplog.at_level(logging.WARNING), open_store(told) as store:
        assert not store.is_owner
        assert store.run("run_1").status == "finished"
    assert "experiments.duckdb open. Close it" in caplog.text
    assert rebuild(told) == len(STORY)  # it does not touch what the other holds: a new file takes the place


def test_a_read_during_a_change_of_owner_is_answered(told: Workspace):
    failures: list[Exception] = []
    done = threading.Event()
    owner, reader = open_store(told), open_store(told)

    def read() -> None:
        try:
            while not done.is_set():
                assert reader.run("run_1").status == "finished"
        except Exception as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        owner.close()
        reader.refresh()
        reader.summaries()
    finally:
        done.set()
        for thread in threads:
            thread.join()

    assert failures == []
    assert reader.is_owner
    reader.close()


def test_where_nothing_can_be_written_reading_goes_on(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with caplog.at_level(logging.WARNING), open_store(told) as store:
        monkeypatch.setattr("shutil.copyfileobj", full)
        store._ownership._published_at = 0.0
        store.refresh(until=journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers")))
        assert store.datasets()[0].name == "leavers"
        assert not store.is_owner
        with open_store(told) as other:
            assert other.datasets()[0].name == "leavers"
    assert "No space left on device. Free some space" in caplog.text
    monkeypatch.undo()
    with open_store(told) as store:
        assert store.is_owner
        assert store.datasets()[0].name == "leavers"


def test_a_disk_that_fills_while_events_are_applied_leaves_reading(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    fold, failed = Tables.fold, []

    def full(tables: Tables, *arguments: Any) -> int:
        if not failed:
            failed.append(tables)
            raise duckdb.TransactionException("Failed to commit: No space left on device")
        return fold(tables, *arguments)

    with caplog.at_level(logging.WARNING), open_store(told) as store:
        monkeypatch.setattr(Tables, "fold", full)
        store.refresh(until=journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers")))

        assert store.datasets()[0].name == "leavers"
        assert not store.is_owner
    assert "No space left on device. Free some space" in caplog.text


def test_closing_interrupts_a_query_without_end(told: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("litmus_core.store._analytic.cursors._CLOSE_WAIT_S", 0.2)
    store, said = open_store(told), []

    def ask() -> None:
        try:
            store.query("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b")
        except UsageError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not store._tables._cursors._lent:
        time.sleep(0.01)
    store.close()
    thread.join()

    assert "nterrupt" in said[0]


def test_the_folding_thread_outlives_a_deliberate_error(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    with open_store(told) as store:
        with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
            patch.setattr(Journal, "records", refuse)
            store.start_refreshing(0.01)
            wait_until(lambda: "The disk is full" in caplog.text)
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        wait_until(lambda: store.datasets()[0].name == "leavers")

    assert caplog.text.count("The disk is full") == 1


def snapshot_name(workspace: Workspace) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{workspace.snapshot_path}' AS snapshot (READ_ONLY)")
        return connection.execute("SELECT name FROM snapshot.datasets").fetchall()[0][0]


def refuse(*_: object, **__: object) -> None:
    raise WorkspaceError("The disk is full.")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)

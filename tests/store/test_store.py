from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from litmus_core.errors import BusyError, NotFoundError, UsageError, WorkspaceError
from litmus_core.store import FileLock, Journal, Store, Workspace, open_store, rebuild, sql
from litmus_core.store._facts import FACT_TYPES
from litmus_core.types import CandidateTrained, DatasetImported, DatasetRenamed, ExperimentCreated, RunStage
from tests.store import facts
from tests.store.test_fold import STORY, content

OWN = """
import sys, time
from litmus_core.store import Journal, Workspace, open_store
from litmus_core.types import DatasetRenamed
store = open_store(Workspace(sys.argv[1]))
store.start_folding(0.05)
print(store.is_owner, flush=True)
time.sleep(600)
"""

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "text": lambda content: b"not a database",
    "header": lambda content: b"\x00" * 4096 + content[4096:],
    "one bit": lambda content: content[:-9_000] + bytes([content[-9_000] ^ 1]) + content[-8_999:],
    "a hole": lambda content: content[:20_000] + b"\x00" * 8_000 + content[28_000:],
}


@pytest.fixture
def told(workspace: Workspace, journal: Journal) -> Workspace:
    """A workspace with a story in its journal, a store and a snapshot, all closed."""
    journal.append(*STORY)
    open_store(workspace).close()
    return workspace


def test_an_empty_workspace_answers_with_nothing(store: Store):
    assert store.is_owner
    assert store.datasets() == []
    assert store.experiments() == []
    assert store.runs() == []
    assert store.candidates() == []
    assert store.summaries() == []
    assert store.bundles() == []
    assert store.endpoints() == []
    assert store.looks("ex_1") == 0


def test_an_id_that_is_not_there_is_said_in_words(store: Store):
    reads: tuple[Callable[[str], object], ...] = (
        store.versions,
        store.dataset_version,
        store.experiment,
        store.run,
        store.candidate,
        store.bundle,
        store.progress,
    )
    for read in reads:
        with pytest.raises(NotFoundError, match=r"There is no .* 'x' in this workspace"):
            read("x")


def test_there_is_one_owner_and_the_others_read_the_same(told: Workspace):
    with open_store(told) as owner, open_store(told) as reader:
        assert (owner.is_owner, reader.is_owner) == (True, False)
        assert content(reader) == content(owner)


def test_a_reader_sees_what_it_wrote_at_once(told: Workspace, journal: Journal):
    with open_store(told), open_store(told) as reader:
        reader.refresh(until=journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers")))

        assert reader.datasets()[0].name == "leavers"


def test_reads_are_never_older_than_a_moment(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    with open_store(told), open_store(told) as reader:
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        monkeypatch.setattr("litmus_core.store._store._YOUNG_S", 0.0)

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
        owner.start_folding(0.02)
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        deadline = time.monotonic() + 10
        while snapshot_name(told) != "leavers" and time.monotonic() < deadline:
            time.sleep(0.02)

    assert snapshot_name(told) == "leavers"


def snapshot_name(workspace: Workspace) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{workspace.snapshot_path}' AS snapshot (READ_ONLY)")
        return connection.execute("SELECT name FROM snapshot.datasets").fetchall()[0][0]


def test_a_folding_reader_takes_over_by_itself(told: Workspace):
    owner, reader = open_store(told), open_store(told)
    reader.start_folding(0.02)
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
    store.start_folding(0.01)
    store.close()
    store.close()

    assert not store.is_owner


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_rebuilt_from_the_journal(told: Workspace, damage: str):
    with open_store(told) as store:
        before = content(store)
    told.store_path.write_bytes(DAMAGES[damage](told.store_path.read_bytes()))

    with open_store(told) as store:
        assert content(store) == before


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_snapshot_hurts_no_reader(told: Workspace, damage: str):
    with open_store(told) as owner:
        told.snapshot_path.write_bytes(DAMAGES[damage](told.snapshot_path.read_bytes()))
        with open_store(told) as reader:
            assert not reader.is_owner
            assert content(reader) == content(owner)


def test_a_missing_store_is_rebuilt_and_its_old_log_is_not_replayed(told: Workspace):
    log = told.store_path.with_name("experiments.duckdb.wal")
    with open_store(told) as store:
        before = content(store)
        store.refresh(until=store.journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers")))
        shutil.copy(told.store_path, told.path / "old")
        kept = log.read_bytes() if log.exists() else b""
    told.store_path.unlink()
    log.write_bytes(kept or b"rubbish")

    with open_store(told) as store:
        assert store.datasets()[0].name == "leavers"
        assert content(store)["runs"] == before["runs"]


def test_a_log_that_is_rubbish_does_not_stop_the_store(told: Workspace):
    told.store_path.with_name("experiments.duckdb.wal").write_bytes(b"rubbish" * 100)

    with open_store(told) as store:
        assert store.run("run_1").status == "finished"


def test_a_store_damaged_while_it_is_open_is_rebuilt(
    told: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    from litmus_core.store._duck import Tables

    with open_store(told) as store:
        before, rows, broken = content(store), Tables.rows, store._tables

        def failing(tables: Tables, text: str, params: tuple = ()) -> list:
            if tables is broken:
                raise duckdb.FatalException("the database has been invalidated")
            return rows(tables, text, params)

        monkeypatch.setattr(Tables, "rows", failing)
        with caplog.at_level(logging.WARNING):
            assert store.runs()[0].id == "run_1"
        assert content(store) == before
    assert "is rebuilt from the journal" in caplog.text


def test_the_store_of_another_journal_is_not_believed(told: Workspace):
    told.journal_path.unlink()

    with open_store(told) as store:
        assert store.runs() == []
    with open_store(told), open_store(told) as reader:
        assert reader.runs() == []


def test_a_journal_brought_back_from_a_backup_is_believed(told: Workspace, journal: Journal):
    journal.close()
    backup = told.journal_path.read_bytes()
    later = Journal(told)
    later.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
    later.close()
    open_store(told).close()
    told.journal_path.write_bytes(backup)

    with open_store(told) as store:
        assert store.datasets()[0].name == "churn"


def test_a_store_of_a_newer_litmus_is_refused_in_words(told: Workspace):
    with duckdb.connect(str(told.store_path)) as connection:
        connection.execute("UPDATE meta SET version = 99")

    with pytest.raises(WorkspaceError, match=r"newer Litmus .format 99"):
        open_store(told)
    with FileLock(told.lock_path) as lock:
        assert lock.acquire()  # a store that could not be opened is not owned


def test_a_store_that_a_foreign_program_holds_is_read_along_and_said_in_words(
    told: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, start
):
    monkeypatch.setattr("litmus_core.store._duck._OPEN_WAIT_S", 0.1)
    hold = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print(1, flush=True); time.sleep(600)"
    foreign = start(hold, told.store_path)
    assert foreign.line() == "1"

    with caplog.at_level(logging.WARNING), open_store(told) as store:
        assert not store.is_owner
        assert store.run("run_1").status == "finished"
    assert "experiments.duckdb open. Close it" in caplog.text
    assert rebuild(told) == len(STORY)  # it does not touch what the other holds: a new file takes the place


def test_facts_of_a_newer_litmus_are_folded_when_it_is_there(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    db = sqlite3.connect(told.journal_path)
    payload = '{"dataset_id": "ds_1", "name": "dreamt"}'
    db.execute("INSERT INTO events (at, type, payload) VALUES ('2030', 'DatasetDreamt', ?)", [payload])
    db.commit()
    db.close()
    with open_store(told) as store:
        assert store.datasets()[0].name == "churn"

    monkeypatch.setitem(FACT_TYPES, "DatasetDreamt", DatasetRenamed)

    with open_store(told) as store:
        assert store.datasets()[0].name == "dreamt"


def test_many_threads_read_while_one_folds(told: Workspace, journal: Journal):
    failures: list[Exception] = []
    done = threading.Event()

    def read(store: Store) -> None:
        try:
            while not done.is_set():
                assert store.summaries()[0].n_runs == 1
                assert len(store.candidates("run_1")) >= 2
                store.refresh()
        except Exception as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    with open_store(told) as owner, open_store(told) as reader:
        owner.start_folding(0.005)
        threads = [threading.Thread(target=read, args=(store,)) for store in (owner, owner, reader, reader)]
        for thread in threads:
            thread.start()
        try:
            for number in range(60):
                journal.append(CandidateTrained(candidate=facts.candidate(f"c{number}")))
                owner._ownership._published_at = 0.0  # publish at every turn
        finally:
            done.set()
            for thread in threads:
                thread.join()
        owner.refresh()
        reader.refresh()

        assert failures == []
        assert len(owner.candidates("run_1")) == len(reader.candidates("run_1")) == 62


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


def test_a_file_that_a_query_asks_for_in_vain_is_no_damage(told: Workspace, caplog: pytest.LogCaptureFixture):
    text = "SELECT * FROM read_parquet('/nowhere/at/all.parquet')"
    with caplog.at_level(logging.WARNING), pytest.raises(UsageError, match="cannot answer this"):
        sql(told, text)
    assert caplog.text == ""


def test_closing_interrupts_a_query_without_end(told: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("litmus_core.store._cursors._CLOSE_WAIT_S", 0.2)
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
            store.start_folding(0.01)
            wait_until(lambda: "The disk is full" in caplog.text)
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        wait_until(lambda: store.datasets()[0].name == "leavers")

    assert caplog.text.count("The disk is full") == 1


def refuse(*_: object, **__: object) -> None:
    raise WorkspaceError("The disk is full.")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_ten_thousand_events_fold_in_chunks(workspace: Workspace, journal: Journal, store: Store):
    journal.append(facts.queued())
    journal.append(*(RunStage(run_id="run_1", stage="fit", message=str(number)) for number in range(10_000)))
    store.refresh()

    assert store.run("run_1").message == "9999"
    assert store.query("SELECT count(*) AS n FROM run_events") == [{"n": 10_001}]


def test_rebuilding_counts_events_and_changes_nothing(told: Workspace):
    with open_store(told) as store:
        before = content(store)

    assert rebuild(told) == len(STORY)
    with open_store(told) as store:
        assert content(store) == before


def test_rebuilding_under_an_open_store_is_refused_in_words(told: Workspace):
    with open_store(told), pytest.raises(BusyError, match=r"open in another Litmus process. Close the app"):
        rebuild(told)


def test_rebuilding_brings_back_what_somebody_deleted(told: Workspace):
    for path in (told.store_path, told.snapshot_path):
        path.unlink()

    rebuild(told)

    assert told.store_path.exists()
    assert told.snapshot_path.exists()


def test_sql_reads_from_any_process(told: Workspace):
    text = "SELECT r.id, c.name FROM runs r JOIN candidates c ON c.id = r.chosen_id"
    with open_store(told):
        assert sql(told, text) == [{"id": "run_1", "name": "A"}]
    assert sql(told, text) == [{"id": "run_1", "name": "A"}]


WRITES = (
    "DELETE FROM runs",
    "DROP TABLE runs",
    "EXPLAIN ANALYZE DELETE FROM runs",
    "SELECT 1; DELETE FROM runs",
    "COPY runs TO '/tmp/litmus-must-not-exist.csv'",
    "ATTACH '/tmp/litmus-must-not-exist.duckdb'",
    "SET threads = 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "",
)


def test_sql_changes_nothing(told: Workspace):
    with open_store(told) as owner, open_store(told) as reader:
        for store in (owner, reader):
            for text in WRITES:
                with pytest.raises(UsageError):
                    store.query(text)

            assert store.query("SELECT count(*) AS n FROM runs") == [{"n": 1}]
    assert not Path("/tmp/litmus-must-not-exist.csv").exists()


def test_sql_reads_in_any_spelling(store: Store):
    for text in (
        "SELECT * FROM meta",
        "FROM meta",
        "DESCRIBE runs",
        "SHOW TABLES",
        "WITH a AS (FROM meta) FROM a",
    ):
        assert len(store.query(text)) >= 1


def test_sql_that_is_wrong_is_said_in_duckdbs_words(told: Workspace):
    with pytest.raises(UsageError, match=r"cannot answer this: .*runz does not exist"):
        sql(told, "SELECT * FROM runz")


def test_a_workspace_that_is_not_there_is_said_in_words(tmp_path: Path):
    with pytest.raises(WorkspaceError, match="Check that the workspace folder exists"):
        open_store(Workspace(tmp_path / "nowhere"))


def test_two_stores_in_two_workspaces_do_not_meet(tmp_path: Path):
    workspaces = [Workspace(tmp_path / name).create() for name in ("a", "b")]
    for workspace in workspaces:
        journal = Journal(workspace)
        journal.append(DatasetImported(version=facts.version(name=workspace.path.name)))
        journal.append(ExperimentCreated(experiment=facts.experiment()))
        journal.close()
    with open_store(workspaces[0]) as first, open_store(workspaces[1]) as second:
        assert (first.is_owner, second.is_owner) == (True, True)
        assert [first.datasets()[0].name, second.datasets()[0].name] == ["a", "b"]

"""A store that is damaged, missing, foreign or newer, and what brings it back."""

from __future__ import annotations

import gc
import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from litmus_core.errors import BusyError, UsageError, WorkspaceError
from litmus_core.store import FileLock, Journal, Workspace, open_store, rebuild, sql
from litmus_core.store._analytic.tables import Tables
from litmus_core.store._journal.facts import FACT_TYPES
from litmus_core.types import DatasetRenamed
from tests.store.conftest import write_unknown
from tests.store.story import STORY, content

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "text": lambda content: b"not a database",
    "header": lambda content: b"\x00" * 4096 + content[4096:],
    "one bit": lambda content: content[:-9_000] + bytes([content[-9_000] ^ 1]) + content[-8_999:],
    "a hole": lambda content: content[:20_000] + b"\x00" * 8_000 + content[28_000:],
}


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
    from litmus_core.store._analytic.tables import Tables

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


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "emptied"])
def test_a_lost_journal_is_never_replaced_by_an_empty_one(told: Workspace, content: bytes | None):
    before = told.store_path.read_bytes()
    told.journal_path.unlink()
    if content is not None:
        told.journal_path.write_bytes(content)

    for _ in range(2):
        with pytest.raises(WorkspaceError, match=r"holds an experiment store. .* doctor --fix") as caught:
            open_store(told)
        assert ("is missing" if content is None else "is empty") in str(caught.value)
    assert told.store_path.read_bytes() == before


def test_folders_of_runs_and_data_sets_tell_of_a_lost_journal_too(told: Workspace):
    for path in (told.journal_path, told.store_path, told.snapshot_path):
        path.unlink()
    told.run_dir("run_1").mkdir()

    with pytest.raises(WorkspaceError, match="is missing, but the workspace holds 1 run"):
        open_store(told)


def test_the_store_of_another_journal_is_not_believed_and_is_kept(
    told: Workspace, journal: Journal, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    journal.close()
    before = told.store_path.read_bytes()
    with closing(Journal(Workspace(tmp_path / "other").create())) as other:
        other.append(DatasetRenamed(dataset_id="ds_1", name="a"))
    shutil.copy(other.workspace.journal_path, told.journal_path)

    with caplog.at_level(logging.WARNING), open_store(told) as store:
        assert store.runs() == []
    assert "was made from another journal" in caplog.text
    assert [each.read_bytes() for each in told.aside.glob("*/experiments.duckdb")] == [before]


def test_a_store_that_knows_more_than_the_journal_is_kept(told: Workspace, caplog: pytest.LogCaptureFixture):
    with closing(sqlite3.connect(told.journal_path)) as db, db:
        db.execute("DELETE FROM events")

    with caplog.at_level(logging.WARNING), open_store(told) as store:
        assert store.runs() == []
    assert f"holds {len(STORY)} events that the journal does not have" in caplog.text
    (kept,) = told.aside.glob("*/experiments.duckdb")
    with duckdb.connect(str(kept), read_only=True) as aside:
        assert aside.execute("SELECT count(*) FROM events").fetchone() == (len(STORY),)


PAYLOADS = {
    "no JSON": '{"run_id": ',
    "no text": b"\xff\xfe\x00{",
    "odd bytes": "CAST(x'7b22ff7d' AS TEXT)",
    "another value": '{"dataset_id": "ds_1", "name": "forged"}',
    "nested too deeply": "[" * 5000,
}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_one_damaged_event_is_passed_over_in_words(
    told: Workspace, payload: str, caplog: pytest.LogCaptureFixture
):
    with closing(Journal(told)) as journal:
        at = journal.append(DatasetRenamed(dataset_id="ds_1", name="a"))
        journal.append(
            DatasetRenamed(dataset_id="ds_1", name="b"), DatasetRenamed(dataset_id="ds_2", name="c")
        )
    with closing(sqlite3.connect(told.journal_path)) as db, db:
        value = PAYLOADS[payload]
        if payload == "odd bytes":
            db.execute(f"UPDATE events SET payload = {value} WHERE id = ?", [at])
        else:
            db.execute("UPDATE events SET payload = ? WHERE id = ?", [value, at])

    with caplog.at_level(logging.WARNING), open_store(told) as store:
        assert store.datasets()[0].name == "b"
        assert at not in {event.id for event in store.journal.events()}
    assert f"event {at} is damaged" in caplog.text
    assert "forged" not in caplog.text


def test_a_damaged_event_of_a_queued_run_hinders_no_other(told: Workspace):
    with closing(sqlite3.connect(told.journal_path)) as db, db:
        db.execute("UPDATE events SET payload = 'x' WHERE type = 'RunQueued'")

    with closing(Journal(told)) as journal:
        assert journal.run_numbers("ex_1") == set()


def test_a_zeroed_page_is_noticed_at_opening(told: Workspace, journal: Journal):
    journal.append(*(DatasetRenamed(dataset_id="ds_1", name="x" * 500) for _ in range(200)))
    journal.close()
    open_store(told).close()
    content = bytearray(told.journal_path.read_bytes())
    content[15 * 4096 : 16 * 4096] = b"\0" * 4096
    told.journal_path.write_bytes(content)

    with pytest.raises(WorkspaceError, match=r"is damaged \(.*doctor --fix"):
        open_store(told)


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


def test_facts_of_a_newer_litmus_are_folded_when_it_is_there(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    write_unknown(told, len(STORY) + 1, "DatasetDreamt", '{"dataset_id": "ds_1", "name": "dreamt"}')
    with open_store(told) as store:
        assert store.datasets()[0].name == "churn"

    monkeypatch.setitem(FACT_TYPES, "DatasetDreamt", DatasetRenamed)

    with open_store(told) as store:
        assert store.datasets()[0].name == "dreamt"


def test_a_file_that_a_query_asks_for_in_vain_is_no_damage(told: Workspace, caplog: pytest.LogCaptureFixture):
    text = "SELECT * FROM read_parquet('/nowhere/at/all.parquet')"
    with caplog.at_level(logging.WARNING), pytest.raises(UsageError, match="and the data sets can be asked"):
        sql(told, text)
    assert caplog.text == ""


@pytest.mark.parametrize("collects", [True, False])
def test_a_rebuild_leaves_the_collector_as_it_was(told, monkeypatch, collects):
    """Python collects no garbage while the journal is folded, which takes an eighth of the time."""
    during: list[bool] = []
    fold = Tables.fold

    def folding(tables: Tables, journal: Journal) -> int:
        if journal.workspace == told:  # a thread of an earlier test may fold another journal now
            during.append(gc.isenabled())
        return fold(tables, journal)

    monkeypatch.setattr(Tables, "fold", folding)
    (gc.enable if collects else gc.disable)()
    try:
        rebuild(told)
        assert (during, gc.isenabled()) == ([False], collects)
    finally:
        gc.enable()


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


def test_rows_out_of_their_order_end_in_words_and_not_in_a_loop(told: Workspace, journal: Journal):
    journal.append(*(DatasetRenamed(dataset_id="ds_1", name="x" * 500) for _ in range(200)))
    journal.close()
    content = bytearray(told.journal_path.read_bytes())
    leaves = range(len(content) - 4096, 0, -4096)
    full = (at for at in leaves if content[at] == 0x0D and b"xxx" in content[at : at + 4096])
    leaf = next(at for at in full if int.from_bytes(content[at + 3 : at + 5], "big") > 1)
    n_cells = int.from_bytes(content[leaf + 3 : leaf + 5], "big")
    first = content[leaf + 8 : leaf + 10]
    content[leaf + 8 : leaf + 8 + 2 * n_cells] = first * n_cells  # every cell of a page is its first one
    told.journal_path.write_bytes(content)

    told.snapshot_path.unlink()

    with FileLock(told.lock_path) as lock:
        assert lock.acquire()  # so it is read by one that does not own the store, and looks at no pages
        with pytest.raises(WorkspaceError, match="not in their order"):
            open_store(told)

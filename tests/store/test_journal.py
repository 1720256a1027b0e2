from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from litmus_core.errors import WorkspaceError
from litmus_core.store import Journal, Workspace
from litmus_core.types import (
    CandidateScored,
    CandidateTrained,
    Column,
    DatasetDeleted,
    DatasetImported,
    DatasetRenamed,
    ExperimentCreated,
    RunEnded,
    RunStarted,
)
from tests.store import facts
from tests.store.conftest import write_unknown

WRITE = """
import sys
from litmus_core.store import Journal, Workspace
from litmus_core.types import DatasetRenamed
journal = Journal(Workspace(sys.argv[1]))
for number in range(100):
    journal.append(DatasetRenamed(dataset_id=sys.argv[2], name=str(number)))
print("done", flush=True)
"""


def test_what_is_appended_is_read_in_its_order_with_ascending_ids(journal: Journal):
    first = DatasetImported(version=facts.version())
    second = ExperimentCreated(experiment=facts.experiment())

    assert journal.append(first, second) == 2
    assert [(event.id, event.fact) for event in journal.events()] == [(1, first), (2, second)]
    assert journal.last_id() == 2


def test_nothing_appended_is_nothing_written(journal: Journal):
    assert journal.append() == 0
    assert journal.events() == []


def test_events_are_found_by_run_type_and_position(journal: Journal):
    trained = CandidateTrained(candidate=facts.candidate())
    scored = CandidateScored(candidate_id="run_1-a", validation=facts.score())
    other = CandidateTrained(candidate=facts.candidate(run_id="run_2"))
    journal.append(trained, scored, other)

    assert [event.fact for event in journal.events(run_id="run_1")] == [trained, scored]
    assert [event.fact for event in journal.events(types=[CandidateTrained])] == [trained, other]
    assert [event.fact for event in journal.events(types=["CandidateScored"])] == [scored]
    assert [event.id for event in journal.events(number=2)] == [3]


def test_events_are_found_by_type_or_run_without_reading_all(journal: Journal):
    statements: list[str] = []
    with journal._pool.lend() as db:
        db.set_trace_callback(lambda text: statements.append(text) if text.startswith("SELECT") else None)
    journal.queued_on(["dv_1"])
    journal.judged_by_folds()
    journal.events(types=[CandidateTrained])
    journal.events(run_id="run_1", types=[CandidateTrained])

    with closing(sqlite3.connect(journal.workspace.journal_path)) as db:
        plans = [str(db.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()) for text in statements]
    by_type, by_run = plans[:3], plans[3:]
    assert ["events_of_type" in plan for plan in by_type] == [True] * 3
    assert ["events_of_run" in plan for plan in by_run] == [True]


def test_one_bad_fact_keeps_all_of_its_transaction_out(journal: Journal):
    with pytest.raises(TypeError):
        journal.append(DatasetRenamed(dataset_id="ds_1", name="a"), object())  # type: ignore[arg-type]

    assert journal.last_id() == 0


def test_the_clock_is_the_callers(workspace: Workspace):
    journal = Journal(workspace, clock=lambda: "2026-01-01T00:00:00+00:00")
    journal.append(DatasetRenamed(dataset_id="ds_1", name="a"))

    assert journal.events()[0].at == "2026-01-01T00:00:00+00:00"
    journal.close()


def test_a_fact_of_a_newer_litmus_stays_in_the_journal_and_is_left_out(
    workspace: Workspace, journal: Journal
):
    journal.append(DatasetRenamed(dataset_id="ds_1", name="a"))
    write_unknown(workspace, 2, "ModelDreamt", '{"of": "sheep"}')
    journal.append(DatasetRenamed(dataset_id="ds_1", name="b"))

    assert [event.id for event in journal.events()] == [1, 3]
    assert [record.type for record in journal.records()] == [
        "DatasetRenamed",
        "ModelDreamt",
        "DatasetRenamed",
    ]


def test_text_of_any_kind_survives(journal: Journal):
    names = ["Grüße 🦄", "line\nbreak", "nul \x00 inside", 'quotes " and \\', ""]
    journal.append(*(DatasetRenamed(dataset_id="ds_1", name=name) for name in names))

    assert [event.fact.name for event in journal.events()] == names  # type: ignore[union-attr]


def test_a_file_name_that_is_no_text_does_not_stop_the_journal(journal: Journal):
    journal.append(DatasetRenamed(dataset_id="ds_1", name="caf\udce9.csv"))

    assert journal.events()[0].fact.name == "caf?.csv"  # type: ignore[union-attr]


def test_four_processes_write_at_once_and_nothing_is_lost(workspace: Workspace, journal: Journal, start):
    writers = [start(WRITE, workspace.path, f"ds_{number}") for number in range(4)]
    for writer in writers:
        assert writer.line() == "done"

    events = journal.events()
    assert len(events) == 400
    for number in range(4):
        mine = [event.fact.name for event in events if event.fact.dataset_id == f"ds_{number}"]  # type: ignore[union-attr]
        assert mine == [str(each) for each in range(100)]


def test_threads_share_a_journal(journal: Journal):
    def write(number: int) -> None:
        for each in range(25):
            journal.append(DatasetRenamed(dataset_id=f"ds_{number}", name=str(each)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert journal.last_id() == 200


def test_a_missing_workspace_is_said_in_words(tmp_path: Path):
    with pytest.raises(WorkspaceError, match="There is no workspace folder at"):
        Journal(Workspace(tmp_path / "nowhere")).last_id()


def test_a_damaged_journal_is_said_in_words(workspace: Workspace):
    workspace.journal_path.write_bytes(b"this is not a database, and it is long enough to be looked at" * 100)

    with pytest.raises(WorkspaceError, match=r"is damaged .* doctor --fix"):
        Journal(workspace).last_id()


def test_a_journal_damaged_in_the_middle_is_said_in_words(workspace: Workspace):
    journal = Journal(workspace)
    journal.append(*(DatasetRenamed(dataset_id="ds_1", name="x" * 500) for _ in range(200)))
    journal.close()
    content = bytearray(workspace.journal_path.read_bytes())
    content[30_000:60_000] = b"\xff" * 30_000
    workspace.journal_path.write_bytes(content)

    with closing(Journal(workspace)) as damaged, pytest.raises(WorkspaceError, match="is damaged"):
        damaged.events()


def test_a_journal_of_a_newer_litmus_is_refused_in_words(workspace: Workspace, journal: Journal):
    journal.append(DatasetRenamed(dataset_id="ds_1", name="a"))
    db = sqlite3.connect(workspace.journal_path)
    db.execute("PRAGMA user_version = 99")
    db.close()

    with pytest.raises(WorkspaceError, match=r"newer Litmus .format 99"):
        Journal(workspace).last_id()


def test_a_full_disk_is_said_in_words_and_nothing_is_half_written(workspace: Workspace, journal: Journal):
    journal.append(DatasetRenamed(dataset_id="ds_1", name="a"))
    with journal._pool.lend() as connection:
        connection.execute("PRAGMA max_page_count = 20")

    with pytest.raises(WorkspaceError, match=r"the disk is full. Free some space"):
        journal.append(*(DatasetRenamed(dataset_id="ds_1", name="x" * 1000) for _ in range(200)))

    assert journal.last_id() == 1


def test_a_folder_in_place_of_the_journal_is_said_in_words(workspace: Workspace):
    workspace.journal_path.mkdir()

    with pytest.raises(WorkspaceError, match="cannot be opened"):
        Journal(workspace).last_id()


def test_a_run_and_its_experiment_can_be_found_in_the_file_itself(workspace: Workspace, journal: Journal):
    journal.append(
        facts.queued(), RunStarted(run_id="run_1", pid=1), RunEnded(run_id="run_1", status="finished")
    )

    db = sqlite3.connect(workspace.journal_path)
    rows = db.execute("SELECT type, run_id, experiment_id FROM events").fetchall()
    db.close()

    assert rows == [
        ("RunQueued", "run_1", "ex_1"),
        ("RunStarted", "run_1", None),
        ("RunEnded", "run_1", None),
    ]


def test_deleting_a_data_set_blanks_what_its_events_quote_in_the_same_transaction(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    column = Column(name="who", original_name="who", kind="text", storage="VARCHAR", examples=("Ada", "Bob"))
    imported = DatasetImported(version=facts.version(columns=(column,), notes=("Ada is there twice.",)))
    other = DatasetImported(version=facts.version(2, dataset_id="ds_2", columns=(column,)))
    journal.append(imported, other)

    with monkeypatch.context() as patch:  # as if it were killed in between
        patch.setattr("litmus_core.store._journal.erasure._blank", lambda fact: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            journal.append(DatasetDeleted(dataset_id="ds_1"))
    assert [event.fact for event in journal.events()] == [imported, other]

    journal.append(DatasetDeleted(dataset_id="ds_1"))
    blank_records, kept, _ = (event.fact for event in journal.events())
    assert "Ada" not in str(blank_records)
    assert kept == other

"""The store in one process: what it answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from litmus_core.errors import NotFoundError
from litmus_core.store import Journal, Store, Workspace, open_store
from litmus_core.store._analytic.cursors import Cursors
from litmus_core.types import CandidateTrained, DatasetImported, DatasetRenamed, ExperimentCreated, RunStage
from tests.store import facts


def test_an_empty_workspace_answers_with_nothing(store: Store):
    assert store.is_owner
    assert store.datasets() == []
    assert store.experiments() == []
    assert store.runs() == []
    assert store.candidates() == []
    assert store.summaries() == []
    assert store.bundles() == []
    assert store.endpoints() == []
    assert sum(store.evaluations_by_person("ex_1").values()) == 0


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


def test_reads_are_never_older_than_a_moment(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    with open_store(told), open_store(told) as reader:
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        monkeypatch.setattr(
            "litmus_core.store._journal.journal._last_events", {}
        )  # as if another process had written
        assert reader.datasets()[0].name == "churn"
        monkeypatch.setattr("litmus_core.store._store._MOST_AGE_S", 0.0)

        assert reader.datasets()[0].name == "leavers"


def test_the_same_is_read_once_until_something_is_recorded(
    told: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    with open_store(told) as store:
        asked: list[str] = []
        lend = Cursors.lend
        monkeypatch.setattr(Cursors, "lend", lambda cursors: asked.append("") or lend(cursors))
        assert store.datasets() == store.datasets()
        assert len(asked) == 1
        assert store.candidates("run_1") == store.candidates("run_1")
        assert len(asked) == 3  # the candidates, and their figures as tuples
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))
        assert store.datasets()[0].name == "leavers"
        asked.clear()
        assert store.datasets()[0].name == "leavers"
        assert asked == []


@pytest.mark.parametrize("folds", [False, True])
def test_what_this_process_wrote_every_store_of_it_reads_at_once(
    told: Workspace, journal: Journal, folds: bool, monkeypatch: pytest.MonkeyPatch
):
    """A notebook writes through one handle and reads through another."""
    monkeypatch.setattr("litmus_core.store._store._MOST_AGE_S", 3600.0)
    with open_store(told) as owner, open_store(told) as reader:
        if folds:
            owner.start_refreshing(interval_s=3600)
        journal.append(DatasetRenamed(dataset_id="ds_1", name="leavers"))

        assert [each.datasets()[0].name for each in (owner, reader)] == ["leavers", "leavers"]


def test_what_another_process_made_is_found_by_its_id_at_once(told: Workspace, journal: Journal):
    """An address made by a command or a notebook is opened before the next round of folding."""
    with open_store(told) as reader:
        reader.start_refreshing(interval_s=3600)
        journal.append(DatasetImported(version=facts.version(1, id="dv_2", dataset_id="ds_2")))

        assert reader.dataset_version("dv_2").dataset_id == "ds_2"
        assert len(reader.versions("ds_2")) == 1


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
        owner.start_refreshing(0.005)
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


def test_ten_thousand_events_fold_in_chunks(workspace: Workspace, journal: Journal, store: Store):
    journal.append(facts.queued())
    journal.append(*(RunStage(run_id="run_1", stage="fit", message=str(number)) for number in range(10_000)))
    store.refresh()

    assert store.run("run_1").message == "9999"
    assert store.query("SELECT count(*) AS n FROM run_events") == [{"n": 10_001}]


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

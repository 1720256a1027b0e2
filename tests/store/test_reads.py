from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from litmus_core.store import Journal, Store, Workspace, open_store
from litmus_core.types import (
    CandidateScored,
    CandidateTrained,
    DatasetImported,
    ExperimentCreated,
    RunEnded,
    RunJudged,
    RunStage,
    RunStarted,
)
from tests.store import facts
from tests.store.story import STORY


@pytest.fixture
def journal(workspace: Workspace) -> Iterator[Journal]:
    """A journal whose clock moves on by a minute with each transaction, up to now."""
    times = iter(range(-60, 60))
    start = datetime.now(UTC)
    journal = Journal(
        workspace, clock=lambda: (start + timedelta(minutes=next(times))).isoformat(timespec="microseconds")
    )
    journal.append(DatasetImported(version=facts.version()))
    yield journal
    journal.close()


@pytest.fixture
def store(workspace: Workspace, journal: Journal) -> Iterator[Store]:
    with open_store(workspace) as store:
        yield store


def trained(run_id: str, name: str, score: float, *, metric: str = "roc_auc", experiment_id: str = "ex_1"):
    made = facts.candidate(name, run_id=run_id, experiment_id=experiment_id)
    scored = CandidateScored(candidate_id=made.id, validation=facts.score(score, metric=metric))
    return (CandidateTrained(candidate=made), scored)


def test_a_summary_has_the_latest_run_and_the_latest_verdict(journal: Journal, store: Store):
    journal.append(ExperimentCreated(experiment=facts.experiment()))
    journal.append(facts.queued("run_1"), *trained("run_1", "a", 0.8), *trained("run_1", "b", 0.9))
    judged = RunJudged(run_id="run_1", candidate_id="run_1-a", verdict=facts.verdict("run_1-a"))
    journal.append(judged, RunEnded(run_id="run_1", status="finished"))
    journal.append(facts.queued("run_2", number=2), RunStarted(run_id="run_2", pid=1))
    store.refresh()

    [summary] = store.summaries()

    assert (summary.n_runs, summary.latest_run_id, summary.status) == (2, "run_2", "running")
    assert (summary.dataset_name, summary.verdict) == ("churn", facts.verdict("run_1-a"))
    assert summary.best == store.candidate("run_1-a")
    assert summary.updated_at == journal.events()[-1].at


def test_before_a_verdict_the_best_by_validation_leads(journal: Journal, store: Store):
    journal.append(facts.queued(), *trained("run_1", "a", 0.8), *trained("run_1", "b", 0.9))
    store.refresh()

    assert store.summaries()[0].best == store.candidate("run_1-b")
    assert store.best("run_1") == store.candidate("run_1-b")
    assert store.leading_runs() == {"run_1"}


def test_of_an_error_the_least_leads(journal: Journal, store: Store):
    journal.append(
        facts.queued(), *trained("run_1", "a", 3.0, metric="rmse"), *trained("run_1", "b", 9.0, metric="rmse")
    )
    store.refresh()

    assert store.best("run_1") == store.summaries()[0].best == store.candidate("run_1-a")


def test_the_experiment_where_something_happened_last_comes_first(journal: Journal, store: Store):
    for name in ("ex_1", "ex_2", "ex_3"):
        journal.append(ExperimentCreated(experiment=facts.experiment(name)))
    journal.append(facts.queued("run_2", of=facts.experiment("ex_2")))
    journal.append(facts.queued("run_1", of=facts.experiment("ex_1")))
    store.refresh()

    assert [each.experiment.id for each in store.summaries()] == ["ex_1", "ex_2", "ex_3"]
    assert store.summaries()[2].best is None
    assert (store.summaries()[2].n_runs, store.summaries()[2].status) == (0, None)


def test_a_waiting_run_has_not_begun(journal: Journal, store: Store):
    journal.append(facts.queued())
    store.refresh()

    progress = store.progress("run_1")

    assert (progress.status, progress.elapsed_s, progress.remaining_s) == ("queued", 0.0, None)
    assert (progress.stage, progress.n_trained, progress.best) == (None, 0, None)


def test_a_running_run_says_where_it_is_and_how_long_is_left(workspace: Workspace, store: Store):
    journal = Journal(workspace)
    journal.append(facts.queued(), RunStarted(run_id="run_1", pid=1), *trained("run_1", "a", 0.8))
    said = RunStage(run_id="run_1", stage="fit", message="Training B", remaining_s=40.0, training_now="B")
    store.refresh(until=journal.append(said))
    journal.close()

    progress = store.progress("run_1")

    assert (progress.status, progress.stage, progress.message) == ("running", "fit", "Training B")
    assert (progress.n_trained, progress.training_now) == (1, "B")
    assert progress.best == store.candidate("run_1-a")
    assert 0.0 <= progress.elapsed_s < 30.0
    assert progress.remaining_s is not None
    assert 10.0 < progress.remaining_s <= 40.0


def test_time_that_was_left_an_hour_ago_is_over(journal: Journal, store: Store):
    journal.append(facts.queued())
    journal.append(RunStarted(run_id="run_1", pid=1))
    journal.append(RunStage(run_id="run_1", stage="fit", message="Training", remaining_s=40.0))
    store.refresh()

    assert store.progress("run_1").remaining_s == 0.0


def test_a_run_that_is_over_took_what_it_took(journal: Journal, store: Store):
    journal.append(facts.queued())
    journal.append(RunStarted(run_id="run_1", pid=1))
    journal.append(RunEnded(run_id="run_1", status="finished"))
    store.refresh()

    assert store.progress("run_1").elapsed_s == pytest.approx(60.0)
    assert store.progress("run_1").remaining_s is None


def test_candidates_come_in_the_order_they_were_trained(journal: Journal, store: Store):
    for name in ("b", "c", "a"):
        journal.append(facts.queued(), *trained("run_1", name, 0.5))
    journal.append(facts.queued("run_2", number=2), *trained("run_2", "d", 0.5))
    store.refresh()

    assert [each.model for each in store.candidates("run_1")] == ["b", "c", "a"]
    assert [each.model for each in store.candidates(experiment_id="ex_1")] == ["b", "c", "a", "d"]
    assert store.candidates("run_3") == []


def test_runs_and_bundles_belong_to_their_experiment(journal: Journal, store: Store):
    journal.append(facts.queued("run_1"))
    journal.append(facts.queued("run_2", of=facts.experiment("ex_2")))
    store.refresh()

    assert [run.id for run in store.runs()] == ["run_2", "run_1"]
    assert [run.id for run in store.runs("ex_1")] == ["run_1"]
    assert store.bundles("ex_1") == []


def test_the_best_by_a_cost_with_its_table_is_the_cheapest(journal: Journal, store: Store):
    costs = 'cost(table={"no":{"yes":1},"yes":{"no":20}})'
    journal.append(ExperimentCreated(experiment=facts.experiment()), facts.queued("run_1"))
    for name, cost in (("dear", 900.0), ("cheap", 90.0)):
        journal.append(*trained("run_1", name, cost, metric=costs))
    store.refresh()

    [summary] = store.summaries()

    assert summary.best == store.candidate("run_1-cheap")


def test_lists_of_everything_are_read_again_once_something_is_said(store: Store, journal: Journal):
    journal.append(*STORY)
    before = store.runs()
    assert store.find_run("run_2") is None
    assert [summary.n_runs for summary in store.summaries(leading=["run_1"])] == [1]
    assert store.running() == []
    before.clear()  # the caller's own list

    journal.append(facts.queued("run_2", number=2), RunStarted(run_id="run_2", pid=1))

    assert [run.id for run in store.runs()] == ["run_2", "run_1"]
    assert [run.id for run in store.running()] == ["run_2"]
    assert [summary.n_runs for summary in store.summaries(leading=["run_1"])] == [2]
    assert store.find_run("run_2") == store.run("run_2")


def test_the_leading_runs_decide_anew_which_model_a_summary_has(store: Store, journal: Journal):
    journal.append(*STORY, facts.queued("run_2", number=2), *trained("run_2", "c", 0.7))
    journal.append(RunJudged(run_id="run_2", candidate_id="run_2-c", verdict=facts.verdict("run_2-c")))
    models = [store.summaries(leading=[run_id])[0].best for run_id in ("run_1", "run_2", "run_1")]
    assert [model and model.id for model in models] == ["run_1-a", "run_2-c", "run_1-a"]

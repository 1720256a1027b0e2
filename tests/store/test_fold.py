from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.store import Journal, Store, Workspace, open_store, rebuild
from litmus_core.store._analytic import unit_of_work
from litmus_core.store._journal.facts import FACT_TYPES
from litmus_core.store._projections import experiments
from litmus_core.types import (
    BundleDeleted,
    CandidateTested,
    CandidateTrained,
    DatasetDeleted,
    DatasetImported,
    DatasetRenamed,
    DeployedModelChosen,
    EndpointStopped,
    ExperimentCreated,
    ExperimentDeleted,
    ExperimentRenamed,
    Fact,
    FinalModelLeftOut,
    FinalModelTrained,
    Folds,
    Hyperparameter,
    IntervalGroupsChosen,
    RunDeleted,
    RunEnded,
    RunJudged,
    RunPlan,
    RunQueued,
    RunRenamed,
    RunRequeued,
    RunStage,
    RunStarted,
    Space,
    Trial,
    TrialEnded,
    VersionDeleted,
)
from tests.store import facts
from tests.store.story import STORY, content


def tell(journal: Journal, store: Store, *told: Fact) -> None:
    store.refresh(until=journal.append(*told))


@pytest.fixture
def told(journal: Journal, store: Store) -> Store:
    tell(journal, store, *STORY)
    return store


def test_a_run_has_what_its_facts_said(told: Store):
    run = told.run("run_1")

    assert (run.status, run.number, run.stage, run.message) == ("finished", 1, "fit", "Done.")
    assert (run.chosen_id, run.verdict, run.n_bytes) == ("run_1-a", facts.verdict(), 900)
    assert run.times.queued_at is not None
    assert run.times.started_at is not None
    assert run.times.ended_at is not None


def test_a_candidate_has_what_its_facts_said(told: Store):
    assert told.candidate("run_1-a") == facts.candidate(
        "a",
        validation=facts.score(0.92),
        test=facts.score(0.91),
        threshold=0.4,
        latency=facts.latency(),
        size_bytes=500,
        in_budget=True,
        chosen=True,
    )


def test_a_test_score_stays_sealed_until_it_is_looked_at(told: Store):
    assert told.candidate("run_1-b").test is None
    assert sum(told.evaluations_by_person("ex_1").values()) == 1


def test_a_fact_that_is_said_twice_changes_nothing_but_the_story(journal: Journal, told: Store):
    before = content(told)
    for fact in STORY:
        if not isinstance(fact, (RunStarted, RunStage, RunEnded)):  # they say what is now, and when
            tell(journal, told, fact)
            after = content(told)
            assert after | {"run_events": []} == before | {"run_events": []}, fact


def test_one_fold_of_all_is_a_fold_of_each(journal: Journal, told: Store, tmp_path):
    from litmus_core.store import Workspace

    other = Workspace(tmp_path / "other").create()
    events = iter(journal.events())
    copied = Journal(other, clock=lambda: next(events).at)
    with open_store(other) as store:
        for fact in STORY:
            store.refresh(until=copied.append(fact))
        assert content(store) == content(told)
    copied.close()


def test_another_choice_takes_the_mark_from_the_first(journal: Journal, told: Store):
    tell(journal, told, RunJudged(run_id="run_1", candidate_id="run_1-b", verdict=facts.verdict("run_1-b")))

    assert [(each.id, each.chosen) for each in told.candidates("run_1")] == [
        ("run_1-a", False),
        ("run_1-b", True),
    ]


def test_a_candidate_that_is_announced_again_keeps_its_scores(journal: Journal, told: Store):
    tell(journal, told, CandidateTrained(candidate=facts.candidate("a", fit_s=2.5)))

    again = told.candidate("run_1-a")
    assert (again.fit_s, again.validation, again.test) == (2.5, facts.score(0.92), facts.score(0.91))
    assert (again.chosen, again.latency) == (True, facts.latency())


def test_a_reveal_counts_as_a_look_once(journal: Journal, told: Store):
    revealed = CandidateTested(candidate_id="run_1-b", test=facts.score(0.9), reason="revealed", by="ada")
    tell(journal, told, revealed, revealed)

    assert sum(told.evaluations_by_person("ex_1").values()) == 2
    assert told.query("SELECT reason, who FROM test_evaluations WHERE candidate_id = 'run_1-b'") == [
        {"reason": "revealed", "who": "ada"}
    ]


def test_evaluations_are_counted_by_person(journal: Journal, told: Store):
    by_ada = [CandidateTrained(candidate=facts.candidate(name)) for name in ("c", "d")]
    tested = [
        CandidateTested(candidate_id=f"run_1-{name}", test=facts.score(0.9), reason="revealed")
        for name in ("c", "d", "b")
    ]
    tell(journal.signed_by("ada"), told, *by_ada, *tested[:2])
    tell(journal.signed_by("ben"), told, *tested)

    assert told.evaluations_by_person("ex_1") == {"ada": 2, "": 1, "ben": 1}


def test_a_final_model_belongs_to_its_candidate_and_may_be_put_aside(journal: Journal, told: Store):
    final = facts.final_model()
    tell(journal, told, FinalModelLeftOut(candidate_id="run_1-a", reason="No time was left."))
    assert (told.candidate("run_1-a").final, told.candidate("run_1-a").no_final) == (
        None,
        "No time was left.",
    )

    tell(journal, told, FinalModelTrained(candidate_id="run_1-a", final=final))
    assert (told.candidate("run_1-a").final, told.candidate("run_1-a").no_final) == (final, "")

    tell(journal, told, DeployedModelChosen(candidate_id="run_1-a", final=False))
    assert told.candidate("run_1-a").final == replace(final, in_use=False)
    assert told.candidate("run_1-a").test == facts.score(0.91)

    tell(journal, told, DeployedModelChosen(candidate_id="run_1-b", final=False))  # it has none
    assert told.candidate("run_1-b").final is None


def test_groups_of_intervals_belong_to_their_candidate_until_they_are_given_up(journal: Journal, told: Store):
    tell(journal, told, IntervalGroupsChosen(candidate_id="run_1-a", column="shop"))
    assert [told.candidate(each).interval_by for each in ("run_1-a", "run_1-b")] == ["shop", ""]

    tell(journal, told, IntervalGroupsChosen(candidate_id="run_1-a", column=""))
    assert told.candidate("run_1-a").interval_by == ""


def test_a_run_that_was_over_waits_and_goes_on(journal: Journal, told: Store):
    tell(journal, told, RunRequeued(run_id="run_1"))
    assert (told.run("run_1").status, told.run("run_1").times.ended_at) == ("queued", None)

    started_at = told.run("run_1").times.started_at
    tell(journal, told, RunStarted(run_id="run_1", pid=8))
    assert (told.run("run_1").status, told.run("run_1").times.started_at) == ("running", started_at)


def test_a_data_set_keeps_its_new_name_when_it_gets_a_new_version(journal: Journal, told: Store):
    tell(journal, told, DatasetRenamed(dataset_id="ds_1", name="leavers"))
    tell(journal, told, DatasetImported(version=facts.version(2)))

    assert [(each.name, each.version) for each in told.versions("ds_1")] == [("leavers", 1), ("leavers", 2)]
    assert [each.id for each in told.datasets()] == ["dv_2"]


def test_an_experiment_is_renamed(journal: Journal, told: Store):
    tell(journal, told, ExperimentRenamed(experiment_id="ex_1", name="who leaves"))

    assert told.experiment("ex_1").name == "who leaves"


def test_a_run_is_renamed(journal: Journal, told: Store):
    assert (told.run("run_1").name, told.run("run_1").title) == ("", "Run 1")

    tell(journal, told, RunRenamed(run_id="run_1", name="without the text"))

    assert told.run("run_1").title == "without the text"


def test_an_endpoint_stops(journal: Journal, told: Store):
    assert told.endpoints()[0].alive

    tell(journal, told, EndpointStopped(endpoint_id="ep_1"))

    assert not told.endpoints()[0].alive


def test_a_deleted_run_takes_all_but_its_bundles_and_looks_with_it(journal: Journal, told: Store):
    tell(journal, told, RunDeleted(run_id="run_1"))

    left = {table: len(rows) for table, rows in content(told).items() if rows}
    kept = {"datasets": 1, "dataset_versions": 1, "experiments": 1, "bundles": 1, "endpoints": 1}
    assert left == kept | {"test_evaluations": 1}
    assert sum(told.evaluations_by_person("ex_1").values()) == 1  # what was seen of the test rows was seen


def test_a_deleted_experiment_takes_its_runs_with_it(journal: Journal, told: Store):
    tell(journal, told, ExperimentDeleted(experiment_id="ex_1"))

    left = {table: len(rows) for table, rows in content(told).items() if rows}
    assert left == {"datasets": 1, "dataset_versions": 1, "bundles": 1, "endpoints": 1}


def test_a_deleted_data_set_takes_its_versions_with_it(journal: Journal, told: Store):
    tell(journal, told, DatasetImported(version=facts.version(2)), DatasetDeleted(dataset_id="ds_1"))

    assert told.datasets() == []
    assert content(told)["dataset_versions"] == []


def test_a_deleted_version_leaves_the_others(journal: Journal, told: Store):
    second = facts.version(2)
    tell(journal, told, DatasetImported(version=second), VersionDeleted(version_id=second.id))

    assert [each.version for each in told.versions("ds_1")] == [1]


def test_a_deleted_bundle_is_gone(journal: Journal, told: Store):
    tell(journal, told, BundleDeleted(bundle_id="bd_1"))

    assert told.bundles() == []


def test_what_is_said_of_a_deleted_run_brings_nothing_back(journal: Journal, told: Store):
    late = [fact for fact in STORY if not isinstance(fact, (DatasetImported, ExperimentCreated, RunQueued))]
    before = content(told)["test_evaluations"]
    tell(journal, told, RunDeleted(run_id="run_1"), *late)

    assert told.runs() == []
    assert told.candidates() == []
    assert content(told)["latencies"] == content(told)["run_events"] == []
    assert content(told)["test_evaluations"] == before  # the looks that were taken, and no new one


def test_a_run_can_be_deleted_and_queued_in_one_fold(journal: Journal, told: Store):
    tell(journal, told, RunDeleted(run_id="run_1"), facts.queued("run_2", number=2))

    assert [run.id for run in told.runs()] == ["run_2"]


def test_what_a_fold_wrote_before_a_deletion_is_changed_by_what_comes_after(
    journal: Journal, workspace: Workspace
):
    journal.append(*STORY, RunDeleted(run_id="run_9"), RunRenamed(run_id="run_1", name="plain"))

    with open_store(workspace) as store:
        assert [run.title for run in store.runs()] == ["plain"]


def test_values_at_the_edge_fold(journal: Journal, told: Store):
    strange = facts.experiment("ex_2", name="nul \x00 Grüße 🦄 'quoted'", seed=10**30)
    run = RunQueued(
        run_id="run_2", number=2**31 - 1, experiment=strange, plan=RunPlan(families=("a",), folds=Folds(3))
    )
    nan = facts.candidate("x", run_id="run_2", experiment_id="ex_2", validation=facts.score(float("nan")))
    tell(journal, told, ExperimentCreated(experiment=strange), run, CandidateTrained(candidate=nan))

    assert told.experiment("ex_2") == strange
    assert told.run("run_2").plan == RunPlan(families=("a",), folds=Folds(3))
    best = told.best("run_2")
    assert best is not None
    assert best.id == "run_2-x"


def test_trials_are_what_their_facts_said_and_go_with_their_run(told: Store, journal: Journal):
    space = Space(low=0.01, high=1.0, log=True)
    tried = [
        Trial(
            algorithm="lightgbm",
            number=number,
            metric="roc_auc",
            state="finished",
            settings=(Hyperparameter(name="rate", value=value, space=space),),
            value=0.8 + 0.01 * number,
            seconds=1.5,
            origin="default" if number == 0 else "suggested",
        )
        for number, value in enumerate((0.1, 0.5))
    ]
    tell(journal, told, *(TrialEnded(run_id="run_1", trial=each) for each in (*tried, tried[0])))

    assert told.trials("run_1") == tried
    assert told.query("SELECT experiment_id, count(*) AS n FROM trials GROUP BY ALL") == [
        {"experiment_id": "ex_1", "n": 2}
    ]
    tell(journal, told, RunDeleted(run_id="run_1"))
    assert told.query("SELECT * FROM trials") == []


def test_a_trial_of_a_run_that_is_gone_changes_nothing(told: Store, journal: Journal):
    gone = Trial(algorithm="linear", number=0, metric="roc_auc", state="failed", message="No.")
    tell(journal, told, TrialEnded(run_id="run_9", trial=gone))

    assert told.query("SELECT * FROM trials") == []


def test_every_fact_has_a_place_in_the_fold() -> None:
    assert set(FACT_TYPES.values()) <= {*experiments._APPLIERS, *experiments._DELETIONS}


@pytest.mark.parametrize("few_rows", [500, 0], ids=["lists", "arrow"])
def test_many_rows_go_in_as_few_do(
    workspace: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch, few_rows: int
):
    journal.append(*STORY)
    with open_store(workspace) as store:
        expected = content(store)

    monkeypatch.setattr(unit_of_work, "_SINGLE_ROWS", 0)
    monkeypatch.setattr(unit_of_work, "_FEW_ROWS", few_rows)
    rebuild(workspace)

    with open_store(workspace) as store:
        assert content(store) == expected

"""Results as a visitor meets it: a verdict, one thing to do, and the models behind it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from litmus_core.experiments import CandidatesService, OutcomesService, RunsService, Studio, WarmStartService
from litmus_core.store import Workspace
from litmus_core.types import (
    CandidateTested,
    CandidateTrained,
    DatasetImported,
    ExperimentCreated,
    ExperimentRenamed,
    FinalModelLeftOut,
    Run,
    RunEnded,
    RunPlan,
    RunQueued,
    RunStarted,
    Score,
)
from litmus_core.verdicts import (
    evaluations_message,
    outcome_message,
)
from tests.app.visit import visit
from tests.app.world import EXPERIMENT, RUN, SECOND_RUN, VERSION, World, validation_rows

ROOT = Path(__file__).resolve().parents[2]


def open_results(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / "pages" / "results.py")).run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.title, *app.markdown, *app.caption))


def test_an_empty_workspace_says_what_comes_first():
    assert "Start with a table" in text(open_results())


@pytest.mark.parametrize("page", ["train", "results", "export"])
def test_an_address_that_names_nothing_offers_the_experiments_there_are(world, page):
    world.run(world.experiment())
    app = visit(page)
    assert "No experiment is open here. Pick one." in text(app)
    assert [each.proto.label for each in app.get("page_link") if each.proto.label == "Who will leave?"]
    assert outcome_message("meets") in text(app)
    assert "Nothing was asked" not in text(app)


def test_a_table_in_hand_offers_what_was_asked_of_it(world):
    world.run(world.experiment())
    app = visit("results", dataset=VERSION)
    assert "1 question was asked of *customers*. Pick one, or ask another." in text(app)
    assert outcome_message("meets") in text(app)


def test_a_table_that_nothing_was_asked_of_says_so(world):
    version = world.experiment()
    with Studio.open() as studio:
        studio.experiments.delete(version.id)
    assert "Nothing was asked of *customers* so far." in text(visit("results", dataset=VERSION))


def test_an_experiment_without_runs_leads_to_training(world):
    world.experiment()
    assert "No model is finished for this question yet." in text(open_results(experiment=EXPERIMENT))


def test_a_met_bar_leads_to_export(world):
    world.run(world.experiment())
    app = open_results(experiment=EXPERIMENT)
    assert outcome_message("meets") in text(app)
    assert app.button(key="decide.use").label == "Use it"
    assert "It is good enough: use it." in text(app)


def test_a_deployed_model_says_in_a_sentence_how_it_fares(world, monkeypatch):
    world.run(world.experiment())
    assert "answers with this experiment's model" not in text(open_results(experiment=EXPERIMENT))
    monkeypatch.setattr(OutcomesService, "deployed", lambda _: {EXPERIMENT: {"shop": None}})
    unjudged = (
        "'shop' answers with this experiment's model. Whether it still meets its bar cannot be known yet"
    )
    assert unjudged in text(open_results(experiment=EXPERIMENT))


def test_the_best_run_is_shown_and_not_the_latest_unless_that_is_named(world):
    world.run(world.experiment())
    world.worse_run(world.asked)
    app = open_results(experiment=EXPERIMENT)
    runs = app.selectbox(key=f"run.{RUN}")
    assert runs.options == ["Run 2: misses the bar", "Run 1: meets the bar, the best so far"]
    assert app.button(key="decide.use").label == "Use it"
    latest = open_results(experiment=EXPERIMENT, run=SECOND_RUN)
    assert latest.selectbox(key=f"run.{SECOND_RUN}").value == SECOND_RUN


def test_an_address_with_a_run_alone_opens_its_experiment(world):
    world.run(world.experiment())
    assert open_results(run=RUN).title[0].value == open_results(experiment=EXPERIMENT).title[0].value


def test_an_experiment_and_a_run_are_renamed_where_their_names_stand(world):
    world.run(world.experiment())
    world.worse_run(world.asked)
    app = open_results(experiment=EXPERIMENT)
    app.text_input(key=f"names.experiment.{RUN}.{app.title[0].value}").set_value("Churn")
    app.text_input(key=f"names.run.{RUN}.").set_value("more rows")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert app.title[0].value == "Churn"
    assert app.selectbox(key=f"run.{RUN}").options[1] == "more rows: meets the bar, the best so far"
    world.journal.append(ExperimentRenamed(experiment_id=EXPERIMENT, name="Leavers"))  # in another tab
    app.text_input(key=f"names.run.{RUN}.more rows").set_value("5 folds")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert app.title[0].value == "Leavers"


def test_the_visitor_sees_whether_the_miss_is_real(world):
    world.run(world.experiment(), outcome="undecided")
    page = open_results(experiment=EXPERIMENT)
    assert "Toss-up: 40\u202f% chance of reaching 0.85" in text(page)
    asked = next(each for each in page.expander if each.label == "Why?")
    assert "About 2,400 more test rows would settle it" in text(page)
    assert "40 dots, each as likely as the others to be the true score" in asked.caption[0].value


def test_a_verdict_says_how_often_its_test_rows_were_looked_at_in_any_experiment(world):
    told = world.run(world.experiment())
    assert evaluations_message(1) in text(open_results(experiment=EXPERIMENT))
    for other in told[1:]:
        assert other.validation is not None
        world.journal.append(CandidateTested(candidate_id=other.id, test=other.validation, reason="revealed"))
    elsewhere = replace(world.asked, id="ex_00000000cc")  # the same rows, split in the same way
    model = replace(told[1], id="run_00000000cc-linear", run_id="run_00000000cc", experiment_id=elsewhere.id)
    world.journal.append(
        ExperimentCreated(experiment=elsewhere),
        RunQueued(run_id=model.run_id, number=1, experiment=elsewhere, plan=RunPlan()),
        CandidateTrained(candidate=model),
        CandidateTested(candidate_id=model.id, test=told[1].validation, reason="chosen"),
    )
    with Studio.open() as studio:
        studio.store.refresh(until=world.journal.last_id())
    st.cache_resource.clear()
    page = text(open_results(experiment=EXPERIMENT))
    assert evaluations_message(4) in page
    assert "looked at 4 times in all experiments" in page
    assert "3 test scores have been looked at in this experiment so far." in page


def test_that_no_model_was_trained_on_all_rows_is_said_on_the_card_alone(world):
    chosen, *_ = world.run(world.experiment())
    reason = "The model was not trained again on all 300 rows: that takes about 4 s, and 0 s were left."
    world.journal.append(
        FinalModelLeftOut(candidate_id=chosen.id, reason=reason),
        RunEnded(run_id=RUN, status="finished", left_out=(reason,)),
    )
    read = text(open_results(experiment=EXPERIMENT))
    assert read.count("not trained again on all 300 rows") == 1
    assert "The judged model is ready to use; Export can train it on all rows." in read
    assert "Finished" not in read


def test_without_a_bar_the_visitor_decides(world):
    world.run(world.experiment(bar=False), outcome="no bar")
    assert "No bar was set, so only you can say" in text(open_results(experiment=EXPERIMENT))


@pytest.mark.parametrize(("problem", "n_classes"), [("binary", 2), ("multiclass", 100), ("regression", 0)])
def test_every_problem_type_shows_models_mistakes_and_what_matters(problem, n_classes):
    world = World(Workspace.locate(), problem, n_classes)
    world.run(world.experiment())
    app = open_results(experiment=EXPERIMENT)
    assert "3 models" in text(app)
    assert "income matters most" in text(app)
    assert "Select a line: the whole row opens here." in text(app)


def test_tables_of_large_numbers_have_thousands_marks():
    world = World(Workspace.locate(), "regression", 0)
    world.run(world.experiment())
    app = open_results(experiment=EXPERIMENT)
    models, mistakes = (json.loads(each.proto.columns) for each in app.dataframe[:2])
    assert models["score"]["type_config"]["format"] == "%,.2f"
    assert models["against"]["type_config"]["format"] == "%+,.2f"
    assert mistakes["Truth"]["type_config"]["format"] == "%,.2f"


@pytest.mark.parametrize(
    ("fold", "said"),
    [([0, 1, 2, 0, 1], "3, chosen by Litmus"), ([-1] * 5, "none, one validation set; chosen by")],
)
def test_the_technical_details_say_how_many_folds_there_were(world, fold, said):
    world.run(world.experiment())
    np.savez(world.workspace.run_dir(RUN) / "rows.npz", fold=np.array(fold))
    details = open_results(experiment=EXPERIMENT).table[0].value
    (folds,) = [value for what, value in details.itertuples(index=False) if what == "Folds"]
    assert folds.startswith(said)


def test_a_part_of_the_rows_stands_in_a_line_with_its_interval(world):
    world.run(world.experiment())
    app = open_results(experiment=EXPERIMENT)
    app.session_state[f"tabs.{RUN}"] = "Results by group"
    app.run()
    parts = next(each.value for each in app.dataframe if "Group" in each.value)
    assert list(parts) == ["Group", "Rows", "Score", "Likely (95\u202f%)"]
    assert any(part.endswith(": north") for part in parts["Group"])


def test_a_running_run_shows_what_it_has_without_a_verdict(world, monkeypatch):
    monkeypatch.setattr("litmus_core.jobs.reattach", lambda workspace: None)
    world.run(world.experiment(), end="running", outcome=None, n_candidates=2)
    app = open_results(experiment=EXPERIMENT)
    assert "2 models finished so far" in text(app)
    assert app.button(key="status.act").label == "Watch the training"
    assert "Meets" not in text(app)


def test_a_verdict_stands_while_another_run_trains(world, monkeypatch):
    monkeypatch.setattr("litmus_core.jobs.reattach", lambda workspace: None)
    world.run(world.experiment())
    queued = RunQueued(run_id=SECOND_RUN, number=2, experiment=world.asked, plan=RunPlan())
    world.journal.append(queued, RunStarted(run_id=SECOND_RUN, pid=1))
    app = open_results(experiment=EXPERIMENT)
    assert "### :material/check_circle: Meets the bar" in text(app)
    assert "Run 2: training now. This verdict stands until that run has its own." in text(app)
    watched = [each.proto.query_string for each in app.get("page_link") if each.proto.label == "Watch it"]
    assert watched == [f"experiment={EXPERIMENT}&run={SECOND_RUN}"]


def test_a_run_without_a_diagnosis_still_shows_its_models(world):
    world.run(world.experiment(), diagnosed=False)
    app = open_results(experiment=EXPERIMENT)
    assert "3 models" in text(app)
    assert "What drives the predictions" not in [each.value for each in app.subheader]


def test_the_address_opens_a_candidate(world):
    world.run(world.experiment())
    app = open_results(experiment=EXPERIMENT, candidate=f"{RUN}-model-1")
    assert "**LightGBM 1**" in text(app)
    assert "Test score, by which it is judged: **hidden until chosen**" in text(app)


def test_revealing_a_test_score_is_asked_twice_and_logged(world, monkeypatch):
    asked: list[tuple[str, str]] = []

    def reveal(service: CandidatesService, candidate_id: str, *, by: str = "") -> None:
        asked.append((candidate_id, by))
        score = Score(metric="accuracy", value=0.77, low=0.75, high=0.79, n_rows=300)
        service.context.record(
            CandidateTested(candidate_id=candidate_id, test=score, reason="revealed", by=by)
        )

    monkeypatch.setattr(CandidatesService, "reveal_test", reveal)
    world.run(world.experiment())
    app = open_results(experiment=EXPERIMENT, candidate=f"{RUN}-model-1")
    app.button(key="reveal").click().run()
    assert asked == []
    app.text_input(key="reveal.by").input("Ada")
    app.button(key="reveal.confirm").click().run()
    assert asked == [(f"{RUN}-model-1", "Ada")]
    assert "0.770 (0.750 to 0.790)" in text(app)


def test_a_row_is_answered_with_what_pushed_it_and_the_model_is_opened_once(world, monkeypatch):
    opened: list[str] = []

    def predictor(service: CandidatesService, candidate_id: str) -> object:
        opened.append(candidate_id)
        return world.model

    monkeypatch.setattr(CandidatesService, "predictor", predictor)
    monkeypatch.setattr(RunsService, "validation_rows", lambda *_: validation_rows(world.model))
    world.run(world.experiment())
    app = open_results(experiment=EXPERIMENT)
    assert opened == []
    app.button(key="whatif.begin").click().run()
    app.number_input(key=f"whatif.{RUN}-model-0.1.income").set_value(90.0)
    for _ in range(2):
        next(each for each in app.button if each.label == "Answer").click().run()
    assert opened == [f"{RUN}-model-0"]
    assert app.metric[-1].value == "yes"
    assert "income = 90 raises the probability of “yes”" in text(app)


def test_an_unknown_experiment_is_said_in_words(world):
    app = open_results(experiment="ex_ffffffffff")
    assert "There is no experiment 'ex_ffffffffff'" in app.warning[0].proto.title


def test_new_rows_are_offered_and_a_click_starts_both_runs(world, monkeypatch):
    candidates = world.run(world.experiment())
    with Studio.open() as studio:
        version = studio.datasets.get(VERSION)
    newer = replace(
        version,
        id="dv_00000000bb",
        version=2,
        n_rows=420,
        lineage=replace(version.lineage, how="appended", parent_id=VERSION),
    )
    world.journal.append(DatasetImported(version=newer))
    asked: list[str] = []

    def continue_training(self: WarmStartService, candidate_id: str) -> list[Run]:
        asked.append(candidate_id)
        return [self.context.run(RUN)]

    monkeypatch.setattr(WarmStartService, "start", continue_training)
    app = open_results(experiment=EXPERIMENT)
    assert "New rows since this model was trained: 120 (version 2)." in text(app)
    app.button(key="continue").click().run()
    assert not app.exception
    assert asked == [candidates[0].id]

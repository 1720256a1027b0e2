"""Train: start, watch, stop, and what a run that ended says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from litmus_core.experiments import RunsService, Studio
from litmus_core.experiments._deploy.retraining import RetrainingService
from litmus_core.plugins import PluginDescription, PluginParameter
from litmus_core.store import Journal
from litmus_core.types import (
    Algorithm,
    Compute,
    CustomModel,
    Hyperparameter,
    PluginRef,
    Progress,
    Run,
    RunEnded,
    RunPlan,
    RunQueued,
    RunTimes,
    Trial,
    TrialEnded,
    Tuning,
)
from litmus_core.verdicts import outcome_message
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, RUN, World


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[RunPlan]:
    """Plans that were started, instead of starting them."""
    plans: list[RunPlan] = []

    def start_run(self: RunsService, experiment_id: str, plan: RunPlan) -> Run:
        plans.append(plan)
        return Run(
            id=RUN,
            experiment_id=experiment_id,
            number=1,
            plan=plan,
            status="queued",
            times=RunTimes(queued_at="2026-11-24T10:00:00+00:00"),
        )

    monkeypatch.setattr(RunsService, "start", start_run)
    return plans


@pytest.fixture
def running(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A run that goes on, with no process behind it."""
    best = world.run(world.experiment(), end="running", outcome=None)[0]
    now = Progress(
        run_id=RUN,
        status="running",
        stage="fit",
        message="Training Random forest",
        elapsed_s=30.0,
        remaining_s=90.0,
        n_trained=3,
        training_now="Random forest",
        best=best,
    )
    monkeypatch.setattr("litmus_core.jobs.reattach", lambda workspace: None)
    monkeypatch.setattr(RunsService, "progress", lambda self, run_id: now)
    return world


def test_litmus_chooses_what_to_try_unless_told(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    assert "It will try" in text(app)
    assert "2 min of training, then the answering times are measured." in text(app)
    app.button(key="start").click().run()
    assert started == [RunPlan(families=(), folds=None)]
    assert app.query_params["run"] == RUN


def test_a_run_may_take_longer_than_its_question_says(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.number_input(key=f"train-minutes-{EXPERIMENT}").set_value(20.0).run()
    assert "20 min of training" in text(app)
    app.button(key="start").click().run()
    assert started == [RunPlan(compute=Compute(time_limit_s=1200.0))]


def test_the_switch_asks_for_tuning(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.toggle(key="tune").set_value(True).run()
    app.button(key="start").click().run()
    assert started == [RunPlan(tuning=Tuning())]


def test_a_run_that_was_killed_while_tuning_can_go_on(world):
    world.run(world.experiment(), end="interrupted", outcome=None, n_candidates=0)
    tried = Trial(algorithm="lightgbm", number=0, metric="accuracy", state="finished", value=0.8)
    world.journal.append(TrialEnded(run_id=RUN, trial=tried))
    app = visit("train", experiment=EXPERIMENT, run=RUN)
    assert "it can continue from there" in text(app)
    assert app.button(key="finish").label == "Continue from there"


def shown_run(app: AppTest) -> Selectbox:
    return next(each for each in app.selectbox if each.label == "Run")


def test_training_again_shows_the_run_it_starts_and_not_one_before(world, monkeypatch):
    asked = world.experiment()
    world.run(asked)
    world.second_run(asked)

    def start_run(self: RunsService, experiment_id: str, plan: RunPlan) -> Run:
        third = RunQueued(run_id="run_00000000cc", number=3, experiment=asked, plan=plan)
        ended = RunEnded(run_id="run_00000000cc", status="failed", message="The third one.")
        self.context.record(third, ended)
        return self.context.run("run_00000000cc")

    monkeypatch.setattr(RunsService, "start", start_run)
    app = visit("train", experiment=EXPERIMENT)
    assert shown_run(app).value == "run_00000000bb"
    app.button(key="start").click().run()
    assert app.query_params["run"] == "run_00000000cc"
    assert shown_run(app).value == "run_00000000cc"
    assert "The third one." in text(app)


def test_a_run_that_goes_on_is_called_under_way_among_the_others(running):
    running.second_run(running.asked)
    app = visit("train", experiment=EXPERIMENT, run=RUN)
    assert shown_run(app).options == ["Run 2: could not finish", "Run 1: under way"]


def test_another_run_of_the_question_can_be_picked(world):
    asked = world.experiment()
    world.run(asked)
    world.second_run(asked)
    app = visit("train", experiment=EXPERIMENT)
    shown_run(app).select(RUN).run()
    assert app.query_params["run"] == RUN
    assert outcome_message("meets") in text(app)


def test_cards_can_be_chosen_one_by_one(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.button_group(key="custom-families").set_value(True).run()
    for box in app.checkbox:
        if box.key.startswith("pick-") and box.key != "pick-linear" and not box.disabled:
            box.uncheck()
    app.run()
    app.checkbox(key="pick-linear").check().run()
    app.button(key="start").click().run()
    assert started == [RunPlan(families=("linear",), folds=None)]


def test_an_open_card_says_what_it_is_and_what_is_set_there_is_trained(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.button_group(key="custom-families").set_value(True).run()
    app.button(key="open-lightgbm").click().run()
    assert "It grows many small decision trees" in text(app)
    leaves = app.number_input(key=f"set-lightgbm-{EXPERIMENT}-num_leaves")
    assert (leaves.value, leaves.placeholder, leaves.min, leaves.max) == (None, "31 (default)", 8, 256)
    assert any("From 8 to 256." in each.value for each in app.caption)
    leaves.set_value(12)
    app.selectbox(key=f"set-lightgbm-{EXPERIMENT}-extra_trees").set_value(False)
    app.button(key="set-lightgbm").click().run()

    assert "num_leaves = 12, extra_trees = no" in text(app)
    app.button(key="start").click().run()
    values = (Hyperparameter(name="num_leaves", value=12), Hyperparameter(name="extra_trees", value=False))
    assert started[0].algorithms == (Algorithm(key="lightgbm", hyperparameters=values),)
    assert "lightgbm" not in started[0].families
    assert "forest" in started[0].families


def test_settings_of_a_card_can_be_left_to_litmus_again(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.button_group(key="custom-families").set_value(True).run()
    for press in ("set-forest", "reset-forest"):
        app.button(key="open-forest").click().run()
        assert app.button(key="reset-forest").disabled is (press == "set-forest")
        app.number_input(key=f"set-forest-{EXPERIMENT}-max_leaf_nodes").set_value(500)
        app.button(key=press).click().run()
    app.button(key="start").click().run()
    assert started[0].algorithms == ()
    assert "forest" in started[0].families


def test_models_of_ones_own_are_named_beside_the_cards(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.button_group(key="custom-families").set_value(True).run()
    app.text_input(key="own-models").set_value("a.py:Net, shop:Forest").run()
    app.button(key="start").click().run()
    assert started[0].models == (CustomModel(reference="a.py:Net"), CustomModel(reference="shop:Forest"))


@pytest.fixture
def plugged(monkeypatch):
    """Plug-ins that are ready, one a point."""
    most = PluginParameter(name="most", kind="int", default=20, low=1)
    ready = tuple(
        PluginDescription(point=point, name=name, title=name, reference=f"shop:{name}", parameters=(most,))
        for point, name in (("preprocess", "Tidy"), ("algorithm", "Net"), ("postprocess", "Cap"))
    )
    monkeypatch.setattr("app.controllers.train.ready_plugins", lambda: ready)


@pytest.mark.usefixtures("plugged")
@pytest.mark.parametrize(("place", "reference"), [("pre", "shop:Tidy"), ("post", "shop:Cap")])
def test_steps_of_plug_ins_are_filled_in_by_their_parameters(world, started, place, reference):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.selectbox(key=f"{place}-step").set_value(reference).run()
    app.button(key=f"{place}-add").click().run()
    app.number_input(key=f"{place}-1-most").set_value(7)
    app.button(key="start").click().run()
    (part,) = (*started[0].preprocess, *started[0].postprocess)
    assert (part.point, part.reference, part.parameters) == (f"{place}process", reference, (("most", 7),))


@pytest.mark.usefixtures("plugged")
def test_models_of_plug_ins_are_trained_beside_the_cards(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.button_group(key="custom-families").set_value(True).run()
    app.button(key="model-add").click().run()
    app.number_input(key="model-1-most").set_value(7)
    app.button(key="start").click().run()
    assert started[0].algorithms == (
        Algorithm(key="shop:Net", hyperparameters=(Hyperparameter(name="most", value=7),)),
    )


def test_pre_processing_of_ones_own_is_named_by_who_chooses(world, started):
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    assert "pre-step" not in [each.key for each in app.selectbox]
    app.button_group(key="custom-families").set_value(True).run()
    app.button(key="pre-add").click().run()
    app.text_input(key="pre-1-own").set_value("a.py:Tidy(most=5)").run()
    app.button(key="start").click().run()
    part = PluginRef(point="preprocess", reference="a.py:Tidy", parameters=(("most", 5),))
    assert started[0].preprocess == (part,)


def test_a_run_that_goes_on_says_time_best_and_what_is_tried(running):
    app = visit("train", experiment=EXPERIMENT)
    said = text(app)
    assert "About 1 min 30 s left" in said
    assert "Random forest" in said
    assert app.metric[0].value == "0.900"
    assert app.metric[0].delta == "0.050 better than the bar"


def test_stopping_is_one_click_that_says_what_is_kept(running, monkeypatch):
    asked = []
    monkeypatch.setattr(RunsService, "stop", lambda self, run_id, *, hard: asked.append((run_id, hard)))
    app = visit("train", experiment=EXPERIMENT)
    assert "A stop keeps and judges 3 finished models." in text(app)
    app.button(key="stop").click().run()
    assert asked == [(RUN, True)]


def test_a_stopped_run_that_is_being_judged_says_so_and_offers_no_stop_that_would_keep_more(
    running, monkeypatch
):
    monkeypatch.setattr(Journal, "job", lambda self, run_id: SimpleNamespace(stop=None, mode="finish"))
    app = visit("train", experiment=EXPERIMENT)
    assert "3 finished models are kept and judged now" in text(app)
    assert [button.key for button in app.button if button.key in ("stop", "end")] == ["end"]


def test_a_finished_run_leads_to_its_results(world):
    world.run(world.experiment())
    app = visit("train", experiment=EXPERIMENT)
    assert outcome_message("meets") in text(app)
    assert app.button(key="to-results").label == "See the results"
    assert "to-endpoint" not in [button.key for button in app.button]


def test_a_retrained_model_is_added_to_its_endpoint_by_a_click(world, monkeypatch):
    world.run(world.experiment())
    added: list[str] = []
    monkeypatch.setattr(RetrainingService, "endpoint_of", lambda *_: "shop")
    monkeypatch.setattr(RetrainingService, "add_version", lambda _, run_id: added.append(run_id))
    app = visit("train", experiment=EXPERIMENT)
    assert app.button(key="to-endpoint").label == "Add it to 'shop'"
    app.button(key="to-endpoint").click().run()
    assert added == [RUN]


def test_an_interrupted_run_can_be_finished_from_what_it_has(world, monkeypatch):
    world.run(world.experiment(), end="interrupted", outcome=None)
    asked = []
    monkeypatch.setattr(RunsService, "finish", lambda self, run_id: asked.append(run_id))
    app = visit("train", experiment=EXPERIMENT)
    assert "3 finished models are kept." in text(app)
    app.button(key="finish").click().run()
    assert asked == [RUN]


def test_a_failed_run_says_what_happened_what_to_do_and_what_is_safe(world):
    world.run(
        world.experiment(),
        end="failed",
        outcome=None,
        n_candidates=0,
        message="One class has no rows left.",
        hint="Choose another split.",
    )
    said = text(visit("train", experiment=EXPERIMENT))
    for sentence in ("One class has no rows left.", "Choose another split.", "Your data is unchanged."):
        assert sentence in said


def test_before_the_first_model_there_is_a_sentence_and_no_empty_chart(world, monkeypatch):
    world.run(world.experiment(), end="running", outcome=None, n_candidates=0)
    now = Progress(
        run_id=RUN,
        status="running",
        stage="fit",
        message="Training",
        elapsed_s=1.0,
        remaining_s=29.0,
        n_trained=0,
        training_now=None,
        best=None,
    )
    monkeypatch.setattr("litmus_core.jobs.reattach", lambda workspace: None)
    monkeypatch.setattr(RunsService, "progress", lambda self, run_id: now)
    app = visit("train", experiment=EXPERIMENT)
    assert "The first model is on its way" in text(app)
    assert not app.get("vega_lite_chart")


def test_a_run_gets_a_name_beside_its_experiments(world):
    world.run(world.experiment())
    app = visit("train", experiment=EXPERIMENT)
    app.text_input(key=f"name-{RUN}").set_value("With last year's prices")
    [each for each in app.button if each.label == "Rename"][1].click().run()
    assert "With last year's prices. Finished." in text(app)
    with Studio.open() as studio:
        assert studio.runs.get(RUN).name == "With last year's prices"


def test_an_experiment_is_deleted_with_its_runs_when_one_is_sure(world):
    world.run(world.experiment())
    app = visit("train", experiment=EXPERIMENT)
    app.selectbox(key="gone").select(EXPERIMENT)
    app.checkbox(key="sure-gone").check().run()
    app.button(key="delete-it").click().run()
    assert "There is nothing" not in text(app)
    with Studio.open() as studio:
        assert studio.experiments.summaries() == []

"""The three buttons of the decision card: use it, move the bar, or use it anyway."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from litmus_core.experiments import OutcomesService, Studio
from litmus_core.store import Store
from litmus_core.types import LiveJudgement, Score
from litmus_core.verdicts import outcome_message
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, METRICS, RUN
from tests.live_verdicts import live_verdict


def test_use_it_opens_export_with_the_chosen_model(world):
    world.run(world.experiment())
    app = visit("results", experiment=EXPERIMENT)
    app.button(key="decide.use").click().run()
    assert app.query_params["candidate"] == f"{RUN}-model-0"


def test_a_missed_bar_names_the_one_that_is_kept_and_leads_to_improve(world):
    world.run(world.experiment(), outcome="misses")
    app = visit("results", experiment=EXPERIMENT)
    assert "See what would help. Or move the bar to 0.88, which this model very likely meets." in text(app)
    app.button(key="decide.improve").click().run()
    assert "Improve" in [title.value for title in app.title]


def test_the_bar_is_moved_by_two_clicks_and_the_verdict_follows(world):
    world.run(world.experiment(), outcome="misses")
    app = visit("results", experiment=EXPERIMENT)
    app.button(key="decide.bar").click().run()
    assert "You can promise 0.88 with 95\u202f% certainty." in text(app)
    move = app.button(key="decide.bar.move")
    assert move.label == "Move the bar to 0.88"
    app.text_input(key="decide.bar.reason").set_value("It *saves* a day.")
    move.click().run()
    assert outcome_message("meets") in text(app)
    said = "The bar was moved from 0.85 after this score was known."
    assert re.search(said + " By .*, just now. The reason: “It .*saves.* a day.”", text(app))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (1.0, "not likely to reach it: at best it is worth about 0.920"),
        (0.4, "Guessing reaches 0.500: this bar asks for too little."),
        (1.5, "not possible"),
    ],
)
def test_a_bar_out_of_reach_or_below_guessing_is_said_where_it_is_typed(world, typed, said):
    world.run(world.experiment(), outcome="misses")
    app = visit("results", experiment=EXPERIMENT)
    app.button(key="decide.bar").click().run()
    app.number_input(key=f"number-decide.bar.at.{RUN}").set_value(typed).run()
    assert said in text(app) + " ".join(warning.proto.title for warning in app.warning)


def test_after_a_fall_by_outcomes_the_bar_starts_from_them_and_use_it_is_not_first(world, monkeypatch):
    world.run(world.experiment())
    score = Score(metric="accuracy", value=0.8, low=0.7564, high=0.8421, n_rows=900)
    judgement = LiveJudgement(state="not any more", bar=METRICS["binary"][1], score=score, score_since=0.71)
    fallen = live_verdict(judgement, name="shop")
    monkeypatch.setattr(OutcomesService, "deployed", lambda _: {EXPERIMENT: {"shop": fallen}})
    monkeypatch.setattr(Store, "bundle", lambda *_: SimpleNamespace(run_id=RUN))
    app = visit("results", experiment=EXPERIMENT)
    app.button(key="decide.bar").click().run()

    assert app.number_input(key=f"number-decide.bar.at.{RUN}").value == 0.71
    assert "likely 0.756 to 0.842, and 0.710 since the fall" in text(app)
    app.number_input(key=f"number-decide.bar.at.{RUN}").set_value(0.72).run()
    assert "By the outcomes of 'shop', the model is not sure to reach this bar." in text(app)
    assert "No longer meets the bar, by outcomes. See what would help." in text(app)
    assert "It is good enough" not in text(app)
    improve = visit("improve", experiment=EXPERIMENT)
    assert "No longer meets the bar: judged on 2026-01-02" in text(improve)
    assert "You may still try for more." not in text(improve)


def test_a_bar_that_somebody_moved_meanwhile_is_not_moved_again(world):
    world.run(world.experiment(), outcome="misses")
    app = visit("results", experiment=EXPERIMENT)
    app.button(key="decide.bar").click().run()
    with Studio.open() as studio:
        studio.decisions.move_bar(EXPERIMENT, 0.7, by="Bob")
    app.button(key="decide.bar.move").click().run()
    with Studio.open() as studio:
        assert studio.experiments.get(EXPERIMENT).task.bar.value in (0.7, 0.88)


def test_a_model_is_used_anyway_for_a_reason(world):
    world.run(world.experiment(), outcome="misses")
    app = visit("results", experiment=EXPERIMENT)
    app.button(key="decide.use").click().run()
    app.text_area(key="decide.use.reason").set_value("Sales need it.")
    app.text_input(key="decide.use.by").set_value("Ada")
    next(each for each in app.button if each.label.startswith("Record the decision")).click().run()
    assert app.query_params["candidate"] == f"{RUN}-model-0"
    again = visit("results", experiment=EXPERIMENT)
    assert "Ada decided just now to use this model anyway: “Sales need it.”" in text(again)
    assert again.button(key="decide.use").label == "Use it"
    again.button(key="decide.withdraw").click().run()
    assert "to use this model anyway" not in text(again)

"""Improve as a visitor meets it: what would help, done by a click; what came before."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.charts import curve_chart, outcomes_chart
from app.presenters.improvement.improve import LearningCurveView
from app.presenters.improvement.outcomes import present_outcomes
from litmus_core.advice import action_text
from litmus_core.errors import UsageError
from litmus_core.experiments import (
    ActionsService,
    Studio,
)
from litmus_core.store import Store, Workspace
from litmus_core.types import (
    ActionOutcome,
    ActionTaken,
    Folds,
    RowsToCollect,
    Run,
    RunEnded,
    RunPlan,
    RunQueued,
    Statement,
)
from tests.app.drawn import marks, rows
from tests.app.improving import CURVE, GAIN, action, improve, keep, keys, started
from tests.app.presenters.facts import task
from tests.app.visit import links, text, visit
from tests.app.world import EXPERIMENT, RUN, SECOND_RUN, World

_MORE = Statement.plain("Collect *more* rows")
ROWS = action("rows", kind="rows", title=_MORE, plan=None, page="data", curve=CURVE)


@pytest.fixture
def world() -> World:
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses", diagnosed=False)
    return world


@pytest.fixture(autouse=True)
def _nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave queued runs queued: the app's watch would start them within a second, for real."""
    monkeypatch.setattr("litmus_core.jobs._queue.queue._start_next", lambda *_: None)


def test_the_top_action_is_one_click_away(world, monkeypatch):
    keep(world, action("folds"), ROWS)
    plans = started(monkeypatch, world)
    app = improve()
    assert "The most promising step" in text(app)
    assert "+2.0 points" in text(app)
    assert "It would land at about 0.920, past the bar of 0.85." in text(app)

    app.button(key="do.folds").click().run()

    assert plans == [
        RunPlan(action=ActionTaken(run_id=RUN, key="folds", kind="folds", gain=GAIN), folds=Folds(5))
    ]
    assert app.query_params["run"] == SECOND_RUN
    assert "Train" in [each.value for each in app.title]


def test_it_goes_on_from_the_best_run_and_not_from_the_last(world):
    keep(world, ROWS)
    world.worse_run(world.asked)
    with Studio.open() as studio:
        assert studio.experiments.best_candidate(EXPERIMENT).id == studio.candidates.chosen(RUN).id
    runs = improve().selectbox(key=f"improve.run.{RUN}")
    assert runs.value == RUN
    assert runs.options == ["Run 2: misses the bar", "Run 1: misses the bar, the best so far"]


def test_an_action_of_ones_own_that_was_left_out_is_named(world):
    keep(world, action("folds"), notes=("Your action Shy was left out: *too many* people.",))

    assert "Your action Shy was left out: \\*too many\\* people." in text(improve())


@pytest.mark.parametrize("helps", [True, False])
def test_what_nothing_gets_past_is_said_beside_what_is_to_be_done(world, helps):
    reach = {"nearest": 0.86, "bar": 0.9, "metric": "accuracy", "half_width": 0.01}
    limit = Statement.of("list", "out of reach", **reach)
    gain = GAIN if helps else replace(GAIN, value=-0.01, low=-0.02, high=0.0)
    keep(world, action("folds", gain=gain), limits=(limit,))

    app = improve()
    assert action_text(limit).replace(" %", "\u202f%") in text(app)
    way_on = "limits.results" if helps else "left.results"
    app.button(key=way_on).click().run()
    assert "decide.bar" in keys(app)


def test_what_is_written_by_people_is_no_formatting(world):
    keep(world, ROWS)

    assert "Collect \\*more\\* rows" in text(improve())


def test_finding_out_begins_by_itself_once(world, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(ActionsService, "start", lambda self, run_id, seconds: asked.append(run_id))
    app = improve()
    assert asked == [RUN]

    app.run()

    assert asked == [RUN]
    assert "stopped before it finished" in text(app)
    app.button(key="improve.look").click().run()
    assert asked == [RUN, RUN]


def test_finding_out_waits_for_another_training_and_then_begins(world, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(ActionsService, "start", lambda self, run_id, seconds: asked.append(run_id))
    monkeypatch.setattr(Store, "running", lambda self: [RUN])
    app = improve()
    assert asked == []
    assert "It begins by itself after the training" in text(app)
    assert "Waiting for the training to end…" in text(app)

    monkeypatch.setattr(Store, "running", lambda self: [])
    app.run()

    assert asked == [RUN]


def test_a_list_from_before_an_action_of_ones_own_is_shown_and_made_anew_once(world, monkeypatch):
    keep(world, action("folds"))
    asked: list[str] = []
    monkeypatch.setattr(ActionsService, "start", lambda self, run_id, seconds: asked.append(run_id))
    improve()
    assert asked == []
    monkeypatch.setattr(ActionsService, "plugins", lambda self: ("SmallSteps 1a2b",))

    app = improve()
    app.run()

    assert asked == [RUN]
    assert "do.folds" in keys(app)


def test_finding_out_is_followed_and_its_failure_said(world, monkeypatch):
    monkeypatch.setattr(ActionsService, "progress", lambda self, run_id: "Training small stand-ins…")
    assert "Finding out what would help. Training small stand-ins…" in text(improve())

    monkeypatch.setattr(ActionsService, "progress", lambda self, run_id: None)
    monkeypatch.setattr(ActionsService, "problem", lambda self, run_id: "The table is gone.")
    app = improve()

    assert [each.proto.title for each in app.warning] == ["Litmus could not find out what would help"]
    assert "improve.look" in keys(app)


def test_where_nothing_helps_it_says_so_first_and_offers_the_other_ways_on(world):
    low = replace(GAIN, value=-0.01, low=-0.02, high=0.0)
    keep(world, action("folds", gain=low), replace(ROWS, gain=low, collect=RowsToCollect(n_rows=120)))
    app = improve()

    assert "Nothing on this list is likely to help." in text(app)
    assert "To learn from, 120 more rows would bring nothing." in text(app)
    assert "**Ask a scientist.**" in text(app)
    assert "What was looked at" in text(app)
    app.button(key="left.results").click().run()
    assert "decide.bar" in keys(app)


def test_what_failed_here_is_folded_with_what_it_brought_and_not_offered_again(world):
    keep(world, action("folds"), action("tune", kind="tune", title=Statement.of("tune", "title")))
    world.worse_run(world.asked, follows=ActionTaken(run_id=RUN, key="folds", kind="folds", gain=GAIN))
    app = improve(run=RUN)

    (tried,) = [each for each in app.expander if each.label == "Tried before, without success (1)"]
    assert re.search(
        r"Train in 5 folds\*\*: brought \u2212\d+\.\d points of \+2.0 points promised", text(tried)
    )
    assert "do.tune" in keys(app)
    assert "do.folds" not in keys(app)
    with Studio.open() as studio:
        found = studio.actions.stored(RUN)
    assert [each.key for each in found.actions] == ["tune"]
    assert [(each.action.key, each.run_id) for each in found.failed] == [("folds", SECOND_RUN)]


def test_the_run_of_an_action_opens_with_what_was_promised_and_what_came(world):
    keep(world, action("folds"))
    world.worse_run(world.asked, follows=ActionTaken(run_id=RUN, key="folds", kind="folds", gain=GAIN))
    assert "promised +2.0 points and brought" not in text(improve(run=RUN))

    read = text(improve(run=SECOND_RUN))

    (line,) = [each for each in read.splitlines() if "promised +2.0 points and brought" in each]
    assert re.search(
        r"Train in 5 folds promised \S+ points and brought \S+ points on (test|validation) data", line
    )
    assert read.index(line) < read.index("Misses the bar")


def test_results_opens_with_what_an_action_promised_and_what_came(world):
    keep(world, action("folds"))
    world.worse_run(world.asked, follows=ActionTaken(run_id=RUN, key="folds", kind="folds", gain=GAIN))
    assert "promised" not in text(visit("results", experiment=EXPERIMENT, run=RUN))

    read = text(visit("results", experiment=EXPERIMENT, run=SECOND_RUN))

    assert read.index("Train in 5 folds promised +2.0 points and brought") < read.index("Misses the bar")


def test_rows_are_added_and_trained_on_in_an_experiment_of_their_own(world, monkeypatch, tmp_path):
    keep(world, replace(ROWS, key="rows where member is true", kind="segment rows"))
    added: list[tuple[Path, str]] = []

    def more(self: ActionsService, run_id: str, rows: Path, *, key: str) -> Run:
        added.append((rows, key))
        raise UsageError("The file does not fit.", hint="Name the columns.")

    monkeypatch.setattr(ActionsService, "train_on_more_rows", more)
    app = improve()
    app.text_input(key="rows.rows where member is true.path").set_value(str(tmp_path / "more.csv")).run()

    app.button(key="rows.rows where member is true.add").click().run()

    assert added == [(tmp_path / "more.csv", "rows where member is true")]
    assert [each.proto.title for each in app.warning] == ["The file does not fit."]


def test_what_was_done_before_is_shown_beside_what_was_expected(world):
    keep(world, action("folds"))
    follows = ActionTaken(run_id=RUN, key="folds", kind="folds", gain=GAIN)
    world.journal.append(
        RunQueued(run_id=SECOND_RUN, number=2, experiment=world.asked, plan=RunPlan(action=follows))
    )
    app = improve()

    assert "What was done before" in [each.value for each in app.subheader]
    assert "Actions that were started are still running." in text(app)
    assert "Train in 5 folds (Run 2)" in text(app)
    assert "Run 2 waits for its turn" in text(app)
    assert "Done: Run 2, under way" in text(app)
    assert "do.folds" not in keys(app)

    world.journal.append(RunEnded(run_id=SECOND_RUN, status="stopped"))
    app = improve()
    assert "What was done before" not in [each.value for each in app.subheader]
    assert "do.folds" in keys(app)


def test_a_question_without_a_model_leads_to_training_or_a_recipe():
    World(Workspace.locate()).experiment()
    app = improve()

    assert "No model yet" in text(app)
    assert "train" in links(app)
    assert [each.label for each in app.expander] == ["Follow a recipe that a scientist prepared"]


def test_a_bar_that_is_met_says_so():
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="meets", diagnosed=False)
    keep(world, action("folds"))

    assert "You may still try for more." in text(improve())


def test_results_lead_here_where_the_bar_is_missed(world):
    keep(world, action("folds"))
    app = visit("results", experiment=EXPERIMENT, run=RUN)

    app.button(key="decide.improve").click().run()

    assert "Improve" in [each.value for each in app.title]
    assert app.query_params["run"] == RUN


@pytest.mark.parametrize("dark", [False, True])
def test_the_charts_are_drawn_in_both_themes(dark):
    told = ActionOutcome(
        run_id="run_2", follows_run_id="run_1", key="folds", kind="folds", predicted=GAIN, validation=0.01,
        test=None,
    )  # fmt: skip
    view = present_outcomes([told], task(), titles={}, runs={"run_2": "Run 2"})
    assert view is not None

    chart = outcomes_chart(view, dark=dark)

    expected, came = rows(marks(chart, "point")[0])  # no test score is known
    assert (expected["kind"], came["kind"]) == ("expected, 80 %", "came, validation")
    (interval,) = rows(marks(chart, "rule")[1])
    assert interval["high"] - expected["gain"] == pytest.approx(1.5)
    curve = LearningCurveView(
        x=CURVE.x, y=CURVE.y, low=CURVE.low, high=CURVE.high, n_predicted=1, x_title="rows", y_title="right",
        reading="",
    )  # fmt: skip
    drawn = curve_chart(curve, dark=dark)
    assert [len(rows(line)) for line in marks(drawn, "line")] == [3, 2]

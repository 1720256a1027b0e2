"""``litmus bar`` and ``litmus use-anyway``."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli._main import app
from litmus_core.experiments import OutcomesService
from litmus_core.store import Workspace
from litmus_core.types import Assertion, AssertionResult, AssertionsChanged
from tests.app.world import EXPERIMENT, RUN, World
from tests.live_verdicts import live_verdict


@pytest.fixture
def world() -> World:
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses")
    return world


def told(*words: str, status: int = 0) -> str:
    found = CliRunner().invoke(app, list(words))
    assert found.exit_code == status, found.output
    return found.output


def test_a_bar_is_shown_with_what_can_be_promised(world: World) -> None:
    assert "You can promise 0.88 with 95 % certainty." in told("bar", EXPERIMENT)


def test_a_bar_is_moved_by_name(world: World) -> None:
    report = json.loads(told("bar", RUN, "0.88", "--by", "Ada", "--because", "It saves a day.", "--json"))
    assert (report["bar"]["value"], report["verdict"]["grade"]) == (0.88, "meets")
    assert report["verdict"]["moved"]["by"] == "Ada"
    assert report["verdict"]["moved"]["because"] == "It saves a day."
    assert "moved from 0.85 after this score was known" in report["verdict"]["sentence"]
    [row] = json.loads(told("leaderboard", "--json"))["experiments"]
    assert (row["bar"]["value"], row["moved"]["before"]["value"]) == (0.88, 0.85)
    assert row["way_to_bar"]["point"] == pytest.approx(0.4 / 0.38)  # from 0.5 by guessing, by 0.9 reached
    assert "  2.0 points better than the bar  " in told("leaderboard")


def test_flags_beside_the_grade_are_facts_of_the_leaderboard(world: World) -> None:
    broken = AssertionResult(assertion=Assertion(kind="rises", column="area"), state="broken", n_rows=9)
    with Studio.open() as studio:
        judged = replace(studio.runs.get(RUN).verdict, assertions=(broken,))
    world.journal.append(
        AssertionsChanged(experiment_id=EXPERIMENT, assertions=(), by="", verdicts=((RUN, judged),))
    )

    [row] = json.loads(told("leaderboard", "--json"))["experiments"]
    assert row["flags"] == ["broken"]
    assert "breaks an assertion" in told("leaderboard")


def test_the_leaderboard_says_what_outcomes_tell_of_a_deployed_model(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "  live  " not in told("leaderboard")
    live = {"shop": live_verdict("not any more", name="shop"), "shop-2": None}
    monkeypatch.setattr(OutcomesService, "deployed", lambda _: {EXPERIMENT: live})

    [row] = json.loads(told("leaderboard", "--json"))["experiments"]
    assert row["live"] == {"shop": "not any more", "shop-2": None}
    assert "shop: No longer meets the bar; shop-2: Never judged by outcomes" in told("leaderboard")
    for one in (EXPERIMENT, RUN):
        assert "answers with this experiment's model. No longer meets the bar" in told("leaderboard", one)
        assert json.loads(told("leaderboard", one, "--json"))[0]["live"] == row["live"]


def test_a_bar_beyond_the_metric_is_refused(world: World) -> None:
    assert "not possible" in told("bar", EXPERIMENT, "1.2", status=2)


def test_a_model_is_used_anyway_and_not_any_more(world: World) -> None:
    said = told("use-anyway", EXPERIMENT, "--because", "Sales need it.", "--by", "Ada")
    assert said.strip() == "Ada uses Run 1 anyway: Sales need it."
    [row] = json.loads(told("leaderboard", "--json"))["experiments"]
    assert row["decision"]["by"] == "Ada"
    assert "used anyway by Ada" in told("leaderboard")
    told("use-anyway", EXPERIMENT, "--withdraw")
    [row] = json.loads(told("leaderboard", "--json"))["experiments"]
    assert row["decision"] is None


def test_a_decision_needs_a_reason(world: World) -> None:
    assert "needs a reason" in told("use-anyway", EXPERIMENT, status=2)

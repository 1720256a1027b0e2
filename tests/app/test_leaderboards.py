"""Leaderboards: which of all these is ready."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from litmus_core.experiments import ExperimentsService, OutcomesService
from litmus_core.metrics import PairedDifference
from litmus_core.store import Workspace
from litmus_core.types import (
    CandidateTested,
    CandidateTrained,
    ExperimentCreated,
    Folds,
    RunEnded,
    RunJudged,
    RunPlan,
    RunQueued,
    RunStarted,
)
from litmus_core.verdicts import outcome_message
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, SECOND_RUN, World, verdict


def shown(app) -> list[str]:
    return [chips[0] for chips in app.dataframe[0].value["verdict"]]


def test_the_most_ready_comes_first(seeded):
    app = visit("leaderboards")
    assert len(app.dataframe[0].value) == 20
    assert shown(app)[0] == f"✓ {outcome_message('meets')}"
    assert f"20 experiments · {outcome_message('meets')} 4" in text(app)


def test_a_deployed_model_says_what_outcomes_tell(monkeypatch):
    world = World(Workspace.locate())
    world.run(world.experiment())
    judged = SimpleNamespace(judgement=SimpleNamespace(state="probably"))
    fallen = SimpleNamespace(judgement=SimpleNamespace(state="not any more"))
    for live, chip in (
        ({"shop": None}, ["live: cannot be known yet"]),
        ({"shop": judged}, ["live: probably still meets"]),
        ({"shop": judged, "shop-2": fallen}, ["live: not any more"]),
    ):
        monkeypatch.setattr(OutcomesService, "deployed", lambda _, live=live: {EXPERIMENT: live})
        assert list(visit("leaderboards").dataframe[0].value["verdict"][0])[1:] == chip


def test_what_decides_is_shown_first_and_the_rest_on_demand(seeded):
    app = visit("leaderboards")
    decisive = ["experiment", "verdict", "chance", "score", "gap"]
    assert list(app.dataframe[0].proto.column_order) == decisive
    app.toggle(key="all-columns").set_value(True).run()
    assert list(app.dataframe[0].proto.column_order)[-3:] == ["runs", "owner", "updated"]


def test_every_score_stands_with_its_metric(seeded):
    scores = [each for each in visit("leaderboards").dataframe[0].value["score"] if each]
    assert {each.split(" 0.")[0] for each in scores} == {"ROC AUC"}


def test_a_filter_narrows_the_table(seeded):
    app = visit("leaderboards")
    app.button_group(key="verdict").set_value(["Toss-up"]).run()
    assert set(shown(app)) == {"◑ Toss-up"}


def test_a_name_is_found_by_what_it_contains(seeded):
    app = visit("leaderboards")
    app.text_input(key="find").set_value("orders").run()
    assert set(app.dataframe[0].value["table"]) == {"orders 2021"}


def test_nothing_found_says_so(seeded):
    app = visit("leaderboards")
    app.text_input(key="find").set_value("zebra").run()
    assert [each.value for each in app.info] == ["Nothing passes these filters."]


def test_a_comparison_can_be_sent_as_an_address(seeded):
    app = visit("leaderboards", compare="ex_0000000000~ex_0000000003")
    assert len([each for each in app.markdown if each.value.startswith("### ")]) >= 2
    assert "tested on different tables, or on different versions of one" in text(app)


def test_three_experiments_stand_on_one_axis_and_in_one_table(seeded):
    address = "ex_0000000000~ex_0000000003~ex_0000000005"
    app = visit("leaderboards", compare=address)
    assert app.query_params["compare"] == address
    (axis,) = [each.proto.body for each in app.get("html") if "listitem" in each.proto.body]
    assert axis.count('role="listitem"') == 3
    assert len(app.table[0].value.columns) == 4


def test_closing_a_comparison_clears_its_ticks_and_the_address(seeded):
    app = visit("leaderboards", compare="ex_0000000000~ex_0000000003")
    app.button(key="close-comparison").click().run()
    assert "compare" not in app.query_params
    assert not app.table


def test_a_comparison_with_an_experiment_that_is_gone_says_so_beside_the_table(seeded):
    app = visit("leaderboards", compare="ex_0000000000~ex_ffffffffff")
    assert len(app.dataframe) == 1
    assert "different questions" not in text(app)
    assert [each.proto.title for each in app.warning] == [
        "There is no experiment 'ex_ffffffffff' in this workspace."
    ]


def test_a_comparison_says_what_differs_and_why_there_is_no_row_by_row(seeded):
    app = visit("leaderboards", compare="ex_0000000000~ex_0000000003")
    assert "They cannot be compared row by row." in text(app)
    differs = app.table[0].value
    assert len(differs.columns) == 3
    assert "table" in set(differs.iloc[:, 0])
    assert any(each.value.startswith("The same in both: ") for each in app.caption)


@pytest.fixture
def twins():
    """Two experiments on the same test rows; what their models say of these is made up."""
    world = World(Workspace.locate())
    told = world.run(world.experiment())
    other = replace(world.asked, id="ex_00000000ab", name="Who *really* leaves?")
    world.journal.append(ExperimentCreated(experiment=other))
    chosen = replace(
        told[0], id=f"{SECOND_RUN}-model-0", run_id=SECOND_RUN, experiment_id=other.id, name="Other"
    )
    judged = verdict("meets", chosen, other.task)
    world.journal.append(
        RunQueued(run_id=SECOND_RUN, number=1, experiment=other, plan=RunPlan(folds=Folds(5))),
        RunStarted(run_id=SECOND_RUN, pid=1),
        CandidateTrained(candidate=chosen),
        CandidateTested(candidate_id=chosen.id, test=judged.score, reason="chosen"),
        RunJudged(run_id=SECOND_RUN, candidate_id=chosen.id, verdict=judged),
        RunEnded(run_id=SECOND_RUN, status="finished"),
    )
    return f"{EXPERIMENT}~{other.id}"


def test_on_the_same_test_rows_the_one_ahead_is_named_with_an_interval(twins, monkeypatch):
    found = PairedDifference(metric="accuracy", value=-0.02, low=-0.03, high=-0.01, chance=0.0, n_rows=60)
    monkeypatch.setattr(ExperimentsService, "paired_difference", lambda *_: found)
    said = text(visit("leaderboards", compare=twins))
    assert "On the same 60 test rows" in said
    assert "by 0.020 on Accuracy (0.010 to 0.030 with 95\u202f% certainty): more than chance." in said


def test_models_whose_files_are_gone_are_not_compared_and_that_is_said(twins):
    app = visit("leaderboards", compare=twins)
    (said,) = [each.value for each in app.caption if "row by row" in each.value]
    assert said.startswith("They were not compared row by row: ")

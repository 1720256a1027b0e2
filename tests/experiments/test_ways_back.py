"""Ways back for a deployed model that got worse: rows of a group, an action, a recipe and another bar."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.advice import action_sentence
from litmus_core.cli import app
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments import EndpointsService, OutcomesService, WarmStartService
from litmus_core.store import Store
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    Cause,
    Experiment,
    Gain,
    LiveCauses,
    Run,
    RunPlan,
    Statement,
    to_plain,
)
from tests.live_verdicts import live_verdict
from tests.trained import table
from tests.walks import Trainer

CAUSES = LiveCauses(
    name="shop",
    causes=(
        Cause(kind="group worse", column="colour", group="blue"),
        Cause(kind="values changed", column="day"),
        Cause(kind="values missing", column="size", group="missing"),
        Cause(kind="group grew", column="size", group="8 to 10"),
        Cause(kind="group worse", column="no such column", group="1"),
    ),
    sentences=("Where 'colour' is 'blue', answers got worse.",),
)


@pytest.fixture
def run(
    studio: Studio, experiment: Experiment, train_to: Callable[..., Trainer], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """The run of the model behind the endpoint 'shop'; the next run scores 0.85."""
    judged = train_to(0.8, 0.85).start_run(studio.runs, experiment.id)
    monkeypatch.setattr(EndpointsService, "stats", lambda *_: SimpleNamespace(bundle_id="bd_1"))
    monkeypatch.setattr(
        Store, "bundle", lambda *_: SimpleNamespace(run_id=judged.id, candidate_id=judged.chosen_id)
    )
    return judged


def keep(studio: Studio, run: Run, *keys: str) -> None:
    """Keep a list of actions that each may bring something."""
    actions = tuple(
        Action(
            key=key,
            kind="tune",
            title=Statement.plain(f"Do {key}"),
            statements=(Statement.plain("So."),),
            gain=Gain(value=0.02, low=0.01, high=0.03, measured=0.02),
            cost=ActionCost(minutes=1.0),
            plan=RunPlan(families=("linear",)),
        )
        for key in keys
    )
    found = ActionList(metric="roc_auc", run_id=run.id, actions=actions, n_rows=9, seconds=1.0)
    folder = studio.workspace.run_dir(run.id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "actions.json").write_text(json.dumps(to_plain(found)))


def test_the_ways_back_name_what_fits_the_causes_and_the_run(studio: Studio, run: Run, our_way: None) -> None:
    ways = {way.title: way for way in studio.ways_back.list("shop", CAUSES)}

    home = run.experiment_id
    assert [way.command for way in ways.values()] == [
        "litmus endpoints retrain shop",
        f"litmus improve {run.id} --start 'rows where colour is blue' --rows FILE",
        f"litmus improve {run.id} --start 'rows where size is 8 to 10' --rows FILE",
        f"litmus improve {run.id}",
        f"litmus recipes apply {home} --recipe our-way",
        f"litmus bar {home} VALUE --because REASON",
    ]
    assert ways["Collect rows where colour is blue"].name == "rows where colour is blue"
    assert {(way.experiment_id, way.run_id) for way in ways.values()} == {(home, run.id)}


def test_a_model_that_can_continue_has_a_way_back_more(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WarmStartService, "refusal", lambda *_: "")
    again, further = studio.ways_back.list("shop", CAUSES)[:2]
    assert (again.kind, further.kind) == ("retrain", "continue")
    assert further.command == f"{again.command} --continue"


def test_a_listed_action_is_a_way_back_until_it_was_started(studio: Studio, run: Run, our_way: None) -> None:
    keep(studio, run, "tune")
    studio.recipes.take(run.experiment_id, "our-way")
    before = [way.title for way in studio.ways_back.list("shop", CAUSES)]
    studio.actions.apply(run.id, "tune")
    after = [way.title for way in studio.ways_back.list("shop", CAUSES)]

    assert before[3:] == ["Do tune", "Go on with its recipe", "Move the bar"]
    assert after[3:] == ["See what would help", "Go on with its recipe", "Move the bar"]


def test_without_the_run_there_is_no_way_back(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "bundle", lambda *_: SimpleNamespace(run_id="run_0000000000"))

    assert studio.ways_back.list("shop", CAUSES) == ()


def test_the_command_prints_the_ways_back_of_a_fall_alone(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(state: Any) -> None:
        verdict = live_verdict(state, name="shop", sentence="It was judged.")
        monkeypatch.setattr(OutcomesService, "verdict", lambda *_: verdict)

    monkeypatch.setattr(OutcomesService, "causes", lambda *_: CAUSES)
    command = ["endpoints", "verdict", "shop", "--why", "--workspace", str(studio.workspace.path)]
    judge("not any more")
    fallen, facts = CliRunner().invoke(app, command), CliRunner().invoke(app, [*command, "--json"])
    judge("still meets")
    fine = CliRunner().invoke(app, command)

    lines = fallen.stdout.splitlines()
    assert lines[:2] == ["It was judged.", *CAUSES.sentences]
    assert f"Move the bar: litmus bar {run.experiment_id} VALUE --because REASON" in lines
    assert "Train again with the new rows: litmus endpoints retrain shop" in lines
    assert [way["kind"] for way in json.loads(facts.stdout)["ways_back"]][:2] == ["retrain", "action"]
    assert "litmus" not in fine.stdout


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        ("colour is blue", "Add 10 rows where colour is blue, as many as there are, then train again."),
        ("size is missing", "Add 3 rows where size is missing, as many as there are, then train again."),
        ("size is 8 to 10", "Add 28 rows where size is 8 to 10, as many as there are, then train again."),
        ("colour is pink", "Add rows where colour is pink: the table has none. Then train again."),
    ],
)
def test_rows_of_any_group_can_be_collected(studio: Studio, run: Run, group: str, sentence: str) -> None:
    found = studio.actions.find(run.id, f"rows where {group}")

    assert found is not None
    assert action_sentence(found) == sentence
    assert not found.gain.is_known


def test_what_is_no_group_of_the_model_is_refused_before_a_row_is_added(
    studio: Studio, run: Run, tmp_path: Path
) -> None:
    assert studio.actions.find(run.id, "rows") is None
    version = studio.experiments.get(run.experiment_id).task.dataset_version_id
    for key in ("colour is blue", "rows where colour is ", "rows where shape is round"):
        with pytest.raises(UnknownNameError):
            studio.actions.train_on_more_rows(run.id, tmp_path / "no such file.csv", key=key)
    assert [each.id for each in studio.store.versions(studio.datasets.get(version).dataset_id)] == [version]


def test_rows_are_asked_for_where_an_action_needs_them(studio: Studio, run: Run) -> None:
    keep(studio, run, "tune")
    with pytest.raises(UsageError, match="'Collect rows where colour is blue' needs a file") as refused:
        studio.actions.apply(run.id, "rows where colour is blue")
    with pytest.raises(UnknownNameError, match="rows"):
        studio.actions.apply(run.id, "rows")

    assert "--start 'rows where colour is blue' --rows FILE" in refused.value.hint


def test_collected_rows_of_a_group_are_counted_and_their_gain_is_not_promised(
    studio: Studio, run: Run, tmp_path: Path
) -> None:
    table(n_rows=60, seed=5).to_csv(tmp_path / "more.csv", index=False)
    key = "rows where colour is blue"
    command = ["improve", run.id, "--start", key, "--rows", str(tmp_path / "more.csv"), "--workspace"]
    ended = CliRunner().invoke(app, [*command, str(studio.workspace.path)])

    assert ended.exit_code == 0, ended.output
    assert "Expected" not in ended.stdout
    studio.store.refresh()
    (outcome,) = studio.actions.outcomes()
    assert (outcome.key, outcome.kind, outcome.n_collected) == (key, "segment rows", 3)
    assert not outcome.predicted.is_known

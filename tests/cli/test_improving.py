"""``litmus improve``: the list as text, and an action that is begun by its key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.experiments import RunsService
from litmus_core.types import Action, ActionCost, ActionList, Gain, RunPlan, Statement, to_plain
from litmus_core.verdicts import verdict_sentence
from tests.walks import Trainer, shop_experiment

_TUNE = Action(
    key="tune",
    kind="tune",
    title=Statement.of("tune", "title"),
    statements=(Statement.plain("Some are tried."),),
    evidence=(Statement.plain("Seen."),),
    gain=Gain(value=0.02, low=0.01, high=0.03, measured=0.04),
    cost=ActionCost(minutes=2.0, latency_factor=None, size_factor=5.0),
    audience="scientist",
    plan=RunPlan(families=("linear",)),
)


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a run that scores 0.8, with a list of one action; later runs score 0.85, 0.7 and fail."""
    trainer = Trainer([0.8, 0.85, 0.7, "failed"])
    monkeypatch.setattr(RunsService, "start", lambda *given: trainer.start_run(*given))
    with Studio.open() as studio:
        run = studio.runs.start(shop_experiment(studio, tmp_path).id)
        found = ActionList(metric="roc_auc", run_id=run.id, actions=(_TUNE,), n_rows=9, seconds=1.0)
        (folder := studio.workspace.run_dir(run.id)).mkdir(parents=True, exist_ok=True)
        (folder / "actions.json").write_text(json.dumps(to_plain(found)))
    return run.id


def improve(*words: str) -> Result:
    return CliRunner().invoke(app, ["improve", *words])


def test_the_list_says_what_becomes_of_time_and_size_and_who_can_do_it(judged):
    said = improve(judged).stdout

    assert "expected +0.02 (+0.01 to +0.03 in 4 of 5 cases), about 2.0 min. Seen." in said
    assert "answering time: not known beforehand; size: 5 times; can be done by a data scientist" in said


def test_json_has_the_facts_of_an_action_and_the_sentences_that_they_make(judged):
    (action,) = json.loads(improve(judged, "--json").stdout)["actions"]

    assert action["statements"][0]["facts"] == [["text", "Some are tried."]]
    assert (action["sentence"], action["evidence_sentence"]) == ("Some are tried.", "Seen.")


def test_what_came_is_said_beside_what_was_expected_and_the_better_run_is_next(judged):
    better = improve(judged, "--start", "tune").stdout
    worse = improve(judged, "--start", "tune").stdout

    with Studio.open() as studio:
        _, second, third = studio.runs.list(studio.runs.get(judged).experiment_id)
    assert second.verdict is not None
    said = verdict_sentence(second.verdict)
    assert better.startswith(f"{said}\nExpected +0.02 (+0.01 to +0.03 in 4 of 5 cases); it brought ")
    assert "+0.05 on validation rows" in better
    assert f"Next: litmus improve {second.id}" in better
    assert "-0.1 on validation rows" in worse
    assert f"Next: litmus improve {second.id}" in worse
    assert third.id not in worse


def test_an_action_whose_run_fails_ends_with_its_message(judged):
    improve(judged, "--start", "tune")
    improve(judged, "--start", "tune")

    failed = improve(judged, "--start", "tune")

    assert failed.exit_code == 1
    assert "It did not work." in failed.stderr

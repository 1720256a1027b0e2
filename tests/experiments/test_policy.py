"""A policy retrains by itself, on an alarm, after outcomes or by date; it promotes nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy import Retraining, endpoints_to_judge, store_retraining, store_verdict
from litmus_core.deploy._endpoints.folder import EndpointFolder
from litmus_core.errors import NotFoundError, UsageError, WorkspaceError
from litmus_core.experiments import EndpointsService, OutcomesService, Studio
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy import policy
from litmus_core.experiments._deploy.policy import LiveChecks
from litmus_core.experiments._deploy.retraining import RetrainingService
from litmus_core.types import LiveJudgement, LiveVerdict, RunTimes
from tests.experiments.test_outcomes import answered
from tests.experiments.test_retraining import studio

__all__ = ["studio"]  # a fixture


@pytest.fixture
def judged(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What outcomes say of 'shop', and what was done about it."""
    bundle_id = EndpointFolder(studio.workspace, "shop").read().versions[0].bundle_id
    told = SimpleNamespace(
        state="probably", n_outcomes=400, done=[], bundle_id=bundle_id, cannot_continue=False
    )

    def verdict(_: OutcomesService, name: str) -> LiveVerdict:
        return LiveVerdict(
            name=name, version=1, bundle_id=bundle_id, judgement=LiveJudgement(state=told.state),
            n_answers=told.n_outcomes, n_outcomes=told.n_outcomes, headline="It is so.",
        )  # fmt: skip

    def start(_: RetrainingService, name: str, *, warm_start: bool = False) -> Any:
        if warm_start and told.cannot_continue:
            raise UsageError("Trees only.", hint="Train it from scratch.")
        told.done.append(f"{'continued' if warm_start else 'retrained'} {name}")
        return SimpleNamespace(id="run_2")

    monkeypatch.setattr(OutcomesService, "verdict", verdict)
    monkeypatch.setattr(RetrainingService, "start", start)
    monkeypatch.setattr(
        RetrainingService, "add_version", lambda _, run_id: told.done.append(f"added {run_id}")
    )
    monkeypatch.setattr(EndpointsService, "promote", lambda *_, **__: pytest.fail("It was promoted."))
    return told


def retrained(studio: Studio, bundle_id: str, *, n_outcomes: int) -> None:
    record = Retraining(
        name="shop", bundle_id=bundle_id, run_id="run_2", experiment_id="ex_2",
        started_at="2026-11-30T00:00:00+00:00", n_outcomes=n_outcomes,
    )  # fmt: skip
    store_retraining(studio.workspace, record)


@pytest.mark.parametrize(
    ("policy", "state", "n_outcomes", "is_due"),
    [
        ("never", "not any more", 9_000, False),
        ("on-alarm", "doubtful", 9_000, False),
        ("on-alarm", "not any more", 60, True),
        ("after:500", "still meets", 499, False),
        ("after:500", "still meets", 500, True),
        ("every:30d", "still meets", 60, True),  # its version is of the year's first day
        ("every:3000d", "still meets", 60, False),
    ],
)
def test_a_model_is_trained_again_when_its_policy_says_so(
    studio: Studio, judged: SimpleNamespace, policy: str, state: str, n_outcomes: int, is_due: bool
) -> None:
    home = EndpointFolder(studio.workspace, "shop")
    live = replace(home.read().versions[0], added_at="2026-01-01T00:00:00+00:00")
    home.write(replace(home.read(), versions=(live,)))
    studio.policies.set("shop", policy)
    judged.state, judged.n_outcomes = state, n_outcomes
    checked = studio.policies.check("shop")
    assert judged.done == (["retrained shop"] if is_due else [])
    assert ("trained again: run_2" in checked.message) == is_due


@pytest.mark.parametrize(
    ("cannot_continue", "done", "message"),
    [
        (False, "continued shop", "Its model continues on the new rows: run_2."),
        (True, "retrained shop", "Its model is trained again: run_2. It cannot continue: Trees only."),
    ],
)
def test_a_policy_continues_the_model_where_it_can(
    studio: Studio, judged: SimpleNamespace, cannot_continue: bool, done: str, message: str
) -> None:
    home = ["--workspace", str(studio.workspace.path)]
    policy = ["endpoints", "policy", "shop", "--continue"]
    assert "Add --retrain on-alarm." in CliRunner().invoke(app, [*policy, *home]).output
    shown = CliRunner().invoke(app, [*policy, "--retrain", "after:500", *home]).stdout
    assert "The model of 'shop' continues on new rows after 500 new outcomes." in shown
    judged.n_outcomes, judged.cannot_continue = 500, cannot_continue
    assert studio.policies.check("shop").message == message
    assert judged.done == [done]


def test_an_alarm_retrains_once_then_adds_the_version_and_waits_for_as_many_outcomes_again(
    studio: Studio, judged: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.policies.set("shop", "on-alarm")
    judged.state = "not any more"
    run = SimpleNamespace(id="run_2", title="Run 2", status="running", chosen_id=None)
    monkeypatch.setattr(Context, "run", lambda *_: run)
    retrained(studio, judged.bundle_id, n_outcomes=400)
    assert studio.policies.check("shop").message == "Run 2 trains its model again."
    run.status = "failed"
    assert studio.policies.check("shop").message == ""
    run.status, run.chosen_id = "finished", "cd_2"
    assert "waits as version 2. Next: litmus endpoints promote" in studio.policies.check("shop").message
    run.chosen_id, judged.n_outcomes = None, 800
    studio.policies.check("shop")
    assert judged.done == ["added run_2", "retrained shop"]


def test_a_policy_is_set_and_shown_and_what_is_none_is_said(studio: Studio, judged: SimpleNamespace) -> None:
    home = ["--workspace", str(studio.workspace.path)]
    for words, shown in (
        ("after:500", "is trained again after 500 new outcomes."),
        ("every:30d", "is trained again every 30 days."),
        ("on-alarm", "is trained again once it no longer meets its bar."),
        ("never", "is never trained again by itself."),
    ):
        assert (
            shown
            in CliRunner().invoke(app, ["endpoints", "policy", "shop", "--retrain", words, *home]).stdout
        )
        assert shown in CliRunner().invoke(app, ["endpoints", "policy", "shop", *home]).stdout
    with pytest.raises(UsageError, match="'sometimes' does not say when"):
        studio.policies.set("shop", "sometimes")
    with pytest.raises(NotFoundError):
        studio.policies.set("shoe", "never")
    judged.state = "not any more"
    checked = CliRunner().invoke(app, ["endpoints", "check", "shop", *home])
    assert checked.exit_code == 1


def test_a_damaged_policy_is_said_and_costs_no_verdict(studio: Studio, judged: SimpleNamespace) -> None:
    studio.policies.set("shop", "on-alarm")
    EndpointFolder(studio.workspace, "shop").policy.write_text("{")
    with pytest.raises(WorkspaceError, match="The policy of 'shop' cannot be read"):
        studio.policies.get("shop")
    checked = studio.policies.check("shop")
    assert checked.verdict is not None
    assert "Set it again: litmus endpoints policy shop" in checked.message
    studio.policies.set("shop", "never")


def test_an_endpoint_is_judged_again_once_outcomes_came(studio: Studio) -> None:
    home = EndpointFolder(studio.workspace, "shop")
    assert endpoints_to_judge(studio.workspace, now_s=1e10) == []
    ids = answered(studio, [1, 2])
    studio.outcomes.add("shop", {ids[0]: "yes"})
    assert endpoints_to_judge(studio.workspace, now_s=1e10) == ["shop"]
    studio.outcomes.verdict("shop")
    os.utime(home.verdict, (1e9, 1e9))
    os.utime(home.answers.with_name("outcomes.came"), (1e9 - 1, 1e9 - 1))
    assert endpoints_to_judge(studio.workspace, now_s=1e10) == []
    studio.policies.set("shop", "on-alarm")  # the verdict may be an alarm already
    assert endpoints_to_judge(studio.workspace, now_s=1e10) == ["shop"]
    os.utime(home.policy, (1e9 - 1, 1e9 - 1))
    assert endpoints_to_judge(studio.workspace, now_s=1e10) == []
    studio.policies.set("shop", "every:30d")
    os.utime(home.policy, (1e9 - 1, 1e9 - 1))
    assert endpoints_to_judge(studio.workspace, now_s=1e10) == ["shop"]
    assert endpoints_to_judge(studio.workspace, now_s=1e9 + 59) == []


def test_an_endpoint_is_checked_once_its_model_was_trained_again(
    studio: Studio, judged: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, started = SimpleNamespace(times=RunTimes(queued_at="2026")), []
    monkeypatch.setattr(Context, "run", lambda *_: run)
    monkeypatch.setattr(policy, "start_work", lambda job, work, name, **_: started.append(name))
    retrained(studio, judged.bundle_id, n_outcomes=400)
    verdict = replace(studio.outcomes.verdict("shop"), judged_at="2026-11-30T00:00:00+00:00")
    store_verdict(studio.workspace, verdict)
    LiveChecks(studio.context).start()
    run.times = replace(run.times, ended_at="2026-11-29T00:00:00+00:00")
    LiveChecks(studio.context).start()
    assert started == []
    run.times = replace(run.times, ended_at="2026-11-30T00:00:01+00:00")
    LiveChecks(studio.context).start()
    assert started == ["shop"]

"""Export trains a model that fell again, or further, by a click or by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.deploy import RetrainingPolicy
from litmus_core.experiments import OutcomesService
from litmus_core.experiments._deploy.policy import PolicyService
from litmus_core.experiments._deploy.retraining import RetrainingService
from litmus_core.experiments._runs.warm_start import WarmStartService
from litmus_core.types import LiveCauses, LiveJudgement
from tests.app.test_endpoints import keys, place
from tests.app.world import EXPERIMENT, RUN
from tests.live_verdicts import live_verdict

__all__ = ["place"]  # a fixture


@pytest.mark.parametrize(("button", "warm_start"), [("retrain", False), ("continue", True)])
def test_a_model_that_fell_is_trained_again_or_further_by_a_click(place, monkeypatch, button, warm_start):
    judgement = LiveJudgement(state="not any more")
    verdict = live_verdict(judgement)
    started: list[tuple[str, bool]] = []

    def start(_: RetrainingService, name: str, *, warm_start: bool) -> Any:
        started.append((name, warm_start))
        return SimpleNamespace(id=RUN, experiment_id=EXPERIMENT)

    monkeypatch.setattr(OutcomesService, "verdict", lambda *_: verdict)
    monkeypatch.setattr(OutcomesService, "causes", lambda *_: LiveCauses(name="leave", sentences=("Why.",)))
    monkeypatch.setattr(RetrainingService, "start", start)
    monkeypatch.setattr(WarmStartService, "refusal", lambda *_: "")
    app = place.open()
    app.button(key="live.judge.leave").click().run()
    app.button(key="live.why.leave").click().run()
    app.button(key=f"live.{button}.leave").click().run()
    assert started == [("leave", warm_start)]


def test_a_model_that_cannot_continue_is_only_trained_again(place, monkeypatch):
    verdict = live_verdict("not any more")
    monkeypatch.setattr(OutcomesService, "verdict", lambda *_: verdict)
    monkeypatch.setattr(OutcomesService, "causes", lambda *_: LiveCauses(name="leave", sentences=("Why.",)))
    monkeypatch.setattr(WarmStartService, "refusal", lambda *_: "It cannot go on learning.")
    app = place.open()
    app.button(key="live.judge.leave").click().run()
    app.button(key="live.why.leave").click().run()
    assert "live.retrain.leave" in keys(app)
    assert "live.continue.leave" not in keys(app)


def test_a_model_is_trained_again_by_itself_when_the_page_says_so(place, monkeypatch):
    written: list[tuple[str, str, bool]] = []

    def keep(_: PolicyService, name: str, retrain: str, *, warm_start: bool) -> None:
        written.append((name, retrain, warm_start))

    policy = RetrainingPolicy(when="every", days=7.0, warm_start=True)
    monkeypatch.setattr(PolicyService, "get", lambda *_: policy)
    monkeypatch.setattr(PolicyService, "set", keep)
    app = place.open()
    assert "live.policy.when.leave" not in keys(app)
    app.session_state["live.policy.leave"] = True
    app.run()
    assert app.selectbox(key="live.policy.when.leave").value == "every"
    assert app.number_input(key="live.policy.every.leave").value == 7
    app.selectbox(key="live.policy.when.leave").select("after").run()
    app.number_input(key="live.policy.after.leave").set_value(200)
    assert app.checkbox(key="live.policy.continue.leave").value
    app.button(key="live.policy.save.leave").click().run()
    app.checkbox(key="live.policy.continue.leave").uncheck().run()
    app.button(key="live.policy.save.leave").click().run()
    assert written == [("leave", "after:200", True), ("leave", "after:200", False)]

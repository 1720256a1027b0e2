"""``litmus runs final``."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli._main import app
from litmus_core.experiments import FinalModelsService
from litmus_core.store import Workspace
from litmus_core.types import Candidate, FinalModelTrained
from tests.app.world import EXPERIMENT, RUN, World
from tests.store import facts

CHOSEN = f"{RUN}-model-0"


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    def train(service: FinalModelsService, candidate_id: str, **_: object) -> Candidate:
        service.context.record(FinalModelTrained(candidate_id=candidate_id, final=facts.final_model()))
        return service.context.candidate(candidate_id)

    monkeypatch.setattr(FinalModelsService, "train", train)
    world = World(Workspace.locate())
    world.run(world.experiment())
    return world


def told(*words: str, status: int = 0) -> str:
    found = CliRunner().invoke(app, ["runs", "final", *words])
    assert found.exit_code == status, found.output
    return found.output


def test_a_model_is_trained_on_all_rows_and_the_judged_one_may_be_kept() -> None:
    assert told(EXPERIMENT).strip() == "Judged on 200 rows; the model you use has learned from all 1,000."
    assert "that model is the one you use" in told(RUN, "--use", "judged")
    report = json.loads(told(CHOSEN, "--use", "final", "--json"))
    assert (report["candidate"], report["final"]["in_use"]) == (CHOSEN, True)


def test_what_was_not_trained_cannot_be_put_to_work() -> None:
    assert "not trained again" in told(CHOSEN, "--use", "final", status=2)
    with Studio.open() as studio:
        assert studio.candidates.get(CHOSEN).final is None

"""``litmus train`` says what training will take and score, and ``--quote`` trains nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli._main import app
from litmus_core.cli._training import follow
from litmus_core.experiments import TrainingHandle
from litmus_core.types import RunPlan, RunQueued, RunQuoted
from tests.walks import shop_experiment

PENGUINS = Path(__file__).parents[2] / "sample_data" / "penguins.csv"


def test_a_quote_is_printed_and_nothing_is_trained(tmp_path: Path):
    command = ["train", str(PENGUINS), "--target", "species", "--quote", "--json"]
    done = CliRunner().invoke(app, [*command, "--workspace", str(tmp_path)])
    found = json.loads(done.stdout)
    assert found["metric"] == "accuracy"
    assert 0.4 < found["low"] < found["score"] <= found["high"] <= 1.0
    with Studio.open(tmp_path) as studio:
        assert studio.experiments.summaries() == []


def test_the_quote_of_a_training_is_printed_and_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("litmus_core.cli._training.watch", lambda handle: handle.run)
    with Studio.open(tmp_path / "workspace") as studio:
        experiment = shop_experiment(studio, tmp_path)
        studio.context.record(RunQueued(run_id="run_1", number=1, experiment=experiment, plan=RunPlan()))
        follow(TrainingHandle(studio, "run_1"))
        assert "Training and measuring take about" in capsys.readouterr().err
        (event,) = studio.journal.events(types=[RunQuoted])
        assert isinstance(event.fact, RunQuoted)
        assert event.fact.run_id == "run_1"

"""Quotes: what a training will take and score is said before it starts, recorded, and judged afterwards."""

from __future__ import annotations

import numpy as np
import pytest

import litmus_core
from litmus_core import Compute, Folds, Studio, Training
from litmus_core.errors import UsageError
from litmus_core.types import (
    Experiment,
    QuoteBasis,
    RunEnded,
    RunJudged,
    RunPlan,
    RunQueued,
    RunQuoted,
    Score,
    Verdict,
)


@pytest.fixture
def table():
    import pandas as pd

    rng = np.random.default_rng(0)
    size = rng.normal(size=200)
    colour = rng.choice(["red", "blue"], 200)
    bought = np.where(size + (colour == "red") + rng.normal(size=200) > 0.5, "yes", "no")
    return pd.DataFrame({"size": size, "colour": colour, "bought": bought})


def _judged(run_id: str, score: float) -> RunJudged:
    reached = Score(metric="roc_auc", value=score, low=score - 0.05, high=score + 0.05, n_rows=40)
    verdict = Verdict(
        outcome="no bar", candidate_id="model", model="model", score=reached, baseline=0.5, bar=None,
        gap=None, probability_passes=None, excesses=(),
    )  # fmt: skip
    return RunJudged(run_id=run_id, candidate_id="model", verdict=verdict)


def test_a_quote_names_time_memory_and_a_range_between_guessing_and_perfect(table, tmp_path):
    found = litmus_core.quote(table, "bought", goal="roc_auc", folds=5, workspace=tmp_path / "workspace")
    assert found.metric == "roc_auc"
    assert 0.5 < found.low < found.score < found.high <= 1.0
    assert found.basis.constant == 0.5
    assert 0.3 < found.minutes <= 128 / 60
    assert 300 < found.memory_mb < 2_500
    assert found.n_runs == 0
    with Studio.open(tmp_path / "workspace") as studio:
        assert studio.experiments.summaries() == []


def test_less_time_is_quoted_as_less(table, tmp_path):
    workspace = tmp_path / "workspace"
    whole = litmus_core.quote(table, "bought", workspace=workspace)
    short = litmus_core.quote(table, "bought", compute=Compute(time_limit_s=15), workspace=workspace)
    assert short.minutes < whole.minutes
    assert short.memory_mb < whole.memory_mb  # fewer families fit into 15 s


def test_a_quote_of_several_runs_is_refused(table, tmp_path):
    with pytest.raises(UsageError) as refused:
        litmus_core.quote(table, "bought", algorithm=["linear", "lightgbm"], workspace=tmp_path / "workspace")
    assert refused.value.message == "That would be 2 runs, and a quote covers one."


def test_a_recorded_quote_is_judged_by_its_run_and_corrects_the_next(studio: Studio, experiment: Experiment):
    first = studio.runs.quote(experiment.task)
    fact = RunQueued(run_id="run_1", number=1, experiment=experiment, plan=RunPlan())
    studio.context.record(fact, RunQuoted(run_id="run_1", quote=first), _judged("run_1", 0.99))
    assert studio.runs.quote_outcomes() == []
    studio.context.record(
        RunEnded(run_id="run_1", status="finished", seconds={"fit": 90.0}, peak_mb=2 * first.basis.memory_mb)
    )
    (outcome,) = studio.runs.quote_outcomes()
    assert (outcome.quote, outcome.minutes, outcome.score) == (first, 1.5, 0.99)
    again = studio.runs.quote(experiment.task)
    assert again.n_runs == 1
    assert again.memory_mb > 1.2 * first.memory_mb


def test_a_quote_that_comes_after_the_end_is_not_recorded(studio: Studio, experiment: Experiment):
    quoted = studio.runs.quote(experiment.task)
    fact = RunQueued(run_id="run_1", number=1, experiment=experiment, plan=RunPlan())
    studio.context.record(fact, RunEnded(run_id="run_1", status="finished"))
    studio.runs.record_quote("run_1", quoted)
    assert studio.runs.quote_outcomes() == []


def test_outer_folds_take_longer_and_are_quoted_a_narrower_range(table, tmp_path, monkeypatch):
    # Two folds side by side, however much memory is free and however few processors are ours.
    monkeypatch.setattr("litmus_core.engine.folds_at_once", lambda *_, **__: 2)
    monkeypatch.setattr("litmus_core.engine._resources._n_cpus", lambda: 2)
    workspace = tmp_path / "workspace"
    asked = {"training": Training(models=["linear", "lightgbm"]), "workspace": workspace}
    part = litmus_core.quote(table, "bought", folds=Folds(5), **asked)
    nested = litmus_core.quote(table, "bought", folds=Folds(5, outer=5), **asked)
    usual = litmus_core.quote(table, "bought", **asked)  # so few rows are judged by outer folds
    assert usual.basis == nested.basis
    assert nested.basis.seconds > 1.9 * part.basis.seconds
    assert nested.basis.memory_mb > 1.5 * part.basis.memory_mb
    assert nested.high - nested.low < part.high - part.low


def test_a_network_is_quoted_with_what_torch_takes(table, tmp_path):
    def basis(*models: str) -> QuoteBasis:
        training = Training(models=[*models])
        return litmus_core.quote(table, "bought", folds=5, training=training, workspace=tmp_path / "ws").basis

    trees, network = basis("linear", "xgboost"), basis("linear", "network")
    assert network.memory_mb > trees.memory_mb + 200
    assert network.seconds > trees.seconds + 10

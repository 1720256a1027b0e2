"""Steps after a model that is trained already: nothing is trained, and all else is as in any run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from litmus_core.advice import follow_up_plan
from litmus_core.builtin_preprocessors import reference_of
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments import ActionsService, RunsService
from litmus_core.plugins import read_part
from litmus_core.runtime import load_bundle
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    Algorithm,
    Candidate,
    CustomModel,
    Gain,
    PluginRef,
    ReusedModel,
    Run,
    RunPlan,
)
from tests.advice.test_choice import model
from tests.trained import Trained, opened


def steps(*texts: str) -> tuple[PluginRef, ...]:
    return tuple(read_part("postprocess", text) for text in texts)


def test_a_trained_model_gets_a_threshold_and_nothing_is_trained(own_training: Trained, tmp_path) -> None:
    trained = own_training
    with opened(trained) as studio:
        before = studio.candidates.chosen(trained.run.id)
        run = studio.runs.wait(
            studio.candidates.postprocess(before.id, ["threshold(at=0.3)", "calibrate"]).id
        )
        now = studio.candidates.chosen(run.id)
        assert run.plan.origin_as(ReusedModel) == ReusedModel(
            candidate_id=before.id, run_id=trained.run.id, model=before.model
        )
        assert (now.model, now.threshold) == (before.model, 0.3)
        assert now.name == f"{before.name}, then threshold and calibrate"
        assert len(studio.candidates.list(run.id)) == 2  # it, and the plain one
        assert run.verdict is not None
        assert run.verdict.n_evaluations >= 2
        folders = [studio.workspace.run_dir(each) / "parts.parquet" for each in (trained.run.id, run.id)]
        assert folders[0].read_bytes() == folders[1].read_bytes()
        report = studio.candidates.postprocess_report(now.id)
        assert report is not None
        assert [each.step for each in report.steps] == ["calibrate", "threshold"]
        studio.bundles.export(now.id, to=tmp_path / "bundle")
    bundle = load_bundle(tmp_path / "bundle")
    rows = [{"size": size, "colour": "red", "day": "2024-02-02"} for size in np.linspace(4, 14, 21)]
    shares = bundle.predict_proba(rows)[:, 1]
    assert ((shares >= 0.3) == (np.array(bundle.predict(rows)) == "yes")).all()
    assert ((shares > 0.3) & (shares < 0.5)).any()


def test_steps_that_cannot_be_meant_are_said_before_anything_starts(trained: Trained) -> None:
    with opened(trained) as studio:
        id_ = studio.candidates.chosen(trained.run.id).id
        n_runs = len(studio.runs.list(trained.experiment.id))
        with pytest.raises(UnknownNameError, match="threshold"):
            studio.candidates.postprocess(id_, "treshold(at=0.3)")
        with pytest.raises(UsageError, match="does not fit"):
            studio.candidates.postprocess(id_, "weigh_classes")
        with pytest.raises(UsageError, match="No step"):
            studio.candidates.postprocess(id_, [])
        assert len(studio.runs.list(trained.experiment.id)) == n_runs


def with_post(*texts: str) -> Candidate:
    return replace(model("m", 0.9), postprocess=steps(*texts))


def test_a_later_step_takes_the_place_of_what_says_the_same() -> None:
    plan = follow_up_plan(
        RunPlan(),
        with_post("cap(low=0)", "thresholds_by_segment(column=a)", "abstain(below=0.7)"),
        steps("threshold(at=0.3)"),
    )
    assert plan.postprocess == steps("cap(low=0)", "threshold(at=0.3)", "abstain(below=0.7)")
    plan = follow_up_plan(RunPlan(), with_post("abstain(below=0.7)"), steps("abstain(below=0.9)"))
    assert plan.postprocess == steps("abstain(below=0.9)")


def test_a_model_with_code_of_ones_own_is_trained_again() -> None:
    own = CustomModel(reference="a.py:Net", module="a", name="Net", sha256="x")
    plan = follow_up_plan(RunPlan(models=(own,)), model("m", 0.9), steps("calibrate"))
    assert plan.origin_as(ReusedModel) is None
    assert plan.models == (CustomModel(reference="a.py:Net"),)
    own_algorithm = RunPlan(algorithms=(Algorithm(key="a.py:Net"),))
    assert follow_up_plan(own_algorithm, model("m", 0.9), steps("calibrate")).origin is None
    assert (
        follow_up_plan(RunPlan(families=("linear",)), model("m", 0.9), steps("calibrate")).origin is not None
    )
    ours = RunPlan(preprocess=(read_part("preprocess", reference_of("Counts")),))
    assert follow_up_plan(ours, model("m", 0.9), steps("calibrate")).origin is not None


def test_leaving_a_column_out_is_a_question_of_its_own(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def start_run(self: RunsService, experiment_id: str, plan: RunPlan) -> Run:
        asked.append(experiment_id)
        return self.context.run(trained.run.id)

    with opened(trained) as studio:
        gain = Gain(value=0.01, low=0.0, high=0.02, measured=0.02)
        action = Action(
            key="columns",
            kind="columns",
            gain=gain,
            cost=ActionCost(minutes=1),
            plan=RunPlan(),
            leave_out=("day",),
        )
        listed = ActionList(metric="roc_auc", run_id=trained.run.id, actions=(action,), n_rows=1, seconds=1)
        monkeypatch.setattr(ActionsService, "stored", lambda self, run_id: listed)
        monkeypatch.setattr(RunsService, "start", start_run)
        for _ in range(2):
            studio.actions.apply(trained.run.id, "columns")
        first, second = asked
        assert first == second != trained.experiment.id  # made once
        made = studio.experiments.get(first)
        assert made.name == f"{trained.experiment.name}, without day"
        assert set(made.task.features) == set(trained.experiment.task.features) - {"day"}
        studio.experiments.delete(first)

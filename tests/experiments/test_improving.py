"""From a run to its next actions, one of them taken, and what was predicted beside what came."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core import Compute, Studio, Training, engine, jobs, train
from litmus_core.advice import LongerRun, OtherFamily, TrialData, action_title
from litmus_core.cli import app
from litmus_core.engine import _resources, folds_duration_s
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments import RunsService
from litmus_core.experiments._actions import check_findings, plugins, service, situation
from litmus_core.experiments._runs import predictions
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.experiments._runs.predictions import predictions_of
from litmus_core.plugins import PlugInReport, PlugInState, Proposal
from litmus_core.store import Workspace
from litmus_core.testing import check_plugin
from litmus_core.types import Finding, Fix, Folds, Gain, ReusedModel, RunPlan, SplitPlan, Statement
from tests.app.world import FEATURES, RUN, World
from tests.trained import table

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "plugin-actions.md"
# Plug-ins that would keep their word in their checks, and do not here.
_FAULTY = """
from litmus_core.plugins import action


@action
class Shy:
    def propose(self, situation, rows):
        if situation["run"]["id"] != "run_1":
            raise OSError("too many people")
        return []


@action
class Odd:
    def propose(self, situation, rows):
        families = ["linear"] if situation["run"]["id"] == "run_1" else ["lineal"]
        gain = {"value": 0.01, "low": 0.0, "high": 0.02}
        return [{"key": "a", "title": "A", "gain": gain, "plan": {"families": families}}]
"""


@pytest.fixture(scope="module")
def improvable(tmp_path_factory):
    """A workspace with one finished run, and that run. Answers are 1.0 and 0.0, and one is missing."""
    folder = tmp_path_factory.mktemp("improvable")
    rows = table(500)
    rows["sold"] = rows["sold"].map({"yes": 1, "no": 0})
    rows.loc[3, "sold"] = None
    rows.to_csv(folder / "shop.csv", index=False)
    workspace = folder / "workspace"
    handle = train(
        folder / "shop.csv",
        "sold",
        training=Training(models=("lightgbm",)),
        compute=Compute(time_limit_s=20),
        folds=0,
        workspace=workspace,
    )
    run = handle.wait(timeout_s=200).run
    handle.studio.close()
    return workspace, run


@pytest.fixture
def own(improvable, tmp_path):
    """A copy of that workspace to put plug-ins into, and the run."""
    workspace, run = improvable
    shutil.copytree(workspace, tmp_path / "workspace")
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio, run


def test_actions_of_ones_own_stand_in_the_list_and_those_that_fail_are_left_out(own, tmp_path, monkeypatch):
    studio, run = own
    (text,) = re.findall(r"```python\n# plugins/small_steps.py\n(.*?)```", GUIDE.read_text(), re.S)
    state = PlugInState(studio.workspace.path)
    digest = studio.plugins.trust(studio.plugins.create_file("faulty.py", _FAULTY))
    for name in ("Shy", "Odd"):
        state.store_report(digest, PlugInReport(point="action", name=name, reference=name))
    digest = studio.plugins.trust(studio.plugins.create_file("small_steps.py", text))
    (steps,) = [each for each in studio.plugins.list(built_in=False) if each.name == "SmallSteps"]
    report = check_plugin(steps.described, home=studio.workspace.path, limit_s=120)  # on a busy machine
    assert report.passed, report.reason
    state.store_report(digest, report)

    found = studio.actions.list(run.id, seconds=1)

    by_key = {action.key: action for action in found.actions}
    steps = by_key["SmallSteps:steps"]
    assert action_title(steps) == "Learn in smaller steps"
    assert (steps.kind, steps.cost.latency_factor) == ("own", 3.0)
    assert steps.plan.families == ("lightgbm",)
    assert [each.key for each in steps.plan.algorithms] == ["lightgbm"]
    assert found.notes == (
        "Your action Shy was left out and disabled: OSError: too many people, in line 9 of faulty.py.",
        "Your action Odd was left out and disabled: the plan of 'a' cannot go: There is no model "
        "family 'lineal'. Did you mean 'linear'.",
        "Not all of the table's checks were made, so wrong labels and leaks may not be known here. Check the "
        "table on Data, then look again.",
    )
    states = {each.name: each.state for each in studio.plugins.list(built_in=False)}
    assert states == {"SmallSteps": "ready", "Shy": "disabled", "Odd": "disabled"}

    begun = []
    monkeypatch.setattr(RunsService, "start", lambda self, experiment_id, plan: begun.append(plan) or run)
    studio.actions.apply(run.id, "SmallSteps:steps")
    assert (begun[0].action.kind, begun[0].action.gain) == ("own", steps.gain)
    assert begun[0].compute.time_limit_s == 40.0
    studio.actions.apply(run.id, "SmallSteps:steps", most_s=30.0)
    assert begun[1].compute.time_limit_s == 30.0
    studio.actions.apply(run.id, "SmallSteps:steps", most_s=50.0)
    assert begun[2].compute.time_limit_s == 40.0

    monkeypatch.setattr(service, "_make_list", lambda *_: "rebuilt")
    assert studio.actions.list(run.id) == found
    studio.plugins.disable("SmallSteps")
    assert studio.actions.list(run.id) == "rebuilt"


@pytest.mark.parametrize("drawn", [False, True])
def test_what_a_run_keeps_of_its_answers_is_what_its_model_says(improvable, monkeypatch, drawn):
    """Also of rows that were drawn out of a larger table, where the kept places are that table's."""
    workspace, run = improvable
    with Studio.open(workspace) as studio:
        candidate = studio.candidates.chosen(run.id)
        with monkeypatch.context() as patched:
            patched.setattr(jobs, "has_validated", lambda folder: False)
            told = predictions_of(studio.context, candidate)
        if drawn:
            data = run_data(studio.context, run)
            data = replace(data, places=3 * np.arange(len(data.frame)))
            monkeypatch.setattr(predictions, "run_data", lambda studio, run: data)
            kept = jobs.read_validated(studio.workspace.run_dir(run.id))
            kept = replace(kept, index=3 * kept.index[::-1], predictions=kept.predictions[::-1])
            monkeypatch.setattr(jobs, "read_validated", lambda folder: kept)
        monkeypatch.setattr(engine, "validation_predictions", None)  # no model is opened
        found = predictions_of(studio.context, candidate)
    turned = slice(None, None, -1 if drawn else 1)
    assert np.array_equal(found.scored.predictions[turned], told.scored.predictions)
    assert np.array_equal(found.scored.truth[turned], told.scored.truth)


def test_litmus_own_actions_stand_in_the_list_of_plug_ins(tmp_path):
    with Studio.open(tmp_path) as studio:
        built_in = {each.name for each in studio.plugins.list() if each.described.point == "action"}
    assert {"folds", "tune", "time", "rows", "class rows"} <= built_in


def test_an_action_is_taken_and_its_outcome_kept(improvable):
    workspace, run = improvable
    told = CliRunner().invoke(app, ["improve", run.id, "--workspace", str(workspace), "--json"])
    listed = json.loads(told.stdout)
    keys = [action["key"] for action in listed["actions"]]
    assert "folds" in keys
    said = CliRunner().invoke(app, ["improve", run.id, "--workspace", str(workspace)])
    assert listed["sentence"] in said.stdout
    done = CliRunner().invoke(
        app, ["improve", run.id, "--start", "folds", "--workspace", str(workspace), "--json"]
    )
    outcome = json.loads(done.stdout)["outcome"]

    with Studio.open(workspace) as studio:
        found = studio.actions.list(run.id)
        assert [action.key for action in found.actions] == keys  # kept, not tried again
        (kept,) = studio.actions.outcomes()
        before, after = studio.candidates.chosen(run.id), studio.candidates.chosen(kept.run_id)
        again = studio.runs.get(kept.run_id)
        with pytest.raises(UnknownNameError, match="folds"):
            studio.actions.apply(run.id, "fold")
        with pytest.raises(UsageError, match="Collect more rows"):
            studio.actions.apply(run.id, "rows")
    assert outcome["predicted"] == {
        name: getattr(kept.predicted, name)
        for name in ("value", "low", "high", "measured", "is_known", "settles")
    }
    assert again.plan.folds == Folds(5)
    assert again.plan.action.key == "folds"
    assert kept.validated_alike  # one in folds, the other on a part: on the rows that both answered
    assert kept.validation is not None
    assert kept.test == pytest.approx(after.test.value - before.test.value)


def test_after_a_run_that_trained_nothing_what_was_trained_is_still_known(own, monkeypatch):
    studio, run = own
    chosen = studio.candidates.chosen(run.id)
    after = studio.runs.wait(studio.candidates.postprocess(chosen.id, "threshold(at=0.4)").id, timeout_s=200)
    assert after.plan.origin_as(ReusedModel) is not None

    def of(run):
        known = situation.trial_data(studio.context, run, run_data(studio.context, run))
        return situation.situation_of(studio.context, run, known)

    monkeypatch.setattr(plugins, "requested_actions", lambda studio: ("Own 1",))
    gain = Gain(value=0.01, low=0.0, high=0.02, measured=0.01)
    asks = Proposal(key="a", title="A", gain=gain, plan={"folds": 5})
    monkeypatch.setattr(plugins, "propose", lambda *_, accept, seed: ([("Own", accept(asks))], []))
    known = situation.trial_data(studio.context, after, run_data(studio.context, after))
    ((own_action,), _) = plugins.plugin_actions(studio.context, of(after), known)
    assert (own_action.plan.folds, own_action.plan.origin_as(ReusedModel)) == (
        Folds(5),
        None,
    )  # it trains, and takes no model

    trained, taken = of(run), of(after)
    assert taken.families.trained == trained.families.trained == ("boosting",)
    assert taken.families.keys == ("lightgbm",)
    assert (
        taken.time.fit_s == trained.time.fit_s > 0
    )  # five folds take five times that, and not five times nothing
    bounded = replace(after, plan=replace(after.plan, compute=replace(after.plan.compute, time_limit_s=5.0)))
    assert of(bounded).time.limit_s == 20.0  # what follows has the time that the models were trained in
    studio.runs.delete(run.id)
    assert of(after).families.trained == ("boosting",)  # its candidate still says what it is


def test_a_column_that_may_be_known_in_time_is_no_leak_to_leave_out_first(monkeypatch):
    def finding(column, severity):
        fix = Fix(kind="leave_out", columns=(column,))
        said = Statement.plain("It leaks.")
        return Finding(kind="leakage", severity=severity, statement=said, columns=(column,), fix=fix)

    report = SimpleNamespace(findings=[finding("size", "warning"), finding("colour", "harmful")])
    task = SimpleNamespace(
        dataset_version_id="v", target="y", test_version_id=None, features=("size", "colour")
    )
    monkeypatch.setattr(check_findings, "stored_report", lambda *_: report)
    run = SimpleNamespace(verdict=None)
    assert check_findings.findings_for_actions(None, run, task) == (("colour",), ())


def test_a_longer_run_is_what_litmus_would_plan(monkeypatch):
    monkeypatch.setattr(_resources, "_n_cpus", lambda: 1)
    world = World(Workspace.locate())
    world.run(world.experiment())
    with Studio.open() as studio:
        run, task = studio.runs.get(RUN), studio.experiments.of_run(RUN).task
        forest = OtherFamily(key="forest", title="Random forest", kind="forest")
        planned, added = replace(task, time_limit_s=20.0), {"forest": forest}
        known = TrialData(pd.DataFrame({"since": range(400)}), np.zeros(400), FEATURES, task)
        found = situation._longer(studio.context, run, planned, added, known)
        room = 2 * folds_duration_s(columns=FEATURES, n_rows=400)
        assert room > 60.0
        assert found == LongerRun(limit_s=room, families=(forest,), folds=5)
        assert situation._longer(studio.context, run, planned, {}, known).families == ()
        with monkeypatch.context() as patched:
            patched.setattr(situation, "_are_trained", lambda *_: True)
            assert situation._longer(studio.context, run, planned, {}, known) is None
        chosen = replace(run, plan=RunPlan(families=("lightgbm",)))
        assert situation._longer(studio.context, chosen, planned, added, known) is None
        by_time = replace(planned, split=SplitPlan(kind="time", column="since"))
        assert situation._longer(studio.context, run, by_time, added, known).folds == 0
        many = replace(known, frame=pd.DataFrame({"since": range(90_000)}))
        longer = situation._longer(studio.context, run, planned, added, many)
        assert (longer.folds, longer.limit_s) == (0, 60.0)
        fewer = replace(known, frame=pd.DataFrame({"since": range(3_000)}))
        longer = situation._longer(studio.context, run, planned, added, fewer)
        assert longer.folds == 5
        assert 60.0 < longer.limit_s <= 200.0  # twice what folds take, or ten times the run's own
        without = replace(run, plan=RunPlan(folds=Folds(0)))
        assert situation._longer(studio.context, without, planned, added, known).folds == 0

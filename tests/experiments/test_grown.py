"""Rows that were collected: what they were to bring and brought, and a table that is left as it was."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from litmus_core import Studio
from litmus_core.errors import UsageError
from litmus_core.experiments import RunsService
from litmus_core.experiments._actions import collected_rows_gain, service
from litmus_core.experiments._actions.collected_rows_gain import (
    action_for_rows,
    count_collected_rows,
    gains_of_rows,
)
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.jobs._stages.stored_predictions import Validated, write_validated
from litmus_core.store import Workspace
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    ActionTaken,
    DatasetImported,
    ExperimentCreated,
    Fix,
    Gain,
    RowsToCollect,
    RunPlan,
    RunQueued,
    Statement,
    to_plain,
)
from tests.app.world import EXPERIMENT, RUN, VERSION, World
from tests.trained import table

GAIN = Gain(value=0.02, low=-0.01, high=0.04, measured=0.05)
ROWS = ActionTaken(run_id=RUN, key="rows", kind="rows", gain=GAIN)


def keep(studio, run_id, **changes):
    """Keep a list with one action, as if it had been found out."""
    told = {
        "key": "rows",
        "kind": "rows",
        "title": Statement.plain("Collect more rows"),
        "collect": RowsToCollect(n_rows=200),
        "page": "data",
    } | changes
    action = Action(gain=GAIN, cost=ActionCost(minutes=1.0), **told)
    found = ActionList(metric="roc_auc", run_id=run_id, actions=(action,), n_rows=480, seconds=1.0)
    folder = studio.workspace.run_dir(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "actions.json").write_text(json.dumps(to_plain(found)))


@pytest.fixture
def own(trained, tmp_path):
    """A copy of the workspace with a finished run, and that run."""
    shutil.copytree(trained.workspace, tmp_path / "workspace")
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio, studio.runs.get(trained.run.id)


def test_both_models_answer_the_added_rows_that_neither_learned_from(own, tmp_path, monkeypatch):
    studio, run = own
    keep(studio, run.id)
    table(n_rows=200, seed=5).to_csv(tmp_path / "more.csv", index=False)

    after = studio.runs.wait(
        studio.actions.train_on_more_rows(run.id, tmp_path / "more.csv").id, timeout_s=200
    )
    (kept,) = studio.actions.outcomes()

    assert (kept.run_id, kept.follows_run_id, kept.key, kept.kind) == (after.id, run.id, "rows", "rows")
    assert (kept.predicted, kept.n_requested, kept.n_collected) == (GAIN, 200, 200)
    late, early = run_data(studio.context, after), run_data(studio.context, run)
    rows = [row for row in late.index("test") if row >= 600 or row in early.index("test")]
    assert len(rows) > 30
    asked, truth = late.frame.iloc[rows], late.frame["sold"].to_numpy()[rows] == "yes"
    scores = [
        roc_auc_score(
            truth,
            studio.candidates.predictor(studio.candidates.chosen(each).id, judged=True).predict_proba(asked)[
                :, 1
            ],
        )
        for each in (after.id, run.id)
    ]
    assert kept.test == pytest.approx(scores[0] - scores[1])
    monkeypatch.setattr(collected_rows_gain, "open_predictor", None)  # no model is opened twice
    assert studio.actions.outcomes() == [kept]


@pytest.fixture
def told(monkeypatch):
    """A workspace with a told run, and a function that gives the model of a run on a table of n rows."""
    world = World(Workspace.locate())
    world.run(world.experiment())
    with Studio.open() as studio:
        first, asked = studio.candidates.get(f"{RUN}-model-0"), studio.experiments.get(EXPERIMENT)

        def model(key, *, n_table, rows, wrong=()):
            """Return a model of a table of ``n_table`` rows, validated on ``rows``, ``wrong`` on some."""
            version = replace(studio.datasets.get(VERSION), id=f"dv_{key}", version=n_table, n_rows=n_table)
            task = replace(asked.task, dataset_version_id=version.id)
            studio.context.record(
                DatasetImported(version=version),
                ExperimentCreated(experiment=replace(asked, id=f"ex_{key}", task=task)),
            )
            folder = studio.workspace.run_dir(f"run_{key}")
            folder.mkdir(parents=True)
            (folder / "model.json").write_text(json.dumps({"classes": ["no", "yes"]}))
            index, truth = np.array(rows), np.where(np.array(rows) % 2, "yes", "no")
            says_yes = (truth == "yes") != np.isin(index, wrong)
            answers = np.where(says_yes[:, None], [0.1, 0.9], [0.9, 0.1])
            write_validated(folder, Validated(index=index, predictions=answers, truth=truth))
            return replace(first, id=key, run_id=f"run_{key}", experiment_id=f"ex_{key}")

        monkeypatch.setattr(collected_rows_gain, "_test_gain", lambda *_: None)
        yield studio, model


def test_in_validation_they_are_compared_on_the_old_rows_that_both_were_scored_on(told):
    studio, model = told
    before = model("before", n_table=100, rows=range(50), wrong=range(20, 30))
    now = model("now", n_table=150, rows=range(10, 150), wrong=[*range(20, 24), *range(50, 150)])

    assert gains_of_rows(studio.context, now, before, "rows") == (pytest.approx(6 / 40), None)


def test_validation_rows_of_a_file_of_their_own_are_the_same_after_any_table(told):
    studio, model = told
    before = model("before", n_table=100, rows=range(100, 140), wrong=range(100, 110))
    now = model("now", n_table=150, rows=range(150, 190), wrong=range(150, 152))

    assert gains_of_rows(studio.context, now, before, "rows") == (pytest.approx(8 / 40), None)


def test_few_shared_rows_and_files_that_are_gone_tell_nothing(told):
    studio, model = told
    before = model("before", n_table=100, rows=range(40))
    now = model("now", n_table=150, rows=range(21, 150), wrong=range(150))
    assert gains_of_rows(studio.context, now, before, "rows") == (None, None)

    other = model("other", n_table=150, rows=range(150))
    shutil.rmtree(studio.workspace.run_dir("run_before"))
    assert gains_of_rows(studio.context, other, before, "rows") == (None, None)


@pytest.mark.parametrize(
    ("n_collected", "share", "tells"),
    [(100, 0.25, False), (200, 0.5, True), (800, 1.0, True), (900, 1.0, False)],
)
def test_the_gain_is_of_the_rows_that_came_and_too_few_or_many_are_no_evidence(n_collected, share, tells):
    found = action_for_rows(ROWS, n_requested=400, n_collected=n_collected)

    assert (found.gain.value, found.gain.low) == (share * GAIN.value, share * GAIN.low)
    assert found.gain.measured == (share * GAIN.measured if tells else 0.0)
    assert (found.n_requested, found.n_collected) == (400, n_collected)


@pytest.mark.parametrize(
    ("column", "value", "n"),
    [("", "", 6), ("sold", "1", 2), ("place", "DE", 3), ("place", "missing", 1), ("gone", "a", 6)],
)
def test_rows_of_a_class_or_a_segment_count_where_these_were_asked_for(monkeypatch, column, value, n):
    told = pd.DataFrame(
        {"sold": [1.0] * 4 + [1.0, np.nan, 0.0, 0.0, 1.0, 0.0], "place": ["DE"] * 7 + [None, "FR", "FR"]}
    )
    monkeypatch.setattr("litmus_core.data.read_rows", lambda workspace, version, columns: told[columns])
    before, now = (SimpleNamespace(n_rows=rows, column_names=tuple(told)) for rows in (4, 10))
    context = SimpleNamespace(workspace=None)
    wanted = RowsToCollect(n_rows=1, column=column, value=value)
    assert count_collected_rows(context, before, now, target="sold", wanted=wanted) == n


def _left(studio):
    tables = sorted(each.name for each in studio.workspace.datasets.rglob("*.parquet"))
    versions = [
        each.id for one in studio.datasets.list() for each in studio.datasets.versions(one.dataset_id)
    ]
    return tables, versions, [each.id for each in studio.store.experiments()], len(studio.store.runs())


def _no_start(studio, monkeypatch):
    def start(self, experiment_id, plan=None):
        raise UsageError("It cannot go so.")

    monkeypatch.setattr(RunsService, "start", start)


def _of_a_damaged_file(*_):
    raise EOFError


def test_rows_that_no_run_can_begin_with_are_taken_back(studio, experiment, tmp_path, monkeypatch):
    fixed = studio.fixes.apply(experiment.task.dataset_version_id, [Fix(kind="drop_duplicates")])
    task = replace(experiment.task, dataset_version_id=fixed.id)
    asked = studio.experiments.create(task, name="fixed")
    studio.context.record(RunQueued(run_id=RUN, number=1, experiment=asked, plan=RunPlan()))
    more = table(n_rows=40, seed=5)
    more.to_csv(tmp_path / "more.csv", index=False)
    more.assign(sold=["perhaps"] * 40).to_csv(tmp_path / "odd.csv", index=False)
    before = _left(studio)

    with pytest.raises(UsageError, match="not a yes-or-no question"):
        studio.actions.train_on_more_rows(RUN, tmp_path / "odd.csv")
    assert _left(studio) == before
    with monkeypatch.context() as patched:
        patched.setattr(service, "plan_that_trains", _of_a_damaged_file)
        with pytest.raises(EOFError):
            studio.actions.train_on_more_rows(RUN, tmp_path / "more.csv")
    assert _left(studio) == before
    _no_start(studio, monkeypatch)
    with pytest.raises(UsageError, match="cannot go so"):
        studio.actions.train_on_more_rows(RUN, tmp_path / "more.csv")
    assert _left(studio) == before


def test_an_action_that_cannot_begin_leaves_no_experiment(studio, experiment, monkeypatch):
    studio.context.record(RunQueued(run_id=RUN, number=1, experiment=experiment, plan=RunPlan()))
    keep(studio, RUN, key="without day", kind="columns", plan=RunPlan(), leave_out=("day",))
    before = _left(studio)
    _no_start(studio, monkeypatch)

    with pytest.raises(UsageError, match="cannot go so"):
        studio.actions.apply(RUN, "without day")

    assert _left(studio) == before

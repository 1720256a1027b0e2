"""Models of different runs are compared on the validation rows that both answered."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from litmus_core import Studio, engine
from litmus_core.experiments._runs.comparison.paired import leading_of, validation_gain
from litmus_core.jobs._stages.stored_predictions import Validated, write_validated
from litmus_core.store import Workspace
from litmus_core.types import Budget, Score
from tests.app.world import RUN, World

TRUTH = np.array(["no", "yes"] * 50)


@pytest.fixture
def studio(monkeypatch):
    world = World(Workspace.locate())
    world.run(world.experiment())
    with Studio.open() as studio:
        yield studio


def _model(studio, key, right, *, rows, n_folds=0, score=0.8, blocks=None, **facts):
    """Return a run's chosen model that is right on these rows, and validated on all ``rows``."""
    folder = studio.workspace.run_dir(f"run_{key}")
    folder.mkdir(parents=True)
    (folder / "model.json").write_text(json.dumps({"classes": ["no", "yes"]}))
    np.savez(folder / "rows.npz", folds=n_folds)
    says = np.where(np.isin(rows, right), TRUTH[rows], np.where(TRUTH[rows] == "yes", "no", "yes"))
    answers = np.where((says == "yes")[:, None], [0.1, 0.9], [0.9, 0.1])
    stored = Validated(index=np.array(rows), predictions=answers, truth=TRUTH[rows], blocks=blocks)
    write_validated(folder, stored)
    told = studio.candidates.get(f"{RUN}-model-0")
    value = Score(metric=told.validation.metric, value=score, low=0.7, high=0.9, n_rows=len(rows))
    return replace(told, id=key, run_id=f"run_{key}", validation=value, in_budget=None, **facts)


def test_a_model_in_folds_and_one_with_a_part_are_compared_on_the_part(studio):
    part = _model(studio, "part", right=range(80, 98), rows=range(80, 100), score=0.9)
    folds = _model(
        studio, "folds", right=[*range(70), *range(80, 99)], rows=range(100), n_folds=5, score=0.89
    )

    assert validation_gain(studio.context, folds, part) == pytest.approx(0.05)
    assert validation_gain(studio.context, part, folds) == pytest.approx(-0.05)
    task = studio.experiments.get(part.experiment_id).task
    assert leading_of(studio.context, task, [part, folds]) == folds
    assert leading_of(studio.context, task, [folds, part]) == folds


def test_a_model_in_folds_leads_unless_it_is_worse_by_more_than_chance(studio):
    part = _model(studio, "part", right=range(80, 98), rows=range(80, 100))
    near, far, sure = (
        _model(studio, key, right=[*range(70), *right], rows=range(100), n_folds=5, score=score)
        for key, right, score in (
            ("near", range(83, 100), 0.7),
            ("far", range(80, 89), 0.7),
            ("sure", range(80, 89), 0.9),  # on all rows it is better
        )
    )
    task = studio.experiments.get(part.experiment_id).task
    for order in ([part, near], [near, part]):
        assert leading_of(studio.context, task, order) == near
    for order in ([part, far], [far, part]):
        assert leading_of(studio.context, task, order) == part
    for order in ([part, sure], [sure, part]):
        assert leading_of(studio.context, task, order) == sure


def test_rows_of_one_group_count_as_one_in_doubt(studio):
    models = []
    for key, groups in (("rows", None), ("groups", np.arange(100) // 5)):
        part = _model(
            studio,
            f"part {key}",
            right=range(80, 95),
            rows=range(80, 100),
            score=0.9,
            blocks=None if groups is None else groups[80:],
        )
        folds = _model(
            studio, f"folds {key}", right=range(85, 95), rows=range(100), n_folds=5, score=0.7, blocks=groups
        )
        models.append((part, replace(folds, run_id=f"run_folds {key}")))
    task = studio.experiments.get(models[0][0].experiment_id).task
    # it is worse in one group of four: five rows say so, and one group does not
    assert leading_of(studio.context, task, models[0]) == models[0][0]
    assert leading_of(studio.context, task, models[1]) == models[1][1]


def test_scores_stand_in_where_answers_were_not_kept_and_both_were_validated_alike(studio):
    one = _model(studio, "one", right=range(50), rows=range(100), score=0.8)
    two = _model(studio, "two", right=range(90), rows=range(100), score=0.82)
    assert validation_gain(studio.context, two, one) == pytest.approx(0.4)
    (studio.workspace.run_dir("run_one") / "validated.npz").unlink()
    assert validation_gain(studio.context, two, one) == pytest.approx(0.02)
    folds = _model(studio, "folds", right=range(90), rows=range(100), n_folds=5, score=0.82)
    assert validation_gain(studio.context, folds, one) is None


def test_what_leaves_rows_to_people_is_compared_by_its_score(studio):
    one = _model(studio, "one", right=range(50), rows=range(100), score=0.8)
    shy = _model(studio, "shy", right=range(20), rows=range(20), score=1.0, abstained=0.8)
    assert validation_gain(studio.context, shy, one) == pytest.approx(0.2)


def test_what_leaves_rows_to_people_leads_by_its_score_on_all_rows_alone(studio, monkeypatch):
    all_rows = _model(studio, "all", right=range(93), rows=range(100), score=0.93)
    shy = _model(studio, "shy", right=range(80), rows=range(80), score=0.97, abstained=0.2)
    told = {"run_shy": replace(shy.validation, value=0.90)}
    monkeypatch.setattr(engine, "post_report", lambda folder, _: SimpleNamespace(all_rows=told[folder.name]))
    task = studio.experiments.get(shy.experiment_id).task
    assert leading_of(studio.context, task, [all_rows, shy]) == all_rows
    assert leading_of(studio.context, task, [shy, all_rows]) == all_rows
    told["run_shy"] = replace(shy.validation, value=0.95)
    assert leading_of(studio.context, task, [all_rows, shy]) == shy  # as it is, with its own score


def test_inside_the_budget_comes_first(studio):
    slow = replace(_model(studio, "slow", right=range(95), rows=range(100), score=0.95), in_budget=False)
    quick = replace(_model(studio, "quick", right=range(80), rows=range(100), score=0.8), in_budget=True)
    task = replace(studio.experiments.get(slow.experiment_id).task, budget=Budget(max_latency_ms=1.0))
    assert leading_of(studio.context, task, [slow, quick]) == quick
    assert leading_of(studio.context, task, []) is None

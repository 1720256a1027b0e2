"""Going on with a candidate: what is refused before anything starts, and how both sides are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from litmus_core.errors import DataError, UsageError
from litmus_core.experiments import Comparison, Studio
from litmus_core.types import Candidate, Score
from tests.trained import Trained, opened


@pytest.fixture
def studio(trained: Trained) -> Iterator[Studio]:
    with opened(trained) as studio:
        yield studio


def candidate(studio: Studio, trained: Trained, family: str) -> Candidate:
    return next(each for each in studio.candidates.list(trained.run.id) if each.family == family)


def test_without_new_rows_there_is_nothing_to_offer_or_to_start(studio, trained):
    booster = candidate(studio, trained, "lightgbm")

    assert studio.warm_start.newer_rows(booster.id) is None
    with pytest.raises(UsageError, match="There are no new rows"):
        studio.warm_start.start(booster.id)


def test_the_version_it_was_trained_on_has_no_new_row(studio, trained):
    booster = candidate(studio, trained, "lightgbm")

    with pytest.raises(DataError, match="has no new row with a 'sold' after the 600"):
        studio.warm_start.start(booster.id, trained.experiment.task.dataset_version_id)


def test_without_a_version_it_goes_on_with_the_newest(studio, trained, monkeypatch):
    newest = studio.datasets.get(trained.experiment.task.dataset_version_id)
    rows = SimpleNamespace(version=newest)
    monkeypatch.setattr(type(studio.warm_start), "newer_rows", lambda *_: rows)

    with pytest.raises(DataError, match="has no new row with a 'sold' after the 600"):
        studio.warm_start.start(candidate(studio, trained, "lightgbm").id)


def test_trees_of_classes_that_weigh_the_same_cannot_go_on(studio, trained, monkeypatch):
    balanced = replace(
        trained.run,
        plan=replace(trained.run.plan, training=replace(trained.run.plan.training, balanced=True)),
    )
    monkeypatch.setattr(type(studio.warm_start.context), "run", lambda *_: balanced)

    with pytest.raises(UsageError, match="trained so that each class weighs the same"):
        studio.warm_start.start(
            candidate(studio, trained, "lightgbm").id, trained.experiment.task.dataset_version_id
        )


def test_what_cannot_go_on_is_refused_by_name(studio, trained):
    linear = candidate(studio, trained, "linear")

    with pytest.raises(UsageError, match=r"'Linear model' cannot go on learning.*XGBoost"):
        studio.warm_start.start(linear.id, trained.experiment.task.dataset_version_id)


def test_a_share_that_cannot_be_meant_is_refused(studio, trained):
    with pytest.raises(UsageError, match="-1 old rows for each new one"):
        studio.warm_start.start(candidate(studio, trained, "lightgbm").id, old_per_new=-1)


def test_other_runs_are_no_side_of_a_continuation(studio, trained):
    assert studio.warm_start.comparison(trained.run.id) is None


def side(value: float, low: float, high: float, *, fit_s: float) -> Candidate:
    return Candidate(
        id="c",
        run_id="r",
        experiment_id="e",
        name="Model",
        model="lightgbm",
        family="lightgbm",
        family_kind="boosting",
        is_ensemble=False,
        fit_s=fit_s,
        test=Score(metric="rmse", value=value, low=low, high=high, n_rows=120),
    )


@pytest.mark.parametrize(
    ("anew", "said"),
    [
        (side(2.0, 1.5, 2.5, fit_s=12.0), "retraining is ahead, but their intervals overlap"),
        (side(9.0, 8.0, 10.0, fit_s=12.0), "continuing is ahead."),
        (side(3.0, 2.0, 4.0, fit_s=12.0), "they are level."),
    ],
)
def test_the_comparison_says_who_is_ahead_and_what_was_saved(anew, said):
    both = Comparison(before=None, continued=side(3.0, 2.0, 4.0, fit_s=1.5), retrained=anew)

    assert said in both.sentence
    assert both.sentence.endswith("Training took 1.5 s against 12 s: continuing saved 10 s.")


def test_one_side_alone_is_not_compared():
    assert Comparison(before=None, continued=side(3.0, 2.0, 4.0, fit_s=1.5)).sentence == ""

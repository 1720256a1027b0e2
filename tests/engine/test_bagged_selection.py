"""Ensemble weights on few rows: as spread as the rows leave the choice open, and the same every time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from litmus_core.engine._fit.ensembles import bagged_selection as module
from litmus_core.engine._fit.ensembles.bagged_selection import bagged_selection
from tests.cases import amount


def _weights(predictions: list[Any], labels: Any, *, problem_type: str = "regression", **more: Any) -> Any:
    from autogluon.core.metrics import get_metric
    from autogluon.core.models.greedy_ensemble.ensemble_selection import EnsembleSelection

    metric = get_metric("rmse" if problem_type == "regression" else "roc_auc")
    selection = EnsembleSelection(ensemble_size=25, problem_type=problem_type, metric=metric)
    return selection.fit(predictions, labels, **more).weights_


def _equals(n_rows: int, seed: int = 3) -> tuple[list[Any], Any]:
    """Six models that are equally good in truth, and err alike."""
    rng = np.random.default_rng(seed)
    truth, shared = rng.normal(size=(2, n_rows))
    return [truth + shared + 0.5 * rng.normal(size=n_rows) for _ in range(6)], truth


def test_equally_good_members_weigh_more_alike_than_one_selection_says() -> None:
    largest = []
    for seed in range(amount(4, thorough=8)):
        scores, truth = _equals(40, seed)
        labels = (truth > 0).astype(int)
        alone = _weights(scores, labels, problem_type="binary")
        with bagged_selection():
            bagged = _weights(scores, labels, problem_type="binary")
        largest.append((alone.max(), bagged.max()))
        assert bagged.sum() == pytest.approx(1.0)
    assert np.mean([bagged for _, bagged in largest]) < 0.8 * np.mean([alone for alone, _ in largest])


def test_the_weights_are_the_same_every_time() -> None:
    predictions, truth = _equals(60)
    with bagged_selection():
        assert _weights(predictions, truth).tolist() == _weights(predictions, truth).tolist()


def test_a_member_that_is_worse_for_sure_has_no_weight() -> None:
    predictions, truth = _equals(60)
    with bagged_selection():
        found = _weights([*predictions, np.full(60, 50.0)], truth)
    assert found[-1] == 0.0
    assert (found[found > 0] >= 0.04).all()


def test_a_class_of_two_rows_is_in_each_draw() -> None:
    labels = np.array([1, 1, *[0] * 40])
    rng = np.random.default_rng(0)
    with bagged_selection():
        found = _weights([rng.random(42) for _ in range(3)], labels, problem_type="binary")
    assert found.sum() == pytest.approx(1.0)


def test_many_rows_are_selected_on_once(monkeypatch: pytest.MonkeyPatch) -> None:
    predictions, truth = _equals(60)
    alone = _weights(predictions, truth)
    monkeypatch.setattr(module, "_MOST_ROWS", 59)
    with bagged_selection():
        assert _weights(predictions, truth).tolist() == alone.tolist()


def test_rows_are_drawn_with_their_weights() -> None:
    rng = np.random.default_rng(0)
    truth, heavy = rng.normal(size=60), np.arange(60) % 3 == 0
    members = [np.where(heavy == is_right, truth, truth + 5.0) for is_right in (True, False)]
    with bagged_selection():
        plain = _weights(members, truth)
        same = _weights(members, truth, sample_weight=np.ones(60))
        found = _weights(members, truth, sample_weight=np.where(heavy, 50.0, 0.1))
    assert same.tolist() == plain.tolist()
    assert plain[1] > 0.5  # two rows of three
    assert found[0] > 0.9

"""Calibration and weights of labels: what was bent is found again, and nothing is bent without need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import ScoredPredictions, cross_fit_halves, fit_cross, fit_post, step_reports
from litmus_core.metrics import get_metric
from litmus_core.plugins import read_part
from litmus_core.runtime import Calibrate, ModelInfo, Post, WeighClasses

LABELS = ("bike", "car", "fridge")


def nobody(part: Any, scored: Any) -> Any:
    raise AssertionError("no step of one's own was asked for")


def softmax(scores: Any) -> Any:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def said(n_rows: int, *, metric: str, power: float = 1.0, seed: int = 0) -> ScoredPredictions:
    """Rows of which the true probabilities are known, said with another sureness: bikes are rare."""
    random = np.random.default_rng(seed)
    true = softmax(random.normal(size=(n_rows, 3)) * 1.5 + [-2.5, 0.0, 0.5])
    codes = (true.cumsum(axis=1) < random.random((n_rows, 1))).sum(axis=1)
    return ScoredPredictions(
        predictions=softmax(np.log(true) * power),
        rows=pd.DataFrame(index=range(n_rows)),
        truth=np.array(LABELS, dtype=object)[codes],
        info=ModelInfo(problem_type="multiclass", target="what", columns=(), classes=LABELS),
        metric=get_metric(metric),
    )


def score(answers: Any, scored: ScoredPredictions) -> float:
    return scored.metric.score(scored.truth, answers, classes=LABELS)


def fitted(step: str, scored: ScoredPredictions) -> tuple[Post, Any]:
    half = cross_fit_halves(scored.truth, None, regression=False, seed=0)
    return fit_cross([read_part("postprocess", step)], scored, half, fitter=nobody)


def test_a_model_that_is_too_sure_is_set_right() -> None:
    scored = said(4_000, metric="log_loss", power=2.5)

    post, answers = fitted("calibrate", scored)

    (step,) = post.steps
    assert isinstance(step, Calibrate)
    assert step.power == pytest.approx(1 / 2.5, abs=0.04)
    assert max(map(abs, step.shifts)) < 0.15
    assert score(answers, scored) < score(scored.predictions, scored) - 0.1
    (told,) = step_reports([read_part("postprocess", "calibrate")], post, scored, threshold=None)
    assert "less sure of itself" in told.sentence


def test_probabilities_that_are_right_stay_as_they_are() -> None:
    scored = said(4_000, metric="log_loss")

    post, answers = fitted("calibrate", scored)

    (step,) = post.steps
    assert isinstance(step, Calibrate)
    assert step.power == pytest.approx(1.0, abs=0.08)
    assert np.abs(answers - scored.predictions).max() < 0.05
    assert score(answers, scored) == pytest.approx(score(scored.predictions, scored), abs=0.003)


def test_few_rows_teach_little() -> None:
    scored = said(3, metric="log_loss")

    (step,) = fit_post([read_part("postprocess", "calibrate")], scored, fitter=nobody).steps

    assert isinstance(step, Calibrate)
    assert 0.3 < step.power < 3
    assert np.isfinite(step.apply(np.array([[0.0, 0.0, 1.0]]), [])).all()


def test_a_rare_label_gets_more_weight_where_each_label_counts_the_same() -> None:
    scored = said(3_000, metric="balanced_accuracy")

    post, answers = fitted("weigh_classes", scored)

    (step,) = post.steps
    assert isinstance(step, WeighClasses)
    bike, car, fridge = step.factors
    assert bike > 3 * max(car, fridge)
    assert score(answers, scored) > score(scored.predictions, scored) + 0.07
    asked = [read_part("postprocess", "weigh_classes")]
    assert "“bike” times" in step_reports(asked, post, scored, threshold=None)[0].sentence


def test_where_every_row_counts_the_same_the_weights_bring_nothing() -> None:
    scored = said(3_000, metric="accuracy")

    _, answers = fitted("weigh_classes", scored)

    assert score(answers, scored) == pytest.approx(score(scored.predictions, scored), abs=0.01)

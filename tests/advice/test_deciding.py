"""Actions after the model: what is bent is found, and where nothing is, nothing is promised."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.advice import Situation, StoredPredictions, TimeSpent, action_sentence, action_title
from litmus_core.advice._actions.decision_rules import _fewest_mistakes, propose_decision_rules
from litmus_core.engine import ScoredPredictions
from litmus_core.metrics import get_metric
from litmus_core.plugins import read_part
from litmus_core.runtime import ModelInfo
from litmus_core.types import Action, Candidate, ReusedModel, Run, RunPlan, RunTimes, Score, Task
from tests.advice.situations import summed_up
from tests.advice.test_choice import model
from tests.cases import thinned

LABELS = ("bike", "car", "fridge")


def softmax(scores: Any) -> Any:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def said(
    n_rows: int, metric: str, *, power: float = 1.0, shift: float = 0.0, n_classes: int = 3, seed: int = 0
) -> StoredPredictions:
    """Rows of which the true probabilities are known; they are said with another sureness, or shifted."""
    random = np.random.default_rng(seed)
    centre = [-2.5, 0.0, 0.5] if n_classes == 3 else [0.0, 0.0]
    true = softmax(random.normal(size=(n_rows, n_classes)) * 1.5 + centre)
    codes = (true.cumsum(axis=1) < random.random((n_rows, 1))).sum(axis=1)
    classes = LABELS[:n_classes]
    logs = np.log(true) * power
    logs[:, -1] += shift
    problem = "multiclass" if n_classes == 3 else "binary"
    scored = ScoredPredictions(
        predictions=softmax(logs),
        rows=pd.DataFrame(index=range(n_rows)),
        truth=np.array(classes, dtype=object)[codes],
        info=ModelInfo(problem_type=problem, target="what", columns=(), classes=classes),
        metric=get_metric(metric),
    )
    return StoredPredictions(scored, None, seed)


def situation(known: StoredPredictions, *, plan: RunPlan | None = None, **facts: Any) -> Situation:
    metric = known.scored.metric.name
    task = Task(
        dataset_version_id="v",
        target="what",
        problem_type=known.scored.info.problem_type,
        metric=metric,
        features=(),
    )
    chosen: Candidate = replace(
        model("m", 0.5),
        run_id="r",
        validation=Score(metric=metric, value=0.5, low=0.4, high=0.6, n_rows=100),
        **facts,
    )
    run = Run(
        id="r",
        experiment_id="e",
        number=1,
        plan=plan or RunPlan(),
        status="finished",
        times=RunTimes(queued_at=""),
    )
    return Situation(
        run=run,
        task=task,
        chosen=chosen,
        time=TimeSpent(limit_s=60, fit_s=30, story=(), tail_s=12),
        n_folds=0,
        may_fold=True,
        predictions=known,
    )


def found(known: StoredPredictions, **facts: Any) -> dict[str, Action]:
    return {each.key: each for each in propose_decision_rules(situation(known, **facts), known)}


def test_a_model_that_is_too_sure_is_calibrated_without_training() -> None:
    known = said(2_000, "log_loss", power=2.5)
    action = found(known)["calibrate"]
    assert action.gain.low > 0
    true = get_metric("log_loss").score(
        known.scored.truth, known.scored.predictions ** (1 / 2.5), classes=LABELS
    )
    assert true > 0
    assert action.plan is not None
    assert action.plan.origin_as(ReusedModel) is not None
    assert [each.reference for each in action.plan.postprocess] == ["calibrate"]
    assert action.cost.minutes == pytest.approx(12 / 60)
    assert found(replace(known, scored=replace(known.scored, metric=get_metric("roc_auc")))) == {}


def test_the_gain_of_calibration_is_what_the_true_probabilities_would_bring() -> None:
    known = said(4_000, "log_loss", power=2.5)
    right = said(4_000, "log_loss")  # the same rows, as they truly are
    metric = get_metric("log_loss")
    brings = metric.score(known.scored.truth, known.scored.predictions, classes=LABELS) - metric.score(
        right.scored.truth, right.scored.predictions, classes=LABELS
    )
    gain = found(known)["calibrate"].gain
    assert gain.low < brings < gain.high
    assert gain.measured == pytest.approx(brings, rel=0.05)


def test_a_rare_label_is_weighed_where_each_label_counts_the_same() -> None:
    action = found(said(2_000, "balanced_accuracy"))["weights"]
    assert action.gain.low > 0
    assert action.kind == "threshold"


def test_a_shifted_threshold_is_found_within_a_tolerance() -> None:
    action = found(said(4_000, "accuracy", shift=1.5, n_classes=2))["threshold"]
    assert action.gain.low > 0
    assert action.plan is not None
    at = dict(action.plan.postprocess[0].parameters)["at"]
    assert at == pytest.approx(1 / (1 + np.exp(-1.5)), abs=0.08)  # where the true probability is 0.5


@pytest.mark.parametrize(
    ("metric", "n_classes"),
    thinned(
        [("log_loss", 3), ("accuracy", 2), ("brier", 2), ("accuracy", 3)],
        keep=2,
        reason="a proper score and a decision, two classes and three are each looked at",
    ),
)
def test_where_nothing_is_bent_nothing_is_promised(metric: str, n_classes: int) -> None:
    n_false = 0
    for seed in range(12):
        actions = found(said(200, metric, n_classes=n_classes, seed=seed))
        n_false += any(each.gain.low > 0 for key, each in actions.items() if key != "abstain")
    assert n_false <= 1


@pytest.mark.parametrize("power", [1.0, 60.0])  # of the latter nearly all are surer than 0.9999
def test_leaving_rows_to_people_is_said_as_such_and_told_apart(power: float) -> None:
    known = said(2_000, "accuracy", power=power)
    action = found(known)["abstain"]
    assert action.gain.low > 0
    assert "the others cost people time" in action_sentence(action)
    below = dict(action.plan.postprocess[0].parameters)["below"]  # type: ignore[union-attr]
    sure = known.scored.predictions.max(axis=1)
    assert (left := (sure < below).mean()) == pytest.approx(0.1, abs=0.02)
    assert "less than 100 % sure" not in action_sentence(action)
    assert action_title(action) == f"Leave the least certain {100 * left:.0f} % to people"
    alone = summed_up(situation(known), [action], None)
    assert "too few rows to try anything on. Leaving the least certain rows to people would" in alone


def test_those_as_sure_as_the_line_are_still_answered() -> None:
    known = said(300, "accuracy", n_classes=2)
    answers = np.where(np.arange(300)[:, None] < 15, [0.55, 0.45], [2 / 3, 1 / 3])
    answers[200:] = [0.05, 0.95]
    truth = np.where(answers[:, 1] > 0.5, LABELS[1], LABELS[0]).astype(object)
    truth[:15], truth[15:60] = LABELS[1], LABELS[1]
    known = replace(known, scored=replace(known.scored, predictions=answers, truth=truth))
    action = found(known)["abstain"]
    below = dict(action.plan.postprocess[0].parameters)["below"]  # type: ignore[union-attr]
    assert below == pytest.approx(2 / 3, abs=1e-4)
    assert (answers.max(axis=1) < below).sum() == 15


def test_what_cannot_be_compared_or_asked_is_left_alone() -> None:
    known = said(500, "log_loss", power=2.5)
    assert found(known, abstained=0.2) == {}
    own = (read_part("postprocess", "a.py:Step"),)
    assert found(known, postprocess=own) == {}
    assert found(said(30, "log_loss", power=2.5)) == {}
    assert list(propose_decision_rules(situation(known), None)) == []


def test_what_is_there_already_brings_nothing_again() -> None:
    known = said(2_000, "log_loss", power=2.5)
    again = found(known, postprocess=(read_part("postprocess", "calibrate"),))
    assert "calibrate" not in again


def test_the_fewest_mistakes_are_those_of_weighted_rows() -> None:
    shares = np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3], [0.3, 0.7]])

    def threshold(weights: list[float] | None) -> float:
        scored = SimpleNamespace(
            truth=np.array([0, 0, 1, 1]),
            predictions=shares,
            info=SimpleNamespace(classes=(0, 1), positive_class=1),
            metric=get_metric("f1").weighted(weights),
        )
        return _fewest_mistakes(scored)  # type: ignore[arg-type]

    assert threshold([1, 0.01, 9, 1]) < 0.3 < threshold([1, 9, 0.01, 1])

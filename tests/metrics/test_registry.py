"""Every metric's value, against scikit-learn's and against numbers one can check by hand."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as reference

from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.metrics import default_metric, get_metric, label_index, metrics_for


@pytest.fixture
def binary():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 300)
    positive = np.round(np.clip(0.35 * y + rng.random(300) * 0.65, 0, 1), 2)  # rounded: ties
    positive[:4] = 0, 1, 0, 1  # sure, and wrong for some
    return np.where(y == 1, "yes", "no"), np.column_stack([1 - positive, positive])


@pytest.fixture
def multiclass():
    rng = np.random.default_rng(2)
    y = rng.choice([10, 20, 30, 40], p=[0.5, 0.3, 0.15, 0.05], size=400)
    scores = rng.random((400, 4)) + 0.8 * (y[:, None] == np.array([10, 20, 30, 40]))
    return y, scores / scores.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", lambda y, d, p: reference.accuracy_score(y, d)),
        ("balanced_accuracy", lambda y, d, p: reference.balanced_accuracy_score(y, d)),
        ("f1", lambda y, d, p: reference.f1_score(y, d, pos_label="yes")),
        ("f1_macro", lambda y, d, p: reference.f1_score(y, d, average="macro")),
        ("f1_weighted", lambda y, d, p: reference.f1_score(y, d, average="weighted")),
        ("precision", lambda y, d, p: reference.precision_score(y, d, pos_label="yes")),
        ("recall", lambda y, d, p: reference.recall_score(y, d, pos_label="yes")),
        ("mcc", lambda y, d, p: reference.matthews_corrcoef(y, d)),
        ("roc_auc", lambda y, d, p: reference.roc_auc_score(y == "yes", p[:, 1])),
        ("average_precision", lambda y, d, p: reference.average_precision_score(y == "yes", p[:, 1])),
        ("log_loss", lambda y, d, p: reference.log_loss(y, p)),
        ("brier", lambda y, d, p: reference.brier_score_loss(y == "yes", p[:, 1])),
    ],
)
def test_a_binary_metric_equals_scikit_learns(binary, name, expected):
    y, p = binary
    decided = np.where(p[:, 1] >= 0.5, "yes", "no")
    value = get_metric(name).score(y, p, classes=["no", "yes"], positive_class="yes")
    assert value == pytest.approx(expected(y, decided, p), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", lambda y, d, p: reference.accuracy_score(y, d)),
        ("balanced_accuracy", lambda y, d, p: reference.balanced_accuracy_score(y, d)),
        ("f1_macro", lambda y, d, p: reference.f1_score(y, d, average="macro")),
        ("f1_weighted", lambda y, d, p: reference.f1_score(y, d, average="weighted")),
        ("mcc", lambda y, d, p: reference.matthews_corrcoef(y, d)),
        ("roc_auc", lambda y, d, p: reference.roc_auc_score(y, p, multi_class="ovr")),
        ("log_loss", lambda y, d, p: reference.log_loss(y, p)),
        ("brier", lambda y, d, p: ((p - (y[:, None] == [10, 20, 30, 40])) ** 2).sum(axis=1).mean() / 2),
    ],
)
def test_a_multiclass_metric_equals_scikit_learns(multiclass, name, expected):
    y, p = multiclass
    decided = np.array([10, 20, 30, 40])[p.argmax(axis=1)]
    value = get_metric(name).score(y, p, classes=[10, 20, 30, 40])
    assert value == pytest.approx(expected(y, decided, p), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rmse", np.sqrt((1 + 0 + 16 + 0) / 4)),
        ("mae", 5 / 4),
        ("r2", 1 - 17 / 14.75),
        ("mape", (0.5 + 0 + 4 / 5) / 3),  # the row whose truth is 0 is left out
        ("medape", 0.5),
        ("rmsle", np.sqrt((np.log(4 / 3) ** 2 + np.log(6 / 2) ** 2) / 4)),
    ],
)
def test_a_regression_metric_is_what_its_formula_gives(name, expected):
    truth, predicted = [2.0, 4.0, 5.0, 0.0], [3.0, 4.0, 1.0, 0.0]
    assert get_metric(name).score(truth, predicted) == pytest.approx(expected, abs=1e-12)


def test_the_threshold_decides_and_equality_counts_as_positive():
    p = np.array([[0.7, 0.3], [0.8, 0.2]])
    recall = get_metric("recall")
    assert recall.score([1, 1], p, classes=[0, 1], threshold=0.3) == 0.5
    assert recall.score([1, 1], p, classes=[0, 1]) == 0.0


def test_the_positive_class_may_be_the_first_and_given_as_text():
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    assert (
        get_metric("recall").score([True, True, False], p, classes=[True, False], positive_class="true")
        == 0.5
    )


def test_a_label_that_the_model_does_not_know_is_never_right():
    p = np.array([[0.9, 0.1], [0.9, 0.1]])
    assert get_metric("accuracy").score(["a", "z"], p, classes=["a", "b"]) == 0.5


def test_integer_labels_meet_their_classes_when_missing_values_made_them_floats():
    p = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert get_metric("accuracy").score(np.array([1.0, 2.0]), p, classes=[1, 2]) == 1.0


def test_a_score_that_the_rows_leave_undefined_is_refused_in_words():
    with pytest.raises(DataError, match="cannot be computed from these 2 rows"):
        get_metric("roc_auc").score([1, 1], [[0.5, 0.5], [0.4, 0.6]], classes=[0, 1])


def test_truth_and_predictions_of_different_lengths_are_refused():
    with pytest.raises(UsageError, match="3 true values and 2 predictions"):
        get_metric("mae").score([1, 2, 3], [1, 2])


def test_probabilities_that_do_not_fit_the_classes_are_refused():
    with pytest.raises(UsageError, match="do not fit 3 classes"):
        get_metric("accuracy").score([1], [[0.5, 0.5]], classes=[1, 2, 3])


def test_an_unknown_metric_names_its_neighbour():
    with pytest.raises(UnknownNameError, match="Did you mean 'accuracy'"):
        get_metric("acuracy")


def test_the_quantile_loss_goes_by_its_other_names():
    assert get_metric("pinball(quantile=0.8)").name == "quantile_loss(quantile=0.8)"
    assert get_metric("pinball_loss").name == "quantile_loss(quantile=0.9)"


def test_each_problem_type_has_its_metrics_and_the_default_comes_first():
    assert [metric.name for metric in metrics_for("regression")] == [
        "rmse", "mae", "r2", "mape", "medape", "rmsle", "quantile_loss(quantile=0.9)",
        "interval_width(level=0.9)",
    ]  # fmt: skip
    assert metrics_for("binary")[0] is default_metric("binary")
    assert "f1" not in [metric.name for metric in metrics_for("multiclass")]


def test_labels_are_found_by_value_by_text_and_whatever_the_case():
    assert label_index([1, True, "1"], True) == 1
    assert label_index(["No", "Yes"], "yes") == 1
    assert label_index([3, 4], "4.0") == 1
    with pytest.raises(UnknownNameError, match="There is no class 'maybe'"):
        label_index(["No", "Yes"], "maybe")

"""Metrics for classification."""

from __future__ import annotations

from functools import partial

import numpy as np

from litmus_core.metrics import _costs, _labels, _operating, _probabilities
from litmus_core.metrics._costs import CostTable
from litmus_core.metrics._family import (
    BINARY,
    MULTICLASS,
    MetricFamily,
    family_of,
    label_metric,
    probability_metric,
)
from litmus_core.metrics._metric import Metric
from litmus_core.metrics._parsing.parameters import MetricParameter, TableParameter
from litmus_core.metrics._smooth import of_mean


def _fbeta(beta: float) -> Metric:
    return label_metric(
        "fbeta",
        "Balance of finding and being right, finding weighted",
        f"balances finding cases and being right with a score of {{value}} (F{beta:g})",
        partial(_labels.fbeta, beta=beta),
        problem_types=BINARY,
        unit="score",
    )


def _precision_at_recall(recall: float) -> Metric:
    return probability_metric(
        "precision_at_recall",
        "How often an alarm is right, when enough is found",
        f"with {_percent(recall)} of the cases found is right {{value}} of the time when it says yes",
        partial(_operating.precision_at_recall, recall=recall),
        greater_is_better=True,
        problem_types=BINARY,
        unit="share",
        by_class=True,
        threshold_rate=partial(_operating.precision_where_recall, recall=recall),
    )


def _recall_at_precision(precision: float) -> Metric:
    return probability_metric(
        "recall_at_precision",
        "How many cases it finds, when alarms are right often enough",
        f"with {_percent(precision)} of its alarms right finds {{value}} of the cases",
        partial(_operating.recall_at_precision, precision=precision),
        greater_is_better=True,
        problem_types=BINARY,
        unit="share",
        by_class=True,
        threshold_rate=partial(_operating.recall_where_precision, precision=precision),
    )


def _coverage_at_precision(precision: float) -> Metric:
    return probability_metric(
        "coverage_at_precision",
        "How many cases it can answer by itself",
        f"with {_percent(precision)} of its answers right can answer {{value}} of the cases by itself",
        partial(_operating.coverage_at_precision, precision=precision),
        greater_is_better=True,
        unit="share",
        needs_both_classes=False,
    )


def _top_k_accuracy(k: float) -> Metric:
    return probability_metric(
        "top_k_accuracy",
        "How often the right answer is on its short list",
        f"has the right answer among its {k:g} likeliest {{value}} of the time",
        partial(_probabilities.top_k_accuracy, k=int(k)),
        greater_is_better=True,
        problem_types=MULTICLASS,
        unit="share",
        needs_both_classes=False,
    )


def _expected_calibration_error(bins: float) -> Metric:
    return probability_metric(
        "expected_calibration_error",
        "Calibration error",
        "is off by {value} when it says how sure it is",
        partial(_probabilities.expected_calibration_error, bins=int(bins)),
        greater_is_better=False,
        unit="share",
        needs_both_classes=False,
    )


def _cost(table: CostTable | None) -> Metric:
    lowest, highest = (0.0, 1.0) if table is None else (table.lowest, table.highest)
    return probability_metric(
        "cost",
        "What its mistakes cost",
        "costs {value} for 1,000 cases",
        _costs.cost_per_1000,
        greater_is_better=False,
        unit="cost",
        lowest=_costs.PER_CASES * lowest,
        highest=_costs.PER_CASES * highest,
        needs_both_classes=False,
        costs=table,
    )


def _share(name: str, label: str, *, default: float) -> MetricParameter:
    return MetricParameter(name=name, label=label, default=default, lowest=0.01, highest=1.0, step=0.01)


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


CLASSIFICATION_METRICS: tuple[MetricFamily, ...] = (
    family_of(
        label_metric(
            "accuracy",
            "How often it is right",
            "is right {value} of the time",
            _labels.accuracy,
            by_class=False,
            tunes=False,  # its best threshold is near 0.5 anyway
            needs_both_classes=False,
        ),
        "right answers",
    ),
    family_of(
        probability_metric(
            "roc_auc",
            "How well it ranks",
            "has a score of {value}",
            _probabilities.roc_auc,
            greater_is_better=True,
            by_class=True,
            compares_pairs=True,
            ranks_each_class=True,
        ),
        "ranking",
    ),
    family_of(
        label_metric(
            "balanced_accuracy",
            "How often it is right, each class counting the same",
            "is right {value} of the time when each class counts the same",
            _labels.balanced_accuracy,
        ),
        "right answers",
    ),
    family_of(
        label_metric(
            "f1",
            "Balance of finding and being right",
            "balances finding cases and being right with a score of {value} (F1)",
            _labels.f1,
            problem_types=BINARY,
            unit="score",
        ),
        "right answers",
    ),
    MetricFamily(
        name="fbeta",
        group="right answers",
        make=_fbeta,
        parameters=(
            MetricParameter(
                name="beta",
                label="How much more finding counts than being right",
                default=2.0,
                lowest=0.1,
                highest=10.0,
                step=0.1,
            ),
        ),
    ),
    family_of(
        label_metric(
            "f1_macro",
            "Balance of finding and being right, each class counting the same",
            "balances finding and being right over all classes with a score of {value} (macro F1)",
            _labels.f1_macro,
            unit="score",
        ),
        "right answers",
    ),
    family_of(
        label_metric(
            "f1_weighted",
            "Balance of finding and being right, classes by their size",
            "balances finding and being right with a score of {value} (weighted F1)",
            _labels.f1_weighted,
            unit="score",
        ),
        "right answers",
    ),
    family_of(
        label_metric(
            "precision",
            "How often an alarm is right",
            "is right {value} of the time when it says yes",
            _labels.precision,
            problem_types=BINARY,
            tunes=False,  # like recall, it is best if every row gets the same prediction
        ),
        "right answers",
    ),
    family_of(
        label_metric(
            "recall",
            "How many cases it finds",
            "finds {value} of the cases",
            _labels.recall,
            problem_types=BINARY,
            tunes=False,
        ),
        "right answers",
    ),
    family_of(
        probability_metric(
            "average_precision",
            "How well it ranks rare cases",
            "ranks rare cases with a score of {value} (average precision)",
            _probabilities.average_precision,
            greater_is_better=True,
            by_class=True,
            ranks_each_class=True,
        ),
        "ranking",
        aliases=("pr_auc",),
    ),
    MetricFamily(
        name="top_k_accuracy",
        group="ranking",
        make=_top_k_accuracy,
        parameters=(
            MetricParameter(
                name="k",
                label="How long the short list is",
                default=3.0,
                lowest=1.0,
                highest=1000.0,
                step=1.0,
                is_integer=True,
            ),
        ),
    ),
    MetricFamily(
        name="precision_at_recall",
        group="working point",
        make=_precision_at_recall,
        parameters=(_share("recall", "How many of the cases it must find", default=0.8),),
    ),
    MetricFamily(
        name="recall_at_precision",
        group="working point",
        make=_recall_at_precision,
        parameters=(_share("precision", "How often an alarm must be right", default=0.9),),
    ),
    MetricFamily(
        name="coverage_at_precision",
        group="working point",
        make=_coverage_at_precision,
        parameters=(_share("precision", "How often an answer must be right", default=0.95),),
    ),
    family_of(
        probability_metric(
            "log_loss",
            "How far its probabilities are off (log loss)",
            "has probabilities that are off by {value} (log loss)",
            _probabilities.log_loss,
            greater_is_better=False,
            highest=np.inf,
            needs_both_classes=False,
            smooth=of_mean(_probabilities.log_losses),
        ),
        "probabilities",
    ),
    family_of(
        label_metric(
            "mcc",
            "How much its answers agree with the truth",
            "agrees with the truth with a correlation of {value}",
            _labels.mcc,
            unit="score",
            lowest=-1.0,
        ),
        "right answers",
    ),
    family_of(
        label_metric(
            "kappa",
            "How much its answers agree with the truth, beyond chance",
            "agrees with the truth with a kappa of {value}",
            _labels.kappa,
            unit="score",
            lowest=-1.0,
        ),
        "right answers",
        aliases=("cohen_kappa",),
    ),
    family_of(
        probability_metric(
            "brier",
            "How far its probabilities are off (Brier)",
            "has probabilities that are off by {value} (Brier score)",
            _probabilities.brier,
            greater_is_better=False,
            needs_both_classes=False,
        ),
        "probabilities",
    ),
    MetricFamily(
        name="expected_calibration_error",
        group="probabilities",
        make=_expected_calibration_error,
        parameters=(
            MetricParameter(
                name="bins",
                label="Number of probability bins",
                default=15.0,
                lowest=2.0,
                highest=100.0,
                step=1.0,
                is_integer=True,
            ),
        ),
        aliases=("ece",),
    ),
    MetricFamily(
        name="cost",
        group="money",
        make=_cost,
        parameters=(TableParameter(name="table", label="What each answer costs"),),
    ),
)

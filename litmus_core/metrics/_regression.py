"""Metrics for regression."""

from __future__ import annotations

from functools import partial

import numpy as np

from litmus_core.metrics import _values
from litmus_core.metrics._case import Floats
from litmus_core.metrics._family import MetricFamily, family_of, value_metric
from litmus_core.metrics._metric import Metric
from litmus_core.metrics._parsing.parameters import MetricParameter
from litmus_core.metrics._smooth import of_mean, unexplained
from litmus_core.metrics._weights import weighted_quantile


def _quantile_loss(quantile: float) -> Metric:
    return value_metric(
        "quantile_loss",
        "How far it is off, being too low weighted against too high",
        f"is off by {{value}} as the {100 * quantile:g} % quantile (pinball loss)",
        partial(_values.quantile_loss, quantile=quantile),
        unit="target",
        constant=partial(weighted_quantile, quantile=quantile),
        smooth=of_mean(partial(_values.pinball_losses, quantile=quantile)),
    )


def _interval_width(level: float) -> Metric:
    return value_metric(
        "interval_width",
        "How wide its intervals are",
        f"needs intervals of {{value}} on average to be right in {100 * level:g} of 100 cases",
        partial(_values.interval_width, level=level),
        unit="target",
        counts_rows=True,
    )


def _mean(values: Floats, weights: Floats | None) -> float:
    return float(np.average(values, weights=weights))


REGRESSION_METRICS: tuple[MetricFamily, ...] = (
    family_of(
        value_metric(
            "rmse",
            "How far it is off, large errors counting more",
            "is off by a root mean square of {value}",
            _values.rmse,
            unit="target",
            constant=_mean,
            smooth=of_mean(_values.squared_errors, root=True),
        ),
        "distance",
    ),
    family_of(
        value_metric(
            "mae",
            "How far it is off on average",
            "is off by {value} on average",
            _values.mae,
            unit="target",
            constant=partial(weighted_quantile, quantile=0.5),
            smooth=of_mean(_values.absolute_errors),
        ),
        "distance",
    ),
    family_of(
        value_metric(
            "r2",
            "How much of the differences it explains",
            "explains {value} of the differences",
            _values.r2,
            unit="share",
            greater_is_better=True,
            lowest=-np.inf,
            highest=1.0,
            constant=_mean,
            smooth=unexplained(_values.r2_columns),
        ),
        "distance",
    ),
    family_of(
        value_metric(
            "mape",
            "How far it is off on average, as a share",
            "is off by {value} on average",
            _values.mape,
            unit="share",
            smooth=of_mean(_values.relative_errors),
        ),
        "distance",
    ),
    family_of(
        value_metric(
            "medape",
            "How far it is off in the middle case, as a share",
            "is off by {value} in the middle case",
            _values.medape,
            unit="share",
        ),
        "distance",
    ),
    family_of(
        value_metric(
            "rmsle",
            "How far it is off in orders of size",
            "is off by {value} in the logarithm (RMSLE)",
            _values.rmsle,
            unit="score",
            smooth=of_mean(_values.squared_log_errors, root=True),
        ),
        "distance",
    ),
    MetricFamily(
        name="quantile_loss",
        group="distance",
        aliases=("pinball", "pinball_loss"),
        make=_quantile_loss,
        parameters=(
            MetricParameter(
                name="quantile",
                label="How much of the truth should lie below the answer",
                default=0.9,
                lowest=0.01,
                highest=0.99,
                step=0.01,
            ),
        ),
    ),
    MetricFamily(
        name="interval_width",
        group="distance",
        make=_interval_width,
        parameters=(
            MetricParameter(
                name="level",
                label="How many of 100 intervals should hold the truth",
                default=0.9,
                lowest=0.5,
                highest=0.99,
                step=0.01,
            ),
        ),
    ),
)

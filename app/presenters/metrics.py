"""Metrics explained: what each one means, and what a value means in a thousand real cases."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.presenters import humanize
from litmus_core.errors import UnknownNameError
from litmus_core.metrics import Metric, MetricParameter, get_metric, metric_family
from litmus_core.text import NARROW, format_number, format_score, in_unit
from litmus_core.types import Baseline

__all__ = ["MetricMessages", "bar_meaning", "gap_message", "kind_of_metric", "metric_messages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricMessages:
    """``plain`` is shown on the page, ``technical`` and ``explain`` behind the help mark."""

    name: str
    plain: str
    technical: str
    explain: str
    meaning: str  # "" if there is no everyday explanation

    @property
    def is_plain(self) -> bool:
        """Whether it has no technical name beside the plain one."""
        return self.plain == self.technical

    @property
    def help(self) -> str:
        """The text behind the help mark."""
        return f"**{self.technical}.** {self.explain}"


# By family: technical name, explanation, and meaning in 1,000 cases ({n} of them right, {rest} not). A
# parameter is written by its name, a share as a percentage.
_TEXTS: dict[str, tuple[str, str, str]] = {
    "accuracy": (
        "Accuracy",
        "The share of cases with the right answer. Misleading when one answer is rare.",
        "Of 1,000 real cases, about {n} are answered right and {rest} wrong",
    ),
    "balanced_accuracy": (
        "Balanced accuracy",
        "The share found of each answer, averaged: rare answers count as much as common ones.",
        "Of 1,000 cases drawn evenly from every answer, about {n} are answered right and {rest} wrong",
    ),
    "f1": (
        "F1 score",
        "The harmonic mean of precision (how often an alarm is right) and recall (how many it finds).",
        "When it finds as many as it raises right alarms, {n} of 1,000 real ones are found, {rest} missed",
    ),
    "f1_macro": (
        "Macro F1",
        "F1 of each answer, averaged: rare answers count as much as common ones.",
        "In the average category, about {n} of 1,000 are found and {rest} are mixed up with others",
    ),
    "f1_weighted": (
        "Weighted F1",
        "F1 of each answer, averaged by how common it is.",
        "Over all categories, about {n} of 1,000 are found and {rest} are mixed up with others",
    ),
    "precision": (
        "Precision",
        "Of the cases that the model flags, the share that is real.",
        "Of 1,000 alarms, about {n} are real and {rest} are false",
    ),
    "recall": (
        "Recall",
        "Of the real cases, the share that the model flags.",
        "Of 1,000 real ones, about {n} are found and {rest} are missed",
    ),
    "roc_auc": (
        "ROC AUC",
        "Take one case of each kind: how often the model gives the right one the higher score. "
        "0.5 is a coin toss.",
        "Of 1,000 pairs with one case of each kind, about {n} are put in the right order, {rest} are not",
    ),
    "average_precision": (
        "Average precision (PR AUC)",
        "Precision averaged over all lengths of the list that starts with the most likely cases.",
        "Working down the list from the most likely, about {n} of 1,000 picks are real",
    ),
    "log_loss": ("Log loss", "Punishes confident wrong answers; lower is better, 0 is perfect.", ""),
    "brier": (
        "Brier score",
        "The mean squared distance between probability and outcome; lower is better, 0 is perfect.",
        "",
    ),
    "expected_calibration_error": (
        "Expected calibration error",
        "The average gap between the model's confidence and how often it is right; lower is better. A model "
        "that knows nothing but says so does well: look at how often it is right.",
        "When it says that it is 80 percent sure, it is right between {below} and {above} of the time",
    ),
    "fbeta": (
        "F{beta} score",
        "The harmonic mean of precision and recall, finding cases counting beta times as much as alarms that "
        "are right.",
        "",
    ),
    "precision_at_recall": (
        "Precision at {recall} recall",
        "Of the cases that the model flags, the share that is real. Its threshold is set so that it finds "
        "enough of the real ones.",
        "While {recall} of the real ones are found, about {n} of 1,000 alarms are real and {rest} are false",
    ),
    "recall_at_precision": (
        "Recall at {precision} precision",
        "Of the real cases, the share that the model flags. Its threshold is set so that enough of its "
        "alarms are right.",
        "While {precision} of alarms are real, about {n} of 1,000 real ones are found and {rest} are missed",
    ),
    "coverage_at_precision": (
        "Coverage at {precision} precision",
        "Answers are taken from the surest down, as long as enough of them are right. The others are left to "
        "people.",
        "Of 1,000 real cases, about {n} are answered with {precision} of the answers right, and {rest} are "
        "left to people",
    ),
    "top_k_accuracy": (
        "Top-{k} accuracy",
        "The share of cases whose right answer is among the {k} that the model finds likeliest.",
        "Of 1,000 real cases, about {n} have the right answer among the {k} likeliest and {rest} have not",
    ),
    "kappa": (
        "Cohen's kappa",
        "How much more often answers agree with the truth than by chance: 0 is guessing, 1 is perfect.",
        "",
    ),
    "cost": (
        "Expected cost",
        "What the answers cost by your table, for 1,000 cases; lower is better. Of two answers, the "
        "threshold is where validation rows cost least; of more, the one cheapest to expect is given.",
        "1,000 real cases cost about {value}, as your table counts",
    ),
    "quantile_loss": (
        "Pinball loss at quantile {quantile}",
        "The mean miss, an answer that is too low counting {quantile} and one that is too high the rest; "
        "lower is better. The best answer is one below which {quantile} of the true values lie.",
        "",
    ),
    "interval_width": (
        "Mean width of intervals at {level}",
        "How wide intervals around the predictions have to be, on average, to hold {level} of the true "
        "values; lower is better.",
        "Intervals are {value} wide on average, and {level} of them hold the truth",
    ),
    "mcc": ("Matthews correlation", "0 is guessing, 1 is perfect; fair when one answer is rare.", ""),
    "rmse": (
        "RMSE",
        "The typical error in the target's own unit, large errors counting most; lower is better.",
        "Answers are typically off by about {value}, large misses counting more",
    ),
    "mae": (
        "MAE",
        "The mean absolute miss, in the target's own unit; lower is better.",
        "Over 1,000 real cases, answers are off by {value} on average",
    ),
    "r2": (
        "R squared",
        "0 is always saying the average, 1 is perfect.",
        "Of the differences between cases, {percent} are explained",
    ),
    "mape": (
        "MAPE",
        "The mean miss divided by the true value; lower is better. Unfit when true values are near 0.",
        "Over 1,000 real cases, answers are off by {percent} of the true value on average",
    ),
    "medape": (
        "Median absolute percentage error",
        "Half of the misses, divided by the true value, are smaller; lower is better.",
        "In about 500 of 1,000 real cases, the answer is off by less than {percent}",
    ),
    "rmsle": (
        "RMSLE",
        "The typical difference of logarithms: 0.1 is about 10 percent; lower is better.",
        "Answers are typically off by a factor of about {factor}",
    ),
}


def metric_messages(name: str) -> MetricMessages:
    """Return a metric's texts; only its name where its code is not trusted, and so not loaded."""
    try:
        metric = get_metric(name)
    except UnknownNameError:
        title = name.replace("_", " ")
        return MetricMessages(name=name, plain=title, technical=title, explain="", meaning="")
    title = metric.label if metric.is_custom else metric.family.replace("_", " ")
    technical, explain, meaning = _TEXTS.get(metric.family, (title, "", ""))
    shown = _shown_parameters(metric)
    return MetricMessages(
        name=name,
        plain=metric.label,
        technical=technical.format(**shown),
        explain=explain.format(**shown),
        meaning=meaning,
    )


def _shown_parameters(metric: Metric) -> dict[str, str]:
    """Return the metric's parameters, formatted for a sentence."""
    return {
        parameter.name: f"{100 * metric.parameters[parameter.name]:g}{NARROW}%"
        if parameter.highest <= 1
        else f"{metric.parameters[parameter.name]:g}"
        for parameter in metric_family(metric.family).parameters
        if isinstance(parameter, MetricParameter)
    }


def kind_of_metric(family: str) -> str:
    """Return the technical name of all metrics of a family, whatever their parameters.

    >>> kind_of_metric("fbeta"), kind_of_metric("recall_at_precision"), kind_of_metric("interval_width")
    ('F-beta score', 'Recall at a set precision', 'Mean width of intervals at a level')
    """
    technical = _TEXTS.get(family, (family.replace("_", " "), "", ""))[0]
    return technical.format(
        beta="-beta", k="k", quantile="q", recall="a set", precision="a set", level="a level"
    )


def bar_meaning(metric: str, value: float, *, baselines: tuple[Baseline, ...] = (), unit: str = "") -> str:
    """Return the meaning of the score ``value`` in a thousand real cases, and the score of guessing.

    ``unit`` is the score's, such as a currency.
    """
    pattern = metric_messages(metric).meaning
    shown = _shown_parameters(get_metric(metric))
    if not pattern:
        return "This number has no everyday reading: compare it with the references above."
    n = _of_thousand(value)
    text = pattern.format(
        n=f"{n:,}",
        rest=f"{1000 - n:,}",
        value=in_unit(format_number(value), unit),
        percent=humanize.share(value),
        factor=f"{math.exp(min(abs(value), 50)):.2f}",
        below=humanize.share(max(0.8 - value, 0.0)),
        above=humanize.share(min(0.8 + value, 1.0)),
        **shown,
    )
    reference = baselines[0] if baselines else None
    if reference is None or "{n}" not in pattern:
        return text + "."
    return f"{text}. Guessing reaches {_of_thousand(reference.value):,} of 1,000."


def gap_message(gap: float | None, unit: str = "") -> str:
    """Return a score's distance to its bar; ``gap`` is positive on the bad side, for all metrics.

    ``unit`` is the score's.

    >>> gap_message(0.009), gap_message(-0.02), gap_message(0.0)
    ('0.009 short of the bar', '0.020 better than the bar', 'exactly on the bar')
    """
    if not gap:
        return "" if gap is None else "exactly on the bar"
    distance = in_unit(format_score(abs(gap)), unit)
    return f"{distance} {'short of' if gap > 0 else 'better than'} the bar"


def _of_thousand(value: float) -> int:
    return round(1000 * min(max(value, 0.0), 1.0))

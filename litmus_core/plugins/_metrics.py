"""Custom metrics: registered in this process, computed in a process of their own."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import PlugInError, TrainingError, reading
from litmus_core.metrics import (
    Draws,
    LabelCase,
    Metric,
    MetricFamily,
    MetricParameter,
    Needs,
    TextParameter,
    ValueCase,
    mean_over_groups,
    register_metrics,
    rows_by_group,
)
from litmus_core.plugins._discovery.types import PluginDescription
from litmus_core.plugins._discovery.types import PluginParameter as Keyword
from litmus_core.plugins._proxy import PluginProxy, plugin_proxy
from litmus_core.types import PluginRef, from_plain, to_plain

RUN_METRICS = "metrics.json"
_LIMIT_S = 300.0
_FORM_LIMIT = 1e6  # of a parameter without bounds, for forms


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomMetric:
    """A metric plug-in; ``folder``/modules holds its source, ``offered``: users may choose it."""

    described: PluginDescription
    folder: Path
    offered: bool = True


def register_custom_metrics(
    metrics: Iterable[CustomMetric], *, untrusted: Callable[[], Sequence[str]] = tuple
) -> None:
    """Register these custom metrics, and no others, in this process; ``untrusted`` files may have more."""
    register_metrics([_family(metric) for metric in metrics], untrusted=untrusted)


def store_run_metrics(folder: Path, metrics: Sequence[PluginDescription]) -> None:
    """Store the custom metrics for the run's process; their source is in ``folder``/modules."""
    (folder / RUN_METRICS).write_text(json.dumps(to_plain(metrics)), encoding="utf-8")


def register_run_metrics(folder: Path) -> None:
    """Register the run's custom metrics, if any, as stored when the run was queued."""
    path = folder / RUN_METRICS
    if path.exists():
        with reading(path):
            metrics = [
                from_plain(PluginDescription, one) for one in json.loads(path.read_text(encoding="utf-8"))
            ]
        register_custom_metrics(CustomMetric(described=described, folder=folder) for described in metrics)


def _family(metric: CustomMetric) -> MetricFamily:
    described = metric.described
    return MetricFamily(
        name=described.name,
        group="your own",
        make=lambda **values: _metric(metric, values),
        parameters=tuple(map(_parameter, described.parameters)),
        offered=metric.offered,
    )


def _parameter(keyword: Keyword) -> MetricParameter | TextParameter:
    label = keyword.help or keyword.name.replace("_", " ")
    if keyword.kind not in ("int", "float"):
        choices = (True, False) if keyword.kind == "bool" else keyword.choices
        choices = (*choices, None) if choices and keyword.optional else choices
        return TextParameter(name=keyword.name, label=label, default=keyword.default, choices=choices)
    low = -_FORM_LIMIT if keyword.low is None else keyword.low
    high = _FORM_LIMIT if keyword.high is None else keyword.high
    default = keyword.default if isinstance(keyword.default, int | float) else low
    is_integer = keyword.kind == "int"
    return MetricParameter(
        name=keyword.name,
        label=label,
        default=float(default),
        lowest=low,
        highest=high,
        step=1.0 if is_integer or high - low > 100 else (high - low) / 100,
        is_integer=is_integer,
    )


def _metric(metric: CustomMetric, values: dict[str, Any]) -> Metric:
    described, facts = metric.described, metric.described.facts
    low, high = facts.get("low"), facts.get("high")
    integers = {parameter.name for parameter in described.parameters if parameter.kind == "int"}
    arguments = {name: int(value) if name in integers else value for name, value in values.items()}
    sentence = facts.get("sentence") or ""
    return Metric(
        name=described.name,
        label=described.title,
        phrase=sentence if "{value}" in sentence else f"has a {described.title} of {{value}}",
        greater_is_better=facts["greater_is_better"],
        problem_types=tuple(facts["problem_types"]),
        needs=facts["needs"],
        unit="share" if (low, high) == (0, 1) else "score",
        formula=_formula(described.part(**arguments), metric.folder, facts),
        lowest=-math.inf if low is None else float(low),
        highest=math.inf if high is None else float(high),
        needs_both_classes=False,
        is_custom=True,
        by_group=facts.get("by_group", False),
    )


def _formula(part: PluginRef, folder: Path, facts: Mapping[str, Any]) -> Callable[[Any, Draws], Any]:
    scores = _BatchedScores(part, folder, needs=facts["needs"])
    return partial(mean_over_groups, scores.of_groups) if facts.get("by_group") else scores


class _BatchedScores:
    """Scores all draws of a case in one call to the metric's process."""

    def __init__(self, part: PluginRef, folder: Path, *, needs: Needs) -> None:
        self.part, self.folder, self.needs = part, folder, needs

    def __call__(self, case: LabelCase | ValueCase, draws: Draws) -> NDArray[np.float64]:
        truth, answer = _contract_arguments(case, self.needs)
        proxy = plugin_proxy(self.part, self.folder)
        scores = [self._scores(proxy, truth, answer, weights) for weights in draws.weights()]
        return np.concatenate(scores)

    def _scores(
        self, proxy: PluginProxy, truth: NDArray[Any], answer: NDArray[Any], weights: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return self._compute_scores(partial(proxy.score, truth, answer, weights.astype(np.uint16)))

    def of_groups(self, case: LabelCase | ValueCase) -> NDArray[np.float64]:
        """Return the (g,) scores of the groups' rows; NaN for a group without a score."""
        truth, answer = _contract_arguments(case, self.needs)
        rows = list(rows_by_group(case.groups))
        proxy, ends = plugin_proxy(self.part, self.folder), np.cumsum([len(places) for places in rows])
        order = np.concatenate(rows)
        return self._compute_scores(partial(proxy.score_groups, truth[order], answer[order], ends))

    def _compute_scores(self, score: Callable[..., NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the scores; raises TrainingError on failure, since a task cannot do without its metric."""
        try:
            scores = score(timeout_s=_LIMIT_S)
        except PlugInError as error:
            raise TrainingError(
                f"{error.message.rstrip('.')}. A task cannot be judged without its metric.",
                hint=f"Fix it and run 'litmus plugins check' on {self.part.reference.rpartition(':')[0]}, "
                "or choose another metric.",
            ) from error
        return np.asarray(scores, dtype=np.float64)


def _contract_arguments(case: LabelCase | ValueCase, needs: Needs) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return truth and predictions as the contract has them: labels, probabilities or values."""
    if isinstance(case, ValueCase):
        return case.truth, case.predicted
    labels_of = list(case.labels or range(case.n_classes))
    labels = np.array(labels_of)
    if (case.codes == case.n_classes).any():  # labels that no model learned
        labels = np.array([*labels_of, None], dtype=object)
    return labels[case.codes], labels[case.decided] if needs == "labels" else case.probabilities

"""Checks of actions: proposals are readable, their gains possible, and their plans runnable."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import LitmusError
from litmus_core.metrics import get_metric
from litmus_core.plugins import PluginFailedError, Proposal, check_gain, plan_of, read_proposals
from litmus_core.runtime import step_specs
from litmus_core.task_types import get_task_type
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness
from litmus_core.types import Column, Folds, ProblemType, RunPlan, Score, SplitPlan, Task

if TYPE_CHECKING:
    import pandas as pd

_N_ROWS = 200
_METRICS: dict[ProblemType, tuple[str, float]] = {
    "binary": ("roc_auc", 0.84),
    "multiclass": ("accuracy", 0.71),
    "regression": ("rmse", 12.0),
}
_STEPS = frozenset(spec.reference for spec in step_specs())
_FEATURES = (
    Column(name="size", original_name="size", kind="number", storage="DOUBLE", n_distinct=_N_ROWS),
    Column(name="colour", original_name="colour", kind="category", storage="VARCHAR", n_distinct=3),
    Column(name="note", original_name="note", kind="text", storage="VARCHAR", n_distinct=_N_ROWS),
)


def example_situation(kind: ProblemType, *, bare: bool = False) -> dict[str, Any]:
    """Return the situation after a run; ``bare``: a first run without bar, budget or earlier actions."""
    metric, score = _METRICS[kind]
    half = 0.02 * score
    better = get_metric(metric).greater_is_better
    model = {
        "name": "Fast boosted trees "
        "(LightGBM)", "family": "lightgbm", "family_kind": "boosting", "score": score,
        "low": score - half, "high": score + half, "latency_ms": 0.2, "size_bytes": 640_000,
    }  # fmt: skip
    bar = {"op": ">=" if better else "<=", "value": 1.05 * score if better else 0.9 * score}
    return {
        "task": {
            "target": "answer", "problem_type": kind, "metric": metric, "greater_is_better": better,
            "bar": None if bare else bar, "max_latency_ms": None if bare else 5.0, "batch_rows": 1,
            "max_size_mb": None,
        },
        "columns": [{"name": feature.name, "kind": feature.kind} for feature in _FEATURES],
        "run": {
            "id": "run_1", "number": 1, "families": [] if bare else ["lightgbm", "linear"], "folds": 0,
            "may_fold": True, "tuned": False, "preprocess": [], "postprocess": [], "time_limit_s": 60.0,
            "fit_s": 20.0,
        },
        "chosen": model,
        "models": [model],
        "story": [] if bare else [[4.0, 0.9 * score], [18.0, score]],
        "outcomes": []
        if bare
        else [{"key": "folds", "kind": "folds", "predicted": 0.02, "came": None},
              {"key": "tune", "kind": "tune", "predicted": 0.01, "came": 0.004}],
    }  # fmt: skip


def example_rows(kind: ProblemType, n_rows: int = _N_ROWS) -> pd.DataFrame:
    """Return rows with gaps for a task of this type; the target is ``answer``."""
    import pandas as pd

    rng = np.random.default_rng(4)
    size = rng.normal(50, 20, n_rows)
    size[::9] = np.nan
    labels = {
        "binary": rng.choice(["no", "yes"], n_rows, p=[0.8, 0.2]),
        "multiclass": rng.choice(["low", "mid", "high"], n_rows),
        "regression": np.nan_to_num(size, nan=50.0) + rng.normal(0, 5, n_rows),
    }
    return pd.DataFrame(
        {
            "size": size,
            "colour": rng.choice(["red", "green", "blue"], n_rows).astype(object),
            "note": np.array([f"note number {at}" for at in range(n_rows)], dtype=object),
            "answer": labels[kind].astype(object) if get_task_type(kind).has_classes else labels[kind],
        }
    )


def _propose(
    harness: PluginHarness, kind: ProblemType, *, bare: bool = False, n_rows: int = _N_ROWS
) -> tuple[Proposal, ...]:
    try:
        return read_proposals(
            harness.call("propose", example_situation(kind, bare=bare), example_rows(kind, n_rows))
        )
    except PluginFailedError as error:
        raise FailedCheck(f"{error} ({kind})") from None


def _all_proposals(harness: PluginHarness) -> Iterator[tuple[ProblemType, Proposal]]:
    """Yield the action's proposals for each task type, requested once."""
    for kind in _METRICS:
        if kind not in harness.results:
            harness.results[kind] = _propose(harness, kind)
        for item in harness.results[kind]:
            yield kind, item


def _check_proposals(harness: PluginHarness) -> None:
    list(_all_proposals(harness))


def _check_input_unchanged(harness: PluginHarness) -> None:
    names = ("the situation", "the rows")
    for kind in _METRICS:
        _propose(harness, kind)
        if harness.proxy.changed:
            raise FailedCheck(f"propose changes {names[harness.proxy.changed[0]]} that it is given")


def _check_gains(harness: PluginHarness) -> None:
    for kind, proposal in _all_proposals(harness):
        metric, value = _METRICS[kind]
        score = Score(metric=metric, value=value, low=value, high=value, n_rows=_N_ROWS)
        try:
            check_gain(proposal, score)
        except PluginFailedError as error:
            raise FailedCheck(str(error)) from None


def _check_plans(harness: PluginHarness) -> None:
    from litmus_core.engine import (
        check_algorithms,
        check_balanced,
        check_families,
        check_folds,
        check_post,
        check_stack,
        check_tuning,
        is_custom,
    )

    for kind, proposal in _all_proposals(harness):
        task = _task(kind)
        try:
            plan = plan_of(proposal, RunPlan())
            if plan is None:
                continue
            custom = [algorithm for algorithm in plan.algorithms if not is_custom(algorithm)]
            keys = (*plan.families, *(algorithm.key for algorithm in custom))
            if keys:
                check_families(keys, kind, _FEATURES)
            check_algorithms(tuple(custom), kind, is_tuned=plan.tuning is not None)
            check_tuning(plan)
            check_folds(plan.folds or Folds(0), task)
            check_balanced(plan, task)
            if plan.training.stack:
                check_stack(plan, task)
            steps = [step for step in plan.postprocess if step.reference in _STEPS]
            check_post(steps, task, _FEATURES, labels=partial(_labels, kind))
        except PluginFailedError as error:
            raise FailedCheck(str(error)) from None
        except LitmusError as error:
            raise FailedCheck(f"the plan of '{proposal.key}' cannot go: {str(error).rstrip('.')}") from None


def _labels(kind: ProblemType) -> list[str]:
    return sorted(example_rows(kind)["answer"].unique())


def _task(kind: ProblemType) -> Task:
    return Task(
        dataset_version_id="dv_1",
        target="answer",
        problem_type=kind,
        metric=_METRICS[kind][0],
        features=tuple(feature.name for feature in _FEATURES),
        split=SplitPlan(),
    )


def _check_repeatable(harness: PluginHarness) -> None:
    before = copy.copy(dict(harness.results))
    for kind in _METRICS:
        if _propose(harness, kind) != before.get(kind, ()):
            raise FailedCheck(f"of the same situation it proposes something else the second time ({kind})")


def _check_little_data(harness: PluginHarness) -> None:
    for kind in _METRICS:
        _propose(harness, kind, bare=True, n_rows=12)


ACTION_CHECKS = (
    ConformanceCheck("proposes", _check_proposals, first=True),
    ConformanceCheck("its gains can come true", _check_gains),
    ConformanceCheck("its plans can go", _check_plans),
    ConformanceCheck("same situation, same proposals", _check_repeatable),
    ConformanceCheck("does not change its input", _check_input_unchanged),
    ConformanceCheck("a first run, a few rows", _check_little_data),
)

"""Refuse unknown keywords, with the name that is meant or the group that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from litmus_core.errors import UsageError
from litmus_core.experiments._api.arguments.argument_types import check_argument_types

Called = TypeVar("Called", bound=Callable[..., Any])
Record = TypeVar("Record")

# How to write what people look for under these names in a call of train.
_GROUPS = {
    "bar": "goal='roc_auc>=0.9'",
    "metric": "goal='roc_auc', or goal=Goal(metrics=[…])",
    "metrics": "goal=Goal(metrics=[…])",
    "max_latency_ms": "goal=Goal(max_latency_ms=…)",
    "batch_rows": "goal=Goal(batch_rows=…)",
    "max_size_mb": "goal=Goal(max_size_mb=…)",
    "assertions": "goal=Goal(assertions=['rises with COLUMN'])",
    "k_fold": "folds=5, or folds=Folds(5, …)",
    "time_limit_s": "compute=Compute(time_limit_s=…)",
    "time_limit": "compute=Compute(time_limit_s=…)",
    "on": "compute=Compute(where=…)",
    "resources": "compute=Compute(train=Resources(cpus=…))",
    "families": "algorithm='lightgbm', or training=Training(models=[…])",
    "models": "algorithm='lightgbm', or training=Training(models=[…])",
    "preprocess": "training=Training(preprocess=[…])",
    "postprocess": "training=Training(postprocess=[…])",
    "tuning": "training=Training(tuning=Tuning(…))",
    "balanced": "training=Training(balanced=True)",
    "without_rows": "training=Training(without_rows=[…])",
    "stack": "training=Training(stack=True)",
    "problem_type": "Data('shop.csv', task='binary') as the data",
    "task_type": "Data('shop.csv', task='ratio') as the data",
    "task": "Data('shop.csv', task='binary') as the data",
    "positive_class": "Data('shop.csv', positive_class='yes') as the data",
    "validation": "Data('shop.csv', validation=…) as the data",
    "test": "Data('shop.csv', test=…) as the data",
    "weight": "Data('shop.csv', weight='COLUMN') as the data",
    "monotone": "goal=Goal(monotone={'COLUMN': 'increasing'})",
    "split": "Data('shop.csv', split='time:COLUMN') as the data",
    "seed": "Data('shop.csv', seed=…) as the data",
    "only": "Data('shop.csv', only=[…]) as the data",
    "leave_out": "Data('shop.csv', leave_out=[…]) as the data",
    # Names of the same in other libraries.
    "sample_weight": "Data('shop.csv', weight='COLUMN') as the data",
    "sample_weights": "Data('shop.csv', weight='COLUMN') as the data",
    "weights": "Data('shop.csv', weight='COLUMN') as the data",
    "exposure": "Data('shop.csv', weight='COLUMN') as the data",
    "class_weight": "training=Training(balanced=True)",
    "class_weights": "training=Training(balanced=True)",
    "objective": "goal='rmse', or algorithm=Algorithm('lightgbm', objective='poisson')",
    "loss": "goal='rmse', or algorithm=Algorithm('lightgbm', objective='poisson')",
    "monotone_constraints": "goal=Goal(monotone={'COLUMN': 'increasing'})",
    "monotonic_cst": "goal=Goal(monotone={'COLUMN': 'increasing'})",
    "seconds": "compute=Compute(time_limit_s=…)",
    "time_budget": "compute=Compute(time_limit_s=…)",
    "max_runtime_secs": "compute=Compute(time_limit_s=…)",
    "total_time_limit": "compute=Compute(time_limit_s=…)",
    "n_jobs": "compute=Compute(train=Resources(cpus=…))",
    "num_cpus": "compute=Compute(train=Resources(cpus=…))",
    "eval_metric": "goal='roc_auc', or goal=Goal(metrics=[…])",
    "scoring": "goal='roc_auc', or goal=Goal(metrics=[…])",
    "budget": "goal=Goal(max_latency_ms=…)",
    "infer_limit": "goal=Goal(max_latency_ms=…)",
    "pred_time_limit": "goal=Goal(max_latency_ms=…)",
    "cv": "folds=5, or folds=Folds(5, …)",
    "n_folds": "folds=5, or folds=Folds(5, …)",
    "num_bag_folds": "folds=5, or folds=Folds(5, …)",
    "hyperparameters": "algorithm=Algorithm('lightgbm', learning_rate=0.05)",
    "presets": "compute=Compute(time_limit_s=…): the time decides what is tried",
    "random_state": "Data('shop.csv', seed=…) as the data",
    "groups": "Data('shop.csv', split='group:COLUMN') as the data",
    "features": "Data('shop.csv', only=[…]) as the data",
    "knobs": "recipe='small-table(minutes=3)'",
}

_TYPO = 0.75  # similarity from which a keyword counts as a typing error


def named_keywords(record: type[Record]) -> type[Record]:
    """Make a record refuse a keyword that is none of its fields, with the nearest name."""
    initialize = record.__init__
    names, parameters = tuple(signature(record).parameters), signature(initialize)

    @wraps(initialize)
    def checked(self: Any, *arguments: Any, **keywords: Any) -> None:
        _check(record.__name__, keywords, names, {})
        check_argument_types(record, (self, *arguments), keywords, parameters=parameters)
        initialize(self, *arguments, **keywords)

    record.__init__ = checked  # type: ignore[method-assign]
    return record


def grouped_keywords(function: Called) -> Called:
    """Make ``train`` refuse an unknown keyword, with the group that it belongs to."""
    names = tuple(signature(function).parameters)

    @wraps(function)
    def checked(*arguments: Any, **keywords: Any) -> Any:
        _check(function.__name__, keywords, names, _GROUPS)
        return with_records(*arguments, **keywords)

    with_records = checked_records(function)
    return checked  # type: ignore[return-value]


def checked_records(function: Called) -> Called:
    """Make a function refuse a value of another type, such as a number in place of a Compute."""
    parameters = signature(function)

    @wraps(function)
    def checked(*arguments: Any, **keywords: Any) -> Any:
        check_argument_types(function, arguments, keywords, parameters=parameters)
        return function(*arguments, **keywords)

    return checked  # type: ignore[return-value]


def _check(name: str, keywords: dict[str, Any], names: tuple[str, ...], groups: dict[str, str]) -> None:
    for keyword in keywords:
        if keyword in names:
            continue
        near = get_close_matches(keyword, (*names, *groups), n=1, cutoff=_TYPO)
        hint = f"It takes {', '.join(names)}."
        if keyword in groups or (near and near[0] in groups):
            hint = f"Write {groups[keyword if keyword in groups else near[0]]}."
        elif near:
            hint = f"Did you mean '{near[0]}'?"
        raise UsageError(f"{name}() takes no '{keyword}'.", hint=hint)

"""Litmus: Flexible AutoML, from a table to an honestly judged, deployable model.

Importing this package loads nothing heavy; each name below is imported on first use. Type checkers and
editors read ``__init__.pyi``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

_HOMES = {
    "Algorithm": ("litmus_core.experiments", "AlgorithmSpec"),  # a family's or class's name and values
    "Choices": ("litmus_core.experiments", "Choices"),
    "Compute": ("litmus_core.types", "Compute"),
    "Data": ("litmus_core.experiments", "Data"),
    "Floats": ("litmus_core.experiments", "Floats"),
    "ForecastOptions": ("litmus_core.experiments", "ForecastOptions"),
    "Goal": ("litmus_core.experiments", "Goal"),
    "Integers": ("litmus_core.experiments", "Integers"),
    "Folds": ("litmus_core.types", "Folds"),
    "LitmusClassifier": ("litmus_core.estimators", "LitmusClassifier"),
    "LitmusRegressor": ("litmus_core.estimators", "LitmusRegressor"),
    "Metric": ("litmus_core.metrics", "MetricSpec"),  # its name and parameters
    "Resources": ("litmus_core.types", "Resources"),
    "Studio": ("litmus_core.experiments", "Studio"),
    "TagColumn": ("litmus_core.experiments", "TagColumn"),
    "Training": ("litmus_core.experiments", "Training"),
    "Tuning": ("litmus_core.types", "Tuning"),
    "check": ("litmus_core.experiments", "check"),
    "continue_training": ("litmus_core.experiments", "continue_training"),
    "forecast": ("litmus_core.experiments", "forecast"),
    "quote": ("litmus_core.experiments", "quote"),
    "load_bundle": ("litmus_core.runtime", "load_bundle"),
    "load_forecaster": ("litmus_core.forecasting", "load_forecaster"),
    "load_targets": ("litmus_core.many_targets", "load_targets"),
    "train": ("litmus_core.experiments", "train"),
    "train_targets": ("litmus_core.experiments", "train_targets"),
}

# Executors of packages above `runtime`, by their name in a bundle's manifest: module:ExecutorKind.
EXECUTORS = {"autogluon": "litmus_core.engine._autogluon.executor:AUTOGLUON"}

__all__ = [
    "Algorithm",
    "Choices",
    "Compute",
    "Data",
    "Floats",
    "Folds",
    "ForecastOptions",
    "Goal",
    "Integers",
    "LitmusClassifier",
    "LitmusRegressor",
    "Metric",
    "Resources",
    "Studio",
    "TagColumn",
    "Training",
    "Tuning",
    "__version__",
    "check",
    "continue_training",
    "forecast",
    "load_bundle",
    "load_forecaster",
    "load_targets",
    "quote",
    "train",
    "train_targets",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        home, attribute = _HOMES[name]
        return getattr(import_module(home), attribute)
    module = sys.modules[__name__]  # Python suggests one of its names
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=module)


def __dir__() -> list[str]:
    return sorted({*(name for name in globals() if name.startswith("__")), *_HOMES})

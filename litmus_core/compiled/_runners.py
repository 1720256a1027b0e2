"""The class that runs each kind of step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.errors import BundleError
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]

_HOME = "litmus_core.compiled._steps"


class Runner(Protocol):
    """Runs one step. A row must get the same output alone as inside any batch.

    ``run`` gets n >= 1 rows and the outputs of all earlier steps, and returns (n,) or (n, k) float32 or
    float64: AutoGluon rounds each model's output to float32, and so do the steps that combine outputs. It is
    safe to call from several threads.
    """

    def __init__(self, step: PlanStep) -> None: ...

    def run(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return this step's output."""
        ...


@cache
def step_kinds() -> frozenset[str]:
    """Return the kinds of steps that this version can run: the modules of ``_steps``."""
    return frozenset(module.name for module in iter_modules(import_module(_HOME).__path__))


def runner_of(step: PlanStep) -> Runner:
    """Return the runner of ``step``; raises BundleError for a kind that this version does not know."""
    if step.kind not in step_kinds():
        raise BundleError(
            f"The compiled model has a step of the kind '{step.kind}', which this Litmus does not know.",
            hint="Update Litmus here, or export the model again with this version.",
        )
    runner: Runner = import_module(f"{_HOME}.{step.kind}").RUNNER(step)
    return runner

"""The class that runs each kind of step."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.errors import BundleError
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]

# kind: module of this package and class in it, created with (step). Imported when a plan has the kind.
_HOMES = {
    "combinations": ("_combinations", "Combinations"),
    "dense": ("_dense", "Dense"),
    "encoder": ("_encoder", "CompiledTextEncoder"),
    "mean": ("_combine", "Mean"),
    "off_edges": ("_combine", "OffEdges"),
    "temperature": ("_combine", "Temperature"),
    "text_linear": ("_text_linear", "TextLinear"),
    "text_nearest": ("_text_nearest", "TextNearest"),
    "trees": ("_trees", "AllTrees"),
    "trees_part": ("_trees", "TreesPart"),
    "weighted": ("_combine", "Weighted"),
}


class Runner(Protocol):
    """Runs one step. A row must get the same output alone as inside any batch.

    ``run`` gets n >= 1 rows and the outputs of all earlier steps, and returns (n,) or (n, k) float32 or
    float64: AutoGluon rounds each model's output to float32, and so do the steps that combine outputs. It is
    safe to call from several threads.
    """

    def __init__(self, step: PlanStep) -> None: ...

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return this step's output."""
        ...


def runner_of(step: PlanStep) -> Runner:
    """Return the runner of ``step``; raises BundleError for a kind that this version does not know."""
    if step.kind not in _HOMES:
        raise BundleError(
            f"The compiled model has a step of the kind '{step.kind}', which this Litmus does not know.",
            hint="Update Litmus here, or export the model again with this version.",
        )
    module, name = _HOMES[step.kind]
    runner: Runner = getattr(import_module(f"litmus_core.compiled.{module}"), name)(step)
    return runner

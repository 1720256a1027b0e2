"""Check custom models before a run is queued: importable, and with the required methods."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.plugins import check_maker, plugin_process
from litmus_core.types import CustomModel, ProblemType

_passed: set[tuple[CustomModel, str]] = set()  # cache by hash: the same source passes again


def check_models(models: Sequence[CustomModel], folder: Path, problem_type: ProblemType) -> None:
    """Raise UsageError unless each model can be imported from ``folder`` and fitted.

    They are imported and inspected, not created, in a process that ends with the check.
    """
    left = [model for model in models if (model, problem_type) not in _passed]
    if left:
        methods = ("fit", MODEL_OUTPUTS.of(problem_type).method)
        with plugin_process(folder) as host:
            for model in left:
                check_maker(host, model, methods=methods, noun="model")
                _passed.add((model, problem_type))

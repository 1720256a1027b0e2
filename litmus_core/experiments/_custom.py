"""Models of one's own on their way into a run: looked up, looked at, their source copied."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from litmus_core.errors import writing
from litmus_core.runtime import MODULES
from litmus_core.types import ProblemType, RunPlan


def check(plan: RunPlan, problem_type: ProblemType) -> None:
    """Raise UsageError, in words, when a model of one's own cannot be found, imported or fitted."""
    if plan.models:
        with tempfile.TemporaryDirectory(prefix="litmus-models-") as scratch:
            _bring(plan, Path(scratch), problem_type)


@contextmanager
def kept(plan: RunPlan, folder: Path, problem_type: ProblemType) -> Iterator[RunPlan]:
    """Copy the models' source into a run's folder and give the plan that refers to it.

    Where the ``with`` block, or the look at the models, fails, the folder goes again. Raises UsageError.
    """
    if not plan.models:
        yield plan
        return
    try:
        with writing(folder):
            folder.mkdir(parents=True)
            brought = _bring(plan, folder, problem_type)
        yield brought
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _bring(plan: RunPlan, folder: Path, problem_type: ProblemType) -> RunPlan:
    from litmus_core.engine import bring_models, check_models

    modules = folder / MODULES
    models = bring_models(plan.models, base=Path.cwd(), to=modules)
    check_models(models, modules, problem_type)
    return replace(plan, models=models)

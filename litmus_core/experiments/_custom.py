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
from litmus_core.types import CustomModel, ProblemType, RunPlan


def check(plan: RunPlan, problem_type: ProblemType) -> None:
    """Raise UsageError, in words, when a model of one's own cannot be found, imported or fitted."""
    if _is_own(plan):
        with tempfile.TemporaryDirectory(prefix="litmus-models-") as scratch:
            _bring(plan, Path(scratch), problem_type)


@contextmanager
def kept(plan: RunPlan, folder: Path, problem_type: ProblemType) -> Iterator[RunPlan]:
    """Copy the models' source into a run's folder and give the plan that refers to it.

    Where the ``with`` block, or the look at the models, fails, the folder goes again. Raises UsageError.
    """
    if not _is_own(plan):
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


def _is_own(plan: RunPlan) -> bool:
    return bool(plan.models) or any(":" in each.key for each in plan.algorithms)


def _bring(plan: RunPlan, folder: Path, problem_type: ProblemType) -> RunPlan:
    """Return the plan with what is now known of its classes; those of algorithms are among its models."""
    from litmus_core.engine import bring_models, check_models
    from litmus_core.jobs import own_models

    modules = folder / MODULES
    base = Path.cwd()
    known = {model.reference for model in plan.models}
    named = dict.fromkeys(each.key for each in plan.algorithms if ":" in each.key and each.key not in known)
    asked = (*plan.models, *(CustomModel(reference=reference) for reference in named))
    models = bring_models(asked, base=base, to=modules)
    path_of = {before.reference: after.reference for before, after in zip(asked, models, strict=True)}
    algorithms = tuple(replace(each, key=path_of.get(each.key, each.key)) for each in plan.algorithms)
    brought = replace(plan, models=models, algorithms=algorithms)
    check_models(own_models(brought), modules, problem_type)
    return brought

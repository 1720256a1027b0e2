"""Someone's own code on its way into a run: looked up, looked at, its source copied."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from litmus_core.errors import writing
from litmus_core.hooks import bring_parts
from litmus_core.runtime import MODULES
from litmus_core.types import CustomModel, Part, ProblemType, RunPlan


def check(plan: RunPlan, problem_type: ProblemType, *, home: Path) -> None:
    """Raise UsageError, in words, when someone's own code cannot be found, imported or made."""
    if _own(plan):
        with tempfile.TemporaryDirectory(prefix="litmus-models-") as scratch:
            _bring(plan, Path(scratch), problem_type, home)


@contextmanager
def kept(plan: RunPlan, folder: Path, problem_type: ProblemType, *, home: Path) -> Iterator[RunPlan]:
    """Copy the source of models and plug-ins into a run's folder and give the plan that refers to it.

    Where the ``with`` block, or the look at them, fails, the folder goes again. ``home`` is the workspace's
    folder, whose ``plugins`` may be named. Raises UsageError.
    """
    if not _own(plan):
        yield plan
        return
    try:
        with writing(folder):
            folder.mkdir(parents=True)
            brought = _bring(plan, folder, problem_type, home)
        yield brought
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _own(plan: RunPlan) -> bool:
    parts = (*plan.preprocess, *plan.postprocess, *plan.hooks)
    return bool(plan.models) or any(":" in part.reference for part in parts)


def _bring(plan: RunPlan, folder: Path, problem_type: ProblemType, home: Path) -> RunPlan:
    """Bring all in one go, so that they share the hash of all that was copied."""
    from litmus_core.engine import check_models, check_preprocessing

    modules = folder / MODULES
    models: tuple[CustomModel, ...]
    parts: tuple[Part, ...]
    n_pre, n_post = len(plan.preprocess), len(plan.postprocess)
    models = bring_parts(plan.models, base=Path.cwd(), to=modules, home=home)
    parts = (*plan.preprocess, *plan.postprocess, *plan.hooks)
    parts = bring_parts(parts, base=Path.cwd(), to=modules, home=home)
    if any(part.sha256 for part in parts):  # the models' hash is of what lay there before
        models = bring_parts(plan.models, base=Path.cwd(), to=modules, home=home)
    check_models(models, modules, problem_type)
    check_preprocessing(parts[:n_pre], modules)
    return replace(
        plan,
        models=models,
        preprocess=parts[:n_pre],
        postprocess=parts[n_pre : n_pre + n_post],
        hooks=parts[n_pre + n_post :],
    )

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
    if _is_own(plan):
        with tempfile.TemporaryDirectory(prefix="litmus-models-") as scratch:
            _bring(plan, Path(scratch), problem_type, home)


@contextmanager
def kept(plan: RunPlan, folder: Path, problem_type: ProblemType, *, home: Path) -> Iterator[RunPlan]:
    """Copy the source of models and plug-ins into a run's folder and give the plan that refers to it.

    Where the ``with`` block, or the look at them, fails, the folder goes again. ``home`` is the workspace's
    folder, whose ``plugins`` may be named. Raises UsageError.
    """
    if not _is_own(plan):
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


def _is_own(plan: RunPlan) -> bool:
    parts = (*plan.preprocess, *plan.postprocess, *plan.hooks)
    named = (*(part.reference for part in parts), *(each.key for each in plan.algorithms))
    return bool(plan.models) or any(":" in name for name in named)


def _bring(plan: RunPlan, folder: Path, problem_type: ProblemType, home: Path) -> RunPlan:
    """Bring all in one go, so that they share the hash of all that was copied.

    Classes of algorithms are among the models of what is returned.
    """
    from litmus_core.engine import check_models, check_own_steps, check_preprocessing
    from litmus_core.jobs import own_models

    modules = folder / MODULES
    asked = _models_of(plan)
    models: tuple[CustomModel, ...]
    parts: tuple[Part, ...]
    n_pre, n_post = len(plan.preprocess), len(plan.postprocess)
    models = bring_parts(asked, base=Path.cwd(), to=modules, home=home)
    parts = (*plan.preprocess, *plan.postprocess, *plan.hooks)
    parts = bring_parts(parts, base=Path.cwd(), to=modules, home=home)
    if any(part.sha256 for part in parts):  # the models' hash is of what lay there before
        models = bring_parts(asked, base=Path.cwd(), to=modules, home=home)
    path_of = {before.reference: after.reference for before, after in zip(asked, models, strict=True)}
    brought = replace(
        plan,
        models=models,
        algorithms=tuple(replace(each, key=path_of.get(each.key, each.key)) for each in plan.algorithms),
        preprocess=parts[:n_pre],
        postprocess=parts[n_pre : n_pre + n_post],
        hooks=parts[n_pre + n_post :],
    )
    check_models(own_models(brought), modules, problem_type)
    check_preprocessing(brought.preprocess, modules)
    check_own_steps(brought.postprocess, modules)
    return brought


def _models_of(plan: RunPlan) -> tuple[CustomModel, ...]:
    known = {model.reference for model in plan.models}
    named = dict.fromkeys(each.key for each in plan.algorithms if ":" in each.key and each.key not in known)
    return (*plan.models, *(CustomModel(reference=reference) for reference in named))

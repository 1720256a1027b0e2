"""Train a run's outer folds in parallel processes until its time is up."""

from __future__ import annotations

import pickle
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.cluster import place_of
from litmus_core.errors import TrainingError
from litmus_core.jobs._outer.child import STOP, TASK, OuterTask
from litmus_core.jobs._outer.numbers import check_judged_by_test_set
from litmus_core.jobs._outer.predictions import (
    OUTER,
    FoldPredictions,
    fold_folder,
    is_written,
    read_folds,
)
from litmus_core.jobs._stages.repeat import repeated_run_id, source_of
from litmus_core.text import format_count, join_names
from litmus_core.types import (
    Candidate,
    Column,
    Compression,
    Folds,
    Resources,
    Retrained,
    RunPlan,
    Task,
    WarmStart,
)

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData

_CHILD = "litmus_core.jobs._outer.child:answer"
_POLL_S = 0.5
_MOST_S = 24 * 3600.0
USUAL = 5
_ENOUGH_S = 22.0  # for each fold, including the start of the libraries
_ENOUGH_FOR_FEW_S = 13.0  # the same for few rows, where simpler models learn: docs/adr/0046
_LEAST_S = 5.0  # for a fold with a quick model, after the libraries have started


def at_once(plan: RunPlan, n_folds: int) -> int:
    """Return how many outer folds train in parallel; one on Ray, where a fold distributes its own fits."""
    from litmus_core.engine import folds_at_once

    if place_of(plan.compute.where).on_ray:
        return 1
    return folds_at_once(Folds(n_folds, parallel=True), resources=plan.compute.train or Resources())


def rounds(plan: RunPlan, n_folds: int) -> int:
    """Return the time of all outer folds as a multiple of one fold's time."""
    return -(-n_folds // at_once(plan, n_folds)) if n_folds else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OuterFolds:
    """The number of outer folds that judge a run (0: a test set does), and why fewer than requested."""

    n_folds: int = 0
    note: str = ""


def outer_folds(context: RunContext) -> OuterFolds:
    """Return the outer folds of the run's plan, none if its time is too short.

    Raises UsageError if the run starts from a model that has learned from all rows, so that none is left to
    judge.
    """
    plan, limit_s = context.plan, context.experiment.task.time_limit_s
    origin = plan.origin_as(WarmStart) or plan.origin_as(Compression)
    if origin is not None:
        check_judged_by_test_set(context.workspace.run_dir(origin.run_id))
    if plan.folds is None:
        task = context.experiment.task
        version = context.versions()[task.dataset_version_id]
        columns = [version.column(name) for name in task.features]
        return OuterFolds(n_folds=usual_outer_folds(plan, task, columns=columns, n_rows=version.n_rows))
    outer = plan.folds.outer if origin is None else 0
    needed_s = (1 + rounds(plan, outer)) * _LEAST_S
    if outer and limit_s < needed_s:
        return OuterFolds(
            note=f"{limit_s:g} s are too few for {outer} outer folds, which take {needed_s:g} s or more, so "
            "a test part judges."
        )
    return OuterFolds(n_folds=outer)


def usual_outer_folds(plan: RunPlan, task: Task, *, columns: Sequence[Column], n_rows: int) -> int:
    """Return the number of outer folds if nobody chose the folds; 0: a test set judges.

    Outer folds judge if there are few rows, and each fold has half of the time that five folds of all
    families take.
    """
    from litmus_core.engine import are_few_rows, folds_duration_s

    test_version_id = task.test_version_id or task.validation_version_id
    starts_anew = plan.origin is None or isinstance(plan.origin, Retrained)
    if test_version_id or not starts_anew or not task.split.may_judge_by_all(n_rows, task.budget):
        return 0
    share_s = task.time_limit_s / (1 + rounds(plan, USUAL))
    needed_s = 0.5 * folds_duration_s(columns=columns, n_rows=n_rows)
    enough_s = _ENOUGH_FOR_FEW_S if are_few_rows(n_rows) else _ENOUGH_S
    return USUAL if share_s >= max(enough_s, needed_s) else 0


def run_outer(
    context: RunContext,
    data: RunData,
    candidates: list[Candidate],
    *,
    deadline: float,
    say: Callable[[str], None],
) -> tuple[str, ...]:
    """Train the unfinished outer folds until ``deadline`` (time.time() seconds).

    Returns a sentence for each fold without predictions, and one for models that some folds did not finish.
    After a stop request, running folds finish with what they have, and at least one fold is completed. Raises
    TrainingError if none is.
    """
    numbers = [int(fold) for fold in np.unique(data.outer[data.outer >= 0])] if data.outer is not None else []
    unfinished = [number for number in numbers if not is_written(fold_folder(context.folder, number))]
    if not unfinished:
        return ()
    _write_task(context, data, candidates)
    n_workers = min(len(unfinished), at_once(context.plan, len(numbers)))
    left = max(0.0, deadline - time.time()) / -(-len(unfinished) // n_workers)
    failed = _train_folds(context, unfinished, n_workers, seconds=max(_LEAST_S, left), say=say)
    (context.folder / OUTER / TASK).unlink(missing_ok=True)
    (context.folder / OUTER / STOP).unlink(missing_ok=True)
    if not any(is_written(fold_folder(context.folder, number)) for number in numbers):
        raise TrainingError(
            f"None of the {format_count(len(numbers), 'outer fold')} was done. {' '.join(failed)}".strip(),
            hint="Allow more time, or let a test part judge (no outer folds).",
        )
    return (*failed, *unfinished_models(candidates, read_folds(context.folder), run_id=context.run_id))


def unfinished_models(
    candidates: Sequence[Candidate], folds: Mapping[int, FoldPredictions], *, run_id: str
) -> tuple[str, ...]:
    """Return a sentence about the run's models that not every fold has finished; none if all have."""
    late: dict[str, int] = {}
    for candidate in candidates:
        is_trained = not (candidate.is_ensemble or candidate.refit_of or candidate.postprocess)
        key = candidate.id.removeprefix(run_id)
        n_without = sum(key not in fold.predictions for fold in folds.values())
        if is_trained and n_without:
            late[candidate.name] = n_without
    if not late:
        return ()
    which = join_names([f"{name} ({count} of {len(folds)} without it)" for name, count in late.items()])
    return (f"Not every outer fold finished {which}; those folds chose among the other models.",)


def _write_task(context: RunContext, data: RunData, candidates: list[Candidate]) -> None:
    from litmus_core.engine import read_model_info, trained_second_models
    from litmus_core.jobs._stages.fit_request import inner_folds, is_open

    plan, folds = context.plan, inner_folds(context, data)
    cpus = _processors(plan, folds.outer)
    task = OuterTask(
        workspace=context.workspace.path,
        run_id=context.run_id,
        number=context.number,
        experiment=context.experiment,
        plan=replace(
            plan,
            families=plan.families or _trained_families(plan, candidates),
            folds=replace(folds, outer=0, parallel=False),
            compute=replace(plan.compute, train=replace(plan.compute.train or Resources(), cpus=cpus)),
            hooks=(),
            origin=None,
        ),
        folder=context.folder,
        data=data,
        candidates=tuple(candidates),
        second_models=trained_second_models(context.folder, context.experiment.task.problem_type)
        if is_open(plan)
        else (),
        classes=tuple(read_model_info(context.folder)["classes"]),
        repeats=source_of(context) if repeated_run_id(plan) else None,
    )
    folder = context.folder / OUTER
    folder.mkdir(exist_ok=True)
    (folder / TASK).write_bytes(pickle.dumps(task))


def _trained_families(plan: RunPlan, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the families that Litmus chose for the run and trained: a fold tries no others."""
    from litmus_core.engine import model_families

    if plan.algorithms:
        return ()
    trained = {candidate.family for candidate in candidates}
    return tuple(family.key for family in model_families() if family.key in trained)


def _processors(plan: RunPlan, n_folds: int) -> int | None:
    """Return the processors of one outer fold; on Ray the plan decides about those of its fits."""
    from litmus_core.cluster import n_processors

    if place_of(plan.compute.where).on_ray:
        return None if plan.compute.train is None else plan.compute.train.cpus
    cpus = (plan.compute.train.cpus if plan.compute.train else None) or n_processors()
    return max(1, cpus // at_once(plan, n_folds))


def _reason(error: BaseException | None) -> str:
    """Return why a fold failed, as sentences, without the error's class that the other process adds."""
    return f"{re.sub(r'^[A-Z][A-Za-z]*Error: ', '', str(error)).rstrip('.')}."


def _train_folds(
    context: RunContext, numbers: list[int], n_workers: int, *, seconds: float, say: Callable[[str], None]
) -> tuple[str, ...]:
    """Train these folds; return a sentence for each that failed."""
    from litmus_core.engine import fitting_processes

    stop, n_all = context.folder / OUTER / STOP, len(numbers)
    stop.unlink(missing_ok=True)
    with fitting_processes(context.folder, n_workers) as workers:

        def ask(number: int) -> Callable[[Any], Any]:
            request = {"do": _CHILD, "folder": str(context.folder), "fold": number, "seconds": seconds}
            return lambda fitter: fitter.ask(request, timeout_s=_MOST_S)

        futures: dict[Future[Any], int] = {workers.submit(ask(number)): number for number in numbers}
        unfinished = set(futures)
        while unfinished:
            say(f"Judging by all rows: {n_all - len(unfinished)} of {format_count(n_all, 'outer fold')} done")
            _, unfinished = wait(unfinished, timeout=_POLL_S)
            if context.stop_requested() and not stop.exists():
                stop.touch()
                for future in unfinished:
                    future.cancel()  # running folds go on
    return tuple(
        f"Outer fold {number + 1} has no answer: {_reason(future.exception())}"
        for future, number in futures.items()
        if not future.cancelled() and future.exception() is not None
    )

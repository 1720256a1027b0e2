"""A request's models, and the workers that fit them: this process, several here, or Ray tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

from litmus_core.cluster import place_of
from litmus_core.engine._catalog.algorithms import add_algorithms, has_name_of, values_of
from litmus_core.engine._catalog.losses import with_loss
from litmus_core.engine._catalog.monotone_constraints import with_constraints
from litmus_core.engine._catalog.second_models import add_variants
from litmus_core.engine._catalog.selection import (
    STACKED,
    Hyperparameters,
    are_few_rows,
    custom_settings,
    hyperparameters_of,
    is_quick,
)
from litmus_core.engine._families.registry import is_mix, torch_models, tree_models
from litmus_core.engine._fit.request import FitRequest
from litmus_core.engine._folds.ray_tasks import fitting_on_ray
from litmus_core.engine._folds.splitters import folds_duration_s
from litmus_core.engine._folds.workers import FoldWorkers, fitting_processes
from litmus_core.engine._resources import folds_at_once
from litmus_core.engine._warm_start import warm_start_settings
from litmus_core.types import ParameterValue

_USUAL_FITS, _ONE_PART = 5, 0.3  # fits in five folds; share of their time for one part
_PATIENCE = 1.5  # times the fits of all families in folds: compiling and the final model need time, too
_STUDENTS = 3  # fitted in parallel by a compression run: of all columns, then of some


def fit_workers(request: FitRequest) -> AbstractContextManager[FoldWorkers | None]:
    """Start the workers for the request: Ray tasks, processes for parallel folds, or None for neither.

    Raises UsageError if Ray does not answer, MissingExtraError without it.
    """
    n_folds, resources = request.folds.n_folds, request.resources
    place = place_of(request.compute.where)
    if place.on_ray:
        at_most = n_folds or (_STUDENTS if request.refined else _n_models(request))
        return fitting_on_ray(request.folder, place, at_most=at_most, resources=resources)
    at_once = folds_at_once(request.folding, resources=resources)
    if at_once == 1:
        return nullcontext()
    # One processor is left to the quick model that this process fits meanwhile.
    begins_here = any(is_quick(key, len(request.train)) for key in request.families)
    return fitting_processes(request.folder, at_once, torch=trains_torch(request), spare=int(begins_here))


@contextmanager
def fit_with_workers(workers: FoldWorkers | None) -> Iterator[None]:
    """Make AutoGluon use ``workers`` in the block for the fits that they support; None: no workers."""
    with ExitStack() as ways:
        if workers is not None:
            from litmus_core.engine._folds.parallel import parallel_folds

            ways.enter_context(parallel_folds(workers))
            if workers.are_remote:
                from litmus_core.engine._remote.models import remote_models

                ways.enter_context(remote_models(workers))
        yield


def hyperparameters_for(request: FitRequest) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` for the request."""
    seed, problem_type = request.task.seed, request.task.problem_type
    hyperparameters = hyperparameters_of(
        request.families,
        problem_type=problem_type,
        seed=seed,
        n_rows=len(request.train),
        n_classes=_n_classes(request),
        patient=_is_patient(request),
    )
    if request.refined is not None and request.refined.members:
        hyperparameters = dict(request.refined.members)
    elif request.refitted is not None:
        return dict(request.refitted.members)
    elif request.warm_start is not None:
        hyperparameters = warm_start_settings(request.warm_start)
    variants = request.variants
    chosen = [algorithm for algorithm in request.algorithms if algorithm not in variants]
    add_algorithms(hyperparameters, chosen, problem_type=problem_type, seed=seed)
    add_variants(
        hyperparameters, variants, problem_type=problem_type, seed=seed, patient=_is_patient(request)
    )
    if request.source is None:
        hyperparameters = with_loss(with_constraints(hyperparameters, request.task), request.task)
    if request.custom:
        from litmus_core.engine._custom.wrapper import CustomWrapper

        gets_most = request.folds.n_folds > 1 or not hyperparameters
        hyperparameters[CustomWrapper] = custom_settings(request.custom, seed=seed, gets_most=gets_most)
    return hyperparameters


def _is_patient(request: FitRequest) -> bool:
    """Return whether trees may grow slowly: many rows, no budget for production, and time enough."""
    task = request.task
    has_budget = task.budget.has_limit
    if has_budget or are_few_rows(len(request.train)):
        return False
    n_fits = request.folds.n_folds * request.folds.repeats
    five_s = folds_duration_s(
        columns=request.columns,
        n_rows=len(request.train),
        n_classes=_n_classes(request),
    )
    return task.time_limit_s >= _PATIENCE * five_s * (n_fits / _USUAL_FITS if n_fits else _ONE_PART)


def _n_classes(request: FitRequest) -> int:
    task = request.task
    return int(request.train[task.target].nunique()) if task.type.learns_each_class else 0


def trains_torch(request: FitRequest) -> bool:
    """Return whether AutoGluon is to fit a network."""
    return not torch_models().isdisjoint(hyperparameters_for(request))


def requested_values(request: FitRequest) -> dict[str, Mapping[str, ParameterValue]]:
    """Return the values that a user requested, by AutoGluon's name of the model that gets them."""
    values: dict[str, Mapping[str, ParameterValue]] = {}
    for settings in hyperparameters_for(request).values():
        for setting in settings:
            name = str(setting.get("ag_args", {}).get("name", ""))
            requested = [
                values_of(algorithm) for algorithm in request.algorithms if has_name_of(name, algorithm)
            ]
            values[name] = setting.get("parameters") or next(iter(requested), {})
    return values


def by_level(hyperparameters: Hyperparameters) -> dict[int, Hyperparameters]:
    """Return the settings of each level: only trees on the second.

    A linear model there does well on out-of-fold predictions and badly on new rows (benchmarks/README.md).
    """
    return {
        1: hyperparameters,
        2: {
            key: settings
            for key, settings in hyperparameters.items()
            if getattr(key, "ag_key", key) in tree_models()
        },
    }


def reported_names(request: FitRequest) -> tuple[str, ...]:
    """Return the names of the models that a fit of ``request`` has to produce: all but variants.

    A family of many of AutoGluon's own models has its key; on the second level all trees have a name, too.
    """
    names = dict.fromkeys(key for key in request.families if is_mix(key))
    for key, settings in hyperparameters_for(request).items():
        model_names = [setting.get("ag_args", {}).get("name") for setting in settings]
        names |= dict.fromkeys(setting for setting in model_names if setting)
        if request.training.stack and getattr(key, "ag_key", key) in tree_models():
            names |= dict.fromkeys(f"{setting}{STACKED}" for setting in model_names if setting)
    return tuple(name for name in names if name not in request.variant_names)


def _n_models(request: FitRequest) -> int:
    return sum(
        len(settings) if isinstance(settings, list) else 1
        for settings in hyperparameters_for(request).values()
    )

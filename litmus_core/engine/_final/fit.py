"""Fit a judged model again on every row: same settings, same weights in its ensemble."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litmus_core.engine._autogluon.trainer_folder import open_trainer, trainer_of
from litmus_core.engine._catalog.selection import (
    ENSEMBLE_FAMILY,
    Hyperparameters,
    family_of_algorithm,
    reads_labels,
    title_of,
)
from litmus_core.engine._fit.clock import clocked_fits
from litmus_core.engine._fit.ensembles.fixed import add_with_weights
from litmus_core.engine._fit.executed_plan import write_executed_plan
from litmus_core.engine._fit.failures import failures, nothing_finished
from litmus_core.engine._fit.fit import prepare, run_autogluon
from litmus_core.engine._fit.refit import folds_of, is_refit
from litmus_core.engine._fit.request import FitRequest
from litmus_core.engine._fit.warm_start import RefitSource
from litmus_core.engine._fit.workers import fit_workers
from litmus_core.engine._resources import limit_fit_resources
from litmus_core.engine._run_folder.folder import (
    predictor_path,
    read_model_info,
    read_rows,
    read_target,
    store_recovery_copy,
)
from litmus_core.errors import DataError, TrainingError
from litmus_core.text import join_names
from litmus_core.trust import begin_writing

_MANY_ROWS = 1_500  # that the judged model learned from


@dataclass(frozen=True, kw_only=True)
class FinalFit:
    """How a judged model is fitted again.

    ``n_folds`` are those of the bag that it becomes (0: one model of all rows), ``judged_folds`` those of the
    bag that it was. ``fit_s`` is the seconds that the judged model's own fits took, ``n_rows`` the rows that
    they had.
    """

    n_folds: int
    judged_folds: int
    fit_s: float
    n_rows: int


def final_fit_of(folder: Path, model: str) -> FinalFit:
    """Return how ``model`` of the run in ``folder`` is fitted again; NotFoundError without its files.

    With few rows a bag becomes a bag. With more it becomes one model of all rows, which is as good, several
    times faster, and done in a fraction of the time (docs/adr/0048), unless a member needs rows to stop by.
    """
    trainer, rows = trainer_of(folder, model), read_rows(folder)
    members = _members(trainer, model)
    judged_folds = rows.folds if not any(map(is_refit, members)) else 0
    n_rows = int(trainer.load_y().shape[0])
    is_one = n_rows >= _MANY_ROWS and all(_can_fit_on_all_rows(trainer.load_model(name)) for name in members)
    return FinalFit(
        n_folds=0 if is_one else judged_folds,
        judged_folds=judged_folds,
        fit_s=sum(float(trainer.get_model_attribute(name, "fit_time") or 0.0) for name in members),
        n_rows=n_rows,
    )


def no_final_reason(folder: Path, model: str) -> str:
    """Return why ``model`` of the run in ``folder`` cannot be fitted again on all rows; "" if it can."""
    trainer = trainer_of(folder, model)
    members = _members(trainer, model)
    if any(map(reads_labels, members)):
        return "it learns from other models' predictions"
    if final_fit_of(folder, model).n_folds:
        return ""
    stuck = [name for name in members if not _can_fit_on_all_rows(trainer.load_model(name))]
    return f"{join_names([title_of(name) for name in stuck])} needs rows to stop by" if stuck else ""


def _can_fit_on_all_rows(model: Any) -> bool:
    tags = model._get_tags_child() if hasattr(model, "_get_tags_child") else model._get_tags()
    return bool(tags.get("can_refit_full", False))


def _members(trainer: Any, model: str) -> list[str]:
    """Return the models that ``model`` consists of, without the ensemble over them."""
    needed = sorted(trainer.get_minimum_model_set(model))
    return [name for name in needed if family_of_algorithm(name) != ENSEMBLE_FAMILY]


def fit_final_model(
    request: FitRequest,
    folder: Path,
    model: str,
    *,
    on_start: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> str:
    """Fit ``model`` of the run in ``folder`` again on the rows of ``request``, in the request's own folder.

    Returns the new model's name there; the caller signs the folder once all is in it. ``request.folds`` are
    the judged bag's, or 0 with any few rows as ``validation``, which no model learns from or stops by. Raises
    TrainingError if a member is not finished in time, DataError if the rows hold other classes than the
    judged model knows.
    """
    judged = trainer_of(folder, model)
    names = _members(judged, model)
    settings = _settings(folder, names, on_all_rows=not request.folds.n_folds)
    request = replace(request, source=RefitSource(folder=folder, model=model, members=settings))
    begin_writing(request.folder)
    shutil.rmtree(predictor_path(request.folder), ignore_errors=True)
    limits = limit_fit_resources(request.local_resources.gpus, request.processors)
    with limits, clocked_fits(request.folder, restart=True), fit_workers(request) as workers:
        prepared = prepare(request)
        _check_classes(folder, request.folder)
        run_autogluon(
            request,
            prepared,
            workers,
            started=lambda name: on_start(title_of(name)),
            finished=lambda trainer, _: trainer.save(),
            should_stop=should_stop,
        )
    trainer = _open_trainer(request.folder)
    refitted = {_plain_name(name): _refitted_name(trainer, name) for name in names}
    missing = [name for name, other in refitted.items() if not other]
    if missing:
        raise _unfinished_error(trainer, missing)
    final = refitted[_plain_name(names[0])]
    if weights := _weights(judged, model):
        (final,) = add_with_weights(trainer, {refitted[name]: weight for name, weight in weights.items()})
        trainer.save()
    write_executed_plan(request, trainer)
    store_recovery_copy(request.folder)
    return final


def _settings(folder: Path, names: list[str], *, on_all_rows: bool) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` for the members."""
    from litmus_core.engine._final.member import FinalMember

    models = predictor_path(folder) / "models"
    return {
        FinalMember: [
            {
                # in a dict: seeds are made of plain values, and paths differ between a run and its repetition
                "source": {"before": str((models / _judged_folder(models, name)).absolute())},
                "on_all_rows": on_all_rows,
                "ag_args": {"name": _plain_name(name), "priority": 100},
            }
            for name in names
        ]
    }


def _judged_folder(models: Path, name: str) -> str:
    """Return the name of the folder with a member's settings: of a model on all rows, that of its folds."""
    return folds_of(name) if (models / folds_of(name)).is_dir() else name


def _plain_name(name: str) -> str:
    return folds_of(name).split("_BAG_")[0]


def _refitted_name(trainer: Any, name: str) -> str:
    """Return the name of the trainer's model that replaces the judged ``name``; "" if it has none."""
    wanted = (_plain_name(name), f"{_plain_name(name)}_BAG_L1")
    return next((name for name in trainer.get_model_names() if name in wanted), "")


def _open_trainer(folder: Path) -> Any:
    try:
        return open_trainer(folder)
    except TrainingError:
        raise _unfinished_error(None, []) from None


def _unfinished_error(trainer: Any, missing: list[str]) -> TrainingError:
    failed = () if trainer is None else failures(trainer)
    if failed or trainer is None:
        return nothing_finished(*failed)
    return TrainingError(f"{join_names([title_of(name) for name in missing])} was not finished.")


def _weights(trainer: Any, model: str) -> Mapping[str, float]:
    """Return the weight of each member of an ensemble, by its plain name; {} for any other model."""
    if family_of_algorithm(model) != ENSEMBLE_FAMILY:
        return {}
    weights = trainer.load_model(model)._get_model_weights()
    return {_plain_name(name): float(weight) for name, weight in weights.items()}


def _check_classes(judged: Path, final: Path) -> None:
    """Raise DataError if all rows hold other classes than those that the judged model knows."""
    before, now = (read_target(read_model_info(folder)).classes for folder in (judged, final))
    if before != now:
        new = [str(label) for label in now if label not in before]
        raise DataError(
            f"The judged model has never seen the class {join_names(new)}, so the two cannot be compared."
        )

"""Make faster variants of a candidate: reuse, cut, reweight, retrain on all rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from litmus_core.cluster import place_of
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._catalog.selection import Hyperparameters, title_of
from litmus_core.engine._fit.ensembles.fixed import add_fixed_ensembles
from litmus_core.engine._fit.failures import FitReport, failures, nothing_finished
from litmus_core.engine._fit.fit import prepare, run_autogluon
from litmus_core.engine._fit.refit import refit_models
from litmus_core.engine._fit.request import FitRequest, with_members
from litmus_core.engine._fit.workers import fit_workers
from litmus_core.engine._folds.workers import FoldWorkers
from litmus_core.engine._refine._choose import choose_variants
from litmus_core.engine._refine._students import drop_students, fit_students
from litmus_core.engine._resources import limit_fit_resources
from litmus_core.engine._run_folder.folder import predictor_path, read_model_info, store_recovery_copy
from litmus_core.engine._run_folder.models import FittedModel, describe
from litmus_core.engine._run_folder.variants import ChosenVariant, is_shown, plain_name, write_chosen
from litmus_core.errors import UsageError
from litmus_core.trust import begin_writing


def compress_models(
    request: FitRequest,
    *,
    on_model: Callable[[FittedModel], None],
    on_start: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> FitReport:
    """Make variants of the request's candidate until its deadline.

    Reports each part that was left out. Otherwise like :func:`fit_models`. Raises TrainingError if no variant
    can be made.
    """
    if request.refined is None or request.warm_start is None:
        raise UsageError("There is no candidate to refine.", hint="Name one that was trained before.")
    begin_writing(request.folder)
    shutil.rmtree(predictor_path(request.folder), ignore_errors=True)
    rows = request.train if request.validation is None else request.validation
    names = [column.name for column in request.columns]
    # Here one process is enough: most fits take no time.
    ways = fit_workers(request) if place_of(request.compute.where).on_ray else nullcontext()
    with limit_fit_resources(request.local_resources.gpus, request.processors), ways as workers:
        try:
            students, failed = fit_students(
                request, request.warm_start, workers, on_start=on_start, should_stop=should_stop
            )
            chosen = choose_variants(request.refined, rows[names], students, seed=request.task.seed)
            write_chosen(request.folder, chosen)
            built, notes = _build_variants(
                request, chosen, workers, on_model=on_model, on_start=on_start, should_stop=should_stop
            )
        finally:
            drop_students(request.folder)
    return FitReport(left_out=(*chosen.notes, *failed, *built), notes=notes)


def _build_variants(
    request: FitRequest,
    chosen: ChosenVariant,
    workers: FoldWorkers | None,
    *,
    on_model: Callable[[FittedModel], None],
    on_start: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make the chosen variants; return a sentence for each omitted part, and notes on pre-processing."""

    def finished(trainer: Any, model: str) -> None:
        trainer.save()
        store_recovery_copy(request.folder)
        if is_shown(chosen, model):
            info = read_model_info(request.folder)
            on_model(describe(trainer, model, folder=request.folder, rows=prepared.rows, info=info))

    prepared = prepare(request)
    trainer = run_autogluon(
        with_members(request, _settings(chosen)),
        prepared,
        workers,
        started=lambda model: on_start(title_of(model)),
        finished=finished,
        should_stop=should_stop,
    )
    if not trainer.get_model_names():
        raise nothing_finished(*failures(trainer))
    trainer = open_trainer(request.folder)
    for model in add_fixed_ensembles(trainer, chosen):
        finished(trainer, model)
    again = refit_models(
        trainer,
        _models_to_retrain(trainer, chosen),
        workers,
        n_fits=len(prepared.splits or ()),
        not_learned=request.training.without_rows,
        deadline=request.deadline,
        started=lambda model: on_start(title_of(model)),
        finished=finished,
        should_stop=should_stop,
    )
    store_recovery_copy(request.folder)  # AutoGluon wrote more at its end
    return (*(failure.sentence for failure in failures(trainer)), *again), prepared.notes


def _settings(chosen: ChosenVariant) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` for the variants."""
    from litmus_core.engine._refine.variant import VariantModel

    return {
        VariantModel: [
            {
                "before": variant.before,
                "share": variant.share,
                "ag_args": {"name": variant.name, "priority": 100},
            }
            for variant in chosen.variants
        ]
    }


def _models_to_retrain(trainer: Any, chosen: ChosenVariant) -> list[str]:
    """Return the models to retrain on all rows, with their ensembles last."""
    wanted = {*chosen.again, *(weighing.name for weighing in chosen.weighings if weighing.on_all_rows)}
    return [name for name in trainer.get_model_names() if plain_name(name) in wanted]

"""Fit a judged model again on all rows, compile and time it, and compare it with the judged one."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import LitmusError
from litmus_core.jobs._final.pending_end import left_out_sentence
from litmus_core.jobs._final.plan import (
    expected_seconds,
    final_folder,
    learned_rows,
    obstacle_of,
    repeated_final,
    reused_final,
)
from litmus_core.jobs._judging.scores import predictions_on_test, score_predictions
from litmus_core.jobs._stages.fit_request import keys_of
from litmus_core.jobs._stages.latency import COMPARED_ROWS, latency_sample, time_models
from litmus_core.jobs._stages.repeat import compare_final, repeated_run_id, store_final
from litmus_core.runtime import MODULES
from litmus_core.trust import begin_writing, sign_files
from litmus_core.types import (
    Candidate,
    FinalModel,
    FinalModelLeftOut,
    FinalModelTrained,
    Folds,
    LatencyFigure,
)

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.engine import FinalFit, FitRequest, FoldKeys
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData

_log = logging.getLogger(__name__)
_NOMINAL_ROWS = 200
_REPLICATES = 200
# A fit is tried unless it is expected to take this many times the time left: nothing else would use that.
_HOPEFUL = 1.5


class _NoFinalModelError(Exception):
    """There is no final model, for ``reason``."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fit_final(
    context: RunContext,
    data: RunData,
    candidate: Candidate,
    *,
    deadline: float,
    say: Callable[[str], None],
) -> tuple[str, bool]:
    """Fit ``candidate`` again on all rows until ``deadline`` (time.time() seconds), and record the result.

    Returns a sentence about the result, and whether there is a final model. The judged model stays unchanged;
    it is deployed if there is no final model.
    """
    n_rows = len(learned_rows(data))
    try:
        final = _fit(context, data, candidate, deadline=deadline, say=say)
    except _NoFinalModelError as left_out:
        reason = left_out.reason
    except LitmusError as error:
        _log.info("There is no final model: %s", error, exc_info=True)
        reason = _reason(error)
    except Exception as error:  # noqa: BLE001 - after any error the judged model remains
        _log.exception("There is no final model.")
        reason = f"that failed ({type(error).__name__}, see worker.log)"
    else:
        context.report(FinalModelTrained(candidate_id=candidate.id, final=final))
        folder, before = final_folder(context.folder, candidate.id), repeated_final(context, candidate)
        return _message(final) + compare_final(folder, before), True
    shutil.rmtree(final_folder(context.folder, candidate.id), ignore_errors=True)
    sentence = left_out_sentence(n_rows, reason)
    context.report(FinalModelLeftOut(candidate_id=candidate.id, reason=sentence))
    return sentence, False


def _reason(error: LitmusError) -> str:
    """Return why the fit failed, without the hint for runs without any model: the judged model remains."""
    from litmus_core.engine import NothingFinishedError

    if isinstance(error, NothingFinishedError):
        return " ".join(failure.sentence for failure in error.failed) or "the time left was too short"
    return str(error)


def _message(final: FinalModel) -> str:
    from litmus_core.verdicts import final_model_message

    return final_model_message(final)


def _fit(
    context: RunContext,
    data: RunData,
    candidate: Candidate,
    *,
    deadline: float,
    say: Callable[[str], None],
) -> FinalModel:
    from litmus_core.engine import link_models, no_final_reason

    folder, reused = final_folder(context.folder, candidate.id), reused_final(context)
    if reason := obstacle_of(context.plan, data) or no_final_reason(context.folder, candidate.model):
        raise _NoFinalModelError(reason=reason)
    shutil.rmtree(folder, ignore_errors=True)
    begin_writing(folder)
    _copy_files(context.folder, folder, candidate)
    if reused is None:
        final = _fit_again(context, data, candidate, folder, deadline=deadline, say=say)
    else:
        source, final = reused
        link_models(source, folder, model=final.model)
    say("Checking the model of all rows")
    _check_predictions(context, data, replace(candidate, final=final), folder)
    final = _compile_and_measure(context, data, candidate, final, folder)
    sign_files(folder)
    return final


def _fit_again(
    context: RunContext,
    data: RunData,
    candidate: Candidate,
    folder: Path,
    *,
    deadline: float,
    say: Callable[[str], None],
) -> FinalModel:
    from litmus_core.engine import final_fit_of, fit_final_model, write_repeats

    began, before = time.time(), repeated_final(context, candidate)
    if before is not None:
        write_repeats(folder, before)
        deadline = float("inf")
    elif repeated_run_id(context.plan):
        raise _NoFinalModelError(reason="nor was that of the run that is repeated")
    else:
        _check_time(context, data, candidate, deadline=deadline)
    fit = final_fit_of(context.folder, candidate.model)
    request = _request(context, data, folder, fit, deadline=deadline)
    model = fit_final_model(
        request,
        context.folder,
        candidate.model,
        on_start=lambda name: say(f"Training on all {len(request.train):,} rows: {name}"),
        should_stop=context.stop_requested,
    )
    return FinalModel(
        model=model,
        n_rows=len(request.train) - len(request.training.without_rows),
        n_judging=len(data.judging),
        averaged=0 if fit.n_folds else fit.judged_folds,
        seconds=round(time.time() - began, 3),
    )


def _check_time(context: RunContext, data: RunData, candidate: Candidate, *, deadline: float) -> None:
    if context.stop_requested():
        raise _NoFinalModelError(reason="the run was stopped")
    needed_s = expected_seconds(context.folder, candidate, data)
    left_s = max(0.0, deadline - time.time())
    if needed_s > _HOPEFUL * left_s:
        left = f"{left_s:.0f} s were" if left_s >= 1 else "no time was"
        raise _NoFinalModelError(reason=f"that takes about {needed_s:.0f} s, and {left} left")


def _copy_files(folder: Path, to: Path, candidate: Candidate) -> None:
    """Copy the files that the final model shares with the judged one: custom code and post-processing."""
    from litmus_core.plugins import check_signed, sign_modules

    if (folder / MODULES).is_dir():
        check_signed(folder)
        shutil.copytree(folder / MODULES, to / MODULES)
        sign_modules(to / MODULES)
    for name in ("metrics.json", f"post/{candidate.id}"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, to / name)
        elif (folder / name).exists():
            shutil.copyfile(folder / name, to / name)


def _request(
    context: RunContext, data: RunData, folder: Path, fit: FinalFit, *, deadline: float
) -> FitRequest:
    from litmus_core.engine import FitRequest, FoldKeys

    task, plan = context.experiment.task, context.plan
    frame = data.frame.iloc[learned_rows(data)]
    weight = () if data.weight is None else (data.weight,)
    rows = frame[[*(column.name for column in data.columns), task.target, *weight]]
    folds = replace(plan.folds or Folds(), n_folds=fit.n_folds, refit=False, outer=0)
    without = set(data.positions_of(plan.training.without_rows)) & set(rows.index)
    return FitRequest(
        folder=folder,
        train=rows,
        validation=None if fit.n_folds else _nominal_rows(rows, task.target, seed=task.seed),
        columns=data.columns,
        task=replace(task, task_type=plan.scoring.task_type or task.task_type),
        deadline=deadline,
        preprocess=plan.preprocess,
        folds=folds,
        fold_keys=_fold_keys(folds, context, data, frame) if fit.n_folds else FoldKeys(),
        compute=plan.compute,
        training=replace(plan.training, without_rows=tuple(sorted(without))),
    )


def _fold_keys(folds: Folds, context: RunContext, data: RunData, frame: pd.DataFrame) -> FoldKeys:
    """Return the keys of folds over all rows. Each custom fold also learns from the test set's rows."""
    keys, more = keys_of(folds, context, data, frame), data.places_of(data.index("test"))
    return replace(keys, pairs=[(np.concatenate([learned, more]), tested) for learned, tested in keys.pairs])


def _nominal_rows(rows: pd.DataFrame, target: str, *, seed: int) -> pd.DataFrame:
    """Return some rows of every class, since AutoGluon requires validation rows; no model uses them."""
    drawn = rows.sample(n=min(_NOMINAL_ROWS, len(rows)), random_state=seed).index
    first = rows.groupby(target, sort=False, observed=True).head(1).index if _has_labels(rows[target]) else ()
    return rows.loc[sorted({*drawn, *first})]


def _has_labels(labels: pd.Series[Any]) -> bool:
    return labels.dtype.kind not in "fiu" or labels.nunique() <= _NOMINAL_ROWS


def _check_predictions(context: RunContext, data: RunData, candidate: Candidate, folder: Path) -> None:
    """Raise an error if the final model scores below the judged model's interval on the rows that judged it.

    It has learned from these rows, so this is not an estimate of its quality; it only detects a failed fit.
    """
    from litmus_core.metrics import get_metric

    task, judged = context.experiment.task, candidate.test or candidate.validation
    predictions = predictions_on_test(folder, data, candidate.deployed)
    if not np.isfinite(predictions.raw).all():
        raise _NoFinalModelError(reason="it gave no number for some rows")
    store_final(folder, predictions.raw)
    score, _ = score_predictions(task.metric, task, data, predictions, n=_REPLICATES)
    if judged is None:
        return
    is_better_high = get_metric(task.metric).greater_is_better
    if score.value < judged.low if is_better_high else score.value > judged.high:
        raise _NoFinalModelError(
            reason=f"on the rows that judged it, the new model scores {score.value:.4g}, and the judged one "
            f"{judged.value:.4g}"
        )


@dataclass(kw_only=True)
class _Figures:
    latency: tuple[LatencyFigure, ...] = field(default=())

    def store(self, model: str, latency: tuple[LatencyFigure, ...]) -> None:
        self.latency = latency


def _compile_and_measure(
    context: RunContext, data: RunData, candidate: Candidate, final: FinalModel, folder: Path
) -> FinalModel:
    """Compile the final model and time it as production runs it; raise an error if it breaks the budget."""
    from litmus_core.advice import keeps_budget
    from litmus_core.engine import candidate_bytes, store_compiled

    sample = latency_sample(data, seed=context.experiment.task.seed)
    deployed, figures = replace(candidate, final=final).deployed, _Figures()
    native = store_compiled(folder, deployed.model, sample.head(COMPARED_ROWS))
    time_models(
        context,
        [deployed],
        sample,
        folder=folder,
        on_measured=figures.store,
        should_stop=lambda: False,
        on_steps=lambda *_: None,
    )
    size = candidate_bytes(folder, deployed.model)
    budget = context.experiment.task.budget
    if candidate.in_budget and keeps_budget(budget, latency=figures.latency, size_bytes=size) is False:
        raise _NoFinalModelError(
            reason=f"it breaks the budget that the judged one keeps ({_figures_text(figures, size)})"
        )
    return replace(
        final,
        latency=figures.latency,
        size_bytes=size,
        form="native" if native else "compiled",
        native_reason=native,
    )


def _figures_text(figures: _Figures, size: int) -> str:
    speed = f"{figures.latency[0].p95_ms:.3g} ms, " if figures.latency else ""
    return f"{speed}{size / 1e6:.3g} MB"

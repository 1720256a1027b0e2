"""The stages of a run, in an order that keeps the test score honest.

    split → features → fit → evaluate → compile and latency → choose → test → explain → final

Stages up to *choose* use training and validation rows only; then the chosen candidate alone is scored once on
the test rows. If outer folds judge, the whole procedure runs again without each fold's rows before *choose*,
and predicts them. *final* fits the judged model again on all rows. Every stage counts against the task's
limit.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.data import register_task_type
from litmus_core.errors import PlugInError
from litmus_core.jobs._final.fit import fit_final
from litmus_core.jobs._final.pending_end import PendingEnd, write_pending_end
from litmus_core.jobs._final.plan import learned_rows, wants_final
from litmus_core.jobs._hooks import close_hooks, ended_facts, run_with_hooks
from litmus_core.jobs._memory_budget import memory_budget, reusable_run_folders
from litmus_core.jobs._outer.run import OuterFolds, outer_folds, run_outer
from litmus_core.jobs._plugin_failures import report_custom_models
from litmus_core.jobs._run_data import RunData, prepare, reopen
from litmus_core.jobs._stages.candidates import candidate_of, candidates_of
from litmus_core.jobs._stages.clock import LEAST_FIT_S, RunClock
from litmus_core.jobs._stages.evaluate import Evaluated, evaluate, explain, judge
from litmus_core.jobs._stages.fit_request import (
    fold_columns,
    gains_by_time,
    is_open,
    models_left_out,
    request_of,
    training_message,
    unmet_wishes,
)
from litmus_core.jobs._stages.larger_sample import more_rows_note
from litmus_core.jobs._stages.latency import measure, unmeasured
from litmus_core.jobs._stages.postprocess import add_postprocessing, disable_part_of
from litmus_core.jobs._stages.repeat import reopen_repeated, repeated_run_id, store_predictions
from litmus_core.jobs._stages.reuse_model import reuse_model
from litmus_core.jobs._stages.shortfall import Shortfall, failed_message, fit_shortfall, unscored
from litmus_core.jobs._stages.tuning import spent_tuning_s, tuned, was_tuning
from litmus_core.plugins import check_unchanged, register_run_metrics
from litmus_core.runtime import MODULES
from litmus_core.text import format_count
from litmus_core.types import (
    Candidate,
    CandidateTrained,
    Compression,
    PluginRef,
    ReusedModel,
    RunEnded,
    RunPlan,
    to_plain,
)

if TYPE_CHECKING:
    from litmus_core.engine import FitReport, FitRequest, FittedModel
    from litmus_core.jobs._context import RunContext

_log = logging.getLogger(__name__)

_NOTHING_MISSING = Shortfall()
_EXPLAIN_SHARE, _EXPLAIN_MIN_S, _EXPLAIN_MAX_S = 0.04, 2.0, 20.0


def run(context: RunContext) -> RunEnded:
    """Run all stages, and return how the run ended. A LitmusError is passed on to the worker."""
    with run_with_hooks(context) as (ended_hooks, hooks):
        ended = _run(ended_hooks)
    failures = close_hooks(context, hooks, ended_facts(ended))
    message = " ".join((ended.message, *failures)).strip()
    return replace(ended, message=message, left_out=(*ended.left_out, *failures))


def _run(context: RunContext) -> RunEnded:
    clock = RunClock(context)
    context.folder.mkdir(parents=True, exist_ok=True)
    (context.folder / "spec.json").write_text(
        json.dumps({"experiment": to_plain(context.experiment), "plan": to_plain(context.plan)}, indent=1)
    )
    check_unchanged(_custom_parts(context.plan), context.folder / MODULES)
    register_run_metrics(context.folder)
    register_task_type(context.experiment.task, context.plan.scoring.task_type, context.folder)
    origin = context.plan.origin_as(ReusedModel)
    if origin is not None:
        with clock.stage("split", "Taking the trained model and its rows"):
            data = reuse_model(context, origin)
            for candidate in candidates_of(context):
                context.report(CandidateTrained(candidate=candidate))
        return _tail(context, data, clock, early=_stop_message(context))
    with clock.stage("split", "Splitting the rows into train, validation and test"):
        data = _rows(context)
        if data.places is not None:
            clock.say(data.note)
        clock.share(data)
    with clock.stage("fit", "Preparing the columns"):
        data, fallen_short = _fit_in_time(context, data, clock)
    ended = _tail(context, data, clock, early=_stop_message(context), fallen_short=fallen_short)
    note = clock.early_end_note if ended.status == "finished" else ""
    return replace(ended, message=f"{ended.message} {note}".strip())


def _rows(context: RunContext, outer: OuterFolds | None = None) -> RunData:
    task, versions = context.experiment.task, context.versions()
    also = fold_columns(context.plan, task)
    if repeated_run_id(context.plan):
        return reopen_repeated(context, also=also)
    outer = outer or outer_folds(context)
    data = prepare(
        context.workspace,
        task,
        versions.__getitem__,
        folder=context.folder,
        also=also,
        budget=memory_budget(context.plan),
        before=reusable_run_folders(context),
        outer=outer.n_folds,
        folds=context.plan.folds,
    )
    return replace(data, note=" ".join(filter(None, (data.note, outer.note))))


def _custom_parts(plan: RunPlan) -> tuple[PluginRef, ...]:
    scoring = plan.scoring
    set_by_task = (part for part in (scoring.metric, scoring.task_type) if part is not None)
    return (*plan.preprocess, *plan.postprocess, *plan.hooks, *scoring.reported, *set_by_task)


def finish(context: RunContext) -> RunEnded:
    """Finish what a killed run left on disk: ensemble, evaluation, verdict.

    A run that was killed while tuning continues with its trials, in the remaining time.
    """
    if context.plan.origin_as(ReusedModel) is not None:
        return run(context)
    if was_tuning(context):
        return run(replace(context, started=context.started - spent_tuning_s(context)))
    clock = RunClock(context)
    register_run_metrics(context.folder)
    register_task_type(context.experiment.task, context.plan.scoring.task_type, context.folder)
    with clock.stage("split", "Reading the rows again"):
        data = reopen(
            context.workspace, context.experiment.task, context.versions().__getitem__, folder=context.folder
        )
    with clock.stage("fit", "Combining what was finished"):
        _finish(context)
    return _tail(context, data, clock, early="Cut short; the best of what was finished was kept.")


def _stop_message(context: RunContext) -> str:
    return "Stopped early; the best so far was kept." if context.stop_requested() else ""


def _fit_in_time(context: RunContext, data: RunData, clock: RunClock) -> tuple[RunData, Shortfall]:
    """Fit; if outer folds leave too little time for one model, judge by a test set instead."""
    from litmus_core.engine import NothingFinishedError

    try:
        return data, _fit(context, data, clock)
    except NothingFinishedError:
        if data.outer is None or context.stop_requested() or repeated_run_id(context.plan):
            raise
    clock.say("No model was finished in the time that outer folds leave: a test part judges instead")
    data = _rows(context, OuterFolds(note="No model was finished in one fold's time, so a test part judges."))
    clock.share(data)
    return data, _fit(context, data, clock)


def _fit(context: RunContext, data: RunData, clock: RunClock) -> Shortfall:
    """Tune if requested, and train; return what is missing.

    Custom pre-processing that fails is disabled in the workspace, and fails the run.
    """
    try:
        return _tune_and_fit(context, data, clock)
    except PlugInError as error:
        disable_part_of(context, error)
        raise


def _tune_and_fit(context: RunContext, data: RunData, clock: RunClock) -> Shortfall:
    from litmus_core.engine import executed_plan, load_libraries
    from litmus_core.plugins import start_hosts

    plan = context.plan
    start_hosts((*plan.models, *plan.preprocess), context.folder)
    load_libraries()
    request = request_of(context, data, deadline=clock.fit_deadline)
    if repeated_run_id(plan):
        request, search = executed_plan(request), None
    else:
        search = tuned(
            context, request, say=lambda message, subject: clock.say(message, training_now=subject)
        )
    left_out = models_left_out(context, data, deadline=clock.fit_deadline)
    wishes = Shortfall(notes=unmet_wishes(plan), left_out=left_out)
    if search is None:
        report = _fit_request(context, request, clock)
        if is_open(plan) and plan.origin is None:
            is_late = report.n_waiting > 0 or any(model.no_time for model in report.unfinished)
            needs_more = is_late or gains_by_time(context, data, request)
            clock.unused = "too little" if needs_more else "all fitted"
        return fit_shortfall(plan, report) + wishes
    request = replace(search.fit, deadline=max(request.deadline, time.time() + LEAST_FIT_S))
    report = _fit_request(context, request, clock, at_least_one=search.stopped)
    return Shortfall(missing=search.missing, notes=search.notes) + fit_shortfall(plan, report) + wishes


def _fit_request(
    context: RunContext, request: FitRequest, clock: RunClock, *, at_least_one: bool = False
) -> FitReport:
    """Fit. With ``at_least_one``, a stop request during tuning still leaves one model."""
    from litmus_core.engine import NothingFinishedError, compress_models, fit_models

    clock.say(training_message(request))
    finished: list[str] = []

    def on_model(model: FittedModel) -> None:
        finished.append(model.model)
        context.report(CandidateTrained(candidate=candidate_of(context, model)))

    fit = fit_models if context.plan.origin_as(Compression) is None else compress_models
    try:
        report = fit(
            request,
            on_model=on_model,
            on_start=lambda name: clock.say(f"Training {name}", training_now=name),
            should_stop=lambda: context.stop_requested() and not (at_least_one and not finished),
        )
    except NothingFinishedError as error:
        report_custom_models(context, error.failed)
        raise
    report_custom_models(context, report.unfinished)
    return report


def _finish(context: RunContext) -> None:
    """Fit the ensemble, and report every model on disk, since the last one may not have been reported."""
    from litmus_core.engine import finish_models

    for model in finish_models(context.folder):  # reporting a model twice changes nothing
        context.report(CandidateTrained(candidate=candidate_of(context, model)))


def _tail(
    context: RunContext,
    data: RunData,
    clock: RunClock,
    *,
    early: str,
    fallen_short: Shortfall = _NOTHING_MISSING,
) -> RunEnded:
    candidates = candidates_of(context)
    with clock.stage("evaluate", f"Scoring {format_count(len(candidates), 'model')} on the validation part"):
        plain = evaluate(context, data, candidates)
        stepped, without = add_postprocessing(context, data, plain)
        candidates = [*plain, *stepped]
    with clock.stage("latency", "Measuring how fast each model answers"):
        until = clock.latency_until
        candidates = measure(context, data, candidates, until=until, say=clock.say)
        if time.time() > until:
            fallen_short += Shortfall(left_out=unmeasured(candidates))
    if data.outer is not None:
        with clock.stage("outer", "Judging by all rows, in outer folds"):
            unjudged = run_outer(
                context, data, candidates, deadline=clock.deadline - clock.tail_s, say=clock.say
            )
        fallen_short += Shortfall(left_out=unjudged)
    early = early or _stop_message(context)
    with clock.stage("test", "Choosing by validation, then scoring the chosen one once on the test part"):
        judged: Evaluated = judge(context, data, candidates)
        same = store_predictions(context, candidates, chosen=judged.candidate, predictions=judged.predictions)
    limit = context.experiment.task.time_limit_s
    share = min(_EXPLAIN_MAX_S, max(_EXPLAIN_MIN_S, _EXPLAIN_SHARE * limit))
    with clock.stage("explain", "Finding out what the chosen model looks at"):
        left_out = _explain(context, data, judged, seconds=share)
        more = more_rows_note(data, context.experiment.task, seconds=share)
    fallen_short += without + Shortfall(missing=judged.missing, left_out=left_out)
    fallen_short += unscored(context.plan, candidates, judged.candidate)
    ended = RunEnded(
        run_id=context.run_id,
        status="finished",
        message=" ".join(
            filter(None, (same, judged.note, *fallen_short.notes, *fallen_short.left_out, more))
        ),
        seconds={name: round(value, 3) for name, value in clock.seconds.items()},
        n_bytes=context.workspace.folder_bytes(context.folder),
        missing=fallen_short.missing,
        left_out=fallen_short.left_out,
    )
    return _with_final_model(context, data, judged.candidate, clock, _with_status(ended, early))


def _with_final_model(
    context: RunContext, data: RunData, chosen: Candidate, clock: RunClock, ended: RunEnded
) -> RunEnded:
    """Fit the judged model again on all rows in the remaining time; the run is complete without it."""
    if not wants_final(context, data):
        return ended
    n_rows = len(learned_rows(data))
    write_pending_end(context.folder, PendingEnd(ended=ended, candidate_id=chosen.id, n_rows=n_rows))
    with clock.stage("final", f"Training the judged model again on all {n_rows:,} rows"):
        message, is_done = fit_final(context, data, chosen, deadline=clock.deadline, say=clock.say)
    return replace(
        ended,
        message=f"{ended.message} {message}".strip(),
        left_out=ended.left_out if is_done else (*ended.left_out, message),
        seconds={name: round(value, 3) for name, value in clock.seconds.items()},
        n_bytes=context.workspace.folder_bytes(context.folder),
    )


def _with_status(ended: RunEnded, early: str) -> RunEnded:
    """Return the end of a run with a verdict: stopped, or failed if something requested is missing."""
    if early:
        notes = (early, *ended.missing, ended.message)
        return replace(ended, status="stopped", message=" ".join(filter(None, notes)))
    if not ended.missing:
        return ended
    message, hint = failed_message(ended.missing)
    return replace(ended, status="failed", message=f"{message} {ended.message}".strip(), hint=hint)


def _explain(context: RunContext, data: RunData, judged: Evaluated, *, seconds: float) -> tuple[str, ...]:
    """Explain the chosen model; a failure is reported, and loses the explanation but not the verdict."""
    try:
        explain(context, data, judged, seconds=seconds)
    except Exception as error:  # noqa: BLE001 - after any error the verdict stands
        _log.exception("The chosen model could not be explained.")
        why = f"{type(error).__name__}, see worker.log"
        return (f"What drives the predictions could not be found out ({why}).",)
    return ()

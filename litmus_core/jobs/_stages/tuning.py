"""The tuning stage of a run: before the fit, with its trials as facts in the journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from litmus_core.metrics import get_metric
from litmus_core.types import (
    Algorithm,
    CandidateTrained,
    Experiment,
    Resources,
    RunQueued,
    Task,
    Trial,
    TrialEnded,
    Tuning,
)

if TYPE_CHECKING:
    from litmus_core.engine import FitRequest, TuningResult
    from litmus_core.jobs._context import RunContext

_PLANNED = Tuning()
Say = Callable[[str, str], None]  # called with a message and with what is being trained
_DIGITS = 4  # of scores in a message


def tuned(context: RunContext, request: FitRequest, *, say: Say) -> TuningResult | None:
    """Tune hyperparameters as in the run's plan; None if it has no tuning.

    ``request`` is the fit that follows. Trials of this run that are already in the journal (from a killed
    process) count; the best settings of other runs of the same task are tried first.
    """
    from litmus_core.engine import TuneRequest, has_space, may_be_monotone, tunable_algorithms, tune

    plan = context.plan
    if context.experiment.task.monotone:
        plan = replace(plan, algorithms=tuple(one for one in plan.algorithms if may_be_monotone(one.key)))
    algorithms = tunable_algorithms(plan, request.families)
    if not algorithms:
        return None
    tuning = context.plan.tuning or _PLANNED
    earlier, history = _earlier_trials(context)
    left = max(0.0, request.deadline - time.time())
    # Trials of an interrupted run have already used part of the time for tuning.
    spent = spent_tuning_s(context)
    share_s = max(0.0, min(left, (left + spent) * tuning.time_share - spent))
    say(_start_message(algorithms, earlier), _title(algorithms[0].key))
    search = tune(
        TuneRequest(
            fit=_with_resources(request, context.plan.compute.tune or request.resources),
            algorithms=algorithms,
            tuning=tuning,
            deadline=time.time() + share_s,
            train_s=left - share_s,
            may_choose=tuning.n_trials is None and not any(map(has_space, plan.algorithms)),
            earlier=earlier,
            history=history,
        ),
        on_trial=lambda trial, best: _report_trial(context, trial, best, algorithms, say),
        should_stop=context.stop_requested,
    )
    return replace(search, fit=_with_resources(search.fit, request.resources))


def _with_resources(request: FitRequest, resources: Resources) -> FitRequest:
    return replace(request, compute=replace(request.compute, train=resources))


def was_tuning(context: RunContext) -> bool:
    """Return whether an earlier process of this run was tuning, and had trained no model."""
    trained = context.journal.events(run_id=context.run_id, types=[CandidateTrained])
    return not trained and bool(context.journal.events(run_id=context.run_id, types=[TrialEnded]))


def spent_tuning_s(context: RunContext) -> float:
    """Return the seconds that this run's trials took, including those of a killed process.

    Parallel trials count once.
    """
    spent, until = 0.0, 0.0
    if context.outer_fold is not None:
        return spent
    moments = [
        (datetime.fromisoformat(event.at).timestamp(), event.fact.trial.seconds)
        for event in context.journal.events(run_id=context.run_id, types=[TrialEnded])
        if isinstance(event.fact, TrialEnded)
    ]
    for began, ended in sorted((ended - seconds, ended) for ended, seconds in moments):
        spent += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return spent


def _start_message(algorithms: tuple[Algorithm, ...], earlier: tuple[Trial, ...]) -> str:
    titles = ", ".join(dict.fromkeys(_title(algorithm.key) for algorithm in algorithms))
    if earlier:
        return f"Continuing the search for better settings, after {len(earlier)} trials: {titles}"
    return f"Looking for better settings: {titles}"


def _report_trial(
    context: RunContext,
    trial: Trial,
    best: Trial | None,
    algorithms: tuple[Algorithm, ...],
    say: Say,
) -> None:
    context.report(TrialEnded(run_id=context.run_id, trial=trial))
    title = _title(trial.algorithm)
    whose = f"{title}, trial" if len(algorithms) > 1 else "Trial"
    say(f"{whose} {trial.number + 1}: {_outcome_text(trial)}{_best_text(best)}", title)


def _outcome_text(trial: Trial) -> str:
    if trial.state == "failed":
        return f"failed ({trial.message})"
    if trial.value is None:
        return "given up" + (f" ({trial.message.rstrip('.')})" if trial.message else "")
    return f"{trial.value:.{_DIGITS}g}"


def _best_text(best: Trial | None) -> str:
    return "" if best is None or best.value is None else f", best {best.value:.{_DIGITS}g}"


def _title(label: str) -> str:
    from litmus_core.engine import title_of

    return title_of(label)


def _earlier_trials(context: RunContext) -> tuple[tuple[Trial, ...], tuple[Trial, ...]]:
    """Return this run's trials, and those of other runs of the same task, from the journal.

    An outer fold gets none, since they were made with the rows that judge it.
    """
    if context.outer_fold is not None:
        return (), ()
    trials: list[Trial] = []
    others: list[Trial] = []
    same = _runs_like(context)
    for event in context.journal.events(types=[TrialEnded]):
        fact = event.fact
        if not isinstance(fact, TrialEnded):
            continue
        if fact.run_id == context.run_id:
            trials.append(fact.trial)
        elif fact.run_id in same:
            others.append(fact.trial)
    return tuple(trials), tuple(others)


def _runs_like(context: RunContext) -> set[str]:
    mine = _comparable_task(context.experiment)
    queued = [event.fact for event in context.journal.events(types=[RunQueued])]
    return {
        fact.run_id
        for fact in queued
        if isinstance(fact, RunQueued) and _comparable_task(fact.experiment) == mine
    }


def _comparable_task(experiment: Experiment) -> tuple[str, str, str]:
    """Return the part of a task that must be equal for settings to be worth trying first."""
    task: Task = experiment.task
    return task.dataset_version_id, task.target, get_metric(task.metric).name

"""Runs of an experiment's actions, with their gains.

Some belong to another experiment, with other columns or rows.
"""

from __future__ import annotations

from app import services
from app.presenters.improvement.completed_actions import ContinuationView, StartedAction, present_continuation
from app.presenters.improvement.outcomes import OutcomesView, present_action_result, present_outcomes
from litmus_core.advice import GROUP_KEY, action_text, action_title
from litmus_core.metrics import score_unit
from litmus_core.text import format_count
from litmus_core.types import ActionOutcome, Experiment, Run, Statement

__all__ = ["action_result", "continuations", "outcomes", "started_actions"]

_LIVE = ("queued", "running")


def started_actions(experiment: Experiment, run: Run) -> dict[str, StartedAction]:
    """Return, by key, the started actions of a run's list; an action without a model may be tried again."""
    return {
        started.plan.action.key: StartedAction(message=_run_label(started, experiment), run_id=started.id)
        for started in _action_runs(experiment)
        if started.plan.action is not None and started.plan.action.run_id == run.id
    }


def outcomes(experiment: Experiment) -> OutcomesView | None:
    """Return the outcomes of earlier actions; actions whose run ended without a model have none."""
    runs = _action_runs(experiment)
    named = {run.id: _named(run, experiment) for run in runs}
    titles = {run.id: _title(run) for run in runs}
    return present_outcomes(
        _outcomes(runs), experiment.task, titles=titles, runs=named, unit=_unit(experiment)
    )


def action_result(experiment: Experiment, run: Run) -> str:
    """Return the promised and measured gain of the action that started a run; "" if no action did."""
    if run.plan.action is None:
        return ""
    outcomes = [outcome for outcome in _outcomes([run]) if outcome.run_id == run.id]
    if not outcomes:
        return ""
    unit = _unit(experiment)
    return present_action_result(outcomes[0], experiment.task, title=_title(run), unit=unit)


def _unit(experiment: Experiment) -> str:
    """Return the unit of an experiment's scores, such as a currency; "" if they have none."""
    task = experiment.task
    version = services.studio().datasets.get(task.dataset_version_id)
    return score_unit(task, version.column(task.target))


def continuations(experiment: Experiment) -> tuple[ContinuationView, ...]:
    """Return the runs that continue this experiment's actions in other experiments, the latest first."""
    other_runs = [run for run in _action_runs(experiment) if run.experiment_id != experiment.id]
    outcomes_by_run = {outcome.run_id: outcome for outcome in _outcomes(other_runs)}
    return tuple(
        present_continuation(outcomes_by_run[run.id], title=_title(run), sentence=_run_label(run, experiment))
        for run in reversed(other_runs)
        if run.id in outcomes_by_run
    )


def _action_runs(experiment: Experiment) -> list[Run]:
    """Return the runs of actions, oldest first: those in this experiment, or those that follow its runs."""
    runs = services.studio().store.runs()
    run_ids = {run.id for run in runs if run.experiment_id == experiment.id}
    action_runs = [
        run
        for run in runs
        if run.plan.action is not None
        and (run.id in run_ids or run.plan.action.run_id in run_ids)
        and (run.status in _LIVE or run.chosen_id is not None)
    ]
    return sorted(action_runs, key=lambda run: run.times.queued_at)


def _outcomes(runs: list[Run]) -> list[ActionOutcome]:
    studio, ids = services.studio(), {run.id for run in runs}
    experiment_ids = dict.fromkeys(run.experiment_id for run in runs)
    outcome_of = {
        outcome.run_id: outcome
        for experiment_id in experiment_ids
        for outcome in studio.actions.outcomes(experiment_id)
        if outcome.run_id in ids
    }
    return [outcome_of[run.id] for run in runs if run.id in outcome_of]


def _title(run: Run) -> str:
    """Return the title of the action that a run carries out; "" if its list is gone."""
    studio, started_by = services.studio(), run.plan.action
    if started_by is None or studio.store.find_run(started_by.run_id) is None:
        return ""
    stored_list = studio.actions.stored(started_by.run_id)
    all_actions = [] if stored_list is None else [*stored_list.actions]
    all_actions += [] if stored_list is None else [failed.action for failed in stored_list.failed]
    listed = {action.key: action_title(action) for action in all_actions}
    if started_by.key.startswith(GROUP_KEY):  # nobody has to list such an action
        segment = started_by.key.removeprefix(GROUP_KEY)
        listed.setdefault(started_by.key, action_text(Statement.of("segment rows", "title", segment=segment)))
    return listed.get(started_by.key, "")


def _named(run: Run, experiment: Experiment) -> str:
    """Return a run's title; in another experiment also its table's rows, or that experiment's name."""
    if run.experiment_id == experiment.id:
        return run.title
    studio = services.studio()
    run_experiment = studio.experiments.get(run.experiment_id)
    table = run_experiment.task.dataset_version_id
    if table != experiment.task.dataset_version_id:
        return f"{run.title} on {format_count(studio.datasets.get(table).n_rows, 'row')}"
    return f"{run.title} of “{run_experiment.name}”"


def _run_label(run: Run, experiment: Experiment) -> str:
    return f"{_named(run, experiment)}{', under way' if run.status in _LIVE else ''}"

"""Runs of an experiment's actions, with their gains.

Some belong to another experiment, with other columns or rows.
"""

from __future__ import annotations

from app import services
from app.presenters.improvement.completed_actions import ContinuationView, Done, present_continuation
from app.presenters.improvement.outcomes import OutcomesView, present_delivered, present_outcomes
from litmus_core.advice import action_title
from litmus_core.text import format_count
from litmus_core.types import ActionOutcome, Experiment, Run

__all__ = ["continued_elsewhere", "delivered", "done", "outcomes"]

_LIVE = ("queued", "running")


def done(experiment: Experiment, run: Run) -> dict[str, Done]:
    """Return, by key, the started actions of a run's list; an action without a model may be tried again."""
    return {
        one.plan.action.key: Done(message=_run_label(one, experiment), run_id=one.id)
        for one in _became(experiment)
        if one.plan.action is not None and one.plan.action.run_id == run.id
    }


def outcomes(experiment: Experiment) -> OutcomesView | None:
    """Return the outcomes of earlier actions; actions whose run ended without a model have none."""
    runs = _became(experiment)
    named = {run.id: _named(run, experiment) for run in runs}
    titles = {run.id: _title(run) for run in runs}
    return present_outcomes(_outcomes(runs), experiment.task, titles=titles, runs=named)


def delivered(experiment: Experiment, run: Run) -> str:
    """Return the promised and measured gain of the action that started a run; "" if no action did."""
    if run.plan.action is None:
        return ""
    outcomes = [outcome for outcome in _outcomes([run]) if outcome.run_id == run.id]
    return present_delivered(outcomes[0], experiment.task, title=_title(run)) if outcomes else ""


def continued_elsewhere(experiment: Experiment) -> tuple[ContinuationView, ...]:
    """Return the runs that continue this experiment's actions in other experiments, the latest first."""
    away = [run for run in _became(experiment) if run.experiment_id != experiment.id]
    came = {outcome.run_id: outcome for outcome in _outcomes(away)}
    return tuple(
        present_continuation(came[run.id], title=_title(run), sentence=_run_label(run, experiment))
        for run in reversed(away)
        if run.id in came
    )


def _became(experiment: Experiment) -> list[Run]:
    """Return the runs of actions, oldest first: those in this experiment, or those that follow its runs."""
    runs = services.studio().store.runs()
    here = {run.id for run in runs if run.experiment_id == experiment.id}
    action_runs = [
        run
        for run in runs
        if run.plan.action is not None
        and (run.id in here or run.plan.action.run_id in here)
        and (run.status in _LIVE or run.chosen_id is not None)
    ]
    return sorted(action_runs, key=lambda run: run.times.queued_at)


def _outcomes(runs: list[Run]) -> list[ActionOutcome]:
    studio, ids = services.studio(), {run.id for run in runs}
    homes = dict.fromkeys(run.experiment_id for run in runs)
    outcome_of = {
        outcome.run_id: outcome
        for home in homes
        for outcome in studio.actions.outcomes(home)
        if outcome.run_id in ids
    }
    return [outcome_of[run.id] for run in runs if run.id in outcome_of]


def _title(run: Run) -> str:
    """Return the title of the action that a run carries out; "" if its list is gone."""
    studio, follows = services.studio(), run.plan.action
    if follows is None or studio.store.find_run(follows.run_id) is None:
        return ""
    listed_then = studio.actions.stored(follows.run_id)
    if listed_then is None:
        return ""
    everything = (*listed_then.actions, *(failed.action for failed in listed_then.failed))
    listed = {action.key: action_title(action) for action in everything}
    return listed.get(follows.key, "")


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

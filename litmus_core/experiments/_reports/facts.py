"""The facts for the report on an experiment, from the store and the run's folder."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._actions.outcomes import outcomes
from litmus_core.experiments._actions.stored import stored_actions
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import stored_report
from litmus_core.experiments._deploy.environments import list_environments
from litmus_core.experiments._deploy.living import deployed_models
from litmus_core.experiments._runs.code import code_of
from litmus_core.experiments._runs.comparison.evaluations import n_evaluations
from litmus_core.experiments._runs.comparison.leader import leading_run
from litmus_core.experiments._runs.diagnosis import diagnostics, run_data
from litmus_core.types import Candidate, Certificate, Experiment, Fix, Run, Task
from litmus_core.verdicts import deployed_sentence

if TYPE_CHECKING:
    from litmus_core.diagnostics import ReliabilityBin
    from litmus_core.report import ExperimentFacts, ProductionFacts, TrainingFacts

_log = logging.getLogger(__name__)


def facts_of(context: Context, experiment_id: str, run_id: str | None) -> ExperimentFacts:
    """Return the facts about an experiment, centred on ``run_id`` or the run with the leading model.

    Raises UsageError for a run of another experiment. Deleted or missing parts are left out.
    """
    from litmus_core.jobs import sample_message
    from litmus_core.report import ActionFacts, ExperimentFacts, TrainingFacts

    experiment = context.experiment(experiment_id)
    runs = context.runs(experiment_id)
    run = _requested_run(runs, run_id) or leading_run(context, experiment_id) or next(reversed(runs), None)
    candidates = tuple(context.candidates(run.id)) if run else ()
    actions = tuple(outcomes(context, experiment_id))
    return ExperimentFacts(
        experiment=experiment,
        version=context.dataset(experiment.task.dataset_version_id),
        runs=tuple(runs),
        run=run,
        candidates=candidates,
        all_candidates=tuple(
            candidate for over in runs if over.is_settled for candidate in context.candidates(over.id)
        ),
        n_evaluations=0 if run is None or run.verdict is None else n_evaluations(context, run, run.verdict),
        production=_production(context, experiment_id, candidates),
        diagnostics=diagnostics(context, run.id) if run else None,
        reliability=_reliability(context, experiment, run, candidates),
        actions=ActionFacts(
            offered=stored_actions(context, run.id) if run else None,
            completed=actions,
            titles=_titles(context, [outcome.follows_run_id for outcome in actions]),
        ),
        harm=_harm(context, experiment.task),
        code=code_of(context, run.id) if run else "",
        sample=sample_message(context.workspace.run_dir(run.id)) if run else "",
        training=_training(context.workspace.run_dir(run.id)) if run else TrainingFacts(),
    )


def _production(context: Context, experiment_id: str, candidates: tuple[Candidate, ...]) -> ProductionFacts:
    """Return the cost of the chosen model, and how it does behind endpoints."""
    from litmus_core.report import ProductionFacts

    prices = [
        environment.price_per_hour_usd
        for environment in list_environments(context)
        if environment.price_per_hour_usd
    ]
    return ProductionFacts(
        certified=context.store.costs().get(candidates[0].id) if candidates else None,
        per_hour_usd=next(iter(prices), None),
        certificate=_certificate(context, candidates[0].id) if candidates else None,
        live=tuple(
            deployed_sentence(name, verdict)
            for name, verdict in deployed_models(context).get(experiment_id, {}).items()
        ),
    )


def _certificate(context: Context, candidate_id: str) -> Certificate | None:
    """Return the certificate of the candidate's newest bundle that has one."""
    bundles = (bundle for bundle in context.store.bundles() if bundle.candidate_id == candidate_id)
    return next((one for bundle in bundles for one in context.store.certificates(bundle.id)), None)


def _training(folder: Path) -> TrainingFacts:
    """Return the training facts in a run's folder; empty if its files are gone."""
    from litmus_core.engine import fitted_folds, read_model_info
    from litmus_core.jobs import n_rows_by_part
    from litmus_core.report import TrainingFacts

    if not (folder / "model.json").exists():
        return TrainingFacts()
    info = read_model_info(folder)
    return TrainingFacts(
        n_rows=n_rows_by_part(folder),
        n_folds=fitted_folds(folder),
        classes=tuple(map(str, info["classes"])),
        versions=info["versions"],
    )


def _requested_run(runs: list[Run], run_id: str | None) -> Run | None:
    named = next((run for run in runs if run.id == run_id), None)
    if named is None and run_id is not None:
        raise UsageError(f"The run {run_id} is not of this experiment.", hint="Name one of its runs.")
    return named


def _titles(context: Context, run_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return the titles of the actions in these runs' lists, as far as they are stored."""
    from litmus_core.advice import action_title

    existing = {run.id for run in context.store.runs()}
    return {
        (run_id, action.key): action_title(action)
        for run_id in dict.fromkeys(run_ids)
        if run_id in existing and (stored := stored_actions(context, run_id)) is not None
        for action in (*stored.actions, *(failed.action for failed in stored.failed))
    }


def _harm(context: Context, task: Task) -> tuple[str, ...] | None:
    """Return the remaining problems in the data that would mislead the model; None if it was not checked."""
    report = stored_report(context, task.dataset_version_id, task.target, task.test_version_id)
    report = report or stored_report(context, task.dataset_version_id, task.target)
    if report is None:
        return None
    from litmus_core.checks import finding_sentence

    harmful = [finding for finding in report.of("harmful") if not finding.dismissed]
    return tuple(finding_sentence(finding) for finding in harmful if not _has_fix(finding.fix, task))


def _has_fix(fix: Fix | None, task: Task) -> bool:
    """Return whether the task already has the fix: the column is left out, or the split is the same."""
    if fix is None:
        return False
    if fix.kind == "leave_out":
        return not set(fix.columns) & set(task.features)
    split = fix.split if fix.kind == "split" else None
    return split is not None and (split.kind, split.columns) == (task.split.kind, task.split.columns)


def _reliability(
    context: Context, experiment: Experiment, run: Run | None, candidates: tuple[Candidate, ...]
) -> tuple[ReliabilityBin, ...]:
    """Return the calibration of the chosen model on its validation rows; empty if files are gone."""
    from litmus_core.diagnostics import reliability
    from litmus_core.engine import post_predictions, read_model_info, validation_predictions

    task = experiment.task
    folder = context.workspace.run_dir(run.id) if run else None
    if not task.type.has_classes or folder is None or not (folder / "model.json").exists():
        return ()
    chosen = next((candidate for candidate in candidates if candidate.chosen), None)
    if run is None or chosen is None:
        return ()
    try:
        index, predictions = validation_predictions(folder, chosen.model)
        if chosen.postprocess:
            predictions = post_predictions(folder, chosen.id)
        data = run_data(context, run)
        truth = data.frame[data.target].to_numpy()[index]
        classes = read_model_info(folder)["classes"]
        return reliability(truth, predictions, classes=classes, positive_class=task.positive_class)
    except (LitmusError, OSError, ValueError) as error:
        _log.info("The report on %s says nothing of probabilities: %s", experiment.id, error)
        return ()

"""Corrections of a verdict for earlier evaluations of its test rows, and for choosing among many models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litmus_core.jobs._stages.repeat import repeated_run_id
from litmus_core.types import Candidate, CandidateTested, Task

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData
    from litmus_core.store import Journal
    from litmus_core.types import DatasetVersion, RunPlan

_MOST_COMPARED = 8  # the best by validation score; others would hardly ever have been chosen
_MOST_ROWS = 20_000  # validation rows: with more of them luck is negligible


@dataclass(frozen=True, kw_only=True)
class JudgedRun:
    """The facts that decide which rows judge a run; ``outer_folds`` 0 means a test set."""

    id: str
    task: Task
    plan: RunPlan
    outer_folds: int = 0


def earlier_evaluations(context: RunContext, candidate_id: str, *, outer_folds: int = 0) -> int:
    """Return how many other candidates were scored on the rows that judge the current run."""
    run = JudgedRun(
        id=context.run_id, task=context.experiment.task, plan=context.plan, outer_folds=outer_folds
    )
    return other_evaluations(context.journal, run, candidate_id, versions=context.versions())


def other_evaluations(
    journal: Journal, run: JudgedRun, candidate_id: str, *, versions: Mapping[str, DatasetVersion]
) -> int:
    """Return how many other candidates were scored until now on rows that judge a run.

    Experiments with the same split of the same rows share their test rows, whatever their bars. A lower bar
    or another metric makes no new rows; neither does a version of the table with fixes in other columns.
    Outer folds judge by all rows, so they share rows with every other run of the table and target. Deleted
    runs count as well. A run that repeats another adds nothing.
    """
    rows = _row_keys(run.task, versions)
    table = _all_rows(run.task, versions)
    same: set[str] = set()  # runs with the same test rows
    alike: set[str] = set()  # runs of the same rows, split in any way
    for queued in journal.queued_on(_equivalent_versions({table[0], *(key[0] for key in rows)}, versions)):
        task = queued.experiment.task
        if not repeated_run_id(queued.plan):
            same |= {queued.run_id} if _test_rows(task, versions) in rows else set()
            alike |= {queued.run_id} if _all_rows(task, versions) == table else set()
    counted = alike if run.outer_folds else same | (alike & journal.judged_by_folds())
    again = candidate_id.replace(run.id, repeated_run_id(run.plan) or run.id, 1)
    tested = {
        event.fact.candidate_id
        for event in journal.events(run_id=counted, types=[CandidateTested])
        if isinstance(event.fact, CandidateTested)
    }
    return len(tested - {candidate_id, again})


def _equivalent_versions(rows: set[tuple[Any, ...]], versions: Mapping[str, DatasetVersion]) -> set[str]:
    """Return the versions that may have these rows: those that are the same apart from fixes."""
    from litmus_core.data import without_fixes

    roots = {key[0] for key in rows}
    return roots | {id_ for id_, version in versions.items() if without_fixes(version, versions).id in roots}


def _test_rows(task: Task, versions: Mapping[str, DatasetVersion]) -> tuple[Any, ...]:
    """Return a key of the test rows, equal for tasks with the same test rows."""
    from litmus_core.data import rows_of

    split = task.split
    if task.test_version_id is not None:
        return rows_of(task.test_version_id, versions, columns=(task.target,)), task.target
    rows = rows_of(task.dataset_version_id, versions, columns=(task.target, *split.columns))
    return rows, task.target, split.kind, split.columns, split.test_fraction, task.seed


def _all_rows(task: Task, versions: Mapping[str, DatasetVersion]) -> tuple[Any, ...]:
    """Return a key of the table's rows, for runs that are judged by some of them."""
    from litmus_core.data import rows_of

    if task.test_version_id is not None:
        return rows_of(task.test_version_id, versions, columns=(task.target,)), task.target
    return rows_of(task.dataset_version_id, versions, columns=(task.target,)), task.target


def _row_keys(task: Task, versions: Mapping[str, DatasetVersion]) -> set[tuple[Any, ...]]:
    """Return the keys of the test rows now, and before the table grew if half of its rows existed then.

    Rows of a grown table keep their parts, so most of its test rows are the earlier ones.
    """
    earlier = {_test_rows(task, versions)}
    now = versions.get(task.dataset_version_id)
    for n_before in task.split.grown_from:
        if now is not None and 2 * n_before >= now.n_rows:
            before = _earlier_versions(now, n_before, versions)
            earlier |= {
                _test_rows(replace(task, dataset_version_id=version.id), versions) for version in before
            }
    return earlier


def _earlier_versions(
    version: DatasetVersion, n_rows: int, versions: Mapping[str, DatasetVersion]
) -> list[DatasetVersion]:
    """Return the versions of ``n_rows`` that ``version`` grew from, whatever their fixes."""
    from litmus_core.data import without_fixes

    base = without_fixes(version, versions)
    ancestors: list[DatasetVersion] = []
    while not ancestors and (parent := versions.get(base.lineage.parent_id or "")) is not None:
        base = without_fixes(parent, versions)
        ancestors = [one for one in versions.values() if without_fixes(one, versions).id == base.id]
        ancestors = [one for one in ancestors if one.n_rows == n_rows]
    return ancestors


def luck_of_choice(
    context: RunContext, data: RunData, candidates: list[Candidate], chosen: Candidate
) -> float | None:
    """Return by how much the chosen candidate's validation score is likely too good; None if unknown.

    It is unknown if the candidate came from another run or predicts only some rows. It is also unknown for a
    custom metric, which would have to be called thousands of times.
    """
    from litmus_core.engine import read_model_info
    from litmus_core.metrics import choice_luck, get_metric

    task = context.experiment.task
    metric = get_metric(task.metric)
    if metric.is_custom or chosen.abstained is not None:
        return None
    rivals = _rivals(candidates, chosen, best_first=metric.greater_is_better)
    predictions = [_predictions(context, rival) for rival in rivals]
    index = predictions[0][0]
    alike = [
        at for at, (rows, _) in enumerate(predictions) if len(rows) == len(index) and (rows == index).all()
    ]
    if len(index) > _MOST_ROWS or len(alike) < 2:
        return None
    return choice_luck(
        data.metric(task.metric, index),
        data.frame[data.target].to_numpy()[index],
        [predictions[at][1] for at in alike],
        thresholds=[rivals[at].threshold for at in alike],
        classes=read_model_info(context.folder)["classes"],
        positive_class=task.positive_class,
        blocks=data.blocks_of(index),
        seed=task.seed,
    )


def _rivals(candidates: list[Candidate], chosen: Candidate, *, best_first: bool) -> list[Candidate]:
    """Return the chosen candidate, then the best of those that could have been chosen instead."""
    others = [
        candidate
        for candidate in candidates
        if candidate.id != chosen.id
        and candidate.validation is not None
        and candidate.abstained is None
        and (candidate.in_budget or not chosen.in_budget)
    ]
    others.sort(
        key=lambda candidate: candidate.validation.value if candidate.validation else 0.0, reverse=best_first
    )
    return [chosen, *others[: _MOST_COMPARED - 1]]


def _predictions(context: RunContext, candidate: Candidate) -> tuple[Any, Any]:
    """Return a candidate's validation rows (n,) and its predictions for them."""
    from litmus_core.engine import post_predictions, validation_predictions

    index, predictions = validation_predictions(context.folder, candidate.model)
    return index, post_predictions(context.folder, candidate.id) if candidate.postprocess else predictions

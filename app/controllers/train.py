"""The Train page: read the run and the choices, and present them."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import services
from app.presenters import humanize
from app.presenters.results.postprocess import present_steps
from app.presenters.steps import plugged_step, present_pre_steps
from app.presenters.tables.data import TableView, present_table
from app.presenters.training.cluster import (
    ClusterMachineView,
    ClusterView,
    WhereView,
    present_failed_inspection,
    present_machine,
    present_work,
)
from app.presenters.training.families import FamilyView, present_families
from app.presenters.training.train import EndedRunView, LiveView, present_ended_run, present_live
from litmus_core.cluster import has_ray, n_processors, read_board
from litmus_core.errors import LitmusError
from litmus_core.metrics import score_unit
from litmus_core.plugins import PluginDescription
from litmus_core.store import StopKind
from litmus_core.text import format_count
from litmus_core.types import DatasetVersion, Experiment, ReusedModel, Run, Task

__all__ = ["choices", "compute_targets", "ended_run", "families_to_choose", "live_run", "table", "tables"]


def tables() -> tuple[tuple[str, str], ...]:
    """Return the name of each table by its newest version's id; equal names are followed by rows and age."""
    datasets, now = services.studio().datasets.list(), datetime.now(UTC)
    names = Counter(dataset.name for dataset in datasets)
    return tuple(
        (
            dataset.id,
            dataset.name
            if names[dataset.name] == 1
            else f"{dataset.name} ({format_count(dataset.n_rows, 'row')}, "
            f"{humanize.ago(dataset.created_at, now=now)})",
        )
        for dataset in datasets
    )


def table(version: DatasetVersion) -> TableView:
    """Return the selected table with its versions and users."""
    studio = services.studio()
    return present_table(
        version,
        studio.datasets.versions(version.dataset_id),
        studio.store.experiments(),
        now=datetime.now(UTC),
    )


def families_to_choose(task: Task) -> tuple[FamilyView, ...]:
    """Return the families to choose from; those without their optional package say so."""
    from litmus_core import engine

    studio = services.studio()
    usable = studio.tasks.families(task)
    usable_keys = {family.key for family in usable}
    version = studio.datasets.get(task.dataset_version_id)
    missing = engine.missing_parts(task.problem_type, [version.column(name) for name in task.features])
    shown = [
        family for family in engine.model_families() if family.key in usable_keys or family.key in missing
    ]
    parameters = {family.key: engine.family_parameters(family, task.problem_type) for family in shown}
    return present_families(shown, studio.tasks.chosen_families(task), missing=missing, parameters=parameters)


def ready_plugins() -> tuple[PluginDescription, ...]:
    """Return the ready plug-ins; none while new files are being inspected."""
    inspected = services.plugins()
    if not services.exists(inspected):
        return ()
    return tuple(
        machine.described
        for machine in inspected.result()
        if machine.state == "ready" and machine.described is not None
    )


def choices(experiment: Experiment) -> dict[str, Any]:
    """Return the keyword arguments of the Train page's form for a run of the experiment."""
    task = experiment.task
    version = services.studio().datasets.get(task.dataset_version_id)
    ready = ready_plugins()
    columns = [version.column(name) for name in task.features]
    return {
        "families": families_to_choose(task),
        "models": tuple(plugged_step(described) for described in ready if described.point == "algorithm"),
        "before": present_pre_steps([described for described in ready if described.point == "preprocess"]),
        "where": compute_targets(),
        "steps": present_steps(
            task, columns, [described for described in ready if described.point == "postprocess"]
        ),
        "task_key": experiment.id,
        "limit_s": task.time_limit_s,
    }


def compute_targets() -> WhereView:
    """Return where training can run, with the visitor's last view of a cluster."""
    return WhereView(has_ray=has_ray(), n_processors=n_processors(), inspected=_inspected_cluster())


def _inspected_cluster() -> ClusterMachineView | None:
    lookup = services.refreshed()
    if lookup is None:
        return None
    on, at, future = lookup
    if not services.exists(future, is_quick=False):
        return ClusterMachineView(on=on, is_done=future.done)
    problem = future.exception()
    if isinstance(problem, LitmusError):
        return present_failed_inspection(on, problem.message, problem.hint)
    return present_machine(on, future.result(), message=humanize.ago(at.isoformat(), now=datetime.now(UTC)))


def live_run(experiment: Experiment, run_id: str) -> LiveView | None:
    """Return the current state of a waiting or running run; None when it is over."""
    from litmus_core import engine

    progress = services.progress(run_id)
    if progress.status not in ("queued", "running"):
        return None
    studio = services.studio()
    run = studio.runs.get(run_id)
    plan = run.plan
    named = (
        *plan.families,
        *(algorithm.key for algorithm in plan.algorithms if not engine.is_custom(algorithm)),
    )
    planned = dict.fromkeys(
        named if named or plan.algorithms else studio.tasks.chosen_families(experiment.task)
    )
    ahead = next(iter(studio.store.running()), None)
    return present_live(
        progress,
        task=_as_trained(experiment.task, run),
        candidates=studio.candidates.list(run_id),
        events=studio.runs.events(run_id),
        coming=[]
        if plan.origin_as(ReusedModel)
        else [engine.get_model_family(key) for key in planned],  # nothing is trained then
        ahead=ahead,
        stopping=_stop_kind(run_id),
        cluster=_work(studio.workspace.run_dir(run_id)),
        unit=_unit(experiment.task),
    )


def _unit(task: Task) -> str:
    """Return the unit of the task's scores, such as a currency."""
    return score_unit(task, services.studio().datasets.get(task.dataset_version_id).column(task.target))


def _stop_kind(run_id: str) -> StopKind | None:
    """Return how a run is to stop; "hard" also if it only judges the models that were finished."""
    job = services.studio().journal.job(run_id)
    if job is None:
        return None
    return "hard" if job.mode == "finish" else job.stop


def _as_trained(task: Task, run: Run) -> Task:
    """Return a copy of the task with the time limit of its run."""
    return replace(task, time_limit_s=run.plan.compute.time_limit_s or task.time_limit_s)


def _work(folder: Path) -> ClusterView | None:
    now = time.time()
    board = read_board(folder, now=now)
    return None if board is None else present_work(board, now=now)


def ended_run(experiment: Experiment, run: Run) -> EndedRunView:
    """Return a run that is over."""
    studio = services.studio()
    return present_ended_run(
        run,
        task=_as_trained(experiment.task, run),
        candidates=studio.candidates.list(run.id),
        events=studio.runs.events(run.id),
        n_evaluations=studio.experiments.n_test_evaluations(run.id),
        retrains=studio.retraining.endpoint_of(experiment.id) or "",
        unit=_unit(experiment.task),
    )

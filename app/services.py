"""Objects shared by all visitors: the studio of each workspace, and bounded caches.

Caches are keyed by ids of immutable things (a data set version, a task's content), never by time.
Slow work runs in :func:`later`, so that no page waits for it; it never calls Streamlit.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from app import sign_in, state
from app.navigation import JOURNEY, PageKey
from app.presenters import humanize
from app.slow_results import Later, exists
from litmus_core.cluster import Machine, inspect_machine
from litmus_core.errors import NotFoundError
from litmus_core.experiments import Studio
from litmus_core.plugins import PlugInState
from litmus_core.store import Workspace
from litmus_core.types import (
    Baseline,
    Budget,
    CheckReport,
    DatasetVersion,
    Experiment,
    Fix,
    Progress,
    Quote,
    Run,
    Suggestion,
    Task,
)

if TYPE_CHECKING:
    from litmus_core.data import FixEffect, Profile, Relations
    from litmus_core.plugins import PlugIn, PluginDescription

__all__ = [
    "Later",
    "Selection",
    "baselines",
    "checks",
    "checks_so_far",
    "current_dataset",
    "current_experiment",
    "current_run",
    "custom_task_types",
    "exists",
    "fix_effect",
    "later",
    "plugins",
    "profile",
    "progress",
    "quote",
    "refresh",
    "refreshed",
    "relations",
    "run_to_show",
    "selection",
    "slowly",
    "steps_done",
    "studio",
    "suggestion",
    "tab_title",
]

_PLAIN: dict[state.Held, str] = {
    "experiment": "experiment",
    "run": "run",
    "candidate": "model",
    "dataset": "table",
}
_CHECK = "Check that the whole address was copied."
_SO_FAR: dict[tuple[str, ...], str] = {}  # progress messages of running checks
_ANY_TIME_S = 120.0  # a time limit for cache keys that do not depend on it


def studio() -> Studio:
    """Return the workspace's one studio, as the visitor may use it.

    The first call starts its watcher and re-attaches to its runs. Raises UsageError where visitors have to
    sign in, and this one did not.
    """
    person = sign_in.visitor()
    opened = _open(str(Workspace.locate(None).path))
    return opened if person is None else opened.acting_as(person)


@st.cache_resource(max_entries=4, show_spinner=False, on_release=lambda opened: opened.close())
def _open(path: str) -> Studio:
    opened = Studio.open(path)
    opened.watch()
    return opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The visitor's selection: an experiment with its table, or a table without an experiment."""

    experiment: Experiment | None = None
    dataset: DatasetVersion | None = None

    @property
    def ids(self) -> dict[str, str | None]:
        """The ids for addresses: an experiment implies its table."""
        if self.experiment is not None:
            return {"experiment": self.experiment.id}
        return {"dataset": None if self.dataset is None else self.dataset.id}


def selection() -> Selection:
    """Return the selection in the address, otherwise the visitor's last one, otherwise the newest table."""
    wrong = state.malformed_kind()
    if wrong is not None:
        raise NotFoundError(kind=_PLAIN[wrong[0]], id=humanize.short(wrong[1]), hint=_CHECK)
    if _is_table_current():
        return Selection(dataset=current_dataset())
    experiment = current_experiment()
    if experiment is None:
        return Selection(dataset=current_dataset())
    return Selection(experiment=experiment, dataset=studio().datasets.get(experiment.task.dataset_version_id))


def tab_title(page: str, key: str) -> str:
    """Return the browser tab's title: the selected experiment or table comes first, for many narrow tabs."""
    name = _current_name() if key in JOURNEY else ""
    return " · ".join(part for part in (name, page, "Litmus") if part)


def _current_name() -> str:
    """Return the name of the selected experiment or table; "" if none is selected, or if it was deleted."""
    experiment_id, dataset_id = state.selected("experiment"), state.selected("dataset")
    try:
        if experiment_id is not None and not _is_table_current():
            return studio().experiments.get(experiment_id).name
        return "" if dataset_id is None else studio().datasets.get(dataset_id).name
    except NotFoundError:
        return ""


def _is_table_current() -> bool:
    """Return whether the selection is a table: by the address, or because it was selected last."""
    if state.named("dataset") is not None:
        return state.named("experiment") is None
    return state.named("experiment") is None and state.named("run") is None and state.is_table_selected()


def current_experiment() -> Experiment | None:
    """Return the experiment in the address, or that of its run, otherwise the last selected.

    Raises NotFoundError if it is gone.
    """
    id_ = _experiment_of_run() or state.selected("experiment")
    if id_ is None:
        return None
    try:
        experiment = studio().experiments.get(id_)
    except NotFoundError:
        state.forget("experiment")
        raise
    state.select("dataset", experiment.task.dataset_version_id)
    state.select("experiment", experiment.id)
    return experiment


def _experiment_of_run() -> str | None:
    """Return the experiment of the run in an address that names no experiment and no table."""
    run = state.named("run")
    if run is None or state.named("experiment") is not None or state.named("dataset") is not None:
        return None
    return studio().runs.get(run).experiment_id


def current_dataset() -> DatasetVersion | None:
    """Return the version in the address, otherwise the last selected, otherwise the newest table."""
    id_ = state.selected("dataset")
    if id_ is None:
        return next(iter(studio().datasets.list()), None)
    try:
        dataset = studio().datasets.get(id_)
    except NotFoundError:
        state.forget("dataset")
        raise
    state.select("dataset", dataset.id)
    return dataset


def current_run(experiment: Experiment | None) -> Run | None:
    """Return the run in the address, otherwise the experiment's latest; None before the first.

    Raises NotFoundError for a run of another experiment.
    """
    if experiment is None:
        return None
    runs = studio().runs.list(experiment.id)
    named = state.named("run")
    if named is None:
        return next(reversed(runs), None)
    chosen = next((run for run in runs if run.id == named), None)
    if chosen is None:
        raise NotFoundError(kind="run", id=named, hint=f"It may have been deleted. {_CHECK}")
    return chosen


def run_to_show(experiment: Experiment | None) -> Run | None:
    """Return the run in the address, otherwise the leading one, before any verdict the latest.

    Raises NotFoundError for a run of another experiment.
    """
    named = current_run(experiment)
    if experiment is None or state.named("run") is not None:
        return named
    return studio().experiments.leading_run(experiment.id) or named


def steps_done(selection: Selection) -> frozenset[PageKey]:
    """Return the completed steps of the journey."""
    done: list[PageKey] = [] if selection.dataset is None else ["data"]
    if selection.experiment is not None:
        done.append("target")
        runs = studio().runs.list(selection.experiment.id)
        if any(run.chosen_id is not None for run in runs):
            done.append("train")
        if sum(run.verdict is not None for run in runs) > 1:
            done.append("improve")
        if bundles := studio().bundles.list(selection.experiment.id):
            done.append("export")
        if bundles or selection.experiment.decision is not None:
            done.append("results")
    return frozenset(done)


def progress(run_id: str) -> Progress:
    """Return the progress of a run; one whose process died is first marked as interrupted."""
    return studio().runs.progress(run_id)


def custom_task_types() -> tuple[PluginDescription, ...]:
    """Return the available task types beyond the built-in problem types."""
    return studio().plugins.task_types()


def suggestion(version_id: str, target: str) -> Future[Suggestion]:
    """Return Litmus's proposal for a target as a future."""
    opened = studio()
    return later().ask(
        ("suggestion", str(opened.workspace.path), version_id, target),
        lambda: opened.tasks.suggest(version_id, target),
    )


def profile(version: DatasetVersion) -> Future[Profile]:
    """Return the profile of a table as a future."""
    opened = studio()
    return later().ask(
        ("profile", str(opened.workspace.path), version.id), lambda: opened.datasets.profile(version.id)
    )


def relations(version: DatasetVersion, target: str) -> Future[Relations]:
    """Return the target's relation to each column as a future."""
    opened = studio()
    return later().ask(
        ("relations", str(opened.workspace.path), version.id, target),
        lambda: opened.datasets.relations(version.id, target),
    )


def fix_effect(version: DatasetVersion, target: str, fix: Fix) -> Future[FixEffect]:
    """Return the effect of a fix on the score as a future (seconds)."""
    opened = studio()
    return later().ask(
        ("effect", str(opened.workspace.path), version.id, target, fix),
        lambda: opened.fixes.effect(version.id, fix, target=target),
    )


def checks(version: DatasetVersion, target: str | None) -> Future[CheckReport]:
    """Return the findings of a table's checks as a future (seconds to a minute)."""
    opened, key = studio(), _checks_key(version, target)

    def make() -> CheckReport:
        try:
            return opened.checks.run(version.id, target=target, on_progress=partial(_note_progress, key))
        finally:
            _SO_FAR.pop(key, None)

    return slowly().ask(key, make)


def checks_so_far(version: DatasetVersion, target: str | None) -> str:
    """Return the progress of a table's checks as text."""
    return _SO_FAR.get(_checks_key(version, target), "Checking the data…")


def _checks_key(version: DatasetVersion, target: str | None) -> tuple[str, ...]:
    return ("checks", str(studio().workspace.path), version.id, target or "")


def _note_progress(key: tuple[str, ...], n_done: int, n_all: int, title: str) -> None:
    _SO_FAR[key] = f"{n_done} of {n_all} checks made. Now: {title}…"


def plugins() -> Future[tuple[PlugIn, ...]]:
    """Return the plug-ins with their states as a future (new files take seconds).

    A separate process imports trusted files to list their plug-ins, and no page waits for that.
    """
    opened = studio()
    home = opened.workspace.path
    return later().ask(
        ("plugins", str(home), PlugInState(home).last_changed()), lambda: opened.plugins.list(built_in=False)
    )


def baselines(task: Task) -> Future[tuple[Baseline, ...]]:
    """Return the baselines as a future (seconds).

    Its result raises an error if the task cannot be run.
    """
    any_bar_task = replace(task, bar=None, budget=Budget(), time_limit_s=_ANY_TIME_S)
    opened = studio()
    return later().ask(
        ("baselines", str(opened.workspace.path), any_bar_task),
        lambda: _checked_baselines(opened, any_bar_task),
    )


def quote(task: Task) -> Future[Quote]:
    """Return the quote of a training, with its time, memory and score, as a future (seconds)."""
    quoted_task, opened = replace(task, bar=None, budget=Budget()), studio()
    return later().ask(
        ("quote", str(opened.workspace.path), quoted_task), lambda: opened.runs.quote(quoted_task)
    )


def _checked_baselines(opened: Studio, task: Task) -> tuple[Baseline, ...]:
    from litmus_core.data import check_task

    validation, test = (
        None if id_ is None else opened.datasets.get(id_)
        for id_ in (task.validation_version_id, task.test_version_id)
    )
    version = opened.datasets.get(task.dataset_version_id)
    check_task(version, task, validation=validation, test=test, workspace=opened.workspace)
    return opened.tasks.baselines(task)


def refresh(on: str) -> None:
    """Inspect the cluster ``on`` for this visitor."""
    state.keep("cluster.look", (on, datetime.now(UTC)))


def refreshed() -> tuple[str, datetime, Future[tuple[Machine, ...]]] | None:
    """Return the visitor's last inspection: where, when, and the machines as a future (seconds)."""
    on, at = state.stored("cluster.look", ("", datetime.now(UTC)))
    return (on, at, later().ask(("cluster", on, at), partial(inspect_machine, on))) if on else None


@st.cache_resource(show_spinner=False, on_release=lambda later: later.close())
def later() -> Later:
    """Return the app's cache of slow results."""
    return Later()


@st.cache_resource(show_spinner=False, on_release=lambda later: later.close())
def slowly() -> Later:
    """Return the cache for work of many seconds, so that fast work does not queue behind it."""
    return Later(n_threads=1)

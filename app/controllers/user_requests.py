"""Carry out user requests: call the service, then open the next page."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from app import navigation, services, state
from app.controllers import forecast, targets
from app.controllers.import_progress import import_with_progress
from app.errors import guard
from app.presenters.question.draft import Draft, draft_of_task, draft_task
from app.presenters.training.families import algorithm_of
from app.uploads import allowed_path, check_address
from app.views import home as home_view
from app.views.question.goal import StartTraining
from app.views.question.target import ConfirmTarget, StartVariation
from app.views.results.leaderboards import BoardWish, CompareExperiments, OpenResults, StopComparing
from app.views.tables import data as data_view
from app.views.tables.experiment_management import (
    DeleteExperiment,
    DeleteRun,
    ManageWish,
    RenameExperiment,
    RenameRun,
)
from app.views.tables.import_form import AddAddress, Addition, AddPath, AddUpload
from app.views.tables.versions import RefreshTable
from app.views.training.compute_target import InspectCluster
from app.views.training.train import FinishTraining, StartRun, StopRun, ToEndpoint, ToResults, Wish
from litmus_core.cluster import inspect_machine
from litmus_core.data import ImportProgress
from litmus_core.errors import LitmusError
from litmus_core.experiments import Studio, read_parts
from litmus_core.store import new_id
from litmus_core.types import (
    Compute,
    CustomModel,
    DatasetVersion,
    Experiment,
    ExperimentSummary,
    Folds,
    PluginRef,
    Run,
    RunPlan,
    Tuning,
)

__all__ = ["add", "begin", "board", "data", "home", "manage", "target", "train"]


def home(wish: home_view.Wish | None) -> None:
    """Continue with an experiment, start a sample, or import the table that was dropped."""
    match wish:
        case home_view.OpenExperiment():
            adds = "table" if wish.adds else None
            navigation.go(wish.page, experiment=wish.experiment_id, dataset=wish.dataset, add=adds)
        case home_view.StartSample(name=name, kind="forecast"):
            forecast.start_sample(name)
        case home_view.StartSample(name=name, kind="targets"):
            targets.start_sample(name)
        case home_view.StartSample(name=name):
            with (
                guard(safe="Nothing was changed."),
                st.spinner("Reading the table and starting the training…"),
            ):
                run = services.studio().samples.start(name)
                navigation.go("train", experiment=run.experiment_id, run=run.id)
        case AddUpload():
            with wish.place or st.container():
                add(wish, None)
        case None:
            pass


def data(wish: data_view.Wish | RefreshTable | None, version: DatasetVersion | None) -> None:
    """Show, rename or delete a table, or continue to its target."""
    studio = services.studio()
    with guard(safe="Nothing was changed."):
        match wish:
            case data_view.ShowVersion(version_id=version_id):
                navigation.go("data", dataset=version_id)
            case data_view.AskAboutColumn() if version is not None:
                navigation.go("target", dataset=version.id)
            case data_view.AddTable() if version is not None:
                navigation.go("data", dataset=version.id, add="table")
            case data_view.RenameTable(name=name) if version is not None:
                studio.datasets.rename(version.dataset_id, name)
                navigation.go("data", dataset=version.id)
            case RefreshTable() if version is not None:
                check_address(version.source)
                refreshed = studio.datasets.refresh(version.id)
                if refreshed.id == version.id:
                    st.toast("No row has changed there.")
                else:
                    navigation.go("data", dataset=refreshed.id)
            case data_view.DeleteTable() if version is not None:
                studio.datasets.delete(version.dataset_id)
                state.forget("dataset")
                navigation.go("data")


def add(wish: Addition | None, current: DatasetVersion | None) -> None:
    """Import a file in its chosen role, and select the resulting table."""
    with guard(safe="Nothing was changed."):
        match wish:
            case AddUpload():
                navigation.go("data", dataset=_import_upload(wish, current).id)
            case AddPath(path=path):
                file = allowed_path(path)
                key = (str(file), wish.role, wish.options, None if current is None else current.id)
                added = import_with_progress(key, partial(_import, services.studio(), file, wish, current))
                _clear_import_form()
                navigation.go("data", dataset=added.id)
            case AddAddress(address=address):
                check_address(address)
                key = (address, wish.role, wish.options, None if current is None else current.id)
                added = import_with_progress(key, partial(_import, services.studio(), address, wish, current))
                _clear_import_form()
                navigation.go("data", dataset=added.id)
            case None:
                pass


def _import(
    studio: Studio,
    file: Path | str,
    wish: Addition,
    current: DatasetVersion | None,
    progress: ImportProgress,
    *,
    name: str | None = None,
) -> DatasetVersion:
    """Import a file as a separate table, or into the selected one."""
    options = wish.options
    if current is not None:
        if wish.role == "version":
            return studio.datasets.import_file(
                file, dataset_id=current.dataset_id, options=options, progress=progress
            )
        if wish.role == "append":
            return studio.datasets.append_rows(current.id, file, options=options)
        if wish.role == "correct" and wish.key is not None and wish.column is not None:
            return studio.datasets.correct_labels(
                current.id, file, key=wish.key, column=wish.column, options=options
            )
    like = current if wish.role == "rows" else None
    return studio.datasets.import_file(file, name=name, like=like, options=options, progress=progress)


def _import_upload(wish: AddUpload, current: DatasetVersion | None) -> DatasetVersion:
    """Import an upload once; until the request changes, a failed import raises the same error again.

    So the file stays in its field while the visitor changes the read options.
    """
    current_id = None if current is None else current.id
    key = (wish.upload.file_id, current_id, wish.role, wish.key, wish.column, wish.options)
    failed, error = state.stored("failed-upload", (None, None))
    if error is not None and failed == key:
        raise error.with_traceback(None)
    try:
        added = import_with_progress(key, partial(_write_and_import, services.studio(), wish, current))
    except LitmusError as refused:
        state.keep("failed-upload", (key, refused))
        raise
    _clear_import_form()
    return added


def _write_and_import(
    studio: Studio, wish: AddUpload, current: DatasetVersion | None, progress: ImportProgress
) -> DatasetVersion:
    """Write the upload beside the workspace's tables, import it, and remove the written file."""
    folder = studio.workspace.uploads / new_id("up")
    folder.mkdir(parents=True)
    try:
        file = folder / Path(wish.upload.name).name
        with file.open("wb") as sink:
            wish.upload.seek(0)
            shutil.copyfileobj(wish.upload, sink)
        return _import(studio, file, wish, current, progress, name=_plain_name(file))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _plain_name(file: Path) -> str:
    return file.name.split(".")[0].replace("_", " ").strip() or file.name


def _clear_import_form() -> None:
    state.keep("import-turn", state.stored("import-turn", 0) + 1)


def target(wish: ConfirmTarget | StartVariation | None, experiment: Experiment) -> None:
    """Continue to training, or start a variation of the experiment's task."""
    match wish:
        case ConfirmTarget():
            navigation.go("train", experiment=experiment.id)
        case StartVariation():
            state.keep("draft", draft_of_task(experiment.task))
            navigation.go("target", dataset=experiment.task.dataset_version_id)
        case None:
            pass


def begin(wish: StartTraining | None, draft: Draft) -> None:
    """Name the target in the address; if requested, create an experiment for the task and train."""
    state.name_target(draft.target)
    task = draft_task(draft)
    if wish is None or task is None:
        return
    studio = services.studio()
    with guard(safe="Nothing was started; your choices are kept."):
        experiment = studio.experiments.create(task, name=draft.name or None)
        run = studio.runs.start(experiment.id) if wish.how == "train" else None
        quoted = services.quote(task)
        if run is not None and quoted.done() and quoted.exception() is None:
            studio.runs.record_quote(run.id, quoted.result())
        navigation.go("train", experiment=experiment.id, run=None if run is None else run.id)


def train(wish: Wish | None, experiment: Experiment, run: Run | None) -> None:
    """Start, stop or finish a run, or continue to its results."""
    studio = services.studio()
    with guard(safe="Your data and what was trained before are unchanged."):
        match wish:
            case InspectCluster(on=on):
                services.refresh(on)
                st.rerun()
            case StartRun():
                _find(wish.on)
                started = studio.runs.start(experiment.id, _plan(wish))
                navigation.go("train", experiment=experiment.id, run=started.id)
            case StopRun() if run is not None:
                studio.runs.stop(run.id, hard=True)
                st.rerun()
            case FinishTraining() if run is not None:
                studio.runs.finish(run.id)
                navigation.go("train", experiment=experiment.id, run=run.id)
            case ToResults() if run is not None:
                navigation.go("results", experiment=experiment.id, run=run.id)
            case ToEndpoint() if run is not None:
                with st.spinner("Building its bundle and trying it…"):
                    studio.retraining.add_version(run.id)
                navigation.go("export", experiment=experiment.id, run=run.id)
            case _:
                pass


def _find(on: str) -> None:
    """Look for this machine's cluster if ``on`` is "auto"; other addresses are tried when the run starts."""
    if on == "auto":
        with st.spinner("Looking for the cluster…"):
            inspect_machine(on)


def _plan(wish: StartRun) -> RunPlan:
    return RunPlan(
        families=wish.families,
        models=tuple(CustomModel(reference=model) for model in wish.models),
        algorithms=(
            *wish.algorithms,
            *(
                algorithm_of(ref.reference, ref.parameters)
                for ref in wish.plugged
                if isinstance(ref, PluginRef)
            ),
        ),
        preprocess=read_parts(wish.preprocess, point="preprocess"),
        tuning=Tuning() if wish.tune else None,
        postprocess=read_parts(wish.postprocess),
        folds=_folds(wish),
        compute=Compute(where=wish.on, time_limit_s=wish.time_limit_s),
    )


def _folds(wish: StartRun) -> Folds | None:
    if wish.by_all_rows:
        return Folds(5 if wish.folds is None else wish.folds, refit=wish.folds != 0, outer=5)
    return None if wish.folds is None else Folds(wish.folds)


def board(wish: BoardWish | None, summaries: Sequence[ExperimentSummary]) -> None:
    """Open an experiment on its most informative page, or compare some."""
    match wish:
        case OpenResults(experiment_id=id_):
            judged = any(
                summary.experiment.id == id_ and summary.verdict is not None for summary in summaries
            )
            navigation.go("results" if judged else "train", experiment=id_)
        # Equal ids keep the address's order.
        case CompareExperiments(ids=ids) if set(ids) != set(state.compared()):
            state.compare(*ids)
        case StopComparing():
            state.stop_comparing()
        case _:
            pass


def manage(wish: ManageWish | None, experiment: Experiment) -> None:
    """Rename an experiment or one of its runs, or remove it."""
    studio = services.studio()
    with guard():
        match wish:
            case RenameExperiment(name=name):
                studio.experiments.rename(experiment.id, name)
                navigation.go("train", experiment=experiment.id)
            case RenameRun(run_id=run_id, name=name):
                studio.runs.rename(run_id, name)
                navigation.go("train", experiment=experiment.id, run=run_id)
            case DeleteRun(run_id=run_id):
                studio.runs.delete(run_id)
                navigation.go("train", experiment=experiment.id)
            case DeleteExperiment():
                studio.experiments.delete(experiment.id)
                state.forget("experiment")
                navigation.go("home")
            case None:
                pass

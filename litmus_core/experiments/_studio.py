"""Studio: the use cases over one workspace, the same for pages, commands and notebooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from litmus_core.errors import NotFoundError, UsageError
from litmus_core.experiments import _storage, _tasks
from litmus_core.experiments._actions.service import Improving
from litmus_core.experiments._data import samples as _samples
from litmus_core.experiments._data.checks import Checking
from litmus_core.experiments._data.samples import Sample
from litmus_core.experiments._data.versions import Versioning
from litmus_core.experiments._data.views import Reading
from litmus_core.experiments._deploy import export as _exports
from litmus_core.experiments._deploy.certificates import Certifying
from litmus_core.experiments._deploy.endpoints import Endpoints
from litmus_core.experiments._deploy.production import Production
from litmus_core.experiments._handoffs.users import user
from litmus_core.experiments._plugins.catalog import PlugIns
from litmus_core.experiments._reports import Reporting
from litmus_core.experiments._runs import diagnosis, plan_checks
from litmus_core.experiments._runs import runs as _runs
from litmus_core.experiments._runs.code import Repeats
from litmus_core.experiments._runs.leader import Leading
from litmus_core.experiments._runs.warm_start import Continuing
from litmus_core.experiments._storage import Size
from litmus_core.experiments._trust import Trusting
from litmus_core.store import Repeating, Store, Workspace, new_id, open_store, utc_now
from litmus_core.types import (
    Baseline,
    BundleRecord,
    Candidate,
    Column,
    DatasetRenamed,
    DatasetVersion,
    Event,
    Experiment,
    ExperimentCreated,
    ExperimentRenamed,
    PostReport,
    ProblemType,
    Progress,
    Run,
    RunPlan,
    RunRenamed,
    Suggestion,
    Task,
)

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.deploy import Form
    from litmus_core.diagnostics import Diagnostics, WhatIf
    from litmus_core.engine import Card
    from litmus_core.runtime import Predictor


class Studio(
    Certifying,
    Checking,
    Continuing,
    Endpoints,
    Improving,
    Leading,
    PlugIns,
    Production,
    Reading,
    Repeats,
    Reporting,
    Trusting,
    Versioning,
):
    """One workspace and everything one does with it. Safe to use from several threads.

    Each method either returns what it says or raises a LitmusError in words and changes nothing.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store: Store = open_store(workspace)
        self.journal = self.store.journal
        self._watch: Repeating | None = None
        self.know_plugins()

    @classmethod
    def open(cls, workspace: Path | str | None = None) -> Self:
        """Open the workspace at ``workspace`` (default: $LITMUS_HOME, then ~/.litmus), creating it."""
        return cls(Workspace.locate(workspace).create())

    def keep_up(self, *, every_s: float = 1.0) -> None:
        """From now on fold what others write, mark runs whose process died, say who leads: in a thread."""
        from litmus_core.jobs import dispatch_scorings, reattach

        def look() -> None:
            reattach(self.workspace)
            dispatch_scorings(self.workspace)
            self.leading_runs()  # so that no page has to wait for it

        self.store.start_folding()
        if self._watch is None:
            self._watch = Repeating(look, every_s=every_s)
            self._watch.start()

    def close(self) -> None:
        """Give the store back; runs go on."""
        if self._watch is not None:
            self._watch.stop()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Data

    def datasets(self) -> list[DatasetVersion]:
        """Return the latest version of each data set, newest first."""
        return self.store.datasets()

    def dataset(self, version_id: str) -> DatasetVersion:
        """Return one version."""
        return self.store.dataset_version(version_id)

    def versions(self, dataset_id: str) -> list[DatasetVersion]:
        """Return a data set's versions, oldest first."""
        return self.store.versions(dataset_id)

    def rename_dataset(self, dataset_id: str, name: str) -> None:
        """Give a data set another name."""
        self.store.versions(dataset_id)
        self.record(DatasetRenamed(dataset_id=dataset_id, name=_named(name)))

    def delete_dataset(self, dataset_id: str) -> None:
        """Remove a data set; UsageError while an experiment rests on it."""
        _storage.delete_dataset(self, dataset_id)

    def samples(self) -> tuple[Sample, ...]:
        """Return the sample tables that came with this checkout."""
        return _samples.samples()

    def start_sample(self, name: str, *, time_limit_s: float = 45.0) -> Run:
        """Import a sample (once), set its task and start a run: a first verdict in one call."""
        return _samples.start(self, name, time_limit_s=time_limit_s)

    # Target

    def suggest(self, version_id: str, target: str) -> Suggestion:
        """Return what Litmus proposes for a target: problem type, metric, features and why."""
        from litmus_core.data import suggest

        return suggest(self.workspace, self.dataset(version_id), target)

    def baselines(self, task: Task) -> tuple[Baseline, ...]:
        """Return what trivial and simple models reach on validation rows."""
        from litmus_core.data import baselines

        own, test = self._own(task.validation_version_id), self._own(task.test_version_id)
        version = self.dataset(task.dataset_version_id)
        return baselines(self.workspace, version, task, validation=own, test=test)

    def metrics_for(self, problem_type: ProblemType) -> tuple[str, ...]:
        """Return the names of the metrics that fit a problem type."""
        from litmus_core.metrics import metrics_for

        return tuple(metric.name for metric in metrics_for(problem_type))

    def cards(self, task: Task) -> tuple[Card, ...]:
        """Return the cards that fit the task's columns and this installation."""
        from litmus_core.engine import available_cards

        return available_cards(task.problem_type, self._feature_columns(task))

    def chosen_cards(self, task: Task) -> tuple[str, ...]:
        """Return the keys of the cards Litmus would choose for the task."""
        from litmus_core.engine import choose_cards

        n_rows = self.dataset(task.dataset_version_id).n_rows
        return choose_cards(task=task, columns=self._feature_columns(task), n_rows=n_rows)

    def _feature_columns(self, task: Task) -> tuple[Column, ...]:
        version = self.dataset(task.dataset_version_id)
        return tuple(version.column(name) for name in task.features)

    def _own(self, version_id: str | None) -> DatasetVersion | None:
        return None if version_id is None else self.dataset(version_id)

    def create_experiment(self, task: Task, *, name: str | None = None, group: str = "") -> Experiment:
        """Keep a task as an experiment; raises in words when the task does not fit its data.

        ``group`` is shared by experiments that were asked for together.
        """
        version = self.dataset(task.dataset_version_id)
        own, test = self._own(task.validation_version_id), self._own(task.test_version_id)
        _tasks.check(self.workspace, version, task, validation=own, test=test)
        title = _named(name) if name else f"{version.name}: {task.target}"
        experiment = Experiment(
            id=new_id("ex"), name=title, task=task, created_at=utc_now(), owner=user(), group=group
        )
        self.record(ExperimentCreated(experiment=experiment))
        return experiment

    def experiment(self, experiment_id: str) -> Experiment:
        """Return one experiment."""
        return self.store.experiment(experiment_id)

    def rename_experiment(self, experiment_id: str, name: str) -> None:
        """Give an experiment another name."""
        self.store.experiment(experiment_id)
        self.record(ExperimentRenamed(experiment_id=experiment_id, name=_named(name)))

    def delete_experiment(self, experiment_id: str) -> None:
        """Remove an experiment and its runs; BusyError while one runs."""
        _storage.delete_experiment(self, experiment_id)

    # Runs

    def start_run(self, experiment_id: str, plan: RunPlan | None = None) -> Run:
        """Queue a run of an experiment; it starts at once when no other runs.

        The source of models of one's own is copied into the run's folder: what happens to the files later
        does not change the run.
        """
        return _runs.start(self, experiment_id, plan or RunPlan())

    def check_plan(self, task: Task, plan: RunPlan) -> None:
        """Raise, in words, when a run of ``task`` cannot go as planned."""
        plan_checks.check_plan(self, task, plan)

    def stop_run(self, run_id: str, *, hard: bool = False) -> None:
        """Stop a run and keep the best so far: softly between models, or now."""
        _runs.stop(self, run_id, hard=hard)

    def finish_run(self, run_id: str) -> Run:
        """Make the best of what a run that was cut short left: its ensemble, scores and verdict."""
        return _runs.finish(self, run_id)

    def rename_run(self, run_id: str, name: str) -> None:
        """Give a run a name; an empty one leaves it its number."""
        self.run(run_id)
        self.record(RunRenamed(run_id=run_id, name=_trimmed(name)))

    def delete_run(self, run_id: str) -> None:
        """Remove a run and its files; BusyError while it runs."""
        _storage.delete_run(self, run_id)

    def experiment_of(self, run_id: str) -> Experiment:
        """Return a run's experiment."""
        return self.experiment(self.run(run_id).experiment_id)

    def run(self, run_id: str) -> Run:
        """Return one run."""
        return self.store.run(run_id)

    def runs(self, experiment_id: str) -> list[Run]:
        """Return an experiment's runs, oldest first."""
        return sorted(self.store.runs(experiment_id), key=lambda run: run.number)

    def progress(self, run_id: str) -> Progress:
        """Return where a run is."""
        return _runs.progress(self, run_id)

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """Return what a run has written since the event ``after``, straight from the journal."""
        return self.journal.events(after=after, run_id=run_id)

    def wait(
        self,
        run_id: str,
        *,
        timeout_s: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        poll_s: float = 0.25,
    ) -> Run:
        """Wait until a run is over and return it; BusyError after ``timeout_s`` (the run goes on)."""
        return _runs.wait(self, run_id, timeout_s=timeout_s, on_progress=on_progress, poll_s=poll_s)

    # Candidates

    def candidates(self, run_id: str) -> list[Candidate]:
        """Return a run's candidates in leaderboard order: the chosen one, then by validation score."""
        from litmus_core.advice import ranked

        return ranked(self.store.candidates(run_id))

    def candidate(self, candidate_id: str) -> Candidate:
        """Return one candidate."""
        return self.store.candidate(candidate_id)

    def chosen(self, run_id: str) -> Candidate:
        """Return the run's chosen candidate; in a run that was cut short, its best by validation."""
        found = self.candidates(run_id)
        if not found:
            raise NotFoundError(kind="model in run", id=run_id, hint="The run finished none; start it again.")
        return found[0]

    def reveal_test(self, candidate_id: str, *, by: str = "") -> Candidate:
        """Score another candidate on the test part: deliberate, logged, and never part of a choice."""
        return diagnosis.reveal_test(self, candidate_id, by=by)

    def looks(self, experiment_id: str) -> int:
        """Return how many test scores of an experiment have been looked at."""
        return self.store.looks(experiment_id)

    def diagnostics(self, run_id: str) -> Diagnostics | None:
        """Return the diagnosis of the run's chosen candidate, made on validation rows."""
        return diagnosis.diagnostics(self, run_id)

    def post_report(self, candidate_id: str) -> PostReport | None:
        """Return what the steps after a candidate's model changed; None for one without."""
        return diagnosis.post_report(self, candidate_id)

    def validation_rows(self, run_id: str, n_rows: int = 200) -> pd.DataFrame:
        """Return validation rows (features and target) to start a what-if from."""
        return diagnosis.validation_rows(self, run_id, n_rows)

    def predictor(self, candidate_id: str) -> Predictor:
        """Open a candidate for predictions in this process (seconds, and memory: keep it)."""
        return diagnosis.predictor(self, candidate_id)

    def what_if(
        self, candidate_id: str, row: dict[str, Any], *, predictor: Predictor | None = None
    ) -> WhatIf:
        """Answer one row, and say which of its values pushed the answer."""
        return diagnosis.what_if(self, candidate_id, row, predictor=predictor)

    # Production

    def export(
        self, candidate_id: str, *, to: Path | str | None = None, zipped: bool = True, form: Form = "auto"
    ) -> BundleRecord:
        """Write a candidate as a bundle (default: into the workspace's bundles) and record it."""
        return _exports.export(self, candidate_id, to=to, zipped=zipped, form=form)

    def export_onnx(self, candidate_id: str, to: Path | str) -> Path:
        """Write a candidate as one plain ONNX file, from raw columns to answers; return where.

        Raises BundleError with the reason where standard ONNX cannot hold it.
        """
        return _exports.export_onnx(self, candidate_id, to=to)

    def bundles(self, experiment_id: str | None = None) -> list[BundleRecord]:
        """Return exported bundles, newest first."""
        return self.store.bundles(experiment_id)

    def own_bundle(self, candidate_id: str) -> BundleRecord:
        """Return the bundle that the workspace keeps of a candidate, in the form that Litmus chose.

        It is exported where there is none: bundles written elsewhere, or in a form asked for, are not taken.
        """
        return _exports.own_bundle(self, candidate_id)

    def delete_bundle(self, bundle_id: str) -> None:
        """Remove a bundle from the workspace."""
        _storage.delete_bundle(self, bundle_id)

    def predict_file(self, bundle_id: str, source: Path | str, to: Path | str) -> int:
        """Score a CSV or Parquet file with a bundle; return the number of rows."""
        return _exports.predict_file(self, bundle_id, Path(source), Path(to))

    def sizes(self) -> list[Size]:
        """Return what takes room in the workspace, largest first."""
        return _storage.sizes(self)


def _named(name: str) -> str:
    trimmed = _trimmed(name)
    if not trimmed:
        raise UsageError("A name needs at least one letter.", hint="Nothing was changed.")
    return trimmed


def _trimmed(name: str) -> str:
    return " ".join(name.split())[:200]

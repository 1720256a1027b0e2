"""Continue training a model on new rows, and compare that with retraining on all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._names import name_with_version
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.lineage import plan_that_trains
from litmus_core.experiments._runs.placement import follow
from litmus_core.experiments._runs.service import RunsService
from litmus_core.text import quote_names
from litmus_core.types import (
    Candidate,
    DatasetVersion,
    Experiment,
    Folds,
    Retrained,
    Run,
    RunPlan,
    Score,
    Task,
    WarmStart,
)

_CONTINUED, _RETRAINED = "Continued", "Retrained"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewerRows:
    """A newer version of the table that a model was trained on, with ``n_new`` more rows."""

    version: DatasetVersion
    n_new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A continued model and a retrained one, both tested on the same rows.

    ``before`` is the candidate that both come from (None: it was removed). A chosen candidate is None until
    there is one; a run that was not requested is None.
    """

    before: Candidate | None
    continued: Candidate | None = None
    continued_run: Run | None = None
    retrained: Candidate | None = None
    retrained_run: Run | None = None

    @property
    def sentence(self) -> str:
        """What continuing saved and what it cost; "" until both are judged."""
        continued, retrained = self.continued, self.retrained
        if continued is None or retrained is None:
            return ""
        if continued.test is None or retrained.test is None:
            return ""
        a, b = continued.test, retrained.test
        scores = (
            f"On the same {a.n_rows:,} test rows the continued model scores {a.metric} {_figure(a)}, "
            f"the retrained one {_figure(b)}: {_ahead_text(a, b)}"
        )
        saved = retrained.fit_s - continued.fit_s
        return (
            f"{scores} Training took {_seconds(continued.fit_s)} against {_seconds(retrained.fit_s)}: "
            f"continuing {'saved' if saved >= 0 else 'cost'} {_seconds(abs(saved))}."
        )


@dataclass(frozen=True, slots=True)
class WarmStartService:
    """Models that continue training on new rows."""

    context: Context
    runs: RunsService
    experiments: ExperimentsService

    def newer_rows(self, candidate_id: str) -> NewerRows | None:
        """Return the newest version that extends a candidate's training table; None without any."""
        from litmus_core.data import newest_version

        task = self.context.store.experiment(self.context.store.candidate(candidate_id).experiment_id).task
        version = self.context.store.dataset_version(task.dataset_version_id)
        newer = newest_version(self.context.store.versions(version.dataset_id), version.id)
        return None if newer is None else NewerRows(version=newer, n_new=newer.n_rows - version.n_rows)

    def refusal(self, candidate_id: str) -> str:
        """Return why a candidate cannot continue on any new rows; "" if it can."""
        try:
            candidate = self._model_of(candidate_id)
            run = self.context.run(candidate.run_id)
            _check_run(self.context, self.context.experiment(run.experiment_id).task, run, candidate)
        except LitmusError as error:
            return error.message
        return ""

    def start(
        self,
        candidate_id: str,
        version_id: str | None = None,
        *,
        old_per_new: float = 1.0,
        retrain: bool = True,
    ) -> list[Run]:
        """Queue a run that continues a candidate's boosted trees, and one that retrains it from scratch.

        ``version_id`` is a version of its table with rows appended (None: the newest). Trees are added on the
        new training rows and on ``old_per_new`` times as many old ones. Rows keep their parts, and new ones
        are split in the same shares. With ``retrain`` False the second run is left out. Raises UsageError or
        DataError before anything starts if the candidate cannot continue or the version does not fit it.
        """
        if not 0 <= old_per_new <= 1_000:
            raise UsageError(
                f"{old_per_new:g} old rows for each new one is not possible.",
                hint="Give 0 to 1000; 1 is usual.",
            )
        candidate = self._model_of(candidate_id)
        run = self.context.run(candidate.run_id)
        experiment = self.context.experiment(run.experiment_id)
        version = self._version(candidate.id, version_id)
        classes = _check_run(self.context, experiment.task, run, candidate)
        _check_version(self.context, experiment.task, run, version, classes)
        task = _grown(self.context, experiment.task, version)
        plans = [(_CONTINUED, _continuing(self.context, run, candidate, task, old_per_new=old_per_new))]
        if retrain:
            plans.append((_RETRAINED, _retraining(self.context, run, candidate)))
        for _, plan in plans:
            self.runs.check_plan(task, plan)
        home = self._experiment(task, experiment.name, version)
        started = [self.runs.start(home.id, plan) for _, plan in plans]
        for run_started, (name, _) in zip(started, plans, strict=True):
            self.runs.rename(run_started.id, name)
        return [self.context.run(one.id) for one in started]

    def comparison(self, run_id: str) -> Comparison | None:
        """Return the continued and the retrained model, given either run; None for other runs."""
        run = self.context.store.run(run_id)
        candidate_id = _source(run)
        if not candidate_id:
            return None
        runs = sorted(self.context.store.runs(run.experiment_id), key=lambda other: other.number)
        sides = [other for other in runs if _source(other) == candidate_id]
        grown = _nearest(run, [side for side in sides if side.plan.origin_as(WarmStart) is not None])
        retrained = _nearest(run, [side for side in sides if side.plan.origin_as(Retrained) is not None])
        candidates = (
            {candidate.id: candidate for candidate in self.context.store.candidates(_run_of(sides))}
            if _run_of(sides)
            else {}
        )
        return Comparison(
            before=candidates.get(candidate_id),
            continued=self._chosen_of(grown),
            continued_run=grown,
            retrained=self._chosen_of(retrained),
            retrained_run=retrained,
        )

    def _model_of(self, candidate_id: str) -> Candidate:
        """Return the candidate without its post-processing, whose steps are fitted again after its model."""
        candidate = self.context.candidate(candidate_id)
        return self.context.candidate(candidate.parents[0]) if candidate.postprocess else candidate

    def _chosen_of(self, run: Run | None) -> Candidate | None:
        return None if run is None or run.chosen_id is None else self.context.store.candidate(run.chosen_id)

    def _version(self, candidate_id: str, version_id: str | None) -> DatasetVersion:
        if version_id is not None:
            return self.context.dataset(version_id)
        newer = self.newer_rows(candidate_id)
        if newer is None:
            raise UsageError(
                "There are no new rows: no newer version of its table has more of them.",
                hint="Append rows first: 'litmus append VERSION FILE', or on the Data page.",
            )
        return newer.version

    def _experiment(self, task: Task, name: str, version: DatasetVersion) -> Experiment:
        """Return the experiment of the extended task, whose leaderboard collects all continued models."""
        for experiment in self.context.store.experiments():
            if experiment.task == task:
                return experiment
        return self.experiments.create(task, name=name_with_version(name, version.version))


def _figure(score: Score) -> str:
    return f"{score.value:.4g} ({score.low:.4g} to {score.high:.4g})"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:,.0f} s"


def _ahead_text(continued: Score, retrained: Score) -> str:
    """Return which model scores better, and whether that may be chance."""
    from litmus_core.metrics import get_metric

    if continued.value == retrained.value:
        return "they are level."
    upward = get_metric(continued.metric).greater_is_better
    ahead = "continuing" if (continued.value > retrained.value) == upward else "retraining"
    if continued.low <= retrained.high and retrained.low <= continued.high:
        return f"{ahead} is ahead, but their intervals overlap, so this may be chance."
    return f"{ahead} is ahead."


def _source(run: Run) -> str:
    source = run.plan.origin_as(WarmStart) or run.plan.origin_as(Retrained)
    return "" if source is None else source.candidate_id


def _run_of(sides: list[Run]) -> str:
    """Return the id of the run that the candidate comes from."""
    sources = (side.plan.origin_as(WarmStart) for side in sides)
    return next((source.run_id for source in sources if source is not None), "")


def _nearest(run: Run, others: list[Run]) -> Run | None:
    """Return the run itself or, of several attempts, the one requested closest in time."""
    return min(others, key=lambda other: abs(other.number - run.number), default=None)


def _check_run(context: Context, task: Task, run: Run, candidate: Candidate) -> tuple[Any, ...]:
    """Return the candidate's classes; raises UsageError if trees cannot be added as its run trained them."""
    from litmus_core.engine import check_continuable
    from litmus_core.jobs import check_all_present, check_judged_by_test_set

    if not run.is_settled:
        raise UsageError(f"{run.title} is {run.status}.", hint="Wait for its end, or finish it first.")
    check_all_present(_folder(context, run))
    check_judged_by_test_set(_folder(context, run))
    if run.plan.training.balanced:
        raise UsageError(
            "It was trained so that each class weighs the same; trees that are added would not weigh so.",
            hint="Retrain on this version of the table.",
        )
    _check_rules(task)
    if run.plan.folds is not None and run.plan.folds.stored:
        raise UsageError(
            "Its folds are your own, and new rows have no place in them.",
            hint="Retrain on this version of the table.",
        )
    return check_continuable(_folder(context, run), candidate.model)


def _check_version(
    context: Context, task: Task, run: Run, version: DatasetVersion, classes: Sequence[Any]
) -> None:
    from litmus_core.data import check_newer

    folds = run.plan.folds
    wanted = (*task.features, task.target, *task.split.columns, folds.column if folds else None)
    check_newer(
        context.workspace,
        context.dataset(task.dataset_version_id),
        version,
        columns=list(dict.fromkeys(name for name in wanted if name)),
        target=task.target,
        classes=classes,
    )


def _folder(context: Context, run: Run) -> Path:
    return context.workspace.run_dir(run.id)


def _grown(context: Context, task: Task, version: DatasetVersion) -> Task:
    """Return the task on the extended table: its rows keep their parts."""
    n_before = context.dataset(task.dataset_version_id).n_rows
    split = replace(task.split, grown_from=(*task.split.grown_from, n_before))
    return replace(task, dataset_version_id=version.id, split=split)


def _shared_plan(context: Context, run: Run) -> RunPlan:
    """Return what both runs take over from the plan of the earlier run."""
    from litmus_core.engine import fitted_folds

    plan = run.plan
    shared = RunPlan(
        postprocess=plan.postprocess,
        folds=plan.folds or Folds(fitted_folds(_folder(context, run))),
        scoring=replace(plan.scoring, metric=None, reported=(), task_type=None),
        compute=replace(plan.compute, tune=None),
        training=replace(plan.training, stack=False),
    )
    return follow(shared)


def _continuing(
    context: Context, run: Run, candidate: Candidate, task: Task, *, old_per_new: float
) -> RunPlan:
    continues = WarmStart(
        candidate_id=candidate.id,
        run_id=run.id,
        model=candidate.model,
        n_before=task.split.grown_from[-1],
        old_per_new=old_per_new,
    )
    shared = _shared_plan(context, run)
    # Only its folds, not the additional models.
    folds = shared.folds and replace(shared.folds, parallel=None, refit=False)
    return replace(shared, origin=continues, folds=folds)


def _retraining(context: Context, run: Run, candidate: Candidate) -> RunPlan:
    from litmus_core.engine import settings_of

    families, algorithms = settings_of(_folder(context, run), candidate.model)
    return replace(
        _shared_plan(context, run),
        families=families,
        algorithms=algorithms,
        preprocess=plan_that_trains(context, run).preprocess,
        origin=Retrained(candidate_id=candidate.id),
    )


def _check_rules(task: Task) -> None:
    """Raise UsageError if added trees would not learn as the task requires."""
    why = ""
    if task.weight is not None:
        why = f"Its rows were weighted by '{task.weight}'; trees that are added would not weigh so."
    elif task.read_columns:
        why = f"It answers by {quote_names(task.read_columns)} of each row; trees that are added would not."
    elif task.monotone:
        columns = quote_names(name for name, _ in task.monotone)
        why = (
            f"Its predictions only rise or fall with {columns}; trees that are added would not keep to that."
        )
    if why:
        raise UsageError(why, hint="Retrain on this version of the table.")

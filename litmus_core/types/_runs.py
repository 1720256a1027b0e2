"""Runs and their results: candidates, bundles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeVar

from litmus_core.types._action_kinds import ActionTaken
from litmus_core.types._decisions import Decision
from litmus_core.types._latency import LatencyFigure
from litmus_core.types._plans import (
    Algorithm,
    Compression,
    Compute,
    Folds,
    Origin,
    ParameterValue,
    PluginRef,
    RepeatedRun,
    Retrained,
    ReusedModel,
    ScoringPlan,
    TrainingOptions,
    Tuning,
    WarmStart,
)
from litmus_core.types._recipes import RecipeStep
from litmus_core.types._tasks import Task
from litmus_core.types._verdicts import Score, TimeCut, Verdict

OriginT = TypeVar("OriginT", Retrained, WarmStart, ReusedModel, Compression, RepeatedRun)
_MACHINE, _BY_TASK, _PLAIN = Compute(), ScoringPlan(), TrainingOptions()
RunStatus = Literal["queued", "running", "finished", "stopped", "failed", "interrupted"]
StageName = Literal[
    "split", "features", "fit", "evaluate", "latency", "outer", "choose", "test", "explain", "final"
]
ModelForm = Literal["compiled", "native"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomModel:
    """A custom model class. ``reference`` is as given: ``my_models:SlowForest``, ``a/b.py:Class``.

    Litmus fills the other fields when it copies the source to a run's folder: the module, the class or
    function in it, and ``sha256`` of all copied files ("" if it is installed). Later runs look ``reference``
    up again, so its path is then absolute. ``parameters`` are its keyword arguments.
    """

    reference: str
    module: str = ""
    name: str = ""
    sha256: str = ""
    parameters: tuple[tuple[str, ParameterValue], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """The plan of one run. If ``families`` is empty, Litmus chooses them from the data, or trains only the
    ``algorithms`` if there are any.

    ``models`` are custom model classes to train beside the families. ``folds`` None: Litmus chooses by the
    number of rows.

    ``algorithms`` are trained beside the families, with their own hyperparameters; ``tuning`` searches those
    that have a space. If an algorithm's key is the reference of a custom model class, its source is copied
    like those of ``models``. ``preprocess`` and ``postprocess`` are applied in their order; ``hooks`` watch.

    ``action`` is the action that started the run, ``step`` the recipe's step that it carries out.

    ``origin`` is what the run starts from; None: nothing. With a :class:`WarmStart` it continues to train a
    candidate, and trains nothing else. With a :class:`Compression` it makes faster variants of a candidate,
    and trains nothing else. With a :class:`ReusedModel` it trains nothing: it fits ``postprocess`` after that
    model, and the rest of the plan says how the model was trained. With a :class:`Retrained` it trains a
    candidate's settings from scratch. With a :class:`RepeatedRun` it carries out that run's plan again.
    """

    families: tuple[str, ...] = ()
    models: tuple[CustomModel, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    folds: Folds | None = None
    tuning: Tuning | None = None
    compute: Compute = _MACHINE
    scoring: ScoringPlan = _BY_TASK
    training: TrainingOptions = _PLAIN
    preprocess: tuple[PluginRef, ...] = ()
    postprocess: tuple[PluginRef, ...] = ()
    hooks: tuple[PluginRef, ...] = ()
    action: ActionTaken | None = None
    step: RecipeStep | None = None
    origin: Origin | None = None

    def origin_as(self, kind: type[OriginT]) -> OriginT | None:
        """Return the origin if it is of this ``kind``, else None; for a repeated run, look at the earlier
        run's origin.

        >>> plan = RunPlan(origin=RepeatedRun(run_id="run_1", origin=Retrained(candidate_id="run_0-a")))
        >>> plan.origin_as(Retrained)
        Retrained(candidate_id='run_0-a')
        """
        origin: object = self.origin
        if isinstance(origin, RepeatedRun) and not isinstance(origin, kind):
            origin = origin.origin
        return origin if isinstance(origin, kind) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One task and all its runs. ``owner`` is the user's login name; "" if unknown.

    Experiments created by one call share a ``group``. ``decision``: somebody uses one of its models although
    it misses the bar.
    """

    id: str
    name: str
    task: Task
    created_at: str
    owner: str = ""
    group: str = ""
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalModel:
    """A judged candidate fitted again on all ``n_rows``, those that judged it (``n_judging``) included.

    No row is left to score it, so it has no score of its own. ``model`` is the engine's name for it in the
    final model's folder. ``latency`` and ``size_bytes`` are the final model's, and ``form`` is the form that
    runs in production. ``averaged``: this one model replaces an average of so many (0: it is of the judged
    model's kind). If it is not ``in_use``, somebody chose to deploy the judged model.
    """

    model: str
    n_rows: int
    n_judging: int
    seconds: float
    latency: tuple[LatencyFigure, ...] = ()
    size_bytes: int | None = None
    form: ModelForm | None = None
    native_reason: str = ""
    averaged: int = 0
    in_use: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One trained model of a run. ``test`` stays None while its test score is hidden.

    ``model`` is the engine's name for it, ``name`` the one that people read, ``family`` the model family
    (``ensemble`` for ensembles). ``threshold`` is the decision threshold on the positive class's probability
    (binary only; None: 0.5). ``in_budget`` is None while unmeasured or without a budget. ``form`` is the form
    that runs in production and whose latency was measured (None while unmeasured): compiled, or, for
    ``native_reason``, the training library itself. ``also_validation`` and ``also_test`` are its scores by
    metrics that are reported and decide nothing. ``parents`` are ids of candidates, or names of models that
    are not candidates. With ``refit_of`` it is the candidate of that id, trained again on all rows: its
    validation score is that candidate's, an estimate. With ``postprocess`` it is its one parent's model
    followed by these steps. ``abstained`` is the share of validation rows that it has no answer for ("don't
    know"): its scores are of the others.

    ``final`` is the model fitted again on all rows that is deployed in its place. ``no_final`` says why there
    is none although the run was to train it. ``time_cut``: the time limit ended its training before it was
    done. ``interval_by`` is the column whose groups have separate intervals or label sets ("": all rows
    alike).
    """

    id: str
    run_id: str
    experiment_id: str
    name: str
    model: str
    family: str
    family_kind: str
    is_ensemble: bool
    fit_s: float
    validation: Score | None = None
    test: Score | None = None
    threshold: float | None = None
    latency: tuple[LatencyFigure, ...] = ()
    size_bytes: int | None = None
    in_budget: bool | None = None
    chosen: bool = False
    parents: tuple[str, ...] = ()
    form: ModelForm | None = None
    native_reason: str = ""
    postprocess: tuple[PluginRef, ...] = ()
    abstained: float | None = None
    also_validation: tuple[Score, ...] = ()
    also_test: tuple[Score, ...] = ()
    refit_of: str = ""
    final: FinalModel | None = None
    no_final: str = ""
    time_cut: TimeCut | None = None
    interval_by: str = ""

    @property
    def is_final_used(self) -> bool:
        """Whether the final model is deployed in its place."""
        return self.final is not None and self.final.in_use

    @property
    def deployed(self) -> Candidate:
        """The candidate as deployed: with its final model's name, speed and size where that is used."""
        final = self.final
        if final is None or not final.in_use:
            return self
        return replace(
            self,
            model=final.model,
            latency=final.latency,
            size_bytes=final.size_bytes,
            form=final.form,
            native_reason=final.native_reason,
        )

    def latency_at(self, batch_rows: int) -> LatencyFigure | None:
        """Return the figure measured at exactly ``batch_rows`` rows per call, else None."""
        return next((figure for figure in self.latency if figure.batch_rows == batch_rows), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of a run, for pages that poll. Times in seconds; ``remaining_s`` None if unknown."""

    run_id: str
    status: RunStatus
    stage: StageName | None
    message: str
    elapsed_s: float
    remaining_s: float | None
    n_trained: int
    training_now: str | None
    best: Candidate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTimes:
    """The times when a run was queued, started and ended: UTC, ISO 8601; None for what has not happened."""

    queued_at: str
    started_at: str | None = None
    ended_at: str | None = None

    @property
    def seconds(self) -> float | None:
        """The seconds that it ran; None until it is over."""
        if not self.started_at or not self.ended_at:
            return None
        return (
            datetime.fromisoformat(self.ended_at) - datetime.fromisoformat(self.started_at)
        ).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt at an experiment's task. ``name`` is given by people; "" leaves only its number.

    ``missing`` has a sentence for each requested part that did not run, ``left_out`` for each part that
    Litmus had added. A failed run may have a verdict, on the models that finished.
    """

    id: str
    experiment_id: str
    number: int
    plan: RunPlan
    status: RunStatus
    times: RunTimes
    stage: StageName | None = None
    message: str = ""  # why it failed or its current activity
    hint: str = ""  # what the user can do about it
    verdict: Verdict | None = None
    chosen_id: str | None = None
    n_bytes: int | None = None
    name: str = ""
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its name; "Run 3" if it has none."""
        return self.name or f"Run {self.number}"

    @property
    def is_settled(self) -> bool:
        """Whether it is over and has results: finished, stopped, or failed after its verdict."""
        return self.status in ("finished", "stopped") or (
            self.status == "failed" and self.verdict is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRecord:
    """A bundle exported from a candidate; ``n_bytes`` is the size of the folder or zip.

    ``path`` is absolute; the journal stores it relative to the workspace if it lies inside. ``form`` is as
    requested: "auto", "compiled" or "native". ``is_final``: it holds the candidate's final model, fitted
    again on all rows.
    """

    id: str
    candidate_id: str
    run_id: str
    experiment_id: str
    path: str
    n_bytes: int
    sha256: str
    created_at: str
    form: str = "auto"
    is_final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A named prediction service on this machine, in its own process (``pid``).

    ``bundle_id`` and ``version`` are the current ones; ``n_restarts`` counts the restarts of dead servers.
    """

    id: str
    bundle_id: str
    url: str
    pid: int
    started_at: str
    alive: bool = True
    name: str = ""
    version: int = 1
    n_restarts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSummary:
    """One experiment as a leaderboard row: a run with a verdict, and its model.

    A Store returns the latest such run, a Studio the one with the leading model.
    """

    experiment: Experiment
    dataset_name: str
    n_runs: int
    status: RunStatus | None  # of the latest run
    latest_run_id: str | None
    verdict: Verdict | None
    best: Candidate | None
    updated_at: str

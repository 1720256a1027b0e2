"""Events: facts that processes write to the journal, which adds id and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._certificates import Certificate, DeploymentEnvironment
from litmus_core.types._datasets import DatasetVersion
from litmus_core.types._decisions import AcceptanceWithdrawn, BarMoved, ModelAccepted
from litmus_core.types._handoffs import HandoffAnswered, HandoffClosed, HandoffOpened, UserRenamed
from litmus_core.types._latency import LatencyFigure
from litmus_core.types._plans import Point
from litmus_core.types._quotes import RunQuoted
from litmus_core.types._recipes import RecipeFollowed, StepApplied
from litmus_core.types._runs import (
    BundleRecord,
    Candidate,
    Endpoint,
    Experiment,
    FinalModel,
    ModelForm,
    RunPlan,
    RunStatus,
    StageName,
)
from litmus_core.types._trials import Trial
from litmus_core.types._verdicts import AssertionsChanged, Score, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetImported:
    """A version was written to the workspace."""

    version: DatasetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRenamed:
    """A data set was renamed."""

    dataset_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetDeleted:
    """A data set and its files were deleted."""

    dataset_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDeleted:
    """One version of a data set and its file were deleted; nothing depended on it."""

    version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsDismissed:
    """Someone marked findings (by their keys) as fine; or, not ``dismissed``, took that back."""

    dataset_id: str
    keys: tuple[str, ...]
    dismissed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentCreated:
    """An experiment was created for a task."""

    experiment: Experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRenamed:
    """An experiment was renamed."""

    experiment_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentDeleted:
    """An experiment, its runs and their files were deleted."""

    experiment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQueued:
    """A run is waiting to start. Holds all that a worker needs."""

    run_id: str
    number: int
    experiment: Experiment
    plan: RunPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A worker process started the run (or resumed it)."""

    run_id: str
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStage:
    """The run entered a stage, or has a message about it."""

    run_id: str
    stage: StageName
    message: str
    remaining_s: float | None = None
    training_now: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnded:
    """Tuning tested a setting. Replaces an earlier trial with the same algorithm and number."""

    run_id: str
    trial: Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateTrained:
    """A model finished training; ``candidate`` has the results so far. Replaces one with the same id."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateScored:
    """The evaluate stage scored a candidate on validation or out-of-fold predictions.

    ``also`` has its scores by additional metrics.
    """

    candidate_id: str
    validation: Score
    threshold: float | None = None
    also: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateMeasured:
    """The latency lab measured a candidate in its production form."""

    candidate_id: str
    latency: tuple[LatencyFigure, ...]
    size_bytes: int | None
    in_budget: bool | None
    form: ModelForm | None = None
    native_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateTested:
    """A candidate was scored on the test part: the run chose it, or someone revealed its score."""

    candidate_id: str
    test: Score
    reason: Literal["chosen", "revealed"]
    by: str = ""
    also: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalModelTrained:
    """A judged candidate was fitted again on all rows. Replaces an earlier one."""

    candidate_id: str
    final: FinalModel


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalModelLeftOut:
    """A candidate was not fitted again on all rows, as planned; ``reason`` is a sentence."""

    candidate_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedModelChosen:
    """Somebody chose whether the final model or the judged model is deployed."""

    candidate_id: str
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalGroupsChosen:
    """Somebody chose whose groups get separate intervals ("": none); ``verdicts``, by run, count them."""

    candidate_id: str
    column: str
    verdicts: tuple[tuple[str, Verdict], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunJudged:
    """The run chose its candidate and has a verdict."""

    run_id: str
    candidate_id: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """The run is over. ``seconds`` is per stage; ``n_bytes`` is the size of the run's folder, and
    ``peak_mb`` the most memory (in 10^6 bytes) that its processes held together.

    ``missing`` has a sentence for each requested part that did not run: if there are any, the run was stopped
    or failed. ``left_out`` is about parts that Litmus had added.
    """

    run_id: str
    status: RunStatus
    message: str = ""
    hint: str = ""
    seconds: dict[str, float] | None = None
    n_bytes: int | None = None
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    peak_mb: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInFailed:
    """Custom code failed in the run, which failed as well or continued without it; ``sentence`` says how."""

    run_id: str
    point: Point
    name: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequeued:
    """A finished run is waiting to start again, to complete what it left unfinished."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRenamed:
    """A run was renamed; an empty name leaves only its number."""

    run_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDeleted:
    """A run and its files were deleted."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleExported:
    """A bundle was exported."""

    bundle: BundleRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCertified:
    """The lab tested a bundle; a later certificate of the same form replaces the earlier one."""

    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleDeleted:
    """A bundle's files were deleted."""

    bundle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStarted:
    """A bundle is being served."""

    endpoint: Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStopped:
    """An endpoint was stopped, or found dead."""

    endpoint_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSaved:
    """A deployment environment was created or changed; its name identifies it."""

    environment: DeploymentEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentDeleted:
    """A deployment environment was deleted."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPromoted:
    """Another version became the live one; ``why`` says whether by promotion or rollback.

    ``proof`` is what outcomes said of one that is better, ``reason`` what the person ``by`` said.
    """

    endpoint_id: str
    bundle_id: str
    version: int
    why: Literal["promoted", "rolled back"]
    reason: str = ""
    by: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRestarted:
    """A dead server of the endpoint was restarted, for the ``n_restarts``-th time."""

    endpoint_id: str
    n_restarts: int
    reason: str


Fact = (
    DatasetImported
    | DatasetRenamed
    | DatasetDeleted
    | VersionDeleted
    | FindingsDismissed
    | ExperimentCreated
    | ExperimentRenamed
    | ExperimentDeleted
    | AssertionsChanged
    | BarMoved
    | ModelAccepted
    | AcceptanceWithdrawn
    | RunQueued
    | RunStarted
    | RunStage
    | TrialEnded
    | CandidateTrained
    | CandidateScored
    | CandidateMeasured
    | CandidateTested
    | FinalModelTrained
    | FinalModelLeftOut
    | DeployedModelChosen
    | IntervalGroupsChosen
    | RunJudged
    | RunEnded
    | PlugInFailed
    | RunRequeued
    | RunRenamed
    | RunDeleted
    | RunQuoted
    | RecipeFollowed
    | StepApplied
    | HandoffOpened
    | HandoffAnswered
    | HandoffClosed
    | UserRenamed
    | BundleExported
    | BundleCertified
    | BundleDeleted
    | EndpointStarted
    | EndpointStopped
    | EnvironmentSaved
    | EnvironmentDeleted
    | EndpointPromoted
    | EndpointRestarted
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact with the journal's id (ascending), time (UTC, ISO 8601) and person.

    ``person`` is the id of who acted: the login name, or who signed in; "" for what Litmus found out itself.
    """

    id: int
    at: str
    fact: Fact
    person: str = ""

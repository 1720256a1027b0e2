"""Events: the facts that processes write into the journal; the journal stamps id and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._certificates import Certificate, DeploymentEnvironment
from litmus_core.types._datasets import DatasetVersion
from litmus_core.types._handoffs import HandoffAnswered, HandoffClosed, HandoffOpened, PersonNamed
from litmus_core.types._latency import LatencyFigure
from litmus_core.types._plans import Point
from litmus_core.types._recipes import RecipeFollowed, StepApplied
from litmus_core.types._runs import (
    BundleRecord,
    Candidate,
    Endpoint,
    Experiment,
    ModelForm,
    RunPlan,
    RunStatus,
    StageName,
)
from litmus_core.types._trials import Trial
from litmus_core.types._verdicts import Score, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetImported:
    """A version was written to the workspace."""

    version: DatasetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRenamed:
    """A data set got another name."""

    dataset_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetDeleted:
    """A data set and its files are gone."""

    dataset_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDeleted:
    """One version of a data set and its file are gone; nothing rested on it."""

    version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsDismissed:
    """Someone said of findings (by their keys) that they are fine; or, not ``known``, took that back."""

    dataset_id: str
    keys: tuple[str, ...]
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentCreated:
    """A task was set."""

    experiment: Experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRenamed:
    """An experiment got another name."""

    experiment_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentDeleted:
    """An experiment, its runs and their files are gone."""

    experiment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQueued:
    """A run waits for its turn. Holds all a worker needs to begin."""

    run_id: str
    number: int
    experiment: Experiment
    plan: RunPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A worker process took the run up (again, when it resumes)."""

    run_id: str
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStage:
    """The run entered a stage, or has something to say within it."""

    run_id: str
    stage: StageName
    message: str
    remaining_s: float | None = None
    training_now: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnded:
    """Tuning tried a setting. Same algorithm and number again: replaces it."""

    run_id: str
    trial: Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateTrained:
    """A model finished; ``candidate`` holds what is known so far. Same id again: replaces it."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateScored:
    """The evaluate stage scored a candidate on validation or out-of-fold predictions.

    ``also`` are its scores by the metrics that only look on.
    """

    candidate_id: str
    validation: Score
    threshold: float | None = None
    also: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateMeasured:
    """The latency lab measured a candidate, in the form that production runs."""

    candidate_id: str
    latency: tuple[LatencyFigure, ...]
    size_bytes: int | None
    in_budget: bool | None
    form: ModelForm | None = None
    native_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateTested:
    """A candidate was scored on the test part: as the chosen one, or by a deliberate reveal."""

    candidate_id: str
    test: Score
    reason: Literal["chosen", "revealed"]
    by: str = ""
    also: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunJudged:
    """The run chose its candidate and has a verdict."""

    run_id: str
    candidate_id: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """The run is over. ``seconds`` is per stage; ``n_bytes`` is the run folder's size.

    ``missing`` has a sentence for each thing that was named for the run and did not run: where it is not
    empty, the run was stopped or failed. ``left_out`` is of what Litmus had added by itself.
    """

    run_id: str
    status: RunStatus
    message: str = ""
    hint: str = ""
    seconds: dict[str, float] | None = None
    n_bytes: int | None = None
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInFailed:
    """Someone's own code failed in the run, which failed by it or went on without; ``sentence`` says how."""

    run_id: str
    point: Point
    name: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequeued:
    """A run that was over waits for its turn again: to make the best of what it left."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRenamed:
    """A run got a name; an empty one leaves it its number alone."""

    run_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDeleted:
    """A run and its files are gone."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleExported:
    """A bundle was written."""

    bundle: BundleRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCertified:
    """The lab tried a bundle; a later certificate of the same form replaces the one before."""

    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleDeleted:
    """A bundle's files are gone."""

    bundle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStarted:
    """A bundle is being served."""

    endpoint: Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStopped:
    """An endpoint was stopped or found dead."""

    endpoint_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSaved:
    """A deployment environment was made or changed; its name says which."""

    environment: DeploymentEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentDeleted:
    """A deployment environment is no longer offered."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPromoted:
    """Another version answers now; ``why`` tells whether forward or back."""

    endpoint_id: str
    bundle_id: str
    version: int
    why: Literal["promoted", "rolled back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRestarted:
    """The endpoint's server had died and was started again, for the ``n_restarts``-th time."""

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
    | RunQueued
    | RunStarted
    | RunStage
    | TrialEnded
    | CandidateTrained
    | CandidateScored
    | CandidateMeasured
    | CandidateTested
    | RunJudged
    | RunEnded
    | PlugInFailed
    | RunRequeued
    | RunRenamed
    | RunDeleted
    | RecipeFollowed
    | StepApplied
    | HandoffOpened
    | HandoffAnswered
    | HandoffClosed
    | PersonNamed
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
    """A fact with the journal's id (ascending) and time (UTC, ISO 8601)."""

    id: int
    at: str
    fact: Fact

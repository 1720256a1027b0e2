"""What is known after a run when the next actions are proposed."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.advice._derived_plans import standalone_plan
from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.types import Action, ActionOutcome, Candidate, Run, RunPlan, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFamily:
    """A family that a run did not try, though it could have."""

    key: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LongerRun:
    """A longer run as Litmus would plan it: its seconds, the families that it adds, and its folds (0: none).

    The plan leaves folds to Litmus: a run that is given less time may have none.
    """

    limit_s: float
    families: tuple[OtherFamily, ...]
    folds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpent:
    """How a run spent its time: its own limit, seconds of training, and of scoring and timing after it.

    ``story`` is [(seconds since the fit began, best validation score so far, more is better), ...].
    """

    limit_s: float
    fit_s: float
    tail_s: float = 20.0
    story: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamiliesTried:
    """The ``keys`` and kinds of the families that a run trained; other families; a longer run with more."""

    keys: tuple[str, ...] = ()
    trained: tuple[str, ...] = ()
    offered: tuple[OtherFamily, ...] = ()
    longer: LongerRun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledRows:
    """How many rows were drawn where all do not fit into memory (0: all are in the run).

    ``n_there`` are in the table; ``roomier`` is a run with twice the memory.
    """

    n_drawn: int = 0
    n_there: int = 0
    roomier: RunPlan | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known after a run, of which nothing comes from its test part.

    ``n_folds`` is 0 where it has none, ``may_fold`` whether its rows can be folded; ``outcomes`` of earlier
    actions in the workspace; ``plugin_actions`` are what plug-ins propose. ``candidates`` are all of the
    run's, and ``faster`` is the plan that makes variants of the best one, where that is outside the budget.
    ``predictions`` is what the chosen model answered to the rows that it was scored on. ``trains`` is the
    plan that trained the run's model, where the run itself reused it, compressed it or continued it.
    """

    run: Run
    task: Task
    chosen: Candidate
    time: TimeSpent
    n_folds: int
    may_fold: bool
    outcomes: tuple[ActionOutcome, ...] = ()
    plugin_actions: tuple[Action, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    faster: RunPlan | None = None
    predictions: StoredPredictions | None = None
    families: FamiliesTried = FamiliesTried()
    sample: SampledRows = SampledRows()
    trains: RunPlan | None = None

    @property
    def plan(self) -> RunPlan:
        """The plan of a run of its own that does what trained the run's model, with the steps after it."""
        return standalone_plan(self.trains or self.run.plan)

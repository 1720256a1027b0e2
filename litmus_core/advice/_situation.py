"""The facts about a run from which the next actions are proposed."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.advice._derived_plans import standalone_plan
from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.types import Action, ActionOutcome, Candidate, Run, RunPlan, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFamily:
    """A family that a run could have trained, but did not."""

    key: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LongerRun:
    """A longer run as Litmus would plan it: its limit, the families that it adds, and its folds (0: none).

    Without families it adds other settings of those that were trained. The plan leaves folds to Litmus: with
    less time a run may have none.
    """

    limit_s: float
    families: tuple[OtherFamily, ...]
    folds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpent:
    """The time of a run: its limit, the seconds of training, and of scoring and timing after it.

    ``story`` is [(seconds since the fit began, best validation score so far, more is better), ...].
    """

    limit_s: float
    fit_s: float
    tail_s: float = 20.0
    story: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamiliesTried:
    """The keys and kinds of the families that a run trained, other families, and a longer run with more."""

    keys: tuple[str, ...] = ()
    trained: tuple[str, ...] = ()
    offered: tuple[OtherFamily, ...] = ()
    longer: LongerRun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledRows:
    """The number of rows drawn from a table that does not fit into memory; 0 if all rows are in the run.

    ``n_there`` is the number of rows of the table; ``larger_plan`` is the plan of a run with twice the
    memory.
    """

    n_drawn: int = 0
    n_there: int = 0
    larger_plan: RunPlan | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The facts about a run, none of them from its test set.

    ``n_folds`` is 0 for a run without folds; ``may_fold`` says whether its rows can be folded. ``outcomes``
    are of earlier actions in the workspace, ``plugin_actions`` are proposed by plug-ins. ``candidates`` are
    all of the run's; ``faster`` is the plan that makes variants of the best one, if that exceeds the budget.
    ``predictions`` are the chosen model's on the rows that it was scored on. ``trains`` is the plan that
    trained the model, if the run itself reused, compressed or continued it.
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
        """The plan of an independent run that trains the same model, with its post-processing."""
        return standalone_plan(self.trains or self.run.plan)

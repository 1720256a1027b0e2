"""Hand-offs: a question to a scientist with its context, and an answer that the asker can run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._actions import ActionOutcome
from litmus_core.types._datasets import DatasetVersion
from litmus_core.types._findings import CheckReport
from litmus_core.types._plans import Scalar
from litmus_core.types._recipes import RecipeStep
from litmus_core.types._runs import Candidate, Experiment, Run, RunPlan

HandoffState = Literal["open", "answered", "closed"]
HandoffEnd = Literal["", "started", "solved", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A scientist's answer: the text ``words``, and what the asker can start with one call, if anything.

    That is a ``version`` of a ``recipe`` with its ``knobs``, or a ``plan`` for a run with the plug-in
    ``plugin``. A plug-in that no run trains with (a metric, a hook) comes without a plan.
    """

    words: str
    by: str = ""
    recipe: str = ""
    version: int = 0
    knobs: tuple[tuple[str, Scalar], ...] = ()
    plugin: str = ""
    plan: RunPlan | None = None

    @property
    def is_runnable(self) -> bool:
        """Whether the asker can start it."""
        return bool(self.recipe) or self.plan is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffClosing:
    """By whom and when a question was closed, and with what result.

    ``ending``: its answer was ``started`` (``started_run_id``, if that started a run), it was ``solved``
    otherwise, or it was ``withdrawn``.
    """

    by: str
    at: str
    ending: HandoffEnd
    words: str = ""
    started_run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A question to a scientist. Times are UTC, ISO 8601; "" if it has not happened.

    ``leading_run_id`` is the leading run at the time of asking ("" none), ``step`` the recipe's step that
    asked. ``closing`` is None while it is open or answered.
    """

    id: str
    experiment_id: str
    question: str
    asked_by: str
    asked_at: str
    state: HandoffState = "open"
    leading_run_id: str = ""
    step: RecipeStep | None = None
    answer: Answer | None = None
    answered_by: str = ""
    answered_at: str = ""
    closing: HandoffClosing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffOpened:
    """Someone asked a scientist."""

    handoff_id: str
    experiment_id: str
    question: str
    by: str = ""
    leading_run_id: str = ""
    step: RecipeStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAnswered:
    """A scientist answered; a later answer replaces the one before."""

    handoff_id: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffClosed:
    """A question was closed."""

    handoff_id: str
    ending: HandoffEnd
    by: str = ""
    words: str = ""
    started_run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRenamed:
    """The user ``user`` of the machine chose the display name ``name`` in this workspace."""

    user: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeen:
    """A recipe's step at the time of the question."""

    number: int
    title: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffContext:
    """The context of a question at ``made_at`` (UTC, ISO 8601).

    ``report`` None: the table's checks were not run. ``runs`` are in order, ``candidates`` of all of them,
    the best by validation first; ``leader_id`` is the one that a recipe would continue with ("" none).
    ``minutes`` is the total training time; ``n_evaluations`` is the number of test-set evaluations.
    ``diagnosis`` has pairs about the leader on validation rows: kind of subject, and text.
    """

    experiment: Experiment
    table: DatasetVersion
    made_at: str
    report: CheckReport | None = None
    runs: tuple[Run, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    leader_id: str = ""
    outcomes: tuple[ActionOutcome, ...] = ()
    recipe: str = ""
    steps: tuple[StepSeen, ...] = ()
    minutes: float = 0.0
    n_evaluations: int = 0
    diagnosis: tuple[tuple[str, str], ...] = ()

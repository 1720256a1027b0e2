"""Hand-offs: a question to a scientist with all that belongs to it, and the answer that the asker can run."""

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
HandoffEnd = Literal["", "taken", "solved", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a scientist answered: ``words``, and what the asker can start by one call, if anything.

    That is a ``version`` of a ``recipe`` with its ``knobs``, or a ``plan`` of a run with the plug-in
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
    """How a question was closed: by whom, when, and whether anything came of it.

    ``ending``: its answer was ``taken`` (``started_run_id``, if that began a run), it was ``solved``
    otherwise, or it was ``withdrawn``.
    """

    by: str
    at: str
    ending: HandoffEnd
    words: str = ""
    started_run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A question to a scientist. Times are UTC, ISO 8601, "" for what did not happen.

    ``leading_run_id`` is the run that led when it was asked ("" none), ``step`` the recipe's step that asked.
    ``closing`` is None while it is open or answered.
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
    """Nothing is left to do about it."""

    handoff_id: str
    ending: HandoffEnd
    by: str = ""
    words: str = ""
    started_run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed:
    """Someone, known to the machine as ``user``, is called ``name`` in this workspace."""

    user: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeen:
    """A recipe's step as it was when the question was asked."""

    number: int
    title: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffContext:
    """All that belongs to a question, as it was at ``made_at`` (UTC, ISO 8601).

    ``report`` None: the table's checks were not made. ``runs`` are in their order, ``candidates`` of all of
    them, the best by validation first; ``leader_id`` is the one that a recipe would go on from ("" none).
    ``minutes`` were trained in all; ``n_looks`` test scores were looked at. ``diagnosis`` is of the leader on
    validation rows: what kind of thing, and the thing in words.
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
    n_looks: int = 0
    diagnosis: tuple[tuple[str, str], ...] = ()

"""Actions: what to do next, and the gain to expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._action_kinds import ActionKind, Gain
from litmus_core.types._findings import Fix
from litmus_core.types._runs import RunPlan
from litmus_core.types._statements import Statement
from litmus_core.types._verdicts import Outcome

Who = Literal["anyone", "scientist"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCurve:
    """Points of a chart: scores ``y`` with 80 % intervals over ``x``; the last ones may be ``predicted``."""

    x_title: Statement
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n_predicted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCost:
    """Minutes of computing; factors by which latency and size grow (None: unknown)."""

    minutes: float
    latency_factor: float | None = 1.0
    size_factor: float | None = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsToCollect:
    """Rows that people collect: those with ``value`` in ``column``, or any if both are ""."""

    n_rows: int
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One possible next action. ``statements`` say what to do, ``evidence`` why it should bring ``gain``.

    Both are facts, and so is the ``title`` (None: its fix's); ``litmus_core.advice`` makes the sentences.
    With a ``plan`` one click starts it as a run; without a plan, people do it on ``page``. The run uses the
    task's columns except those in ``leave_out``, the table that ``fix`` makes, and its split. ``collect``
    names the rows that people need to collect.
    """

    key: str
    kind: ActionKind
    gain: Gain
    cost: ActionCost
    title: Statement | None = None
    statements: tuple[Statement, ...] = ()
    evidence: tuple[Statement, ...] = ()
    audience: Who = "anyone"
    curve: LearningCurve | None = None
    plan: RunPlan | None = None
    page: str = ""
    leave_out: tuple[str, ...] = ()
    fix: Fix | None = None
    collect: RowsToCollect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAction:
    """An action that the run ``run_id`` carried out on the same data, where it brought too little.

    ``promised`` and ``brought`` are in the metric's unit; positive is better.
    """

    action: Action
    run_id: str
    promised: float
    brought: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionList:
    """Possible actions after a run, most promising first.

    Gains are in ``metric``. ``limits`` are facts about what no action here can overcome: a bar out of reach,
    too few rows of a class. ``litmus_core.advice`` sums the list up in a sentence. ``n_rows`` were examined
    (0: too few for trials), and ``seconds`` spent. ``plugins`` are the custom actions that made proposals,
    and ``notes`` say which were left out, and why. ``failed`` were carried out on the same data and brought
    too little: they are not offered again.
    """

    run_id: str
    actions: tuple[Action, ...]
    metric: str
    n_rows: int
    seconds: float
    limits: tuple[Statement, ...] = ()
    plugins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    failed: tuple[FailedAction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOutcome:
    """The predicted gain of an action (``Gain``), and the gain it brought on validation and test rows.

    Each in the metric's unit, positive is better; None while unknown. Runs that were not ``validated_alike``
    (other rows, or folds against a single part whose predictions were deleted) have no validation gain. For
    collected rows, ``n_requested`` were asked for and ``n_collected`` arrived. ``before_gone``: the earlier
    run was deleted, so no gain can be measured. ``verdict`` is the new run's, None while unknown: it is the
    result of an action that was to settle a verdict.
    """

    run_id: str
    follows_run_id: str
    key: str
    kind: ActionKind
    predicted: Gain
    validation: float | None
    test: float | None
    validated_alike: bool = True
    n_requested: int = 0
    n_collected: int = 0
    before_gone: bool = False
    verdict: Outcome | None = None

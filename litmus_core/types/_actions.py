"""Actions: what may be done next, and what it should bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._findings import Fix
from litmus_core.types._follows import ActionKind, Gain
from litmus_core.types._runs import RunPlan

Who = Literal["anyone", "scientist"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points to look at: scores ``y`` with 80 % intervals over ``x``; the last ones may be ``predicted``."""

    x_title: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n_predicted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCost:
    """Minutes of the machine; how many times slower and larger the answer gets (None: unknown)."""

    minutes: float
    latency_factor: float | None = 1.0
    size_factor: float | None = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsToCollect:
    """Rows that people collect: of those with ``value`` in ``column``, or of any where both are ""."""

    n_rows: int
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do next. ``sentence`` says what and ``evidence`` why it should bring ``gain``.

    With a ``plan`` one click starts it as a run; without, ``page`` is where people do it themselves. The run
    looks at the columns of the question but those to ``leave_out``, and at the table that ``fix`` makes,
    split as it says. ``collect`` names the rows that it needs from people.
    """

    key: str
    kind: ActionKind
    title: str
    sentence: str
    evidence: str
    gain: Gain
    cost: ActionCost
    who: Who = "anyone"
    curve: Curve | None = None
    plan: RunPlan | None = None
    page: str = ""
    leave_out: tuple[str, ...] = ()
    fix: Fix | None = None
    collect: RowsToCollect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionList:
    """What may be done after a run, most promising first.

    ``sentence`` sums it up: what to do, or that nothing known will help. ``limits`` are those of its
    sentences that say what no action here gets past: a bar out of reach, too few rows of a class. ``n_rows``
    were looked at, and ``seconds`` spent. ``plugins`` are the actions of one's own that were asked, and
    ``notes`` say which the list went on without, and why.
    """

    run_id: str
    actions: tuple[Action, ...]
    sentence: str
    n_rows: int
    seconds: float
    limits: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOutcome:
    """What an action was predicted to bring (``Gain``), and what it brought on validation rows and in test.

    Each in the metric's unit, positive is better; None while it is not known. Runs that were not
    ``validated_alike`` (other rows, or in folds and on a part, of which no answers are left) have none there.
    Where rows were collected, ``n_asked`` were asked for and ``n_came`` came. ``before_gone``: the run before
    was deleted, so that nothing can be told.
    """

    run_id: str
    follows_run_id: str
    key: str
    kind: ActionKind
    predicted: Gain
    validation: float | None
    test: float | None
    validated_alike: bool = True
    n_asked: int = 0
    n_came: int = 0
    before_gone: bool = False

"""What a run follows: the action that was taken, and the gain that was predicted of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActionKind = Literal[
    "folds",
    "time",
    "tune",
    "family",
    "rows",
    "class rows",
    "segment rows",
    "memory",
    "threshold",
    "calibrate",
    "abstain",
    "columns",
    "balanced",
    "stack",
    "made columns",
    "leak",
    "copies",
    "split",
    "labels",
    "faster",
    "own",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How much better a score is expected to get, in its metric's unit, with an 80 % interval.

    Positive is better, also where a lower score is. ``measured`` is what a quick stand-in for the run's
    models gained, before it was corrected by what such figures were worth earlier. One that is not
    ``is_known`` shows only when it is done: its numbers are 0.
    """

    value: float
    low: float
    high: float
    measured: float
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTaken:
    """The action that a run was started by: of the list made for ``run_id``, the one called ``key``.

    Where rows were to be collected, ``n_asked`` were asked for and ``n_came`` came; ``gain`` is of these.
    """

    run_id: str
    key: str
    kind: ActionKind
    gain: Gain
    n_asked: int = 0
    n_came: int = 0

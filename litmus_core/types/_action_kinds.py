"""The kinds of actions, the gain that one promises, and which action started a run."""

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
    "judge",
    "judge rows",
    "bar",
    "own",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The expected improvement of a score, in its metric's unit, with an 80 % interval.

    Positive is better, also for metrics where lower is better. ``measured`` is the gain of a quick surrogate
    for the run's models, before correction by past outcomes. If not ``is_known``, the gain can only be
    measured afterwards, and its numbers are 0. ``settles`` is the chance that the action settles an undecided
    verdict (None: it does not aim at that).
    """

    value: float
    low: float
    high: float
    measured: float
    is_known: bool = True
    settles: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTaken:
    """The action that started a run: the one called ``key`` in the list made for ``run_id``.

    For collected rows, ``n_requested`` were asked for and ``n_collected`` arrived; ``gain`` is for these.
    """

    run_id: str
    key: str
    kind: ActionKind
    gain: Gain
    n_requested: int = 0
    n_collected: int = 0

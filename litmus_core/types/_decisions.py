"""Decisions of people after a score is known: to move the bar, or to use a model whatever its verdict."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types._tasks import Bar
from litmus_core.types._verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Somebody uses a model although it does not meet the bar.

    ``verdict`` is the sentence of the verdict at that time; ``bar`` is its bar.
    """

    run_id: str
    candidate_id: str
    reason: str
    by: str
    at: str
    verdict: str
    bar: Bar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarMoved:
    """Somebody moved an experiment's bar after looking at its scores.

    ``verdicts`` are its runs' verdicts by the new bar, with each run's id; ``because`` is the reason, if one
    was given.
    """

    experiment_id: str
    bar: Bar
    by: str
    because: str = ""
    verdicts: tuple[tuple[str, Verdict], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccepted:
    """Somebody decided to use a model anyway."""

    experiment_id: str
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceWithdrawn:
    """Somebody took the decision back."""

    experiment_id: str
    by: str

"""The distance between a budget that no model meets and the nearest model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from litmus_core.types import Budget, Candidate

Limited = Literal["time", "size"]  # the limits of a budget
_MEASURES: dict[Limited, tuple[str, str]] = {"time": ("quickest", "slow"), "size": ("smallest", "big")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrun:
    """The cost of a candidate (``value``) compared with a ``limit``, both in ms or MB."""

    spent: Limited
    value: float
    limit: float

    @property
    def times(self) -> float:
        """The cost as a multiple of the limit; above 1 it is over budget."""
        return self.value / self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetGap:
    """The candidate nearest to a budget that no candidate meets, with its ``excesses``, the worst first."""

    candidate: Candidate
    excesses: tuple[Overrun, ...]
    sentence: str

    @property
    def excess(self) -> Overrun:
        """The worst excess."""
        return self.excesses[0]


def closest_to_budget(budget: Budget, candidates: Iterable[Candidate]) -> BudgetGap | None:
    """Return the candidate nearest to a budget that no candidate meets; None if one meets it.

    Candidates that were not measured are ignored.
    """
    overruns = [
        (worst.times, other) for other in candidates if (worst := worst_overrun(budget, other)) is not None
    ]
    times, candidate = min(overruns, key=lambda pair: pair[0], default=(0.0, None))
    if candidate is None or times <= 1:
        return None
    over = [overrun for overrun in overruns_of(budget, candidate) if overrun.times > 1]
    over.sort(key=lambda overrun: -overrun.times)
    is_only = budget.max_latency_ms is None or budget.max_size_mb is None
    is_the = _MEASURES[over[0].spent][0] if is_only else "nearest to the budget"
    text = "; it takes ".join(map(_overrun_text, over))
    return BudgetGap(
        candidate=candidate,
        excesses=tuple(over),
        sentence=f"{candidate.name}, the {is_the} here, takes {text}.",
    )


def worst_overrun(budget: Budget, candidate: Candidate) -> Overrun | None:
    """Return the worst overrun of a candidate; None without a limit, or if one is not measured."""
    return max(overruns_of(budget, candidate), key=lambda overrun: overrun.times, default=None)


def overruns_of(budget: Budget, candidate: Candidate) -> tuple[Overrun, ...]:
    """Return a candidate's overrun for each limit; nothing while one of them is not measured."""
    overruns: list[Overrun] = []
    if budget.max_latency_ms is not None:
        figure = candidate.latency_at(budget.batch_rows)
        if figure is None:
            return ()
        overruns.append(Overrun(spent="time", value=figure.p95_ms, limit=budget.max_latency_ms))
    if budget.max_size_mb is not None:
        if candidate.size_bytes is None:
            return ()
        overruns.append(Overrun(spent="size", value=candidate.size_bytes / 1e6, limit=budget.max_size_mb))
    return tuple(overruns)


def _overrun_text(excess: Overrun) -> str:
    unit, per_call = ("ms", " a call") if excess.spent == "time" else ("MB", "")
    return (
        f"{_figure(excess.value)} {unit}{per_call}, the budget is {_figure(excess.limit)} {unit}: "
        f"{format_overrun(excess.times)} too {_MEASURES[excess.spent][1]}"
    )


def _figure(value: float) -> str:
    """Write milliseconds or megabytes.

    >>> _figure(0.0123), _figure(12.345), _figure(1234.5)
    ('0.0123', '12.3', '1,234')
    """
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def format_overrun(times: float) -> str:
    """Write by how much a ratio exceeds 1.

    >>> format_overrun(1.042), format_overrun(1.5), format_overrun(1000.0)
    ('4 %', '1.5 times', '1,000 times')
    """
    if times < 1.1:
        return f"{100 * (times - 1):.1g} %"
    return f"{times:,.0f} times" if times >= 10 else f"{times:.2g} times"

"""Quotes: the expected time, memory and score of a run, stated before it starts and judged afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.text import format_score, in_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteBasis:
    """The basis of a quote: figures of the table and its quick model, before earlier runs correct them.

    ``constant`` and ``quick`` are the scores of guessing and of a quick linear model. ``noise`` is the
    standard error of the difference between the quick model's score and a score on the test rows. ``seconds``
    and ``memory_mb`` follow from the table's shape.
    """

    constant: float
    quick: float
    noise: float
    seconds: float
    memory_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The expected time, memory and score of a run; in 4 of 5 runs the score lies from ``low`` to ``high``.

    ``n_runs`` earlier runs of the workspace were used to correct it. ``unit`` is the score's, such as a
    currency.
    """

    metric: str
    minutes: float
    memory_mb: float
    score: float
    low: float
    high: float
    n_runs: int
    basis: QuoteBasis
    unit: str = ""

    @property
    def sentence(self) -> str:
        """The quote as a sentence: time, memory, and the score's range."""
        width = self.high - self.low  # one digit more would say more than is known
        low, high = (
            in_unit(format_score(end, half_width=4 * width), self.unit) for end in (self.low, self.high)
        )
        minutes, seconds = f"{self.minutes:.1f} minutes", f"{60 * self.minutes:.0f} seconds"
        return (
            f"Training and measuring take about {minutes if self.minutes >= 1 else seconds} "
            f"and {self.memory_mb / 1000:.1f} GB of memory. Likely score: {low} to {high}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteOutcome:
    """A quote and the run's actual figures; None where a figure is not known."""

    run_id: str
    quote: Quote
    minutes: float | None
    memory_mb: float | None
    score: float | None

    @property
    def held(self) -> bool | None:
        """Whether the score lies within the range that was quoted; None without a score."""
        return None if self.score is None else self.quote.low <= self.score <= self.quote.high


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuoted:
    """The run was quoted before it had results."""

    run_id: str
    quote: Quote

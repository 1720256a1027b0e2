"""How long a model takes to answer."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_CALLS = 20  # of which one in twenty is one
LEAST_CALLS_P99 = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyFigure:
    """Wall time of one call that answers ``batch_rows`` rows, in milliseconds, over ``n_calls`` calls.

    Of fewer than 20 calls ``p95_ms`` is the slowest one, and ``p95_calls`` says so: no percentile.
    """

    batch_rows: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    n_calls: int

    @property
    def is_percentile(self) -> bool:
        """Whether there were calls enough for ``p95_ms`` to be the 95th percentile."""
        return self.n_calls >= LEAST_CALLS

    @property
    def percentile_ms(self) -> float | None:
        """The 95th percentile; None of fewer than 20 calls, which have none."""
        return self.p95_ms if self.is_percentile else None

    @property
    def percentile_99_ms(self) -> float | None:
        """The 99th percentile; None of fewer than 100 calls, which have none."""
        return self.p99_ms if self.n_calls >= LEAST_CALLS_P99 else None

    @property
    def p95_calls(self) -> str:
        """Of which calls ``p95_ms`` is the most: "19 of 20 calls", or "the slowest of 3 calls"."""
        if self.is_percentile:
            return "19 of 20 calls"
        return f"the slowest of {self.n_calls} calls" if self.n_calls > 1 else "the only call"

"""Latency figures of a model."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_CALLS = 20  # the slowest 5 % are then one call
LEAST_CALLS_P99 = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyFigure:
    """Wall time in milliseconds of one call with ``batch_rows`` rows, over ``n_calls`` calls.

    With fewer than 20 calls ``p95_ms`` is the slowest call, not a percentile; ``p95_calls`` says so.
    """

    batch_rows: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    n_calls: int

    @property
    def is_percentile(self) -> bool:
        """Whether there were enough calls for ``p95_ms`` to be the 95th percentile."""
        return self.n_calls >= LEAST_CALLS

    @property
    def percentile_ms(self) -> float | None:
        """The 95th percentile; None for fewer than 20 calls."""
        return self.p95_ms if self.is_percentile else None

    @property
    def percentile_99_ms(self) -> float | None:
        """The 99th percentile; None for fewer than 100 calls."""
        return self.p99_ms if self.n_calls >= LEAST_CALLS_P99 else None

    @property
    def p95_calls(self) -> str:
        """The calls that ``p95_ms`` covers: "19 of 20 calls", or "the slowest of 3 calls"."""
        if self.is_percentile:
            return "19 of 20 calls"
        return f"the slowest of {self.n_calls} calls" if self.n_calls > 1 else "the only call"

"""The server's counters, for Prometheus and for the endpoint's supervisor.

Implemented here because the format is short, and the official client would add a dependency to every bundle.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable
from typing import Any

from litmus_core.types import LEAST_CALLS

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
N_RECENT = 1_000
_ANSWERED = ("/predict", "/forecast")  # a server has one of the two
_PATHS = (
    *_ANSWERED,
    "/outcomes",
    "/health",
    "/schema",
    "/metrics",
    "/docs",
    "/openapi.json",
    "/",
)


class Metrics:
    """Counts and times since the start. For one event loop only."""

    def __init__(self, *, model: str, version: str) -> None:
        self.model, self.version = model, version
        self.n_in_flight = 0
        self.n_rows = 0
        self.n_samples_lost = self.n_answers_lost = 0
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets = [0] * (len(BUCKETS_S) + 1)
        self._sum_s = 0.0
        self._recent_s: deque[float] = deque(maxlen=N_RECENT)

    def count(self, path: str, status: int, seconds: float) -> None:
        """Count one answered request; only requests for predictions are timed, refused ones included.

        Requests of the Open Inference Protocol count as ``/predict``. A forecast is timed like a prediction.
        """
        if path.startswith("/v2/models/") and path.endswith("/infer"):
            path = "/predict"
        self._requests[path if path in _PATHS else "other", status] += 1
        if path in _ANSWERED:
            self._buckets[bisect_left(BUCKETS_S, seconds)] += 1
            self._sum_s += seconds
            if status == 200:
                self._recent_s.append(seconds)

    def snapshot(self) -> dict[str, Any]:
        """Return the counts of answers as JSON, with p50 and p95 of the latest 1,000 successful ones.

        p95 is None below 20 answers.
        """
        statuses = {
            str(status): n for (path, status), n in sorted(self._requests.items()) if path in _ANSWERED
        }
        return {
            "requests": statuses,
            "rows": self.n_rows,
            "in_flight": self.n_in_flight,
            "samples_lost": self.n_samples_lost,
            "answers_lost": self.n_answers_lost,
            "p50_ms": self._percentile_ms(0.5),
            "p95_ms": self._percentile_ms(0.95) if len(self._recent_s) >= LEAST_CALLS else None,
        }

    def _percentile_ms(self, share: float) -> float | None:
        if not self._recent_s:
            return None
        ordered = sorted(self._recent_s)
        return 1000.0 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def text(self) -> str:
        """Return all counters in Prometheus' text format 0.0.4."""
        name = f'model="{_escaped(self.model)}",version="{_escaped(self.version)}"'
        requests = [
            (f'path="{path}",status="{status}"', n) for (path, status), n in sorted(self._requests.items())
        ]
        families = [
            metric_family("litmus_model_info", "gauge", "The model that answers.", [(name, 1)]),
            metric_family("litmus_requests_total", "counter", "Answered requests.", requests),
            metric_family("litmus_rows_total", "counter", "Rows that got a prediction.", [("", self.n_rows)]),
            metric_family(
                "litmus_in_flight", "gauge", "Requests that are being answered.", [("", self.n_in_flight)]
            ),
            metric_family(
                "litmus_samples_lost_total",
                "counter",
                "Sampled requests that could not be kept.",
                [("", self.n_samples_lost)],
            ),
            metric_family(
                "litmus_answers_lost_total",
                "counter",
                "Answers that could not be kept for their outcomes.",
                [("", self.n_answers_lost)],
            ),
            self._histogram(),
        ]
        return "".join(families)

    def _histogram(self) -> str:
        name, lines, total = "litmus_request_seconds", [], 0
        for bound, n in zip((*BUCKETS_S, float("inf")), self._buckets, strict=True):
            total += n
            label = "+Inf" if bound == float("inf") else f"{bound:g}"
            lines.append(f'{name}_bucket{{le="{label}"}} {total}\n')
        head = f"# HELP {name} Time of answers to /predict.\n# TYPE {name} histogram\n"
        return head + "".join(lines) + f"{name}_sum {self._sum_s!r}\n{name}_count {total}\n"


def metric_family(name: str, kind: str, about: str, values: Iterable[tuple[str, float]]) -> str:
    """Return the values of one name, by their labels, in Prometheus' text format."""
    lines = [f"{name}{{{labels}}} {n}\n" if labels else f"{name} {n}\n" for labels, n in values]
    return f"# HELP {name} {about}\n# TYPE {name} {kind}\n" + "".join(lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

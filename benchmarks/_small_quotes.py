"""Were quotes true? Each is made again from its basis, with what other tables' runs had come to."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks._harness import Figure
from litmus_core.advice import quote_of
from litmus_core.metrics import get_metric
from litmus_core.types import Quote, QuoteBasis, QuoteOutcome, from_plain

Case = dict[str, Any]
_AFTER_S = 8.0
_WITHIN = 0.25


def quote_figures(cases: list[Case], *, limit_s: float) -> list[Figure]:
    """Return how true quotes were, without earlier runs and with those of other tables.

    A case has its ``basis``, the ``table``, and what came: ``minutes``, ``memory_mb`` and ``score``.
    """
    if not cases:
        return []
    first = [_quote(each, [], limit_s=limit_s) for each in cases]
    later = []
    for case in cases:
        others = [
            _outcome(other, first[at]) for at, other in enumerate(cases) if other["table"] != case["table"]
        ]
        later.append(_quote(case, others, limit_s=limit_s))
    return [
        *_figures(cases, first, ", first run of a workspace", is_bound=False),
        *_figures(cases, later, ", after runs of other tables", is_bound=True),
    ]


def _quote(case: Case, outcomes: list[QuoteOutcome], *, limit_s: float) -> Quote:
    basis = from_plain(QuoteBasis, case["basis"])
    return quote_of(case["metric"], basis, outcomes, limit_s=limit_s, extra_s=_AFTER_S)


def _outcome(case: Case, quoted: Quote) -> QuoteOutcome:
    return QuoteOutcome(
        run_id="run",
        quote=quoted,
        minutes=case["minutes"],
        memory_mb=case["memory_mb"],
        score=case["score"],
    )


def _figures(cases: list[Case], quotes: list[Quote], end: str, *, is_bound: bool) -> list[Figure]:
    pairs = list(zip(cases, quotes, strict=True))
    held = np.mean([quoted.low <= case["score"] <= quoted.high for case, quoted in pairs])
    memory = np.mean([abs(case["memory_mb"] / quoted.memory_mb - 1) <= _WITHIN for case, quoted in pairs])
    times = np.median([case["minutes"] / quoted.minutes for case, quoted in pairs])
    widths = [_width(quoted) for quoted in quotes]

    def figure(name: str, value: Any, target: float | None, better: Any, unit: str = "share") -> Figure:
        wanted = target if is_bound else None
        return Figure(
            name=f"quotes: {name}{end}", value=float(value), unit=unit, target=wanted, better=better
        )

    return [
        figure("runs", len(cases), None, "higher", "runs"),
        figure("memory within a quarter", memory, 0.8, "higher"),
        figure("score within the range", held, 0.7, "higher"),
        figure("score within the range, no more", held, 0.9, "lower"),
        figure("range, of constant to perfect, median", np.median(widths), 0.5, "lower"),
        figure("range, of constant to perfect, the widest", max(widths), None, "lower"),
        figure("time, came to quoted, median", times, None, "lower", "times"),
    ]


def _width(quoted: Quote) -> float:
    metric = get_metric(quoted.metric)
    best = metric.highest if metric.greater_is_better else metric.lowest
    return abs((quoted.high - quoted.low) / (best - quoted.basis.constant))

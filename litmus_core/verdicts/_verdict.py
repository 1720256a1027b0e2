"""The verdict: the chosen candidate's test interval, judged by the bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.metrics import Metric, get_metric
from litmus_core.types import (
    Abstention,
    Bar,
    BudgetExcess,
    Candidate,
    Caution,
    Outcome,
    QuickScore,
    Score,
    Task,
    Verdict,
)
from litmus_core.verdicts._sample_size import rows_to_settle
from litmus_core.verdicts._sequential_testing import certainty, inflated_interval, inflated_replicates

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_ROWS = 10  # test rows; an interval over fewer rows is worth little
_NARROW_SHARE = 0.1  # share of the distance from the baseline to the bar
_N_SPREAD = 40  # quantiles of the true score that a verdict stores, equally likely


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """The choice of the judged model: among ``n_compared`` models, which flatters the best by about ``luck``.

    It was repeated in ``outer_folds``, which judge; 0: test rows judge. ``time_gap`` is the time between
    training rows and the rows that judge.
    """

    n_compared: int = 0
    luck: float | None = None
    outer_folds: int = 0
    time_gap: str = ""


_ONE_MODEL = ModelChoice()

BY_BAR = (  # what the bar, and the evaluations until it was set, decide; the rest of a verdict is independent
    *("outcome", "bar", "gap", "probability_passes", "n_evaluations", "certainty", "low", "high"),
    *("more_rows", "spread", "moved"),
)


def verdict(
    *,
    task: Task,
    candidate: Candidate,
    score: Score,
    replicates: NDArray[Any],
    baseline: float,
    quick: QuickScore | None = None,
    n_evaluations: int = 1,
    choice: ModelChoice = _ONE_MODEL,
    cautions: tuple[Caution, ...] = (),
    abstention: Abstention | None = None,
) -> Verdict:
    """Judge ``candidate`` by its test ``score`` and the bootstrap ``replicates`` (n,) behind it.

    ``baseline`` is the score of a constant prediction. ``quick`` compares a quick linear model with
    the candidate on the same rows (None: unknown), and is stored if it is better. ``n_evaluations`` counts
    the test scores on these rows, including this one: later evaluations need wider intervals. ``choice``
    tells how the candidate was chosen by validation. ``cautions`` and ``abstention`` are stored unchanged.
    Raises UsageError when the bar is on another metric than the score. Source of the outcomes:
    docs/guides/verdicts.md.
    """
    facts = Verdict(
        outcome="no bar",
        candidate_id=candidate.id,
        model=candidate.name,
        score=score,
        baseline=baseline,
        excesses=tuple(_excesses(task, candidate)),
        n_compared=choice.n_compared,
        luck=choice.luck,
        cautions=cautions,
        quick=_better_quick(get_metric(score.metric), quick),
        abstention=abstention,
        outer_folds=choice.outer_folds,
        time_gap=choice.time_gap,
        weight=task.weight,
    )
    return judged_by_bar(facts, task.bar, replicates, n_evaluations=n_evaluations)


def judged_by_bar(
    facts: Verdict, bar: Bar | None, replicates: NDArray[Any], *, n_evaluations: int
) -> Verdict:
    """Return a verdict with its ``BY_BAR`` fields set by ``bar``; all other fields stay as they are.

    ``replicates`` (n,) are those of its score at a first evaluation. Raises UsageError when the bar is on
    another metric than the score.
    """
    score = facts.score
    if bar is not None and get_metric(bar.metric).name != get_metric(score.metric).name:
        raise UsageError(
            f"The bar is on '{bar.metric}' and the score is '{score.metric}'.",
            hint="Judge by the metric that the bar is on.",
        )
    low, high = inflated_interval(score, n_evaluations)
    replicates = inflated_replicates(replicates, score, n_evaluations)
    outcome = judge_outcome(bar, replace(score, low=low, high=high), facts.baseline)
    return replace(
        facts,
        outcome=outcome,
        bar=bar,
        gap=None if bar is None else bar.gap(score.value),
        probability_passes=None if bar is None else _passing_share(bar, replicates),
        n_evaluations=n_evaluations,
        certainty=certainty(n_evaluations),
        low=low,
        high=high,
        more_rows=_more_rows(score, bar, n_evaluations) if bar and outcome == "undecided" else None,
        spread=_spread(replicates),
    )


def _spread(replicates: NDArray[Any]) -> tuple[float, ...]:
    """Return the middles of equal parts of the replicates, ascending; () without replicates."""
    import numpy as np

    finite = np.asarray(replicates, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return ()
    shares = (np.arange(_N_SPREAD) + 0.5) / _N_SPREAD
    return tuple(float(bound) for bound in np.quantile(finite, shares))


def judge_outcome(bar: Bar | None, score: Score, baseline: float) -> Outcome:
    """Return the outcome of a score's interval at the bar; ``baseline`` is the score of guessing."""
    if bar is None:
        return "no bar"
    worst, best = (score.low, score.high) if bar.is_floor else (score.high, score.low)
    if score.n_telling < FEWEST_ROWS:
        return "undecided"
    if bar.gap(worst) <= 0:
        return "meets"
    if bar.gap(best) <= 0:
        return "undecided"
    way = bar.gap(baseline)  # from the baseline up to the bar
    return "misses narrowly" if way > 0 and bar.gap(score.value) <= _NARROW_SHARE * way else "misses"


def _passing_share(bar: Bar, replicates: NDArray[Any]) -> float:
    """Return the share of replicates that pass the bar; a replicate with an undefined metric does not
    pass."""
    good = replicates >= bar.value if bar.is_floor else replicates <= bar.value
    return float(good.mean()) if len(replicates) else 0.0


def _excesses(task: Task, candidate: Candidate) -> Iterator[BudgetExcess]:
    """Yield the limits of the budget that a candidate exceeds: latency, then size."""
    budget = task.budget
    figure, limit = candidate.latency_at(budget.batch_rows), budget.max_latency_ms
    if limit is not None and figure is not None and figure.p95_ms > limit:
        yield BudgetExcess(kind="latency", value=figure.p95_ms, limit=limit, n_rows=budget.batch_rows)
    size, most = candidate.size_bytes, budget.max_size_mb
    if most is not None and size is not None and size > most * 1e6:
        yield BudgetExcess(kind="size", value=size / 1e6, limit=most)


def _better_quick(metric: Metric, quick: QuickScore | None) -> QuickScore | None:
    """Return a quick model's score if it is better than the whole interval of the candidate's."""
    if quick is None:
        return None
    value, chosen = quick.value, quick.chosen
    is_better = value > chosen.high if metric.greater_is_better else value < chosen.low
    return quick if is_better else None


def _more_rows(score: Score, bar: Bar, n_evaluations: int) -> int | None:
    """Return the number of further rows that would settle it; with fewer than ten rows nothing is settled."""
    rows = rows_to_settle(score, bar, n_evaluations=n_evaluations)
    return None if rows is None else max(rows, FEWEST_ROWS - int(score.n_telling))

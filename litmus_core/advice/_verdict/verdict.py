"""The verdict: what the chosen candidate's test interval says about the bar."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from litmus_core.advice._verdict.sample_size import most_rows, rows_to_settle
from litmus_core.advice._verdict.sequential_testing import certainty, spread_out, widened
from litmus_core.errors import UsageError
from litmus_core.metrics import Metric, get_metric
from litmus_core.text import digits_within, format_chance, format_score
from litmus_core.types import Bar, Candidate, Caution, Outcome, Score, Task, Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEWEST_ROWS = 10  # of the test part: an interval over fewer rows is worth little
_NARROW_SHARE = 0.1  # of the way from the baseline to the bar
_N_SPREAD = 40  # places of the true score that a verdict keeps, each likely as the others


def verdict(
    *,
    task: Task,
    candidate: Candidate,
    score: Score,
    replicates: NDArray[Any],
    baseline: float,
    quick: float | None = None,
    n_looks: int = 1,
    n_compared: int = 0,
    luck: float | None = None,
    cautions: tuple[Caution, ...] = (),
) -> Verdict:
    """Judge ``candidate`` by its test ``score`` and the bootstrap ``replicates`` (n,) behind it.

    ``baseline`` is what a constant answer scores; ``quick`` is what a quick linear model scores on the
    validation rows (None: unknown), and is told where it is better than the candidate. ``n_looks`` counts the
    test scores looked at on these rows, this one among them: later looks have to be surer. ``n_compared``
    models were chosen from by validation, which is likely to have flattered the best of them by ``luck``.
    ``cautions`` are kept; where they say that test rows were learned from, the rows are not called unseen.
    Source of the outcomes: docs/guides/verdicts.md. Raises UsageError when the bar is on another metric than
    the score.
    """
    if task.bar is not None and get_metric(task.bar.metric).name != get_metric(score.metric).name:
        raise UsageError(
            f"The bar is on '{task.bar.metric}' and the score is '{score.metric}'.",
            hint="Judge by the metric that the bar is on.",
        )
    low, high = widened(score, n_looks)
    replicates = spread_out(replicates, score, n_looks)
    bar, outcome = task.bar, _outcome(task.bar, replace(score, low=low, high=high), baseline)
    found = Verdict(
        outcome=outcome,
        judgement="",
        candidate_id=candidate.id,
        score=score,
        baseline=baseline,
        bar=bar,
        gap=None if bar is None else _gap(bar, score.value),
        probability_passes=None if bar is None else _share_that_passes(bar, replicates),
        too_slow=_too_slow(task, candidate),
        too_big=_too_big(task, candidate),
        n_looks=n_looks,
        certainty=certainty(n_looks),
        low=low,
        high=high,
        more_rows=_more_rows(score, bar, n_looks) if bar and outcome == "undecided" else None,
        spread=_spread(replicates),
        n_compared=n_compared,
        luck=luck,
        cautions=cautions,
    )
    return replace(found, judgement=" ".join(_sentences(found, task, candidate, quick=quick)))


def _sentences(found: Verdict, task: Task, candidate: Candidate, *, quick: float | None) -> list[str]:
    metric, score = get_metric(found.score.metric), found.score
    parts = [_score_sentence(metric, candidate, score, rows="test" if found.n_learned else "unseen")]
    if found.bar is None:
        parts.append("No bar was set.")
    else:
        if found.n_looks > 1:
            parts.append(_looks_sentence(metric, found))
        chance = found.probability_passes or 0.0
        parts.append(_bar_sentence(metric, found.outcome, found.bar, found.gap or 0.0, chance, score))
        if found.outcome == "undecided" and score.n_rows >= _FEWEST_ROWS:
            parts.append(_rows_sentence(found.more_rows, score.n_rows))
    meets_too = found.bar is not None and _gap(found.bar, found.baseline) <= 0
    constant = f"A constant answer scores {_written(metric, found.baseline, score)}"
    parts.append(
        f"{constant}, and so meets the bar as well: it asks for too little." if meets_too else f"{constant}."
    )
    if quick is not None and candidate.validation is not None:
        parts += _quick_sentences(metric, quick, candidate.validation)
    if found.too_slow:
        parts.append(_slow_sentence(task, candidate))
    if found.too_big:
        parts.append(_big_sentence(task, candidate))
    return parts


def _spread(replicates: NDArray[Any]) -> tuple[float, ...]:
    """Return the middles of equal parts of the replicates, ascending; () where there are none."""
    import numpy as np

    known = np.asarray(replicates, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return ()
    shares = (np.arange(_N_SPREAD) + 0.5) / _N_SPREAD
    return tuple(float(each) for each in np.quantile(known, shares))


def _gap(bar: Bar, value: float) -> float:
    """How far ``value`` is beyond the bar on the bad side; negative on the good side."""
    return bar.value - value if bar.op == ">=" else value - bar.value


def _outcome(bar: Bar | None, score: Score, baseline: float) -> Outcome:
    if bar is None:
        return "no bar"
    worst, best = (score.low, score.high) if bar.op == ">=" else (score.high, score.low)
    if score.n_rows < _FEWEST_ROWS:
        return "undecided"
    if _gap(bar, worst) <= 0:
        return "meets"
    if _gap(bar, best) <= 0:
        return "undecided"
    way = _gap(bar, baseline)  # from the baseline up to the bar
    return "misses narrowly" if way > 0 and _gap(bar, score.value) <= _NARROW_SHARE * way else "misses"


def _share_that_passes(bar: Bar, replicates: NDArray[Any]) -> float:
    """The share of replicates on the bar's good side; those where the metric is undefined do not pass."""
    good = replicates >= bar.value if bar.op == ">=" else replicates <= bar.value
    return float(good.mean()) if len(replicates) else 0.0


def _too_slow(task: Task, candidate: Candidate) -> bool:
    limit = task.budget.max_latency_ms
    figure = candidate.latency_at(task.budget.batch_rows)
    return limit is not None and figure is not None and figure.p95_ms > limit


def _too_big(task: Task, candidate: Candidate) -> bool:
    limit = task.budget.max_size_mb
    return limit is not None and candidate.size_bytes is not None and candidate.size_bytes > limit * 1e6


def _score_sentence(metric: Metric, candidate: Candidate, score: Score, *, rows: str) -> str:
    what = metric.phrase.format(value=_written(metric, score.value, score))
    low, high = _written(metric, score.low, score), _written(metric, score.high, score)
    certain = f"between {low} and {high} with 95 % certainty"
    return f"{candidate.name} {what}, {certain}, on {score.n_rows:,} {rows} rows."


def _looks_sentence(metric: Metric, found: Verdict) -> str:
    low, high = found.low or 0.0, found.high or 0.0
    return (
        f"It is the {_ordinal(found.n_looks)} score looked at on these rows, so it has to be surer: between "
        f"{_written(metric, low, found.score)} and {_written(metric, high, found.score)} with "
        f"{100 * found.certainty:.4g} % certainty."
    )


def _more_rows(score: Score, bar: Bar, n_looks: int) -> int | None:
    """Return how many rows more would settle it; with fewer than ten in all nothing is settled."""
    found = rows_to_settle(score, bar, n_looks=n_looks)
    return None if found is None else max(found, _FEWEST_ROWS - score.n_rows)


def _rows_sentence(more_rows: int | None, n_rows: int) -> str:
    if more_rows is None:
        return (
            "The score is as good as equal to the bar: no practical number of test rows, not even "
            f"{most_rows(n_rows):,} more, is likely to settle it."
        )
    return f"About {more_rows:,} more test rows would settle it, four times in five."


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _bar_sentence(metric: Metric, outcome: Outcome, bar: Bar, gap: float, chance: float, score: Score) -> str:
    wanted = f"{'at least' if bar.op == '>=' else 'at most'} {_as_set(metric, bar.value, score)}"
    if outcome == "meets":
        return f"It meets the bar of {wanted}."
    if outcome == "undecided" and score.n_rows < _FEWEST_ROWS:
        return f"So few rows cannot tell whether it meets the bar of {wanted}, so it is undecided."
    if outcome == "undecided":
        return (
            f"The bar of {wanted} lies inside that range, so it is undecided: "
            f"{format_chance(chance)} likely that it passes."
        )
    distance = _distance(metric, gap, score)  # never 0: the value is beyond the bar
    word = "narrowly misses" if outcome == "misses narrowly" else "misses"
    return f"It {word} the bar of {wanted}, by {distance}."


def _quick_sentences(metric: Metric, quick: float, validation: Score) -> list[str]:
    """Warn where a quick model did better than the whole interval of this one: more than chance."""
    simple, chosen = _written(metric, quick, validation), _written(metric, validation.value, validation)
    better = quick > validation.high if metric.greater_is_better else quick < validation.low
    if not better:
        return []
    return [
        f"Beware: on validation rows a simple model, trained in seconds, scores {simple}, "
        f"which is better than this one's {chosen}."
    ]


def _slow_sentence(task: Task, candidate: Candidate) -> str:
    figure = candidate.latency_at(task.budget.batch_rows)
    p95 = figure.p95_ms if figure else math.nan
    rows = "one row" if task.budget.batch_rows == 1 else f"{task.budget.batch_rows:,} rows"
    limit = f"the budget is {task.budget.max_latency_ms:g} ms"
    return f"It is too slow: 95 % of the answers to {rows} take up to {p95:.3g} ms, {limit}."


def _big_sentence(task: Task, candidate: Candidate) -> str:
    megabytes = (candidate.size_bytes or 0) / 1e6
    return f"It is too big: {megabytes:.3g} MB, the budget is {task.budget.max_size_mb:g} MB."


def _written(metric: Metric, value: float, score: Score) -> str:
    """Write a value with as many digits as the interval's width makes meaningful."""
    return format_score(value, unit=metric.unit, half_width=_half(score))


def _half(score: Score) -> float:
    return (score.high - score.low) / 2


def _as_set(metric: Metric, value: float, score: Score) -> str:
    """Write a bar like a score, and with more digits where someone set it with more: 0.9999 is not 1.000."""
    if metric.unit == "share":
        return f"{100.0 * value:.{max(digits_within(_half(score), unit='share'), _places(100.0 * value))}f} %"
    return f"{value:,.{max(digits_within(_half(score), unit=metric.unit), _places(value))}f}"


def _places(value: float) -> int:
    """Return how many decimals a value was set with, six at most."""
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])


def _distance(metric: Metric, gap: float, score: Score) -> str:
    scale = 100.0 if metric.unit == "share" else 1.0
    digits = digits_within(_half(score), unit=metric.unit)
    while digits < 6 and float(f"{scale * gap:.{digits}f}") == 0:
        digits += 1
    return f"{scale * gap:,.{digits}f} points" if metric.unit == "share" else f"{scale * gap:,.{digits}f}"

"""Messages of live verdicts, from the texts in ``_texts.py``."""

from __future__ import annotations

from litmus_core.metrics import Metric
from litmus_core.text import format_count, format_score, format_share, in_unit
from litmus_core.types import (
    Bar,
    Cause,
    ExpectedScore,
    LiveCauses,
    LiveComparison,
    LiveJudgement,
    LiveVerdict,
)
from litmus_core.verdicts._cases import bar_text
from litmus_core.verdicts._moved_bar import rounded_down
from litmus_core.verdicts._texts import CAUSES, COMPARISONS, JUDGEMENT, LIVE, LIVE_STATES, WAYS_BACK


def live_headline(judgement: LiveJudgement) -> str:
    """Return the verdict's headline."""
    return LIVE_STATES[judgement.state]


def live_sentence(
    judgement: LiveJudgement,
    metric: Metric,
    *,
    n_outcomes: int,
    n_answers: int,
    began_at: str | None,
    unit: str = "",
) -> str:
    """Return the sentences on the verdict, its score in the target's ``unit``, and the start of a fall."""
    of = {"n_outcomes": format_count(n_outcomes, "outcome"), "n_answers": format_count(n_answers, "answer")}
    score, bar = judgement.score, judgement.bar
    if score is None:
        return LIVE["too few"].format(**of)
    half = (score.high - score.low) / 2

    def text(value: float) -> str:
        return in_unit(format_score(value, unit=metric.unit, half_width=half), unit)

    does = metric.phrase.format(value=text(score.value))
    parts = [LIVE["score"].format(does=does, low=text(score.low), high=text(score.high), **of)]
    if bar is not None:
        wanted = LIVE[bar.op].format(bar=_bar(bar, metric, unit))
        parts.insert(0, LIVE[judgement.state].format(wanted=wanted))
    if judgement.score_since is not None and began_at is not None:
        parts.append(LIVE["since"].format(day=began_at[:10], value=text(judgement.score_since)))
    return " ".join(parts)


def _bar(bar: Bar, metric: Metric, unit: str) -> str:
    if metric.unit == "share":
        return format_score(bar.value, unit=metric.unit, half_width=0.02 * abs(bar.value))
    return bar_text(bar, unit)


def deployed_sentence(name: str, verdict: LiveVerdict | None) -> str:
    """Return the sentence on an experiment's model behind the endpoint ``name``, by the last verdict on
    it."""
    if verdict is None:
        return LIVE["deployed, unknown"].format(name=name)
    return LIVE["deployed"].format(
        name=name,
        headline=verdict.headline,
        day=verdict.judged_at[:10],
        n_outcomes=format_count(verdict.n_outcomes, "outcome"),
    )


def live_promise(judgement: LiveJudgement) -> float | None:
    """Return the surest bar by outcomes: the worse of the score's worse end and the score since a fall.

    It is rounded to the safe side; None without a score.

    >>> from litmus_core.types import Bar, Score
    >>> score = Score(metric="accuracy", value=0.8, low=0.7564, high=0.8421, n_rows=1_000)
    >>> bar = Bar(metric="accuracy", op=">=", value=0.9)
    >>> live_promise(LiveJudgement(state="not any more", bar=bar, score=score))
    0.756
    >>> live_promise(LiveJudgement(state="not any more", bar=bar, score=score, score_since=0.6128))
    0.612
    """
    score = judgement.score
    if score is None:
        return None
    sign = 1 if judgement.bar is None or judgement.bar.is_floor else -1
    worst = sign * (score.low if sign > 0 else score.high)
    if judgement.score_since is not None:
        worst = min(worst, sign * judgement.score_since)
    return sign * rounded_down(worst, half_width=(score.high - score.low) / 2)


def live_bar_sentence(fallen: LiveVerdict, unit: str = "") -> str:
    """Return what outcomes say about the bars that a fallen model can keep."""
    score, since = fallen.judgement.score, fallen.judgement.score_since
    if score is None:
        return ""

    def text(value: float) -> str:
        return in_unit(format_score(value, half_width=(score.high - score.low) / 2), unit)

    fall = "" if since is None else LIVE["bar since"].format(value=text(since))
    return LIVE["bar"].format(name=fallen.name, low=text(score.low), high=text(score.high), fall=fall)


def live_still_misses_sentence(fallen: LiveVerdict) -> str:
    """Return the warning about a bar that a fallen model would not meet either."""
    return LIVE["still misses"].format(name=fallen.name)


def unweighted_sentence(weight: str | None) -> str:
    """Return the sentence that live rows count equally although training weighs them; "" without weights."""
    return "" if weight is None else LIVE["unweighted"].format(weight=weight)


def expected_sentence(expected: ExpectedScore | None, metric: Metric, *, why_not: str) -> str:
    """Return the sentence on the expected score before outcomes arrive, or on why there is none."""
    if expected is None:
        return LIVE[why_not] if why_not else ""
    half = (expected.high - expected.low) / 2
    value, low, high = (
        format_score(number, unit=metric.unit, half_width=half)
        for number in (expected.value, expected.low, expected.high)
    )
    n_rows = format_count(expected.n_rows, "answer")
    return LIVE["expected"].format(value=value, low=low, high=high, n_answers=n_rows)


def cause_sentences(live: LiveCauses) -> tuple[str, ...]:
    """Return a sentence for each cause, or one on why no cause is named."""
    if live.why_not:
        return (CAUSES[live.why_not].format(n_rows=format_count(live.n_rows, "row")),)
    return tuple(map(_cause_sentence, live.causes))


def _cause_sentence(cause: Cause) -> str:
    return CAUSES[cause.kind].format(
        column=f"'{cause.column}'",
        group=f"'{cause.group}'",
        share=format_share(cause.share),
        share_before=format_share(cause.share_before or 0.0),
        share_now=format_share(cause.share_now or 0.0),
    )


def way_back_title(kind: str, title: str = "") -> str:
    """Return what a way back does, as a button says it; ``title`` is that of its action or recipe."""
    return WAYS_BACK["recipe followed" if kind == "recipe" and not title else kind].format(title=title)


def comparison_sentence(comparison: LiveComparison, metric: Metric, *, unit: str = "") -> str:
    """Return the sentence on whether a waiting version is better, by how much, and on which rows.

    >>> from litmus_core.metrics import get_metric
    >>> of = dict(name="shop", version=1, challenger=2, metric="mae", n_rows=300)
    >>> better = LiveComparison(**of, state="better", gain=46.0, low=12.0, high=81.0)
    >>> comparison_sentence(better, get_metric("mae"), unit="EUR")[:67]
    'Version 2 is better than version 1, by €46 (likely €12 to €81), on '
    """
    shown = {}
    if comparison.gain is not None and comparison.low is not None and comparison.high is not None:
        half = (comparison.high - comparison.low) / 2
        values = {"gain": comparison.gain, "low": comparison.low, "high": comparison.high}
        if comparison.state == "worse":
            values = {"gain": -comparison.gain, "low": -comparison.high, "high": -comparison.low}
        shown = {name: _gain(value, metric, unit, half=half) for name, value in values.items()}
    return COMPARISONS[comparison.state].format(
        version=comparison.version,
        challenger=comparison.challenger,
        n_rows=format_count(comparison.n_rows, "row"),
        **shown,
    )


def _gain(value: float, metric: Metric, unit: str, *, half: float) -> str:
    """Write a difference of two scores in the target's ``unit``; for shares in points."""
    if metric.unit != "share":
        return in_unit(format_score(value, unit=metric.unit, half_width=half), unit)
    return JUDGEMENT["points"].format(distance=f"{100 * value:.1f}")

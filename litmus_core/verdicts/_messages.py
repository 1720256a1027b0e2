"""Messages of verdicts: the sentences of ``_texts.py`` that a verdict's facts select, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from litmus_core.errors import UnknownNameError
from litmus_core.metrics import Metric, get_metric
from litmus_core.text import (
    digits_within,
    format_chance,
    format_count,
    format_distance,
    format_interval,
    format_score,
    in_unit,
)
from litmus_core.types import Bar, BudgetExcess, Caution, FinalModel, Outcome, Score, Verdict
from litmus_core.verdicts._cases import bar_text, judged_by, moved_sentence, places_of, unit_of
from litmus_core.verdicts._certainty import coverage_sentence
from litmus_core.verdicts._models import steps_text
from litmus_core.verdicts._sample_size import most_rows
from litmus_core.verdicts._sequential_testing import certainty, interval_inflation
from litmus_core.verdicts._texts import (
    CASES,
    CAUTIONS,
    CERTAINTY,
    EVIDENCE,
    EXCESSES,
    FINAL,
    FLATTERING,
    JUDGEMENT,
    MEASURED,
    OUTCOMES,
    PROMISE,
)
from litmus_core.verdicts._verdict import FEWEST_ROWS

_TELLING = 0.9  # share of the rows; below it the effective number of rows is stated


def outcome_message(outcome: Outcome) -> str:
    """Return an outcome's short text: "Meets the bar"."""
    return OUTCOMES[outcome]


def excess_messages(verdict: Verdict) -> tuple[str, ...]:
    """Return the flags of exceeded budgets: "too slow", "too big"."""
    return tuple(EXCESSES[excess.kind] for excess in verdict.excesses)


def verdict_sentence(verdict: Verdict) -> str:
    """Return the sentences of the judgement and the cautions."""
    cautions = (caution_sentence(caution, verdict) for caution in verdict.cautions)
    return " ".join((judgement_sentence(verdict), *cautions))


def judgement_sentence(verdict: Verdict) -> str:
    """Return the sentences of the judgement, without the cautions."""
    return " ".join(_judgement(verdict))


def bar_sentence(verdict: Verdict) -> str:
    """Return the sentences on the score, on the bar, and on a moved bar."""
    bar = () if verdict.bar is None else _bar_sentences(verdict, verdict.bar)
    moved = () if verdict.moved is None else (moved_sentence(verdict.moved, unit_of(verdict)),)
    return " ".join((_score_sentence(verdict), *bar, *moved))


def _judgement(verdict: Verdict) -> Iterator[str]:
    yield _score_sentence(verdict)
    yield from _effective_rows_sentences(verdict.score)
    if verdict.bar is None:
        yield JUDGEMENT["no bar"]
    else:
        yield from _bar_sentences(verdict, verdict.bar)
        if verdict.moved is not None:
            yield moved_sentence(verdict.moved, unit_of(verdict))
    meets_too = verdict.bar is not None and verdict.bar.passes(verdict.baseline)
    baseline = _value_text(verdict.baseline, verdict.score, unit_of(verdict))
    yield JUDGEMENT["constant meets" if meets_too else "constant"].format(baseline=baseline)
    yield from _remarks(verdict)


def _remarks(verdict: Verdict) -> Iterator[str]:
    """Yield remarks on the score: too little time, a time gap, a better quick model, budget, assertions, and
    abstentions.
    """
    if verdict.time_cut is not None:
        yield JUDGEMENT["hardly trained"].format(steps=steps_text(verdict.time_cut))
    if verdict.time_gap:
        yield JUDGEMENT["time gap"].format(time_gap=verdict.time_gap)
    if verdict.quick is not None:
        scored = verdict.quick.chosen
        unit = unit_of(verdict)
        quick, chosen = (_value_text(value, scored, unit) for value in (verdict.quick.value, scored.value))
        key = "quick is better in folds" if verdict.outer_folds else "quick is better"
        rows = format_count(scored.n_rows, "validation row")
        yield JUDGEMENT[key].format(rows=rows, quick=quick, chosen=chosen)
    yield from map(excess_sentence, verdict.excesses)
    yield from (result.sentence for result in verdict.broken)
    if verdict.abstention is not None:
        share = f"{100 * verdict.abstention.share:.1f}"
        yield JUDGEMENT["abstention"].format(label=verdict.abstention.label, share=share)


def promise_sentence(promised: Bar | None, unit: str = "") -> str:
    """Return the sentence on the bar that can be promised."""
    if promised is None:
        return PROMISE["none"]
    wanted = bar_text(promised, unit)
    return PROMISE["bar"].format(wanted=wanted, certainty=f"{100 * certainty(1):.4g}")


def weighted_text(weight: str | None) -> str:
    """Return the addition that names the weight column, after a metric or a number of rows; "" without
    one."""
    return "" if weight is None else JUDGEMENT["weighted"].format(weight=weight)


def _score_sentence(verdict: Verdict) -> str:
    score, metric = verdict.score, _metric(verdict.score)
    phrase = JUDGEMENT["score of a lost metric"] if metric is None else metric.phrase
    value, low, high = (
        _value_text(at, score, unit_of(verdict)) for at in (score.value, score.low, score.high)
    )
    return JUDGEMENT["score by outer folds" if verdict.outer_folds else "score"].format(
        model=verdict.model or JUDGEMENT["unnamed model"],
        does=phrase.format(value=value, metric=score.metric),
        low=low,
        high=high,
        n_rows=f"{score.n_rows:,}",
        rows=JUDGEMENT["rows of which some were learned" if verdict.n_learned else "unseen rows"],
        weighted=weighted_text(verdict.weight),
    )


def _effective_rows_sentences(score: Score) -> Iterator[str]:
    """Yield what tells less than the number of rows: few groups, or weights that make them count less."""
    if score.has_few_blocks:
        yield JUDGEMENT["few blocks"].format(n_blocks=f"{score.n_blocks:,}")
    elif score.n_telling < _TELLING * score.n_rows:
        yield JUDGEMENT["telling"].format(n_telling=f"{score.n_telling:,.0f}")


def _bar_sentences(verdict: Verdict, bar: Bar) -> Iterator[str]:
    score, unit = verdict.score, unit_of(verdict)
    if verdict.n_evaluations > 1:
        decides = judged_by(verdict)
        low, high = (_value_text(end, score, unit) for end in (decides.low, decides.high))
        yield JUDGEMENT["later look"].format(
            number=f"{verdict.n_evaluations:,}",
            low=low,
            high=high,
            certainty=f"{100 * verdict.certainty:.4g}",
        )
    is_few = verdict.outcome == "undecided" and score.n_telling < FEWEST_ROWS
    yield JUDGEMENT["undecided by few rows" if is_few else verdict.outcome].format(
        wanted=JUDGEMENT[bar.op].format(bar=in_unit(_as_set(bar.value, score), unit)),
        chance=format_chance(verdict.probability_passes or 0.0),
        distance=in_unit(_distance(abs(verdict.gap or 0.0), score), unit),
    )
    if verdict.outcome == "undecided" and not is_few:
        yield JUDGEMENT[f"{_settling_key(verdict)} would settle it"].format(**_settling_figures(verdict))


def _settling_key(verdict: Verdict) -> str:
    """Return what would settle an undecided verdict: "rows", "blocks" of rows, or "no rows"."""
    if verdict.more_rows is None:
        return "no rows"
    return "blocks" if verdict.score.has_few_blocks else "rows"


def _settling_figures(verdict: Verdict) -> dict[str, str]:
    more = verdict.more_rows or 0
    return {"more_rows": f"{more:,}", "more_blocks": f"{verdict.score.blocks_in(more):,}"}


def excess_sentence(excess: BudgetExcess) -> str:
    """Return the sentence on a limit of the budget that a model exceeds."""
    return JUDGEMENT[excess.kind].format(
        value=f"{excess.value:.3g}",
        limit=f"{excess.limit:g}",
        rows="one row" if excess.n_rows == 1 else format_count(excess.n_rows, "row"),
    )


def caution_sentence(caution: Caution, verdict: Verdict) -> str:
    """Return the sentences on a caution: why the score of ``verdict`` may look too good."""
    if caution.statement is not None:
        from litmus_core.checks import statement_sentence

        return statement_sentence(caution.statement)
    if caution.kind == "weaker_model" and caution.score is not None:
        validated = caution.score
        likely = format_interval(validated.low, validated.high)
        return CAUTIONS["weaker model"].format(score=format_score(validated.value), interval=likely)
    if caution.kind not in FLATTERING:
        return CAUTIONS["not checked"].format(error=caution.error)
    n_rows, n_test = caution.n_rows or 0, caution.n_test or 0
    affected = CAUTIONS[caution.kind].format(
        n_rows=f"{n_rows:,}", n_test=f"{n_test:,}", share=f"{100 * n_rows / max(1, n_test):.0f}"
    )
    return f"{affected} {_worth(caution, verdict.score, n_new=n_test - n_rows)}"


def is_flattered(score: Score, new: Score) -> bool:
    """Return whether a score is better than the score ``new`` on the rows that a caution leaves."""
    return _is_better(score, new) and format_score(score.value) != format_score(new.value)


def _worth(caution: Caution, score: Score, *, n_new: int) -> str:
    """Return the sentence on the score of the other test rows, compared with the ``score`` of all."""
    new, others = caution.score, FLATTERING[caution.kind]
    if new is None:
        return CAUTIONS["too few"].format(n_new=f"{n_new:,}", others=others)
    return CAUTIONS["flattered" if is_flattered(score, new) else "not flattered"].format(
        n_new=f"{new.n_rows:,}",
        others=others,
        score=format_score(new.value),
        interval=format_interval(new.low, new.high),
    )


def certainty_notes(verdict: Verdict) -> Iterator[str]:
    """Yield notes on the verdict's certainty: rows that would settle it, evaluations, the luck of
    choosing."""
    if verdict.outcome == "undecided":
        most = f"{most_rows(verdict.score.n_rows):,}"
        yield CERTAINTY[_settling_key(verdict)].format(most_rows=most, **_settling_figures(verdict))
    if verdict.n_evaluations > 1:
        times = interval_inflation(verdict.n_evaluations)
        yield CERTAINTY["later look"].format(
            looks=format_count(verdict.n_evaluations, "score"),
            times=f"{times:.2g}",
            fewer=f"{times**2:.2g}",
            certainty=f"{100 * verdict.certainty:.4g}",
        )
    luck = "" if verdict.luck is None else format_score(verdict.luck)
    if verdict.n_compared > 1 and float(luck.replace(",", "") or 0):
        yield CERTAINTY["luck"].format(n_compared=f"{verdict.n_compared:,}", luck=luck)


def background_sentences(verdict: Verdict, *, n_evaluations: int) -> Iterator[str]:
    """Yield the background of a decision: the rows that judged it, and remarks that its card leaves out.

    ``n_evaluations`` counts the test scores of its experiment so far.
    """
    if verdict.outer_folds or verdict.n_learned:
        yield _judged_sentence(verdict, n_evaluations=n_evaluations)
    else:
        yield evaluations_message(max(n_evaluations, verdict.n_evaluations))
    if verdict.bar is not None and verdict.bar.passes(verdict.baseline):
        baseline = _value_text(verdict.baseline, verdict.score, unit_of(verdict))
        yield JUDGEMENT["constant meets"].format(baseline=baseline)
    yield from _effective_rows_sentences(verdict.score)
    yield from _remarks(verdict)
    if verdict.coverage is not None:
        alike = "" if verdict.weight is None else f" {CASES['unweighted'].format(weight=verdict.weight)}"
        yield f"{coverage_sentence(verdict.coverage)}{alike}"
    yield from (result.sentence for result in verdict.assertions if result.state != "broken")


def evidence_sentence(verdict: Verdict, *, n_evaluations: int) -> str:
    """Return the sentence on the verdict's evidence.

    ``n_evaluations`` counts the test scores of its experiment so far.
    """
    judged = _judged_sentence(verdict, n_evaluations=n_evaluations)
    if verdict.probability_passes is None:
        return judged
    return EVIDENCE["chance"].format(chance=format_chance(verdict.probability_passes), judged=judged)


def _judged_sentence(verdict: Verdict, *, n_evaluations: int) -> str:
    return EVIDENCE["judged by outer folds" if verdict.outer_folds else "judged"].format(
        rows=format_count(verdict.score.n_rows, _row(verdict)) + weighted_text(verdict.weight),
        outer_folds=verdict.outer_folds,
        learned=_learned(verdict),
        # The verdict's count includes other experiments.
        looks=evaluations_message(max(n_evaluations, verdict.n_evaluations)),
    )


def evaluations_message(n_evaluations: int) -> str:
    """Return the sentence on how often test rows were evaluated, and the effect on the best score.

    >>> evaluations_message(1) == evaluations_message(3)
    False
    """
    return EVIDENCE["looked once" if n_evaluations <= 1 else "looked often"].format(
        n_evaluations=f"{n_evaluations:,}"
    )


def another_evaluation_message(n_evaluations: int) -> str:
    """Return the warning about another attempt after ``n_evaluations`` test scores."""
    key = "a second time" if n_evaluations <= 1 else "once more"
    return EVIDENCE["again"].format(times=EVIDENCE[key].format(n_evaluations=f"{n_evaluations + 1:,}"))


def measured_sentence(verdict: Verdict, *, measure: str) -> str:
    """Return the sentence on the score's likely range, its rows, and its distance from the bar.

    ``measure`` is the metric's name on the page.
    """
    score, unit = judged_by(verdict), unit_of(verdict)
    standing = ""
    if verdict.gap is not None and verdict.bar is not None:
        distance = in_unit(format_distance(abs(verdict.gap), score=score.value), unit)
        standing = MEASURED["better" if verdict.gap <= 0 else "misses"].format(distance=distance)
    return MEASURED["measured"].format(
        measure=measure,
        rows=format_count(score.n_rows, _row(verdict)) + weighted_text(verdict.weight),
        seen=MEASURED["partly seen" if verdict.n_learned else "unseen"],
        interval=" to ".join(in_unit(format_score(end), unit) for end in (score.low, score.high)),
        standing=standing,
    )


def _row(verdict: Verdict) -> str:
    return "row" if verdict.outer_folds else "test row"


def _learned(verdict: Verdict) -> str:
    return EVIDENCE["learned" if verdict.n_learned else "not learned"].format(n_rows=f"{verdict.n_learned:,}")


def _metric(score: Score) -> Metric | None:
    """Return a score's metric; None if it came from a plug-in that is no longer there."""
    try:
        return get_metric(score.metric)
    except UnknownNameError:
        return None


def _unit(score: Score) -> str:
    metric = _metric(score)
    return "" if metric is None else metric.unit


def _is_better(score: Score, other: Score) -> bool:
    higher = (metric := _metric(score)) is None or metric.greater_is_better
    return score.value > other.value if higher else score.value < other.value


def _value_text(value: float, score: Score, unit: str) -> str:
    """Write a value in its unit, with the digits that the interval's width makes meaningful."""
    return in_unit(format_score(value, unit=_unit(score), half_width=_half(score)), unit)


def _half(score: Score) -> float:
    return (score.high - score.low) / 2


def _as_set(value: float, score: Score) -> str:
    """Write a bar like a score, with more digits if it was set with more: 0.9999 is not 1.000."""
    unit = _unit(score)
    digits = digits_within(_half(score), unit=unit)
    if unit == "share":
        return f"{100.0 * value:.{max(digits, places_of(100.0 * value))}f} %"
    return f"{value:,.{max(digits, places_of(value))}f}"


def _distance(gap: float, score: Score) -> str:
    """Write the distance between a score and the bar, never as 0."""
    is_share = _unit(score) == "share"
    far = 100.0 * gap if is_share else gap
    digits = digits_within(_half(score), unit="share" if is_share else _unit(score))
    while digits < 6 and float(f"{far:.{digits}f}") == 0:
        digits += 1
    written = f"{far:,.{digits}f}"
    return JUDGEMENT["points"].format(distance=written) if is_share else written


def final_model_message(final: FinalModel) -> str:
    """Return the sentence on the rows that judged a model, and the rows that the model in use learned
    from."""
    sentence = FINAL["judged" if final.in_use else "not in use"].format(
        n_judging=f"{final.n_judging:,}", n_rows=f"{final.n_rows:,}"
    )
    if not (final.averaged and final.in_use):
        return sentence
    return f"{sentence} {FINAL['one'].format(averaged=final.averaged)}"

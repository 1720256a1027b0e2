"""A verdict in words: which of the sentences of ``_texts.py`` its facts call for, and the numbers in them."""

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
)
from litmus_core.types import Bar, BarMove, BudgetExcess, Caution, FinalModel, Outcome, Score, Verdict
from litmus_core.verdicts._certainty import coverage_sentence
from litmus_core.verdicts._sample_size import most_rows
from litmus_core.verdicts._sequential_testing import certainty, interval_inflation
from litmus_core.verdicts._texts import (
    CAUTIONS,
    CERTAINTY,
    EVIDENCE,
    EXCESSES,
    FINAL,
    FLAGS,
    JUDGEMENT,
    MEASURED,
    OUTCOMES,
    PROMISE,
)
from litmus_core.verdicts._verdict import FEWEST_ROWS

_TELLING = 0.9  # of the rows: with less it is said


def outcome_message(outcome: Outcome) -> str:
    """Return an outcome in a word or two: "Meets the bar"."""
    return OUTCOMES[outcome]


def excess_messages(verdict: Verdict) -> tuple[str, ...]:
    """Return how the model exceeds its budget: "too slow", "too big"."""
    return tuple(EXCESSES[excess.kind] for excess in verdict.excesses)


def flag_messages(verdict: Verdict) -> tuple[str, ...]:
    """Return what stands beside a grade: "too slow", that an assertion is broken, that data flatters it."""
    flags = {"untrusted": verdict.obstacles, "broken": verdict.broken}
    return (*excess_messages(verdict), *(FLAGS[name] for name, reasons in flags.items() if reasons))


def all_flags() -> tuple[str, ...]:
    """Return all that :func:`flag_messages` can say."""
    return (*EXCESSES.values(), *FLAGS.values())


def verdict_sentence(verdict: Verdict) -> str:
    """Return the judgement in words, and what the cautions say."""
    cautions = (caution_sentence(caution, verdict) for caution in verdict.cautions)
    return " ".join((judgement_sentence(verdict), *cautions))


def judgement_sentence(verdict: Verdict) -> str:
    """Return the judgement in words, without the cautions."""
    return " ".join(_judgement(verdict))


def bar_sentence(verdict: Verdict) -> str:
    """Return the score, what it says about the bar, and whether that was moved."""
    bar = () if verdict.bar is None else _bar_sentences(verdict, verdict.bar)
    moved = () if verdict.moved is None else (moved_sentence(verdict.moved),)
    return " ".join((_score_sentence(verdict), *bar, *moved))


def _judgement(verdict: Verdict) -> Iterator[str]:
    yield _score_sentence(verdict)
    yield from _telling_sentences(verdict.score)
    if verdict.bar is None:
        yield JUDGEMENT["no bar"]
    else:
        yield from _bar_sentences(verdict, verdict.bar)
        if verdict.moved is not None:
            yield moved_sentence(verdict.moved)
    meets_too = verdict.bar is not None and verdict.bar.passes(verdict.baseline)
    baseline = _value_text(verdict.baseline, verdict.score)
    yield JUDGEMENT["constant meets" if meets_too else "constant"].format(baseline=baseline)
    yield from _remarks(verdict)


def _remarks(verdict: Verdict) -> Iterator[str]:
    """Yield what a gap, a quick model, the budget, assertions and answers left out say about the score."""
    if verdict.time_gap:
        yield JUDGEMENT["time gap"].format(time_gap=verdict.time_gap)
    if verdict.quick is not None:
        scored = verdict.quick.chosen
        quick, chosen = (_value_text(value, scored) for value in (verdict.quick.value, scored.value))
        yield JUDGEMENT["quick is better"].format(quick=quick, chosen=chosen)
    yield from map(excess_sentence, verdict.excesses)
    yield from (result.sentence for result in verdict.broken)
    if verdict.abstention is not None:
        share = f"{100 * verdict.abstention.share:.1f}"
        yield JUDGEMENT["abstention"].format(label=verdict.abstention.label, share=share)


def moved_sentence(moved: BarMove) -> str:
    """Return that the bar was moved after looking, and from where."""
    if moved.before is None:
        return JUDGEMENT["bar set"]
    return JUDGEMENT["bar moved"].format(before=bar_text(moved.before))


def bar_text(bar: Bar) -> str:
    """Write a bar with as many decimals as it was set with, and two at least near 1: "0.80"."""
    return f"{bar.value:,.{max(_places(bar.value), 2 if abs(bar.value) < 2 else 0)}f}"


def promise_sentence(promised: Bar | None) -> str:
    """Return which bar can be promised."""
    if promised is None:
        return PROMISE["none"]
    return PROMISE["bar"].format(wanted=bar_text(promised), certainty=f"{100 * certainty(1):.4g}")


def weighted_text(weight: str | None) -> str:
    """Return which column weighs the rows, to follow a metric or a number of rows; "" where none does."""
    return "" if weight is None else JUDGEMENT["weighted"].format(weight=weight)


def _score_sentence(verdict: Verdict) -> str:
    score, metric = verdict.score, _metric(verdict.score)
    phrase = JUDGEMENT["score of a lost metric"] if metric is None else metric.phrase
    return JUDGEMENT["score by outer folds" if verdict.outer_folds else "score"].format(
        model=verdict.model or JUDGEMENT["unnamed model"],
        does=phrase.format(value=_value_text(score.value, score), metric=score.metric),
        low=_value_text(score.low, score),
        high=_value_text(score.high, score),
        n_rows=f"{score.n_rows:,}",
        rows=JUDGEMENT["rows of which some were learned" if verdict.n_learned else "unseen rows"],
        weighted=weighted_text(verdict.weight),
    )


def _telling_sentences(score: Score) -> Iterator[str]:
    """Yield how much unequal weights leave of the rows, where that is noticeably less."""
    if score.n_telling < _TELLING * score.n_rows:
        yield JUDGEMENT["telling"].format(n_telling=f"{score.n_telling:,.0f}")


def _bar_sentences(verdict: Verdict, bar: Bar) -> Iterator[str]:
    score = verdict.score
    if verdict.n_evaluations > 1:
        low, high = (_value_text(end, score) for end in _deciding(verdict))
        yield JUDGEMENT["later look"].format(
            number=f"{verdict.n_evaluations:,}",
            low=low,
            high=high,
            certainty=f"{100 * verdict.certainty:.4g}",
        )
    is_few = verdict.outcome == "undecided" and score.n_telling < FEWEST_ROWS
    yield JUDGEMENT["undecided by few rows" if is_few else verdict.outcome].format(
        wanted=JUDGEMENT[bar.op].format(bar=_as_set(bar.value, score)),
        chance=format_chance(verdict.probability_passes or 0.0),
        distance=_distance(abs(verdict.gap or 0.0), score),
    )
    if verdict.outcome == "undecided" and not is_few:
        yield JUDGEMENT[
            "no rows would settle it" if verdict.more_rows is None else "rows would settle it"
        ].format(more_rows=f"{verdict.more_rows or 0:,}")


def excess_sentence(excess: BudgetExcess) -> str:
    """Return how a model exceeds a limit of its budget."""
    return JUDGEMENT[excess.kind].format(
        value=f"{excess.value:.3g}",
        limit=f"{excess.limit:g}",
        rows="one row" if excess.n_rows == 1 else format_count(excess.n_rows, "row"),
    )


def caution_sentence(caution: Caution, verdict: Verdict) -> str:
    """Return what makes the score of ``verdict`` look better than it is."""
    if caution.statement is not None:
        from litmus_core.checks import statement_sentence

        return statement_sentence(caution.statement)
    if caution.kind == "weaker_model" and caution.score is not None:
        validated = caution.score
        likely = format_interval(validated.low, validated.high)
        return CAUTIONS["weaker model"].format(score=format_score(validated.value), interval=likely)
    if caution.kind != "duplicate_rows":
        return CAUTIONS["not checked"].format(error=caution.error)
    n_rows, n_test = caution.n_rows or 0, caution.n_test or 0
    copies = CAUTIONS["copies"].format(
        n_rows=f"{n_rows:,}", n_test=f"{n_test:,}", share=f"{100 * n_rows / max(1, n_test):.0f}"
    )
    return f"{copies} {_worth(caution, verdict.score, n_new=n_test - n_rows)}"


def is_flattered(score: Score, new: Score) -> bool:
    """Return whether a score is better than that on the rows alone that are ``new`` to the model."""
    return _is_better(score, new) and format_score(score.value) != format_score(new.value)


def _worth(caution: Caution, score: Score, *, n_new: int) -> str:
    """Return what the score is worth: on the rows that are new, beside that of the ``score`` test part."""
    new = caution.score
    if new is None:
        return CAUTIONS["too few new rows"].format(n_new=f"{n_new:,}")
    return CAUTIONS["flattered" if is_flattered(score, new) else "not flattered"].format(
        n_new=f"{new.n_rows:,}", score=format_score(new.value), interval=format_interval(new.low, new.high)
    )


def certainty_notes(verdict: Verdict) -> Iterator[str]:
    """Yield what stands behind the answer: rows that would settle it, looks, the luck of choosing."""
    if verdict.outcome == "undecided":
        key = "no rows" if verdict.more_rows is None else "rows"
        more, most = f"{verdict.more_rows or 0:,}", f"{most_rows(verdict.score.n_rows):,}"
        yield CERTAINTY[key].format(more_rows=more, most_rows=most)
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
    """Yield what stands behind a decision and is not on its card: what judged it, and remarks on the score.

    ``n_evaluations`` test scores were looked at in its experiment by now.
    """
    if verdict.outer_folds or verdict.n_learned:
        yield _judged_sentence(verdict, n_evaluations=n_evaluations)
    else:
        yield evaluations_message(max(n_evaluations, verdict.n_evaluations))
    if verdict.bar is not None and verdict.bar.passes(verdict.baseline):
        yield JUDGEMENT["constant meets"].format(baseline=_value_text(verdict.baseline, verdict.score))
    yield from _telling_sentences(verdict.score)
    yield from _remarks(verdict)
    if verdict.coverage is not None:
        yield coverage_sentence(verdict.coverage)
    yield from (result.sentence for result in verdict.assertions if result.state != "broken")


def evidence_sentence(verdict: Verdict, *, n_evaluations: int) -> str:
    """Return what the verdict rests on.

    ``n_evaluations`` test scores were looked at in its experiment by now.
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
        looks=evaluations_message(max(n_evaluations, verdict.n_evaluations)),  # in other experiments, too
    )


def evaluations_message(n_evaluations: int) -> str:
    """Say how often an experiment's test rows were looked at, and what that does to the best score.

    >>> evaluations_message(1) == evaluations_message(3)
    False
    """
    return EVIDENCE["looked once" if n_evaluations <= 1 else "looked often"].format(
        n_evaluations=f"{n_evaluations:,}"
    )


def another_evaluation_message(n_evaluations: int) -> str:
    """Say what trying until one passes would be worth, after ``n_evaluations`` test scores."""
    key = "a second time" if n_evaluations <= 1 else "once more"
    return EVIDENCE["again"].format(times=EVIDENCE[key].format(n_evaluations=f"{n_evaluations + 1:,}"))


def measured_sentence(verdict: Verdict, *, measure: str) -> str:
    """Return the likely range of the score, on which rows, and how far from the bar it is.

    ``measure`` is what the metric is called there.
    """
    score = verdict.score
    standing = ""
    if verdict.gap is not None and verdict.bar is not None:
        distance = format_distance(abs(verdict.gap), score=score.value)
        standing = MEASURED["better" if verdict.gap <= 0 else "misses"].format(distance=distance)
    return MEASURED["measured"].format(
        measure=measure,
        rows=format_count(score.n_rows, _row(verdict)) + weighted_text(verdict.weight),
        seen=MEASURED["partly seen" if verdict.n_learned else "unseen"],
        interval=format_interval(*_deciding(verdict)),
        standing=standing,
    )


def _row(verdict: Verdict) -> str:
    return "row" if verdict.outer_folds else "test row"


def _learned(verdict: Verdict) -> str:
    return EVIDENCE["learned" if verdict.n_learned else "not learned"].format(n_rows=f"{verdict.n_learned:,}")


def _metric(score: Score) -> Metric | None:
    """Return a score's metric; None where it was a plug-in's that is not here any more."""
    try:
        return get_metric(score.metric)
    except UnknownNameError:
        return None


def _unit(score: Score) -> str:
    metric = _metric(score)
    return "" if metric is None else metric.unit


def _deciding(verdict: Verdict) -> tuple[float, float]:
    """Return the ends of the interval that decides, which is wider than the score's at a later look."""
    score = verdict.score
    low = score.low if verdict.low is None else verdict.low
    return low, score.high if verdict.high is None else verdict.high


def _is_better(score: Score, other: Score) -> bool:
    higher = (metric := _metric(score)) is None or metric.greater_is_better
    return score.value > other.value if higher else score.value < other.value


def _value_text(value: float, score: Score) -> str:
    """Write a value with as many digits as the interval's width makes meaningful."""
    return format_score(value, unit=_unit(score), half_width=_half(score))


def _half(score: Score) -> float:
    return (score.high - score.low) / 2


def _as_set(value: float, score: Score) -> str:
    """Write a bar like a score, and with more digits where someone set it with more: 0.9999 is not 1.000."""
    unit = _unit(score)
    digits = digits_within(_half(score), unit=unit)
    if unit == "share":
        return f"{100.0 * value:.{max(digits, _places(100.0 * value))}f} %"
    return f"{value:,.{max(digits, _places(value))}f}"


def _places(value: float) -> int:
    """Return how many decimals a value was set with, six at most."""
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])


def _distance(gap: float, score: Score) -> str:
    """Write how far a score is beyond the bar, never as 0."""
    is_share = _unit(score) == "share"
    far = 100.0 * gap if is_share else gap
    digits = digits_within(_half(score), unit="share" if is_share else _unit(score))
    while digits < 6 and float(f"{far:.{digits}f}") == 0:
        digits += 1
    written = f"{far:,.{digits}f}"
    return JUDGEMENT["points"].format(distance=written) if is_share else written


def final_model_message(final: FinalModel) -> str:
    """Say how many rows judged a model, and how many the one that is put to work has learned from."""
    sentence = FINAL["judged" if final.in_use else "not in use"].format(
        n_judging=f"{final.n_judging:,}", n_rows=f"{final.n_rows:,}"
    )
    if not (final.averaged and final.in_use):
        return sentence
    return f"{sentence} {FINAL['one'].format(averaged=final.averaged)}"

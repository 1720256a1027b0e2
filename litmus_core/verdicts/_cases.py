"""A model's results in 1,000 cases, and their relation to its bar."""

from __future__ import annotations

import math
from dataclasses import replace

from litmus_core.metrics import get_metric, is_in_target_unit, metric_family
from litmus_core.text import format_score, in_unit
from litmus_core.types import Bar, BarMove, Candidate, ErrorCases, FlaggedCases, RightCases, Score, Verdict
from litmus_core.verdicts._texts import BAR, CASES, JUDGEMENT

_FEWEST_SHOWN = 5  # of the rarer kind; for fewer, more than 1,000 cases are counted


def unit_of(verdict: Verdict) -> str:
    """Return the unit of a verdict's score, such as a currency; "" if it has none, or none is known."""
    if not isinstance(verdict.cases, ErrorCases) or not is_in_target_unit(verdict.score.metric):
        return ""
    return verdict.cases.unit


def judged_by(verdict: Verdict) -> Score:
    """Return the score with the deciding interval, which is wider at later evaluations."""
    if verdict.low is None or verdict.high is None:
        return verdict.score
    return replace(verdict.score, low=verdict.low, high=verdict.high)


def as_judged(candidate: Candidate, verdict: Verdict | None) -> Candidate:
    """Return a model with the deciding interval of the verdict about it; others as they are."""
    if verdict is None or candidate.test != verdict.score:
        return candidate
    return replace(candidate, test=judged_by(verdict))


def bar_text(bar: Bar, unit: str = "") -> str:
    """Write a bar with the decimals that it was set with, and at least two near 1: "0.80"."""
    places = max(places_of(bar.value), 2 if abs(bar.value) < 2 else 0)
    return in_unit(f"{bar.value:,.{places}f}", unit)


def places_of(value: float) -> int:
    """Return the number of decimals that a value was set with, at most six."""
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])


def cases_sentence(verdict: Verdict, *, target: str) -> str:
    """Return the model's results in 1,000 of the cases that judged it; "" if they were not counted.

    ``target`` is the column that it predicts.
    """
    match verdict.cases:
        case FlaggedCases():
            sentence = _flagged(verdict.cases)
        case RightCases():
            sentence = _right(verdict.cases)
        case ErrorCases():
            sentence = _errors(verdict.cases, target)
        case _:
            return ""
    if verdict.weight is not None:
        sentence = f"{sentence} {CASES['unweighted'].format(weight=verdict.weight)}"
    return f"{sentence} {money}" if (money := _money(verdict)) else sentence


def bar_origin_sentence(verdict: Verdict, *, measure: str, is_proposed: bool) -> str:
    """Return what the bar requires, who set it, and what it judges if not these cases; "" without a bar.

    ``measure`` is the metric's name on the page; ``is_proposed``: Litmus proposed the bar.
    """
    bar = verdict.bar
    if bar is None:
        return ""
    origin = "moved" if verdict.moved is not None else "proposed" if is_proposed else "set"
    wanted = JUDGEMENT[bar.op].format(bar=bar_text(bar, unit_of(verdict)))
    sentence = BAR[origin].format(measure=_within(measure), wanted=wanted)
    judges = metric_family(get_metric(bar.metric).family).group
    counted = {FlaggedCases: "flagged", RightCases: "right"}.get(type(verdict.cases), "")
    return f"{sentence} {BAR.get(f'{judges}, {counted}', '')}".strip()


def _within(measure: str) -> str:
    """Write a metric's name for the middle of a sentence.

    >>> _within("Balanced accuracy"), _within("ROC AUC"), _within("F1 score")
    ('balanced accuracy', 'ROC AUC', 'F1 score')
    """
    return measure[:1].lower() + measure[1:] if measure[1:2].islower() else measure


def _flagged(cases: FlaggedCases) -> str:
    n_all = _round_number(cases.n_positive / cases.n_rows)
    flagged, positive = (round(n_all * n / cases.n_rows) for n in (cases.n_flagged, cases.n_positive))
    hits = min(round(n_all * cases.n_hits / cases.n_rows), flagged, positive)
    return CASES["flagged" if flagged else "none flagged"].format(
        n_all=f"{n_all:,}",
        label=cases.label,
        flagged=f"{flagged:,}",
        hits=f"{hits:,}",
        missed=f"{positive - hits:,}",
    )


def _right(cases: RightCases) -> str:
    n_all = _round_number(1 - cases.n_right / cases.n_rows)
    right, guessed = (round(n_all * n / cases.n_rows) for n in (cases.n_right, cases.n_commonest))
    return CASES["right"].format(
        n_all=f"{n_all:,}", right=f"{right:,}", wrong=f"{n_all - right:,}", guessed=f"{guessed:,}"
    )


def _errors(cases: ErrorCases, target: str) -> str:
    typical, nine = (in_unit(_figures(value), cases.unit) for value in (cases.typical, cases.nine_in_ten))
    errors = CASES["errors"].format(target=target, typical=typical, nine_in_ten=nine)
    if cases.guess_typical is None:
        return errors
    return f"{errors} {CASES['guesses'].format(guess=in_unit(_figures(cases.guess_typical), cases.unit))}"


def _money(verdict: Verdict) -> str:
    if get_metric(verdict.score.metric).costs is None:
        return ""
    cost, guess = (format_score(value) for value in (verdict.score.value, verdict.baseline))
    kind = "money" if verdict.weight is None else "weighted money"
    return CASES[kind].format(cost=cost, guess=guess)


def _round_number(share: float) -> int:
    """Return the number of cases in which to count a ``share``: 1,000, or more if it is too rare."""
    return next((n for n in (1_000, 10_000) if share == 0 or share * n >= _FEWEST_SHOWN), 100_000)


def _figures(value: float) -> str:
    """Write an amount with three figures.

    >>> _figures(12345.6), _figures(0.012345), _figures(0.0)
    ('12,300', '0.0123', '0')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, places):,.{max(0, places)}f}"


def moved_sentence(moved: BarMove, unit: str = "", *, who: str = "") -> str:
    """Return what is to be said of a bar that was moved after the score was known: from where, and why.

    ``who`` is a sentence on who moved it.
    """
    before = "" if moved.before is None else bar_text(moved.before, unit)
    sentence = JUDGEMENT["bar moved" if before else "bar set"].format(before=before)
    return " ".join(filter(None, (sentence, who, _reason(moved))))


def live_moved_sentence(moved: BarMove, unit: str = "") -> str:
    """Return what is to be said, beside a verdict by outcomes, of a moved bar; "" if it was the first one."""
    if moved.before is None:
        return ""
    sentence = JUDGEMENT["live bar moved"].format(
        before=bar_text(moved.before, unit), by=moved.by or "somebody"
    )
    return f"{sentence} {_reason(moved)}".strip()


def _reason(moved: BarMove) -> str:
    return JUDGEMENT["bar reason"].format(because=moved.because) if moved.because else ""

"""The decision card: results in 1,000 cases, the chance of reaching the bar, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot

from app.presenters import humanize
from app.presenters.metrics import metric_messages
from app.presenters.recommendation import Choice, present_choice
from app.presenters.results.certainty import CertaintyView, present_certainty
from app.presenters.results.verdict import (
    StripView,
    chance_text,
    present_strip,
    verdict_flags,
)
from app.presenters.shipping.final_model import used_sentence
from app.theme import Tone
from litmus_core.metrics import get_metric
from litmus_core.text import (
    format_score,
    in_unit,
    places_within,
    unbroken,
)
from litmus_core.types import Bar, Candidate, Decision, LiveVerdict, RightCases, Score, Task, Verdict
from litmus_core.verdicts import (
    background_sentences,
    bar_origin_sentence,
    bar_text,
    cases_sentence,
    caution_sentence,
    judged_by,
    live_bar_sentence,
    live_promise,
    live_still_misses_sentence,
    measured_sentence,
    moved_sentence,
    promise_sentence,
    simpler_message,
    unit_of,
)

__all__ = [
    "AcceptanceView",
    "BarView",
    "DecisionView",
    "PreviewView",
    "SimplerView",
    "present_decision",
    "present_fall",
    "present_preview",
    "present_simpler",
]

_BEYOND = 0.01  # a chance below this counts as none
_WIDE = 3.0  # the slider's reach beyond the score, in half-widths of its interval


@dataclass(frozen=True, slots=True, kw_only=True)
class BarView:
    """The bar's slider from ``least`` to ``most``, first at ``start``; ``promise`` names the surest bar."""

    now: float | None
    start: float
    least: float
    most: float
    step: float
    format: str
    box_format: str  # the format of a number box, which writes no commas
    promise: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """The verdict by a bar that is only previewed; ``note`` is a warning about that bar."""

    state: humanize.StateMessage
    chance: str
    note: str
    button: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceView:
    """The decision that somebody uses the model anyway; ``id`` distinguishes it from other decisions."""

    id: str
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimplerView:
    """A single model to use in place of an ensemble of hardly better score."""

    candidate_id: str
    sentence: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """The data of the card; ``first`` is the choice that it recommends, ``advice`` says why.

    ``bar_origin`` names the bar and who set, proposed or moved it. ``used`` is about a final model that is
    deployed in place of the judged one.
    """

    state: humanize.StateMessage
    chance: str
    flags: tuple[str, ...]
    cases: str
    advice: str
    first: Choice
    bar_origin: str
    strip: StripView
    measured: str
    used: str
    cautions: tuple[str, ...]
    why: tuple[str, ...]
    certainty: CertaintyView | None
    bar: BarView | None
    acceptance: AcceptanceView | None

    @property
    def is_enough(self) -> bool:
        """Whether the model is recommended as it is, without somebody's decision."""
        return self.first == "use" and self.acceptance is None


def present_decision(
    verdict: Verdict,
    *,
    task: Task,
    candidates: Sequence[Candidate],
    n_evaluations: int,
    promised: Bar | None,
    decision: Decision | None = None,
) -> DecisionView:
    """Present a verdict as a decision.

    ``n_evaluations`` is its experiment's number of test-set evaluations. ``promised`` is the best bar that
    its model very likely meets, ``decision`` that somebody uses it anyway.
    """
    state = humanize.verdict_state(verdict)
    if (
        verdict.excesses or verdict.obstacles or verdict.broken
    ):  # the model should not be used, whatever its score
        state = replace(state, tone="near" if state.tone in ("good", "likely") else state.tone)
    first, advice = present_choice(verdict, promised=promised, task=task, candidates=candidates)
    if decision is not None:
        first, advice = "use", "That decision stands: put the model to work."
    chosen = next((model for model in candidates if model.id == verdict.candidate_id), None)
    return DecisionView(
        state=state,
        chance=chance_text(verdict),
        flags=verdict_flags(verdict),
        cases=unbroken(cases_sentence(verdict, target=task.target)),
        advice=unbroken(advice),
        first=first,
        bar_origin=unbroken(_bar_origin(verdict, task)),
        strip=_strip(verdict, state.tone),
        measured=unbroken(_measured(verdict)),
        used="" if chosen is None else unbroken(used_sentence(chosen, batch_rows=task.budget.batch_rows)),
        cautions=tuple(
            map(
                unbroken,
                (
                    *(caution_sentence(caution, verdict) for caution in verdict.cautions),
                    *(result.sentence for result in verdict.broken),
                ),
            )
        ),
        why=tuple(map(unbroken, _why(verdict, chosen, n_evaluations=n_evaluations))),
        certainty=present_certainty(verdict),
        bar=_bar(
            verdict,
            None if promised is None else promised.value,
            promise=unbroken(promise_sentence(promised, unit_of(verdict))),
            score=verdict.score,
        ),
        acceptance=None if decision is None else _acceptance(decision),
    )


def present_simpler(verdict: Verdict) -> SimplerView | None:
    """Present the single model that could replace a judged ensemble; None if there is none."""
    simpler = verdict.simpler
    if simpler is None:
        return None
    return SimplerView(
        candidate_id=simpler.candidate_id,
        sentence=unbroken(simpler_message(simpler)),
        button=f"Use {simpler.name} instead",
    )


def present_fall(card: DecisionView, verdict: Verdict, fallen: LiveVerdict) -> DecisionView:
    """Return the card of a model that by outcomes no longer meets its bar: its slider starts from these."""
    promise = unbroken(live_bar_sentence(fallen, unit_of(verdict)))
    score, start = fallen.judgement.score, live_promise(fallen.judgement)
    bar = None if score is None or start is None else _bar(verdict, start, promise=promise, score=score)
    changed = replace(card, bar=card.bar if bar is None else bar)
    if card.acceptance is not None:
        return changed
    return replace(changed, first="improve", advice=f"{fallen.headline}, by outcomes. See what would help.")


def present_preview(verdict: Verdict, *, now: Bar | None, fallen: LiveVerdict | None) -> PreviewView:
    """Present the verdict by a bar that nobody has set yet; ``now`` is the current bar.

    ``fallen`` is the verdict of outcomes by which the deployed model no longer meets its bar, if any.
    """
    state, bar = humanize.verdict_state(verdict), verdict.bar
    if bar is None:
        raise ValueError("a bar is looked at")
    return PreviewView(
        state=state,
        chance=chance_text(verdict),
        note=_bar_note(verdict, bar, fallen),
        button=f"Move the bar to {bar_text(bar, unit_of(verdict))}",
        is_new=now is None or now.value != bar.value,
    )


def _bar_note(verdict: Verdict, bar: Bar, fallen: LiveVerdict | None) -> str:
    if bar.passes(verdict.baseline):
        guess = in_unit(format_score(verdict.baseline), unit_of(verdict))
        return f"Guessing reaches {guess}: this bar asks for too little."
    reached = None if fallen is None else live_promise(fallen.judgement)
    if fallen is not None and reached is not None and not bar.passes(reached):
        return live_still_misses_sentence(fallen)
    if verdict.outcome != "meets" and (verdict.probability_passes or 0.0) < _BEYOND:
        low, high = _ends(verdict)
        best = in_unit(format_score(high if bar.is_floor else low), unit_of(verdict))
        return f"This model is not likely to reach it: at best it is worth about {best}."
    return ""


def _strip(verdict: Verdict, tone: Tone) -> StripView:
    return present_strip(
        judged_by(verdict),
        bar=verdict.bar,
        baseline=verdict.baseline,
        tone=tone,
        certainty=verdict.certainty,
        unit=unit_of(verdict),
        guess_is_said=_says_guess(verdict),
    )


def _says_guess(verdict: Verdict) -> bool:
    """Return whether the sentence on the cases has the score of guessing."""
    score = verdict.score
    is_counted = isinstance(verdict.cases, RightCases) and score.metric == "accuracy"
    return is_counted or get_metric(score.metric).costs is not None


def _measured(verdict: Verdict) -> str:
    messages = metric_messages(verdict.score.metric)
    return f"{measured_sentence(verdict, measure=messages.technical)} {messages.explain}".strip()


def _bar_origin(verdict: Verdict, task: Task) -> str:
    measure = metric_messages(verdict.score.metric).technical
    origin = bar_origin_sentence(
        verdict, measure=measure, is_proposed=task.bar is not None and task.bar.is_proposed
    )
    return f"{origin} {_moved(verdict)}".strip()


def _ends(verdict: Verdict) -> tuple[float, float]:
    judgement = judged_by(verdict)
    return judgement.low, judgement.high


def _moved(verdict: Verdict) -> str:
    if verdict.moved is None:
        return ""
    who = f"By {verdict.moved.by}, {humanize.ago(verdict.moved.at)}." if verdict.moved.at else ""
    return moved_sentence(verdict.moved, unit_of(verdict), who=who)


def _why(verdict: Verdict, chosen: Candidate | None, *, n_evaluations: int) -> list[str]:
    sentences = [*background_sentences(verdict, n_evaluations=n_evaluations)]
    if chosen is not None and chosen.validation is not None:
        sentences.append(_against_validation(verdict, chosen))
    return sentences


def _against_validation(verdict: Verdict, chosen: Candidate) -> str:
    """Return sentences with the validation score, and on what a large gap to the test score means."""
    test, validation = verdict.score, chosen.validation
    if validation is None or validation.metric != test.metric:
        return ""
    value = in_unit(format_score(validation.value), unit_of(verdict))
    if verdict.outer_folds:
        chosen_by = f"It was chosen by its score of {value} on the same rows."
        return f"{chosen_by} The test score counts: it judges the choice, too."
    sentence = f"On validation data, by which it was chosen, it scored {value}."
    doubt = hypot(test.high - test.low, validation.high - validation.low) / 2
    if abs(validation.value - test.value) <= doubt or not validation.n_rows:
        return sentence
    better = (validation.value > test.value) == get_metric(test.metric).greater_is_better
    how = (
        "better: choosing the best of several flatters it, or the test rows differ"
        if better
        else "worse: the test rows were easier, or differ"
    )
    return f"{sentence} That is clearly {how}. Trust the test score."


def _bar(verdict: Verdict, surest: float | None, *, promise: str, score: Score) -> BarView | None:
    """Return the slider around ``score``, first at the ``surest`` bar.

    None if too few rows judged the model to tell bars apart.
    """
    metric = get_metric(verdict.score.metric)
    half = (score.high - score.low) / 2
    if not 0 < half < float("inf"):
        return None
    digit = places_within(half)
    step = 10.0**-digit
    now = None if verdict.bar is None else verdict.bar.value
    start = surest if surest is not None else score.value if now is None else now
    places = [score.low - _WIDE * half, score.high + _WIDE * half, start, *([] if now is None else [now])]
    least, most = max(metric.lowest, min(places)), min(metric.highest, max(places))
    return BarView(
        now=now,
        start=round(start, digit),
        least=round(least, digit),
        most=round(most, digit),
        step=step,
        format=in_unit(f"%,.{max(0, digit)}f", unit_of(verdict).replace("%", "%%")),
        box_format=f"%.{max(0, digit)}f",
        promise=promise,
        label=f"The bar: {metric_messages(score.metric).technical} "
        f"{'at least' if metric.greater_is_better else 'at most'}",
    )


def _acceptance(decision: Decision) -> AcceptanceView:
    who = decision.by or "Somebody"
    sentence = f"{who} decided {humanize.ago(decision.at)} to use this model anyway"
    return AcceptanceView(id=f"{decision.run_id} {decision.at}", sentence=sentence, reason=decision.reason)

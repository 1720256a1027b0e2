"""Predicted and measured gains of earlier actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters.improvement.gain_format import format_gain, gain_range, gain_text
from litmus_core.metrics import get_metric
from litmus_core.text import format_count, join_names
from litmus_core.types import ActionOutcome, Task
from litmus_core.verdicts import outcome_message

__all__ = ["OutcomeRow", "OutcomesView", "present_action_result", "present_outcomes"]

_Came = Literal["as expected", "more", "less", "not known yet"]
_OTHER_ROWS = " Validation scores cannot be compared: the two runs used different validation rows."
_GONE = "what it brought is not known: the run before was deleted."
_TOO_FEW = "what it brought is not known: too few rows that neither run learned from."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One action: gains in the chart's unit, positive is better; None if unknown."""

    run_id: str
    name: str
    predicted: float
    low: float
    high: float
    validation: float | None
    test: float | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesView:
    """All actions that were started, oldest first, and a sentence about them."""

    rows: tuple[OutcomeRow, ...]
    unit: str
    reading: str
    footnote: str


def present_outcomes(
    outcomes: Sequence[ActionOutcome],
    task: Task,
    *,
    titles: Mapping[str, str],
    runs: Mapping[str, str],
    unit: str = "",
) -> OutcomesView | None:
    """Present an experiment's earlier actions; None if there are none.

    ``titles`` are the actions' titles by their run's id, ``runs`` the runs' titles, ``unit`` the target's.
    """
    if not outcomes:
        return None
    is_share = get_metric(task.metric).unit == "share"
    times = 100.0 if is_share else 1.0
    rows = tuple(_row(outcome, task, titles, runs, times, unit) for outcome in outcomes)
    return OutcomesView(
        rows=rows,
        unit="points gained" if is_share else "gained, positive is better",
        reading=_reading(outcomes, task, titles, unit),
        footnote=_footnote(outcomes),
    )


def present_action_result(outcome: ActionOutcome, task: Task, *, title: str, unit: str = "") -> str:
    """Return a sentence with the promised and the measured gain of the action that started a run.

    ``unit`` is the target's.
    """
    name = title or _title(outcome, {})
    measured = outcome.validation if outcome.test is None else outcome.test
    if outcome.predicted.settles is not None or measured is None:
        return f"{name}: {_outcome_sentence(outcome, task, unit)}"
    where = "on validation data" if outcome.test is None else "on test data"
    gained = format_gain(measured, task.metric, unit=unit)
    brought = (
        f"brought {gained if any(digit in gained for digit in '123456789') else 'next to nothing'} {where}"
    )
    if not outcome.predicted.is_known:
        return f"{name} {brought}."
    promised = format_gain(outcome.predicted.value, task.metric, unit=unit)
    return f"{name} promised {promised} and {brought}."


def _footnote(outcomes: Sequence[ActionOutcome]) -> str:
    note = "Expectations are corrected by the results of earlier actions, in this experiment and in others."
    if all(outcome.validated_alike for outcome in outcomes):
        return note
    return (
        f"{note} Where two runs used different validation rows, those scores cannot be compared and are "
        "not drawn. Test scores are."
    )


def _row(
    outcome: ActionOutcome,
    task: Task,
    titles: Mapping[str, str],
    runs: Mapping[str, str],
    times: float,
    unit: str,
) -> OutcomeRow:
    gain = outcome.predicted
    return OutcomeRow(
        run_id=outcome.run_id,
        name=f"{_title(outcome, titles)} ({runs.get(outcome.run_id, outcome.run_id)})",
        predicted=times * gain.value,
        low=times * gain.low,
        high=times * gain.high,
        validation=None if outcome.validation is None else times * outcome.validation,
        test=None if outcome.test is None else times * outcome.test,
        message=_outcome_sentence(outcome, task, unit),
    )


def _title(outcome: ActionOutcome, titles: Mapping[str, str]) -> str:
    return titles.get(outcome.run_id) or outcome.key[:1].upper() + outcome.key[1:]


def _outcome_sentence(outcome: ActionOutcome, task: Task, unit: str) -> str:
    gain = outcome.predicted
    if gain.settles is not None:
        return f"To settle the verdict: {gain_text(gain, task.metric)}; {_settled(outcome)}"
    half = (gain.high - gain.low) / 2
    expected = format_gain(gain.value, task.metric, unit=unit, half_width=half)
    was = f"Expected {expected} ({gain_range(gain, task.metric, unit)})"
    parts = [
        f"{format_gain(value, task.metric, unit=unit)} {where}"
        for value, where in ((outcome.validation, "on validation rows"), (outcome.test, "in test"))
        if value is not None
    ]
    brought = f"brought {', '.join(parts)}." if parts else "not known yet."
    if outcome.before_gone:
        return f"{was}; {_GONE}"
    if not parts and not outcome.validated_alike:
        return f"{was}; {_TOO_FEW}{_of_rows(outcome)}"
    return f"{was}; {brought}{'' if outcome.validated_alike else _OTHER_ROWS}{_of_rows(outcome)}"


def _settled(outcome: ActionOutcome) -> str:
    if outcome.verdict is None:
        return "not known yet."
    return "still undecided." if outcome.verdict == "undecided" else f"{outcome_message(outcome.verdict)}."


def _of_rows(outcome: ActionOutcome) -> str:
    """Return how many requested rows arrived, and whether these are enough to test the prediction."""
    if not outcome.n_requested:
        return ""
    note = f" {format_count(outcome.n_collected, 'row')} came, {outcome.n_requested:,} were asked for"
    if outcome.predicted.measured:
        return f"{note}."
    few = "few" if outcome.n_collected < outcome.n_requested else "many"
    return f"{note}: too {few} to correct later expectations by."


def _outcome_mark(outcome: ActionOutcome) -> _Came:
    """Return the action's result in a word, by the test score if there is one."""
    measured = outcome.validation if outcome.test is None else outcome.test
    if measured is None:
        return "not known yet"
    if measured < outcome.predicted.low:
        return "less"
    return "more" if measured > outcome.predicted.high else "as expected"


def _reading(outcomes: Sequence[ActionOutcome], task: Task, titles: Mapping[str, str], unit: str) -> str:
    if all(outcome.predicted.settles is not None for outcome in outcomes):
        return f"{_title(outcomes[-1], titles)}: {_settled(outcomes[-1])}"
    with_outcome = [outcome for outcome in outcomes if _outcome_mark(outcome) != "not known yet"]
    if all(outcome.before_gone for outcome in outcomes):
        return f"{_GONE[0].upper()}{_GONE[1:]}"
    if not with_outcome and not any(outcome.validated_alike for outcome in outcomes):
        return f"{_TOO_FEW[0].upper()}{_TOO_FEW[1:]}"
    if not with_outcome:
        return "Actions that were started are still running."
    if len(with_outcome) == 1:
        (only,) = with_outcome
        how = {
            "as expected": "within what was expected",
            "more": "more than expected",
            "less": "less than expected",
        }
        measured = only.validation if only.test is None else only.test
        where = "on validation rows" if only.test is None else "on test rows"
        brought = format_gain(measured or 0.0, task.metric, unit=unit)
        return f"{_title(only, titles)} brought {brought} {where}, {how[_outcome_mark(only)]}."
    verbs = {"as expected": "came within what was expected", "more": "brought more", "less": "brought less"}
    counts = {how: sum(_outcome_mark(outcome) == how for outcome in with_outcome) for how in verbs}
    phrases = [f"{n} {verbs[how]}" for how, n in counts.items() if n]
    return f"Of {format_count(len(with_outcome), 'action')} that were taken, {join_names(phrases)}."

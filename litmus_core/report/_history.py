"""Runs and actions in a report: predicted gains, actual gains, and the remaining actions."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from litmus_core.advice import action_list_sentence, action_title, format_gain
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._format import day
from litmus_core.report._interval_html import PlotScale, lines_of, track
from litmus_core.report._page import table
from litmus_core.text import format_measured
from litmus_core.types import Compression, Retrained, WarmStart
from litmus_core.verdicts import judged_by, verdict_sentence

if TYPE_CHECKING:
    from litmus_core.types import ActionOutcome, Gain, Run, Task

_MOST_RUNS, _MOST_OFFERED = 30, 6


def history(facts: ExperimentFacts) -> Iterator[str]:
    """Yield the runs, the completed actions with predicted and actual gain, and the remaining actions."""
    if facts.runs:
        yield "<h2>What was tried</h2>"
        yield table(
            ("run", "how it came", "began", "what came of it", "score on test rows"),
            [_line(run, facts) for run in facts.runs[-_MOST_RUNS:]],
            kind="models",
        )
    if facts.actions.completed:
        yield "<h3>What actions were to bring, and what they brought</h3>"
        yield from _attempts_section(facts)
    if facts.actions.offered is not None:
        yield "<h3>What may be done next</h3>"
        yield f"<p>{escape(action_list_sentence(facts.actions.offered))}</p>"
        yield from _offered(facts)


def _line(run: Run, facts: ExperimentFacts) -> tuple[str, ...]:
    verdict = run.verdict
    title = f"{run.number}: {run.name}" if run.name else run.title
    return (
        f"{title} (this report)" if facts.run is not None and run.id == facts.run.id else title,
        _origin_text(run, facts),
        day(run.times.queued_at),
        verdict_sentence(verdict) if verdict else (run.message or run.status),
        format_measured(judged_by(verdict)) if verdict else "",
    )


def _origin_text(run: Run, facts: ExperimentFacts) -> str:
    plan = run.plan
    if plan.action is not None:
        return f"action: {_title(facts, plan.action.run_id, plan.action.key)}"
    if plan.step is not None:
        return f"step {plan.step.number} of the recipe {plan.step.recipe}"
    if (compression := plan.origin_as(Compression)) is not None:
        by_id = {candidate.id: candidate.name for candidate in facts.all_candidates}
        return f"made of {by_id.get(compression.candidate_id, compression.model)}"
    if plan.origin_as(WarmStart) is not None:
        return "going on with a model on new rows"
    if plan.origin_as(Retrained) is not None:
        return "retrained, to compare with continuing"
    return "asked for"


def _title(facts: ExperimentFacts, run_id: str, key: str) -> str:
    return facts.actions.titles.get((run_id, key), key)


def _attempts_section(facts: ExperimentFacts) -> Iterator[str]:
    ends: list[float | None] = [0.0]
    for outcome in facts.actions.completed:
        ends += [outcome.predicted.low, outcome.predicted.high, outcome.validation, outcome.test]
    scale, task = PlotScale.over(ends), facts.experiment.task
    yield lines_of(
        (
            _title(facts, one.follows_run_id, one.key),
            track(
                scale,
                whisker=(one.predicted.low, one.predicted.high),
                lines=[(0.0, "base"), (one.predicted.value, "bar")],
                point=one.test,
                dots=[] if one.validation is None else [(one.validation, "hollow")],
                reading=_gains_text(one, task),
            ),
            _gains_text(one, task),
        )
        for one in facts.actions.completed
    )
    yield (
        '<p class="quiet">Dashed: predicted, with its 80 % interval. Dot: what came on test rows; ring: on '
        "validation rows that both runs answered. Thin: no gain.</p>"
    )


def _gains_text(outcome: ActionOutcome, task: Task) -> str:
    gain = outcome.predicted
    text = f"predicted {_gain_text(gain, task)}"
    if outcome.test is not None:
        return f"{text}; brought {format_gain(task, outcome.test)}"
    if outcome.validation is not None:
        return f"{text}; brought {format_gain(task, outcome.validation)} on validation rows"
    return f"{text}; not known yet what it brought"


def _gain_text(gain: Gain, task: Task) -> str:
    ends = f"{format_gain(task, gain.low)} to {format_gain(task, gain.high)}"
    return f"{format_gain(task, gain.value)} ({ends} in 4 of 5 cases)"


def _offered(facts: ExperimentFacts) -> Iterator[str]:
    task, actions = facts.experiment.task, facts.actions.offered.actions if facts.actions.offered else ()
    shown = actions[:_MOST_OFFERED]
    if not shown:
        return
    scale = PlotScale.over([0.0, *(end for item in shown for end in (item.gain.low, item.gain.high))])
    yield lines_of(
        (
            action_title(item),
            track(
                scale,
                whisker=(item.gain.low, item.gain.high),
                point=item.gain.value,
                lines=[(0.0, "base")],
                reading=f"{action_title(item)}: {format_gain(task, item.gain.value)}",
                tone="good" if item.gain.low > 0 else "quiet",
            ),
            f"{_gain_text(item.gain, task)}, about {item.cost.minutes:.1f} min",
        )
        for item in shown
    )

"""The report on an experiment: the verdict first, then all that it is based on."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from litmus_core.metrics import get_metric
from litmus_core.report._card import model_card
from litmus_core.report._explanation import explanation
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._format import day, dollars, share
from litmus_core.report._frontier import frontier_section
from litmus_core.report._history import history
from litmus_core.report._interval_html import PlotScale, track
from litmus_core.report._models import models
from litmus_core.report._page import page, pairs
from litmus_core.text import (
    format_bytes,
    format_count,
    format_interval,
    format_milliseconds,
    format_score,
    join_names,
    unbroken,
)
from litmus_core.verdicts import (
    background_sentences,
    bar_origin_sentence,
    cases_sentence,
    caution_sentence,
    certainty_notes,
    final_model_message,
    grade_of,
    judged_by,
    measured_sentence,
    moved_sentence,
    verdict_headline,
    weighted_text,
)

if TYPE_CHECKING:
    from litmus_core.types import Bar, Run, Task, Verdict

_SPLITS = {"random": "at random", "time": "in the order of time", "group": "by whole groups"}


def experiment_report(facts: ExperimentFacts, *, created_at: str) -> str:
    """Return the report as one self-contained HTML page.

    ``created_at`` is UTC, ISO 8601. Unknown facts are left out, or shown as unknown.
    """
    return page(f"Report: {facts.experiment.name}", _parts(facts, created_at=created_at))


def _parts(facts: ExperimentFacts, *, created_at: str) -> Iterator[str]:
    experiment = facts.experiment
    yield f"<h1>{escape(experiment.name)}</h1>"
    owner_note = f" Asked by {escape(experiment.owner)}." if experiment.owner else ""
    yield f'<p class="quiet">Report of {day(created_at)} UTC.{owner_note}</p>'
    yield from _verdict(facts)
    yield from _task_section(facts)
    yield from frontier_section(facts)
    yield from models(facts)
    yield from explanation(facts)
    yield from _certificate(facts)
    yield from history(facts)
    yield from model_card(facts)


def _verdict(facts: ExperimentFacts) -> Iterator[str]:
    verdict = facts.verdict
    if verdict is None:
        yield f'<p class="lead">There is no verdict yet. {escape(_status_text(facts.run))}</p>'
        return
    grade, words = grade_of(verdict), unbroken(verdict_headline(verdict))
    why = (*background_sentences(verdict, n_evaluations=facts.n_evaluations), *certainty_notes(verdict))
    metric = verdict.score.metric
    moved = "" if verdict.moved is None else f" {moved_sentence(verdict.moved)}"
    measure = f"{get_metric(metric).label} ({metric})"
    bar_of_task = facts.experiment.task.bar
    is_proposed = bar_of_task is not None and bar_of_task.is_proposed
    bar = bar_origin_sentence(verdict, measure=metric, is_proposed=is_proposed)
    bar_paragraph = f"<p>{escape(unbroken(bar + moved))}</p>" if bar else ""
    measured = measured_sentence(verdict, measure=measure)
    yield (
        f'<section class="verdict {grade.tone}"><div class="word">{grade.mark} {words}</div>'
        f"{_cases(verdict, target=facts.experiment.task.target)}"
        f"{_decision(facts)}{_cautions(verdict)}{bar_paragraph}{_strip(verdict, grade.tone)}"
        f"<p>{escape(unbroken(measured))}</p>"
        f"{''.join(f'<p>{escape(unbroken(live))}</p>' for live in facts.production.live)}"
        f"<ul>{''.join(f'<li>{escape(unbroken(reason))}</li>' for reason in why)}</ul></section>"
    )
    yield f"<dl>{pairs(_production(facts))}</dl>"


def _cases(verdict: Verdict, *, target: str) -> str:
    sentence = cases_sentence(verdict, target=target)
    return f'<p class="lead">{escape(unbroken(sentence))}</p>' if sentence else ""


def _decision(facts: ExperimentFacts) -> str:
    """Return who uses the model regardless of its verdict, and why."""
    decision = facts.experiment.decision
    if decision is None or facts.run is None:
        return ""
    which = "this model" if decision.run_id == facts.run.id else "a model of another run"
    who = f"{decision.by or 'Somebody'} decided on {day(decision.at)} UTC"
    sentence = f"{who} to use {which} anyway: {decision.reason}"
    return (
        f'<p class="decision"><b>{escape(sentence)}</b> (The verdict then: {escape(decision.verdict)}.)</p>'
    )


def _cautions(verdict: Verdict) -> str:
    sentences = [caution_sentence(caution, verdict) for caution in verdict.cautions]
    sentences += [result.sentence for result in verdict.broken]
    return "".join(f'<p class="caution"><b>! </b>{escape(sentence)}</p>' for sentence in sentences)


def _status_text(run: Run | None) -> str:
    if run is None:
        return "Nothing was trained."
    return f"{run.title} is {run.status}. {run.message}"


def _strip(verdict: Verdict, tone: str) -> str:
    score, bar = judged_by(verdict), verdict.bar
    near = [score.low, score.value, score.high, *([] if bar is None else [bar.value])]
    reach = max(near) - min(near)
    far = min(abs(line - verdict.baseline) for line in near) > 4 * reach > 0
    scale = PlotScale.over(near if far else [*near, verdict.baseline])
    lines = [] if bar is None else [(bar.value, "bar")]
    lines += [] if far else [(verdict.baseline, "base")]
    message = f"Score {format_score(score.value)}"
    sentence = "" if bar is None else f"; dashed: the bar, {format_score(bar.value)}"
    sentence += f"; guessing reaches {format_score(verdict.baseline)}" + (
        ", too far off to draw" if far else ""
    )
    reading = f"{message} ({format_interval(score.low, score.high)}){sentence}"
    drawn = track(
        scale, point=score.value, whisker=(score.low, score.high), lines=lines, reading=reading, tone=tone
    )
    return f'{drawn}<p class="quiet">{message}{sentence}.</p>'


def _production(facts: ExperimentFacts) -> Iterator[tuple[str, str]]:
    chosen = facts.chosen
    if chosen is None:
        return
    yield "chosen model", chosen.name
    if chosen.final is not None:
        yield "model you use", final_model_message(chosen.final)
    chosen = chosen.deployed
    one = chosen.latency_at(1)
    yield (
        "answers one row in",
        "not measured" if one is None else f"{format_milliseconds(one.p95_ms)} ({one.p95_calls})",
    )
    yield "size of the model", "not known" if chosen.size_bytes is None else format_bytes(chosen.size_bytes)
    yield (
        "a million predictions, as certified at full load",
        "not certified yet"
        if facts.production.certified is None
        else f"{dollars(facts.production.certified.usd)} on '{facts.production.certified.environment}'",
    )
    if chosen.abstained is not None:
        yield "left to people", f"{share(chosen.abstained, places=1)} of rows, for which it has no answer"


def _certificate(facts: ExperimentFacts) -> Iterator[str]:
    """Yield the chosen model's certificate: failed lines first, lines without a limit last."""
    certificate = facts.production.certificate
    if certificate is None:
        return
    failed = format_count(len(certificate.failures), "line")
    verdict = "passed" if certificate.passed else f"not passed, {failed} failed"
    place, day_of = certificate.report.environment.name, day(certificate.made_at)
    yield "<h2>Certificate</h2>"
    yield (
        f'<p class="quiet">{certificate.form.capitalize()} form, {day_of} UTC, for '
        f"'{escape(place)}': {verdict}.</p>"
    )
    states = {False: "Failed", True: "Passed", None: "Not judged"}
    lines = sorted(certificate.lines, key=lambda line: list(states).index(line.passed))
    yield f"<dl>{pairs((line.title, f'{states[line.passed]}. {line.text}') for line in lines)}</dl>"


def _task_section(facts: ExperimentFacts) -> Iterator[str]:
    yield "<h2>The question</h2>"
    yield f"<dl>{pairs(_question(facts))}</dl>"
    if facts.harm is None:
        yield '<p class="quiet">The data was not checked for problems.</p>'
    for sentence in facts.harm or ():
        yield (
            '<section class="finding harmful"><div class="word">Would mislead the model</div>'
            f"<p>{escape(sentence)}</p></section>"
        )
    if facts.harm == ():
        yield '<p class="quiet">The data was checked: no serious problem is left in it.</p>'


def _question(facts: ExperimentFacts) -> Iterator[tuple[str, str]]:
    task, version = facts.experiment.task, facts.version
    kind = task.type.answer
    yield "predict", f"{task.target}: {kind}, from {format_count(len(task.features), 'column')}"
    yield (
        "data",
        f"{version.name}, version {version.version}: {version.n_rows:,} rows from {version.source_name}",
    )
    yield "train/test split", _split_text(task)
    measure = f"{get_metric(task.metric).label} ({task.metric})"
    yield "measured by", f"{measure}{weighted_text(task.weight)}"
    if task.monotone:
        yield "predictions are", join_names(f"{direction} in {name}" for name, direction in task.monotone)
    yield "good enough", "no bar was set" if task.bar is None else _bar(task.bar)
    yield "budget", _budget(task)


def _split_text(task: Task) -> str:
    split = task.split
    by = f" ({split.by})" if split.column else ""
    if task.test_version_id is not None:
        return "a separate test table"
    return f"{_SPLITS[split.kind]}{by}, {share(split.test_fraction)} set aside for the test"


def _bar(bar: Bar) -> str:
    return f"{'at least' if bar.is_floor else 'at most'} {format_score(bar.value)}"


def _budget(task: Task) -> str:
    budget, lines = task.budget, []
    if budget.max_latency_ms is not None:
        lines.append(
            f"{format_count(budget.batch_rows, 'row')} answered in "
            f"{format_milliseconds(budget.max_latency_ms)}"
        )
    if budget.max_size_mb is not None:
        lines.append(f"at most {format_bytes(1e6 * budget.max_size_mb)}")
    return ", ".join(lines) or "no limit was set"

"""A scientist's view of an experiment, as sections: the same in a folder and on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from litmus_core.report import Section, check_sentence
from litmus_core.text import format_measured
from litmus_core.types import ActionOutcome, Candidate, HandoffContext, Run, RunPlan, Score, TrainingOptions
from litmus_core.verdicts import verdict_sentence

_MOST_MODELS = 25
_SEVERITIES = {"harmful": "to fix", "warning": "worth a look", "hint": "good to know"}


def handoff_sections(context: HandoffContext) -> tuple[Section, ...]:
    """Return the sections on a question's experiment, the most important first, without empty ones."""
    return tuple(_sections(context))


def _sections(context: HandoffContext) -> Iterator[Section]:
    yield Section(title="What is wanted", texts=tuple(_goal_lines(context)))
    yield Section(title="Where it stands", texts=tuple(_status_lines(context)))
    if context.runs:
        yield _runs_section(context)
    if context.candidates:
        yield _models_section(context)
    if context.diagnosis:
        yield Section(
            title="What drives the predictions, and where it goes wrong",
            texts=("Of the model that leads, on validation rows.",),
            header=("kind", "what"),
            rows=context.diagnosis,
        )
    if context.outcomes:
        yield _outcomes_section(context)
    if context.steps:
        yield Section(
            title=f"The recipe it follows: {context.recipe}",
            header=("step", "what", "state", "why"),
            rows=tuple((str(step.number), step.title, step.state, step.why) for step in context.steps),
        )
    yield _data_section(context)
    features = set(context.experiment.task.features)
    yield Section(
        title="Columns",
        header=("column", "kind", "learned from"),
        rows=tuple(
            (column.name, column.kind, "yes" if column.name in features else "no")
            for column in context.table.columns
        ),
    )


def _goal_lines(context: HandoffContext) -> Iterator[str]:
    task, table = context.experiment.task, context.table
    yield (
        f"Predict '{task.target}' ({task.problem_type}) from {len(task.features):,} columns of {table.name}, "
        f"version {table.version}: {table.n_rows:,} rows."
    )
    yield f"Good enough: {task.bar}." if task.bar else f"No bar was set; models are judged by {task.metric}."
    budget, parts = task.budget, []
    if budget.max_latency_ms is not None:
        parts.append(f"{_rows(budget.batch_rows)} answered within {budget.max_latency_ms:g} ms (p95)")
    if budget.max_size_mb is not None:
        parts.append(f"at most {budget.max_size_mb:g} MB")
    yield f"Budget: {', '.join(parts)}." if parts else "No budget was set."
    yield f"Rows are split {'at random' if task.split.kind == 'random' else f'by {task.split.kind}'}."


def _status_lines(context: HandoffContext) -> Iterator[str]:
    leader = next((candidate for candidate in context.candidates if candidate.id == context.leader_id), None)
    if leader is None:
        yield "No model was finished so far."
    else:
        run = next((other for other in context.runs if other.id == leader.run_id), None)
        if run is not None and run.verdict is not None:
            yield verdict_sentence(run.verdict)
        yield f"{leader.name} leads by its validation score: {_score(leader.validation)}."
        yield from _budget_left(context, leader)
    ended = [other for other in context.runs if other.times.ended_at]
    times = "once" if context.n_evaluations == 1 else f"{context.n_evaluations:,} times"
    yield (
        f"{len(ended):,} run{'s' if len(ended) != 1 else ''} so far, {context.minutes:.1f} minutes in all. "
        f"The test rows were looked at {times}."
    )


def _budget_left(context: HandoffContext, leader: Candidate) -> Iterator[str]:
    """Describe how much of the budget is left."""
    budget = context.experiment.task.budget
    figure = leader.latency_at(budget.batch_rows)
    if budget.max_latency_ms is not None and figure is not None:
        yield _remaining(budget.max_latency_ms, figure.p95_ms, "ms", f"answering {_rows(budget.batch_rows)}")
    if budget.max_size_mb is not None and leader.size_bytes is not None:
        yield _remaining(budget.max_size_mb, leader.size_bytes / 1e6, "MB", "its size")


def _remaining(limit: float, used: float, unit: str, subject: str) -> str:
    left = f"{limit - used:.3g} {unit} are left" if used <= limit else f"that is {used - limit:.3g} too much"
    return f"Of the {limit:g} {unit} that there are for {subject}, it takes {used:.3g}: {left}."


def _rows(n_rows: int) -> str:
    return "one row" if n_rows == 1 else f"{n_rows:,} rows"


def _runs_section(context: HandoffContext) -> Section:
    chosen = {candidate.id: candidate for candidate in context.candidates}
    header: tuple[str, ...] = ("run", "end", "validation", "test", "how")
    rows = [_run(run, chosen.get(run.chosen_id or "")) for run in context.runs]
    messages = [f"{run.message} {run.hint}".strip() if run.verdict is None else "" for run in context.runs]
    if any(messages):
        header, rows = (
            (*header, "what it said"),
            [(*row, why) for row, why in zip(rows, messages, strict=True)],
        )
    return Section(title="What was tried", header=header, rows=tuple(rows))


def _run(run: Run, chosen: Candidate | None) -> tuple[str, ...]:
    end = run.status if run.verdict is None else run.verdict.outcome
    title = f"Run {run.number}{f': {run.name}' if run.name else ''}"
    scores = (None, None) if chosen is None else (chosen.validation, chosen.test)
    return (title, end, *map(_score, scores), _training_summary(run.plan))


def _training_summary(plan: RunPlan) -> str:
    """Describe briefly what a run trained."""
    parts = [*plan.families, *(algorithm.name or algorithm.key for algorithm in plan.algorithms)]
    parts += [model.reference for model in plan.models]
    words = [", ".join(parts) or "as Litmus chose"]
    words += [f"{plan.folds.n_folds} folds"] if plan.folds is not None and plan.folds.n_folds else []
    words += ["tuned"] if plan.tuning is not None else []
    words += _options(plan.training)
    words += [f"before the model: {part.reference}" for part in plan.preprocess]
    words += [f"after the model: {part.reference}" for part in plan.postprocess]
    limit_s = plan.compute.time_limit_s
    words += [f"at most {limit_s / 60:.3g} minutes"] if limit_s else []
    words += [f"action {plan.action.key}"] if plan.action is not None else []
    words += [f"step {plan.step.number} of {plan.step.recipe}"] if plan.step is not None else []
    return "; ".join(words)


def _options(training: TrainingOptions) -> list[str]:
    """Return a phrase for each training option that is on."""
    values = {option: getattr(training, option.name) for option in fields(training)}
    return [
        str(option.metadata["phrase"]).format("" if value is True else f"{len(value):,}")
        for option, value in values.items()
        if value
    ]


def _models_section(context: HandoffContext) -> Section:
    runs = {run.id: run for run in context.runs}
    n_more = len(context.candidates) - _MOST_MODELS
    return Section(
        title="Leaderboard",
        texts=(f"The best {_MOST_MODELS} by validation; {n_more:,} more are on Results.",)
        if n_more > 0
        else (),
        header=("model", "run", context.experiment.task.metric, "one row, p95", "size", "chosen"),
        rows=tuple(
            (
                candidate.name,
                str(runs[candidate.run_id].number) if candidate.run_id in runs else "",
                _score(candidate.validation),
                "" if (figure := candidate.latency_at(1)) is None else f"{figure.p95_ms:.3g} ms",
                "" if candidate.size_bytes is None else f"{candidate.size_bytes / 1e6:.3g} MB",
                "yes" if candidate.chosen else "",
            )
            for candidate in context.candidates[:_MOST_MODELS]
        ),
    )


def _outcomes_section(context: HandoffContext) -> Section:
    titles = {run.id: run.title for run in context.runs}
    return Section(
        title="Gains predicted and got",
        texts=("Positive is better; predictions with their 80 % interval.",),
        header=("action", "run", "predicted", "on validation rows", "in the test"),
        rows=tuple(
            _outcome(outcome, titles.get(outcome.run_id, outcome.run_id)) for outcome in context.outcomes
        ),
    )


def _outcome(outcome: ActionOutcome, run: str) -> tuple[str, ...]:
    gain = outcome.predicted
    validation, test = (
        "not known" if gain is None else f"{gain:+.3g}" for gain in (outcome.validation, outcome.test)
    )
    if not outcome.validated_alike:
        validation = "no comparison: validated on different rows"
    expected = f"{gain.value:+.3g} ({gain.low:+.3g} to {gain.high:+.3g})"
    return (outcome.key, run, expected, validation, test)


def _data_section(context: HandoffContext) -> Section:
    from litmus_core.checks import finding_sentence
    from litmus_core.data import fix_title

    report = context.report
    if report is None:
        return Section(title="The data", texts=("The checks of the table were not made.",))
    return Section(
        title="The data",
        texts=(check_sentence(report),),
        header=("how bad", "what was found", "fix"),
        rows=tuple(
            (
                "ignored" if finding.dismissed else _SEVERITIES[finding.severity],
                finding_sentence(finding),
                fix_title(finding.fix) if finding.fix else "",
            )
            for finding in report.findings
        ),
    )


def _score(score: Score | None) -> str:
    if score is None:
        return ""
    return format_measured(score)

"""Experiments line by line: what is equal, what differs, and which one is ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from app.presenters import humanize
from app.presenters.markdown import literal
from app.presenters.metrics import metric_messages
from app.presenters.results.scores import named
from litmus_core.metrics import PairedDifference
from litmus_core.text import (
    NARROW,
    format_bytes,
    format_chance,
    format_count,
    format_interval,
    format_milliseconds,
    format_number,
    format_score,
    unbroken,
)
from litmus_core.types import CertifiedCost, DatasetVersion, Experiment, ExperimentSummary, Run, Task
from litmus_core.verdicts import judged_by, unit_of

__all__ = ["ComparedExperiment", "ComparedLine", "LinesView", "paired_message", "present_lines"]

_SPLITS = {"random": "at random", "time": "by time", "group": "by group"}
_MOST_NAMES = 6
_UNTRAINED = "not trained yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One property of all compared experiments."""

    title: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesView:
    """The properties that differ between the experiments ``names``, and a sentence about the equal ones."""

    names: tuple[str, ...]
    differs: tuple[ComparedLine, ...]
    same: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedExperiment:
    """One compared experiment: ``run`` has its verdict, ``version`` is its table."""

    summary: ExperimentSummary
    version: DatasetVersion
    run: Run | None
    cost: CertifiedCost | None = None


def present_lines(compared: Sequence[ComparedExperiment]) -> LinesView:
    """Compare two or more experiments."""
    lines = [dict(_lines(row.summary, row.version, row.run, row.cost)) for row in compared]
    titles = dict.fromkeys(title for row in lines for title in row)
    rows = [
        ComparedLine(title=title, values=tuple(row.get(title, _UNTRAINED) for row in lines))
        for title in titles
    ]
    rows.append(_columns([row.summary.experiment.task for row in compared]))
    differs = tuple(row for row in rows if len(set(row.values)) > 1)
    same = [row.title for row in rows if len(set(row.values)) == 1]
    where = "both" if len(compared) == 2 else "all"
    return LinesView(
        names=tuple(row.summary.experiment.name for row in compared),
        differs=differs,
        same=f"The same in {where}: {', '.join(same)}." if same else f"Nothing is the same in {where}.",
    )


def _lines(
    summary: ExperimentSummary, version: DatasetVersion, run: Run | None, cost: CertifiedCost | None
) -> Iterator[tuple[str, str]]:
    verdict, task = summary.verdict, summary.experiment.task
    best = summary.best and summary.best.deployed
    yield "verdict", "none yet" if verdict is None else humanize.verdict_state(verdict).word
    yield "score", "none yet" if verdict is None else named(judged_by(verdict), unit_of(verdict))
    yield "bar", "none" if task.bar is None else f"{task.bar.op} {format_score(task.bar.value)}"
    yield "budget", _budget(task)
    row_ms = None if best is None else best.latency_at(1)
    yield (
        "one row answered in",
        "not measured" if row_ms is None else f"{format_milliseconds(row_ms.p95_ms)} ({row_ms.p95_calls})",
    )
    is_measured = best is not None and best.size_bytes is not None
    yield (
        "size of the model",
        format_bytes(best.size_bytes or 0) if best is not None and is_measured else "not known",
    )
    yield (
        "a million predictions, as certified",
        "not certified" if cost is None else f"{format_number(cost.usd)} USD on '{cost.environment}'",
    )
    yield "table", f"{version.name}, version {version.version}, {format_count(version.n_rows, 'row')}"
    yield "target", task.target
    yield "measure", metric_messages(task.metric).technical
    yield "test rows", _test_rows(task)
    yield from _plan(run, summary.experiment)


def _plan(run: Run | None, experiment: Experiment) -> Iterator[tuple[str, str]]:
    plan = None if run is None else run.plan
    if plan is None:
        return
    tried = [*plan.families, *(algorithm.name or algorithm.key for algorithm in plan.algorithms)]
    tried += [model.name or model.reference for model in plan.models]
    yield "models tried", ", ".join(tried) or "as Litmus chose"
    folds = None if plan.folds is None else plan.folds.n_folds
    yield "folds", "as Litmus chose" if folds is None else str(folds) if folds else "none"
    yield "tuned", "no" if plan.tuning is None else "yes"
    for option in fields(plan.training):
        yield option.metadata["title"], _chosen(getattr(plan.training, option.name))
    before = ", ".join(step.reference for step in plan.preprocess)
    steps_text = ", ".join(step.reference for step in plan.postprocess)
    yield "steps before", before or "none"
    yield "steps after", steps_text or "none"
    yield "time allowed", humanize.duration(plan.compute.time_limit_s or experiment.task.time_limit_s)


def _chosen(value: bool | tuple[int, ...]) -> str:
    """Return a training option's value as a table shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format_count(len(value), "row") if value else "none"


def _budget(task: Task) -> str:
    budget, lines = task.budget, []
    if budget.max_latency_ms is not None:
        rows = format_count(budget.batch_rows, "row")
        lines.append(f"{rows} in {format_milliseconds(budget.max_latency_ms)}")
    if budget.max_size_mb is not None:
        lines.append(format_bytes(1e6 * budget.max_size_mb))
    return ", ".join(lines) or "none"


def _test_rows(task: Task) -> str:
    if task.test_version_id is not None:
        return f"a table of their own ({task.test_version_id})"
    by = f" ({task.split.by})" if task.split.column else ""
    share = humanize.share(task.split.test_fraction)
    return f"{share} {_SPLITS[task.split.kind]}{by}, drawn with seed {task.seed}"


def _columns(tasks: Sequence[Task]) -> ComparedLine:
    """Return, for each task, the columns that it uses and that some other task does not."""
    common = set[str].intersection(*(set(task.features) for task in tasks))
    values = [_names([name for name in task.features if name not in common]) for task in tasks]
    title = "columns that only some use" if len(set(values)) > 1 else "columns"
    return ComparedLine(title=title, values=tuple(values))


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more if names else "none"


def paired_message(difference: PairedDifference, *, left: str, right: str) -> str:
    """Return a sentence: which experiment is ahead on the shared rows, by how much, and whether by chance."""
    ahead, behind = (left, right) if difference.value >= 0 else (right, left)
    low, high = (
        (difference.low, difference.high) if difference.value >= 0 else (-difference.high, -difference.low)
    )
    chance = difference.chance if difference.value >= 0 else 1 - difference.chance
    rows = f"On the same {format_count(difference.n_rows, 'test row')}"
    metric = metric_messages(difference.metric).technical
    if difference.low == difference.high == 0:
        return f"{rows} both score the same."
    sentence = (
        f"{rows} **{literal(ahead)}** is ahead of **{literal(behind)}** by "
        f"{format_score(abs(difference.value))} on {metric} "
        f"({format_interval(low, high)} with 95{NARROW}% certainty)"
    )
    if low > 0:
        return f"{sentence}: more than chance."
    return (
        f"{sentence}. This may be chance: how likely it is really ahead is {unbroken(format_chance(chance))}."
    )

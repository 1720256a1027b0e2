"""Target: the problem type, the excluded columns, and the meaning of the bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.presenters import humanize
from app.presenters.markdown import literal
from app.presenters.metrics import bar_meaning, metric_messages
from app.presenters.question.draft import Draft
from app.presenters.question.metric_picker import JudgingView, present_judging
from app.presenters.question.questions import (
    PROBLEMS,
    answer_kinds,
    example_sentence,
    only_kind_message,
    question,
    why_message,
)
from app.presenters.question.task_types import KindView, present_kinds
from litmus_core.metrics import get_metric, metrics_for, score_unit
from litmus_core.plugins import PluginDescription
from litmus_core.runtime import part_text
from litmus_core.task_types import get_task_type
from litmus_core.text import format_bytes, format_count, format_milliseconds, format_score, in_unit, unbroken
from litmus_core.types import (
    Baseline,
    Column,
    DatasetVersion,
    ProblemType,
    Quote,
    SplitPlan,
    Suggestion,
    Task,
)
from litmus_core.verdicts import bar_text

__all__ = [
    "BUDGETS",
    "NO_LIMIT",
    "TIME_LIMITS",
    "BarCaution",
    "ChoicesView",
    "GoalView",
    "TaskView",
    "present_bar",
    "present_caution",
    "present_choices",
    "present_reach",
    "present_task",
]

NO_LIMIT = 0.0
ALL_MAY_JUDGE = "With enough time all rows judge instead, each by models that had not seen it."
_MANY_MOMENTS = (
    20  # a column with fewer different whole numbers holds counts or grades, unless they are years
)
# Latency limits in ms, with their labels.
BUDGETS: dict[float, str] = {
    NO_LIMIT: "No limit",
    1000.0: "When someone asks: 1 second",
    200.0: "Inside a web page: 200 ms",
    50.0: "While a customer waits: 50 ms",
    5.0: "Inside an ad: 5 ms",
}
TIME_LIMITS: dict[float, str] = {
    30.0: "30 seconds, a first look",
    120.0: "2 minutes",
    300.0: "5 minutes",
    900.0: "15 minutes",
    3600.0: "1 hour",
    14400.0: "4 hours, thorough",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesView:
    """The problem type and the choices that depend on it."""

    why: str
    example: str
    missing: str  # "" if every row has a label
    problem_types: tuple[ProblemType, ...]  # the problem types that the column allows
    only_kind: str  # why only one is possible; "" if there is a choice
    judging: JudgingView
    metric: str  # the selected one
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]  # column, reason
    time_columns: tuple[str, ...]
    group_columns: tuple[str, ...]
    other_tables: tuple[tuple[str, str], ...]  # version id, name
    kinds: tuple[KindView, ...] = ()  # task types beyond the built-in problem types
    kind: str = ""  # the selected one


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """The bar's slider with its references: sentences on the scores of guessing and of a simple model."""

    label: str
    help: str
    references: tuple[str, ...]
    minimum: float
    maximum: float
    step: float
    value: float
    format: str
    box_format: str  # the format of a number box, which writes no commas
    better: str  # "higher" | "lower"
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarCaution:
    """A problem with a bar, and whether training still makes sense."""

    sentence: str
    can_train: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task as pairs of a name and a text."""

    question: str
    facts: tuple[tuple[str, str], ...]


def present_choices(
    version: DatasetVersion,
    suggestion: Suggestion,
    draft: Draft,
    *,
    tables: Sequence[DatasetVersion],
    plugin_types: Sequence[PluginDescription] = (),
) -> ChoicesView:
    """Present the proposal; it fills ``draft``.

    ``plugin_types`` are task types beyond the built-in problem types.
    """
    task_type = get_task_type(draft.problem_type or suggestion.problem_type)
    problem_type = task_type.key
    column, n_missing = version.column(suggestion.target), suggestion.n_missing_target
    kinds = answer_kinds(column, n_values=version.n_rows - n_missing, suggested=suggestion.problem_type)
    is_suggested = task_type is suggestion.type
    names = suggestion.metrics if is_suggested else [other.name for other in metrics_for(problem_type)]
    fitting = present_kinds(plugin_types, column, ref=draft.task_type)
    kind = next((view for view in fitting if draft.task_type and view.name == draft.task_type.name), None)
    if kind is not None:  # its labels are not the column's values, so it has no table of costs
        names = [other.name for other in metrics_for(problem_type) if other.family != "cost"]
    elif task_type.has_classes:  # choosing a metric for numbers sets the type
        of_numbers = [key for key in kinds if not get_task_type(key).has_classes]
        offered = [other.name for key in of_numbers for other in metrics_for(key)]
        names = [*names, *(name for name in offered if name not in names)]
    metric = get_metric(draft.metric or names[0]).name
    others = [name for name in version.column_names if name != suggestion.target]
    return ChoicesView(
        why=why_message(suggestion, column, problem_type) if kind is None else kind.why,
        example=example_sentence(suggestion, draft.features or (), problem_type),
        missing=f"{format_count(n_missing, 'row')} without an answer will be set aside." if n_missing else "",
        problem_types=kinds,
        only_kind=only_kind_message(kinds[0]) if len(kinds) == 1 else "",
        judging=present_judging(names, metric, classes=suggestion.classes),
        metric=metric,
        classes=suggestion.classes if task_type.has_positive_class and kind is None else (),
        kinds=fitting,
        kind="" if kind is None else kind.name,
        columns=tuple(others),
        left_out=_left_out(others, draft, suggestion),
        time_columns=_time_columns(version, target=suggestion.target, plan=draft.split),
        group_columns=_group_columns(version, target=suggestion.target, plan=draft.split),
        other_tables=tuple(
            (table.id, f"{table.name} (version {table.version})")
            for table in tables
            if table.id != version.id
        ),
    )


def _left_out(names: Sequence[str], draft: Draft, suggestion: Suggestion) -> tuple[tuple[str, str], ...]:
    """Return the columns that the draft excludes, each with the reason."""
    reasons = {column.column: column.reason for column in suggestion.left_out}
    if draft.split.kind == "group" and draft.split.column:
        reasons[draft.split.column] = "Rows that share it stay together; models do not learn from it."
    features = set(draft.features or ())
    return tuple((name, reasons.get(name, "You left it out.")) for name in names if name not in features)


def _group_columns(version: DatasetVersion, *, target: str, plan: SplitPlan) -> tuple[str, ...]:
    """Return the columns with repeated values for grouping, and the group column of ``plan``."""
    shared = [
        column for column in version.columns if column.traits.reads == "text" or column.name == plan.column
    ]
    return tuple(column.name for column in shared if column.name != target)


def _time_columns(version: DatasetVersion, *, target: str, plan: SplitPlan) -> tuple[str, ...]:
    """Return the time columns: dates first, then whole numbers that can be moments or years.

    The time column of ``plan`` is always among them.
    """
    others = [column for column in version.columns if column.name != target]
    dates = [column.name for column in others if column.traits.is_moment]
    chosen = plan.column if plan.kind == "time" else None
    numbers = [column.name for column in others if _may_be_a_moment(column) or column.name == chosen]
    return tuple(dict.fromkeys((*dates, *numbers)))


def _may_be_a_moment(column: Column) -> bool:
    if not column.traits.is_quantity or not column.stores_whole_numbers:
        return False
    years = [text for text in column.examples if text.isdecimal() and 1900 <= int(text) <= 2100]
    return column.n_distinct >= _MANY_MOMENTS or (bool(years) and len(years) == len(column.examples))


def present_bar(
    metric_name: str,
    baselines: tuple[Baseline, ...],
    *,
    bar: float | None,
    unit: str = "",
    quote: Quote | None = None,
) -> GoalView:
    """Set the slider's range from the baseline to perfect, and its value slightly above a simple model.

    No bar is proposed beyond what training is likely to reach by ``quote``. ``unit`` is the scores', such as
    a currency.
    """
    metric = get_metric(metric_name)
    phrase = metric_messages(metric_name)
    values = [baseline.value for baseline in baselines if math.isfinite(baseline.value)]
    if metric.greater_is_better:
        best = max(values, default=0.7)
        minimum, maximum = max(metric.lowest, -1.0 if metric.lowest < 0 else 0.0), min(metric.highest, 1.0)
        if math.isinf(metric.highest):  # a custom metric has its own unit
            minimum, maximum = min(minimum, *values, 0.0), best + max(1.0, abs(best))
        proposed = min(best + 0.2 * (maximum - best), maximum - 0.01)
    else:
        worst, best = max(values, default=1.0), min(values, default=1.0)
        lowest = metric.lowest if math.isfinite(metric.lowest) else min(*values, 0.0)
        minimum, maximum = min(lowest, 0.0), min(1.25 * (worst or 1.0), metric.highest)
        proposed = 0.9 * best
    step = _nice_step(maximum - minimum)
    if quote is not None:
        proposed = _within_reach(proposed, quote, step=step, is_floor=metric.greater_is_better)
    value = min(max(proposed if bar is None else bar, minimum), maximum)
    top = math.ceil(maximum / step - 1e-9) * step
    return GoalView(
        label=phrase.plain,
        help=phrase.help,
        references=tuple(unbroken(baseline.sentence) for baseline in baselines),
        minimum=minimum,
        maximum=top,
        step=step,
        value=round(round(value / step) * step, 10) if bar is None else value,
        format=in_unit(f"%,.{_decimals(step)}f", unit.replace("%", "%%")),
        box_format=f"%.{_decimals(step)}f",
        better="higher" if metric.greater_is_better else "lower",
        unit=unit,
    )


def present_caution(
    metric_name: str, value: float, baselines: tuple[Baseline, ...], *, unit: str = ""
) -> BarCaution | None:
    """Return a warning if a bar is out of reach, cannot be proven, or is met by guessing; else None."""
    metric, bar = get_metric(metric_name), in_unit(format_score(value), unit)
    name = metric_messages(metric_name).technical
    best = metric.highest if metric.greater_is_better else metric.lowest
    beyond = value - best if metric.greater_is_better else best - value
    if beyond > 0:
        side = "above" if metric.greater_is_better else "below"
        return BarCaution(
            sentence=f"{name} never goes {side} {in_unit(format_score(best), unit)}, "
            f"so no model can reach {bar}.",
            can_train=False,
        )
    if beyond == 0:
        return BarCaution(sentence=f"One wrong answer misses a bar of {bar}, and no test can prove it.")
    guess = next((baseline.value for baseline in baselines if baseline.name in ("majority", "mean")), None)
    if guess is not None and (value <= guess if metric.greater_is_better else value >= guess):
        return BarCaution(
            sentence=f"Always guessing reaches {in_unit(format_score(guess), unit)}, "
            f"so a bar of {bar} asks for nothing."
        )
    return None


def _within_reach(proposed: float, quote: Quote, *, step: float, is_floor: bool) -> float:
    """Return the proposed bar, or the last step that training is likely to reach if that is easier."""
    if is_floor:
        return min(proposed, math.floor(quote.high / step + 1e-9) * step)
    return max(proposed, math.ceil(quote.low / step - 1e-9) * step)


def present_reach(metric_name: str, value: float, quote: Quote) -> str:
    """Return that a bar is not likely to be reached, and the score that is; "" if the bar may be reached."""
    is_floor = get_metric(metric_name).greater_is_better
    best = quote.high if is_floor else quote.low
    if value <= best if is_floor else value >= best:
        return ""
    reached = in_unit(format_score(best, half_width=4 * (quote.high - quote.low)), quote.unit)
    return f"No such model is likely: the best of these could reach about {reached}."


def present_task(task: Task, version: DatasetVersion) -> TaskView:
    """Present a task."""
    metric = metric_messages(task.metric)
    facts = [
        (
            "Table",
            f"{literal(version.name)} (version {version.version}), {format_count(version.n_rows, 'row')}",
        ),
        ("Kind of answer", PROBLEMS[task.problem_type] + _task_type_text(task)),
        ("Judged by", metric.plain if metric.is_plain else f"{metric.plain} ({metric.technical})"),
        ("Good enough", literal(_bar_text(task, score_unit(task, version.column(task.target))))),
        ("Answering time", _budget_text(task)),
        ("Rows kept aside", _split_text(task, version.n_rows)),
        ("Time to train", f"{humanize.duration(task.time_limit_s)}, then the answering times are measured"),
    ]
    return TaskView(question=question(task), facts=tuple(facts))


def _task_type_text(task: Task) -> str:
    part = task.task_type
    return (
        ""
        if part is None
        else f", asked as {part_text(replace(part, reference=part.name or part.reference))}"
    )


def _bar_text(task: Task, unit: str) -> str:
    if task.bar is None:
        return "No bar set"
    sign = "at least" if task.bar.is_floor else "at most"
    return f"{sign} {bar_text(task.bar, unit)}. {bar_meaning(task.metric, task.bar.value, unit=unit)}"


def _budget_text(task: Task) -> str:
    limits = []
    if task.budget.max_latency_ms is not None:
        rows = format_count(task.budget.batch_rows, "row")
        limits.append(f"at most {format_milliseconds(task.budget.max_latency_ms)} for {rows} a call")
    if task.budget.max_size_mb is not None:
        limits.append(f"at most {format_bytes(task.budget.max_size_mb * 1e6)} of disk")
    return ", ".join(limits) or "No limit"


def _split_text(task: Task, n_rows: int) -> str:
    separate = [
        part
        for part, id_ in (("validation", task.validation_version_id), ("test", task.test_version_id))
        if id_
    ]
    how = {
        "random": "at random",
        "time": f"the latest by {task.split.by}",
        "group": f"whole groups of {task.split.column}",
    }[task.split.kind]
    if separate:
        return (
            f"a separate file for {separate[0]}; the rest {how}" if len(separate) == 1 else "separate files"
        )
    aside = f"{humanize.share(task.split.test_fraction)} of the rows, {how}, for the final test"
    may_all = task.split.may_judge_by_all(n_rows, task.budget)
    return f"{aside}. {ALL_MAY_JUDGE}" if may_all else aside


def _nice_step(span: float) -> float:
    if span <= 2:
        return 0.005
    return float(10 ** math.floor(math.log10(span / 100)))


def _decimals(step: float) -> int:
    return max(0, math.ceil(-math.log10(step) - 1e-9))

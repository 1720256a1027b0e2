"""Check post-processing steps against the task before anything trains."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from litmus_core.engine._postprocess.fit import tuned_for
from litmus_core.engine._postprocess.label_shares import parse_shares
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.frame import RawColumn
from litmus_core.metrics import get_metric, label_index
from litmus_core.runtime import (
    ABSTAIN,
    THRESHOLD,
    RuleCondition,
    RuleEffect,
    columns_read,
    is_custom_step,
    parameters_of,
    parse_then,
    parse_when,
    step_specs,
)
from litmus_core.text import quote_names
from litmus_core.types import Column, PluginRef, Task

_ORDERED = ("<", "<=", ">", ">=")
_MOST_PARTS = 1_000


@dataclass(frozen=True, kw_only=True)
class _StepContext:
    """The task and columns of the steps; ``labels`` reads the target's labels once a step names one."""

    task: Task
    columns: tuple[Column, ...]
    labels: Callable[[], Sequence[Any]]

    def column(self, name: str) -> Column:
        """Return a feature column; production has no others. Raises UnknownNameError with the nearest."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError(
            kind="column to learn from called", name=name, names=[other.name for other in self.columns]
        )


def check_post(
    parts: Sequence[PluginRef], task: Task, columns: Sequence[Column], *, labels: Callable[[], Sequence[Any]]
) -> None:
    """Raise an error for invalid ``parts`` for ``task`` on feature ``columns``.

    Custom steps are skipped: they are inspected when their source is copied. Raises UnknownNameError with the
    nearest name, UsageError for invalid settings.
    """
    context = _StepContext(task=task, columns=tuple(columns), labels=labels)
    for part in parts:
        if not is_custom_step(part):
            _check(part, context)
    if task.monotone:
        for part in parts:
            _check_direction(part, {column for column, _ in task.monotone})
    references = [part.reference for part in parts]
    if ABSTAIN in references[:-1]:
        raise UsageError(
            f"{ABSTAIN} looks at the answer that all other steps leave.", hint="Put it last, and once."
        )
    if THRESHOLD in references and "thresholds_by_segment" in references:
        raise UsageError(
            "thresholds_by_segment puts its thresholds at 0.5: a threshold of all rows would undo them.",
            hint="Give one of both.",
        )
    if references.count(THRESHOLD) > 1:
        raise UsageError("threshold is there twice.", hint="Give it once.")
    if references.count("thresholds_by_segment") > 1:
        raise UsageError(
            "thresholds_by_segment is there twice: the second would undo the first.", hint="Give it once."
        )


def _check(part: PluginRef, context: _StepContext) -> None:
    values = parameters_of(part)
    fitting = step_specs(context.task.problem_type)
    if part.reference not in [spec.reference for spec in fitting]:
        references = ", ".join(spec.reference for spec in fitting)
        raise UsageError(
            f"{part.reference} does not fit: '{context.task.target}' is {context.task.type.prediction}.",
            hint=f"For that there are: {references}.",
        )
    _CHECKS[part.reference](values, context)


def _check_direction(part: PluginRef, columns: Collection[str]) -> None:
    """Raise UsageError for a step after which predictions may not rise or fall with these columns."""
    if is_custom_step(part):
        raise UsageError(
            f"{part.reference} may turn predictions around that go one way with {quote_names(columns)}.",
            hint="Leave the step out, or leave monotone out.",
        )
    then = parse_then(parameters_of(part)["then"]) if part.reference == "rule" else None
    if then is not None and then.kind == "multiply" and isinstance(then.value, float) and then.value < 0:
        raise UsageError(
            f"rule multiplies by {then.value:g}, so that a prediction that rises would fall.",
            hint="Leave the rule out, or leave monotone out.",
        )
    if broken := sorted({*columns_read(part)} & {*columns}):
        raise UsageError(
            f"{part.reference} treats rows differently by {quote_names(broken)}, and predictions may only "
            "rise or fall with it.",
            hint="Leave the step out, or leave the column out of monotone.",
        )


def _check_cap(values: dict[str, Any], context: _StepContext) -> None:
    for end in ("low", "high"):
        if values[end] is not None and values[f"{end}_quantile"] is not None:
            raise UsageError(f"cap gives {end} and {end}_quantile.", hint="Give one of them.")
    if all(value is None for value in values.values()):
        raise UsageError("cap has no limit.", hint="Give low, high or both: cap(low=0).")
    for low, high in (("low", "high"), ("low_quantile", "high_quantile")):
        if values[low] is not None and values[high] is not None and values[low] >= values[high]:
            raise UsageError(
                f"cap: {low} is {values[low]:g} and {high} {values[high]:g}.",
                hint="Give the smaller one first.",
            )


def _check_round(values: dict[str, Any], context: _StepContext) -> None:
    if not values["step"] > 0:
        raise UsageError(
            "round: no number is a multiple of 0.", hint="Give a step above 0, such as 1 or 0.05."
        )


def _check_thresholds(values: dict[str, Any], context: _StepContext) -> None:
    column = context.column(values["column"])
    parts = [other.name for other in context.columns if other.traits.is_choice]
    if column.traits.is_prose or column.traits.is_moment or column.n_distinct > _MOST_PARTS:
        hint = f"Columns with few values: {', '.join(parts[:10])}." if parts else "Use rule or cap instead."
        raise UsageError(f"'{column.name}' does not split the rows: its values hardly repeat.", hint=hint)
    metric = get_metric(context.task.metric)
    if tuned_for(metric) is None:
        raise UsageError(
            f"No threshold suits {metric.name}, so thresholds_by_segment has nothing to learn.",
            hint="Judge by what is answered: accuracy, balanced_accuracy, f1, mcc, or a table of costs.",
        )


def _check_shift(values: dict[str, Any], context: _StepContext) -> None:
    shares, labels = parse_shares(values["shares"]), context.labels()
    indices = [label_index(labels, label) for label in shares]
    missing = [str(label) for at, label in enumerate(labels) if at not in indices]
    if missing:
        raise UsageError(
            f"shift_classes: '{missing[0]}' has no share.", hint="Give each label one; 0 is one too."
        )


def _check_rule(values: dict[str, Any], context: _StepContext) -> None:
    for condition in parse_when(values["when"]):
        _check_condition(condition, context.column(condition.column))
    _check_then(parse_then(values["then"]), context)


def _check_condition(condition: RuleCondition, column: Column) -> None:
    reader = RawColumn(column)
    if condition.op in _ORDERED and reader.reads not in ("number", "date"):
        raise UsageError(
            f"'{column.name}' has no order for {condition.op}: it is neither a number nor a date.",
            hint=f"Compare with = or in: {column.name} in ({_examples(column)}).",
        )
    wanted = {"number": "a number", "boolean": "true or false", "date": "a date such as '2024-12-31'"}
    for value in condition.values:
        try:
            reader.constant(value)
        except (TypeError, ValueError):
            raise UsageError(
                f"'{column.name}' is {wanted.get(reader.reads, 'text')}, and {value!r} is not.",
                hint=f"The column has values such as {_examples(column)}.",
            ) from None


def _examples(column: Column) -> str:
    quoted = column.traits.reads not in ("number", "boolean")
    return ", ".join(f"'{example}'" if quoted else example for example in column.examples[:3]) or "…"


def _check_then(then: RuleEffect, context: _StepContext) -> None:
    regression = not context.task.type.has_classes
    if regression == (then.kind == "answer"):
        hint = "Write value = 0, value += 5 or value *= 1.2." if regression else "Write answer = 'label'."
        is_a = "a number" if regression else "a label"
        raise UsageError(f"The answer to '{context.task.target}' is {is_a}.", hint=hint)
    if then.kind == "answer":
        label_index(context.labels(), then.value)


def _check_abstain(values: dict[str, Any], context: _StepContext) -> None:
    if not values["below"] > 0:
        raise UsageError("abstain: no probability is below 0.", hint="Give a confidence such as 0.7.")
    texts = [str(label).casefold() for label in context.labels()]
    if values["label"].strip().casefold() in texts:
        raise UsageError(
            f"'{values['label']}' is one of the labels to predict.", hint="Say “don't know” in other words."
        )


def _check_threshold(values: dict[str, Any], context: _StepContext) -> None:
    if not 0 < values["at"] < 1:
        raise UsageError(
            f"threshold: from a probability of {values['at']:g} on, all rows would get the same answer.",
            hint="Give a number between 0 and 1, such as 0.3.",
        )


def _check_weights(values: dict[str, Any], context: _StepContext) -> None:
    metric = get_metric(context.task.metric)
    if metric.needs != "labels" or metric.takes_costs:
        why = "costs decide already" if metric.takes_costs else f"{metric.name} looks at no answered label"
        raise UsageError(
            f"weigh_classes has nothing to learn: {why}.",
            hint="Judge by what is answered: balanced_accuracy, f1_macro, mcc, kappa.",
        )


def _check_nothing(values: dict[str, Any], context: _StepContext) -> None:
    """Accept any two or more labels: all can be calibrated."""


_CHECKS: dict[str, Callable[[dict[str, Any], _StepContext], None]] = {
    ABSTAIN: _check_abstain,
    THRESHOLD: _check_threshold,
    "calibrate": _check_nothing,
    "cap": _check_cap,
    "round": _check_round,
    "rule": _check_rule,
    "shift_classes": _check_shift,
    "thresholds_by_segment": _check_thresholds,
    "weigh_classes": _check_weights,
}

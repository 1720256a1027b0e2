"""Post-processing steps: the ones to choose from, and their effect, in plain language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.presenters import humanize
from app.presenters.fields import FieldKind, FieldView
from app.presenters.results.scores import named
from app.presenters.steps import StepView, custom_step, plugged_step
from litmus_core.plugins import PluginDescription
from litmus_core.runtime import StepParameter, StepSpec, step_specs
from litmus_core.text import format_count, format_milliseconds, unbroken
from litmus_core.types import Column, PostReport, Task

__all__ = ["PostView", "present_post", "present_steps"]

_FIELDS: Mapping[str, FieldKind] = {"number": "number", "integer": "whole", "column": "choice"}
_EXAMPLES: Mapping[str, str] = {
    "when": "country = 'DE' and age < 18",
    "then": "answer = 'no'",
    "shares": "no = 0.9, yes = 0.1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """The effect of a candidate's steps."""

    headline: str
    lines: tuple[str, ...]
    note: str


def present_steps(
    task: Task, columns: Sequence[Column], plugins: Sequence[PluginDescription] = ()
) -> tuple[StepView, ...]:
    """Present the built-in steps that fit the task, and ``plugins`` ready plug-ins; segment columns are
    chosen from ``columns``.
    """
    segments = tuple(
        column.name for column in columns if not (column.traits.is_prose or column.traits.is_moment)
    )
    built_in = (_step(spec, segments, task) for spec in step_specs(task.problem_type))
    return (*built_in, *map(plugged_step, plugins), custom_step("/home/me/steps.py:Cap(top=3)"))


def _step(spec: StepSpec, segments: tuple[str, ...], task: Task) -> StepView:
    fields = tuple(_field(parameter, segments, task) for parameter in spec.parameters)
    return StepView(reference=spec.reference, title=spec.title, when=spec.when, fields=fields)


def _field(parameter: StepParameter, segments: tuple[str, ...], task: Task) -> FieldView:
    example = _EXAMPLES.get(parameter.kind, "")
    if parameter.kind == "then" and not task.type.has_classes:
        example = "value *= 1.2"
    return FieldView(
        name=parameter.name,
        title=parameter.title,
        help=parameter.help,
        kind=_FIELDS.get(parameter.kind, "text"),
        default=parameter.default,
        low=0.0 if parameter.kind == "integer" and parameter.low is None else parameter.low,
        high=parameter.high,
        choices=segments if parameter.kind == "column" else (),
        example=example,
    )


def present_post(report: PostReport, *, name: str, plain: str) -> PostView:
    """Present the effect of the steps of the candidate ``name`` on the predictions of ``plain``."""
    n_rows = format_count(report.n_rows, "answer")
    changed = f"The steps changed {report.n_changed:,} of {n_rows} on validation rows."
    without = "" if report.plain is None else f" Without them: {named(report.plain)}."
    scores = f"With the steps: {named(report.score)}.{without}"
    if report.n_abstained:
        share = humanize.share(report.n_abstained / report.n_rows, decimals=1)
        scores += f" It has no answer for {share} of the rows; its score is of the others. "
        scores += f"Had it answered all: {named(report.all_rows)}."
    lines = [scores, *(step.sentence for step in report.steps)]
    if report.steps_ms is not None:
        lines.append(f"For one row, the steps alone take {format_milliseconds(report.steps_ms)}.")
    note = (
        "Steps that learn were fitted on one half of the validation rows and scored on the other, so that "
        "their gain is not flattery."
        if report.halves
        else "Nothing in these steps is learned, so their score is not flattered by the rows it is on."
    )
    return PostView(
        headline=f"{changed} “{name}” against “{plain}”.",
        lines=tuple(unbroken(line) for line in lines),
        note=note,
    )

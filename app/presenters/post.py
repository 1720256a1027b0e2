"""Steps after the model: what can be chosen, as forms, and what they did, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.presenters import words
from app.presenters.scores import named
from litmus_core.runtime import StepParameter, StepSpec, step_specs
from litmus_core.types import Column, Part, PostReport, Scalar, Task

__all__ = ["OWN", "FieldView", "PostView", "StepView", "part_of", "present_post", "present_steps"]

OWN = "own"

_PARTING = ("category", "boolean", "id", "number")
_EXAMPLES: Mapping[str, str] = {
    "when": "country = 'DE' and age < 18",
    "then": "answer = 'no'",
    "shares": "no = 0.9, yes = 0.1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One parameter as a field; ``choices`` where one of a few can be picked."""

    name: str
    title: str
    help: str
    is_number: bool
    is_whole: bool
    default: Scalar
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step that can be taken."""

    reference: str
    title: str
    when: str
    fields: tuple[FieldView, ...]


_OWN_STEP = StepView(
    reference=OWN,
    title="A step of your own",
    when="Nothing here does it, and someone wrote a class that does. Training runs its code.",
    fields=(
        FieldView(
            name=OWN,
            title="File and class",
            help="On the machine that Litmus runs on, with its parameters in brackets.",
            is_number=False,
            is_whole=False,
            default=None,
            low=None,
            high=None,
            choices=(),
            example="/home/me/steps.py:Cap(top=3)",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """What the steps of a candidate did."""

    headline: str
    lines: tuple[str, ...]
    note: str


def present_steps(task: Task, columns: Sequence[Column]) -> tuple[StepView, ...]:
    """Phrase the built-in steps that fit the task; columns to part by are picked from ``columns``."""
    parting = tuple(column.name for column in columns if column.kind in _PARTING)
    return (*(_step(spec, parting, task) for spec in step_specs(task.problem_type)), _OWN_STEP)


def _step(spec: StepSpec, parting: tuple[str, ...], task: Task) -> StepView:
    fields = tuple(_field(each, parting, task) for each in spec.parameters)
    return StepView(reference=spec.reference, title=spec.title, when=spec.when, fields=fields)


def _field(parameter: StepParameter, parting: tuple[str, ...], task: Task) -> FieldView:
    example = _EXAMPLES.get(parameter.kind, "")
    if parameter.kind == "then" and task.problem_type == "regression":
        example = "value *= 1.2"
    return FieldView(
        name=parameter.name,
        title=parameter.title,
        help=parameter.help,
        is_number=parameter.kind in ("number", "integer"),
        is_whole=parameter.kind == "integer",
        default=parameter.default,
        low=parameter.low,
        high=parameter.high,
        choices=parting if parameter.kind == "column" else (),
        example=example,
    )


def part_of(step: StepView, values: Mapping[str, Scalar]) -> Part | str:
    """Return the step as a plan has it, one of someone's own as it was written; what is empty or as by
    default is left out.
    """
    if step.reference == OWN:
        return str(values[OWN])
    defaults = {each.name: each.default for each in step.fields}
    given = tuple((name, value) for name, value in values.items() if value not in (None, "", defaults[name]))
    return Part(point="postprocess", reference=step.reference, parameters=given)


def present_post(report: PostReport, *, name: str, plain: str) -> PostView:
    """Phrase what the steps of the candidate ``name`` did to the answers of ``plain``."""
    n_answers = words.counted(report.n_rows, "answer")
    changed = f"The steps changed {report.n_changed:,} of {n_answers} on validation rows."
    without = "" if report.plain is None else f" Without them: {named(report.plain)}."
    scores = f"With the steps: {named(report.score)}.{without}"
    if report.n_abstained:
        share = words.share(report.n_abstained / report.n_rows, decimals=1)
        scores += f" It has no answer for {share} of the rows; its score is of the others. "
        scores += f"Had it answered all: {named(report.all_rows)}."
    lines = [scores, *(each.sentence for each in report.steps)]
    if report.steps_ms is not None:
        lines.append(f"For one row, the steps alone take {words.latency(report.steps_ms)}.")
    note = (
        "Steps that learn were fitted on one half of the validation rows and scored on the other, so that "
        "their gain is no flattery."
        if report.halves
        else "Nothing in these steps is learned, so their score is not flattered by the rows it is on."
    )
    return PostView(
        headline=f"{changed} “{name}” against “{plain}”.",
        lines=tuple(words.unbroken(line) for line in lines),
        note=note,
    )

"""Pre- and post-processing steps as forms: built-in ones, plug-ins, custom files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.presenters.fields import FieldView, changed_values, present_parameters
from litmus_core.plugins import PluginDescription
from litmus_core.types import PluginRef, Point, Scalar

__all__ = ["OWN", "StepView", "custom_step", "part_of", "plugged_step", "present_pre_steps"]

OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One available step."""

    reference: str
    title: str
    when: str
    fields: tuple[FieldView, ...]


def present_pre_steps(plugins: Sequence[PluginDescription]) -> tuple[StepView, ...]:
    """Present the ready pre-processors, and a step for the class of any file."""
    return (*map(plugged_step, plugins), custom_step("/home/me/tidy.py:Tidy(most=20)"))


def plugged_step(described: PluginDescription) -> StepView:
    """Present a plug-in as a step."""
    return StepView(
        reference=described.reference,
        title=described.title or described.name,
        when=described.when,
        fields=present_parameters(described.parameters),
    )


def custom_step(example: str) -> StepView:
    """Present the step for a file and class name, with ``example``."""
    return StepView(
        reference=OWN,
        title="A step of your own",
        when="Nothing here does it, and someone wrote a class that does. Training runs its code.",
        fields=(
            FieldView(
                name=OWN,
                title="File and class",
                help="On the machine that Litmus runs on, with its parameters in brackets.",
                kind="text",
                default=None,
                example=example,
            ),
        ),
    )


def part_of(step: StepView, values: Mapping[str, Scalar], *, point: Point) -> PluginRef | str:
    """Return a step for a run's plan; empty and default values are omitted. A custom step keeps its text."""
    if step.reference == OWN:
        return str(values[OWN])
    return PluginRef(point=point, reference=step.reference, parameters=changed_values(step.fields, values))

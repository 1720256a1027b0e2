"""Parameters of steps and plug-ins as form fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from litmus_core.plugins import ParameterKind, PluginParameter
from litmus_core.types import Scalar

__all__ = ["FieldKind", "FieldView", "changed_values", "present_parameters"]

FieldKind = Literal["number", "whole", "text", "choice", "switch"]
_KINDS: Mapping[ParameterKind, FieldKind] = {
    "bool": "switch",
    "int": "whole",
    "float": "number",
    "text": "text",
    "choice": "choice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One parameter as a form field; ``choices`` if it has a few values.

    ``example`` is what it shows while it is empty.
    """

    name: str
    title: str
    help: str
    kind: FieldKind
    default: Scalar
    low: float | None = None
    high: float | None = None
    choices: tuple[Scalar, ...] = ()
    example: str = ""


def present_parameters(parameters: Sequence[PluginParameter]) -> tuple[FieldView, ...]:
    """Return the fields for a plug-in's annotated parameters."""
    return tuple(
        FieldView(
            name=parameter.name,
            title=_title(parameter.name),
            help=_help(parameter),
            kind=_KINDS[parameter.kind],
            default=parameter.default,
            low=parameter.low,
            high=parameter.high,
            choices=(None, *parameter.choices)
            if parameter.optional and parameter.choices
            else parameter.choices,
        )
        for parameter in parameters
    )


def changed_values(
    fields: Sequence[FieldView], values: Mapping[str, Scalar]
) -> tuple[tuple[str, Scalar], ...]:
    """Return the values that a call has to name: those that are neither empty nor the default."""
    defaults = {field.name: field.default for field in fields}
    return tuple((name, value) for name, value in values.items() if value not in (None, "", defaults[name]))


def _title(name: str) -> str:
    """Return a parameter's name as a label.

    >>> _title("min_rows")
    'Min rows'
    """
    return name.replace("_", " ").strip().capitalize() or name


def _help(parameter: PluginParameter) -> str:
    about = f"{parameter.help[:1].upper()}{parameter.help[1:]}" if parameter.help else ""
    bounds = ""
    if parameter.low is not None and parameter.high is not None:
        bounds = f"From {parameter.low:g} to {parameter.high:g}."
    elif parameter.low is not None:
        bounds = f"At least {parameter.low:g}."
    elif parameter.high is not None:
        bounds = f"At most {parameter.high:g}."
    return " ".join(part for part in (f"{about.rstrip('.')}." if about else "", bounds) if part)

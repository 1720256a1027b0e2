"""A plug-in's description, known without running it: point, name, texts and parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.plugins._points import NOUNS
from litmus_core.task_types import RowNeeds
from litmus_core.types import PluginRef, Point, Scalar

ParameterKind = Literal["bool", "int", "float", "text", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginParameter:
    """A keyword of a plug-in, as a form shows it. ``low`` and ``high`` are inclusive.

    ``optional``: None is allowed too.
    """

    name: str
    kind: ParameterKind
    default: Scalar = None
    low: float | None = None
    high: float | None = None
    choices: tuple[Scalar, ...] = ()
    help: str = ""
    optional: bool = False

    def read(self, value: Any, *, of: str) -> Scalar:
        """Return the value for the plug-in called ``of``; raises UsageError for an invalid value."""
        if value is None and self.optional:
            return None
        if self.kind == "choice":
            return self._choice(value, of)
        if self.kind in ("int", "float"):
            return self._number(value, of)
        wanted = bool if self.kind == "bool" else str
        if not isinstance(value, wanted):
            self._refuse(value, of, "True or False" if wanted is bool else "a text")
        return value  # type: ignore[no-any-return]

    def _choice(self, value: Any, of: str) -> Scalar:
        for choice in self.choices:
            if choice == value and type(choice) is type(value):
                return choice
        if isinstance(value, str):
            raise UnknownNameError(
                kind=f"{self.name} of {of} called", name=value, names=[str(option) for option in self.choices]
            )
        return self._refuse(value, of, f"one of {', '.join(map(str, self.choices))}")

    def _number(self, value: Any, of: str) -> Scalar:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return self._refuse(value, of, "a number")
        if self.kind == "int" and value != int(value):
            return self._refuse(value, of, "a whole number")
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            return self._refuse(value, of, self._bounds())
        return int(value) if self.kind == "int" else float(value)

    def _bounds(self) -> str:
        if self.low is None:
            return f"at most {self.high:g}"
        return f"at least {self.low:g}" if self.high is None else f"between {self.low:g} and {self.high:g}"

    def _refuse(self, value: Any, of: str, wanted: str) -> Scalar:
        raise UsageError(
            f"{self.name} of {of} is {wanted}, not {value!r}.", hint=f"Its default is {self.default}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginDescription:
    """A plug-in's own description. ``reference`` names it: ``plugins/caps.py:Cap``, ``pkg:Cap``, or the
    bare name of a built-in one.

    ``module`` and ``sha256`` are of the inspected source ("" for built-in and installed ones). ``facts`` are
    specific to its point, such as a metric's direction.
    """

    point: Point
    name: str
    title: str
    reference: str
    when: str = ""
    version: str = ""
    parameters: tuple[PluginParameter, ...] = ()
    module: str = ""
    sha256: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def part(self, **parameters: Any) -> PluginRef:
        """Return the plug-in as a part of a run.

        Raises UnknownNameError or UsageError for invalid parameters.
        """
        return PluginRef(
            point=self.point,
            reference=self.reference,
            parameters=read_parameters(self.parameters, parameters, of=self.name),
            module=self.module,
            name=self.name,
            version=self.version,
            sha256=self.sha256,
            needs=self._needs(parameters),
        )

    def check_part(self, part: PluginRef) -> tuple[tuple[str, Scalar], ...]:
        """Return the checked parameters of a part that names this plug-in.

        Raises UsageError for another point, and as :meth:`part` does for invalid parameters.
        """
        if self.point != part.point:
            raise UsageError(
                f"{self.name} is a {NOUNS[self.point]}, and was given as a {NOUNS[part.point]}.",
                hint="Give it where it belongs.",
            )
        return read_parameters(self.parameters, dict(part.parameters), of=self.name)

    def _needs(self, values: Mapping[str, Any]) -> RowNeeds:
        """Return a task type's requirements on rows, with these values of its parameters."""
        names = {parameter.name: parameter.default for parameter in self.parameters} | dict(values)
        group = self.facts.get("group", "")
        return RowNeeds(
            columns=tuple(str(names[keyword]) for keyword in self.facts.get("columns", ())),
            loss=self.facts.get("loss", ""),
            group=str(names[group]) if group else "",
            objectives=tuple(self.facts.get("objectives", {}).items()),
            is_order=self.facts.get("is_order", False),
        )


def read_parameters(
    parameters: Sequence[PluginParameter], values: Mapping[str, Any], *, of: str
) -> tuple[tuple[str, Scalar], ...]:
    """Return the ``values`` parameters, checked; others keep the default in the code.

    Raises UnknownNameError with the nearest name, UsageError for an invalid value.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    for name in values:
        if name in by_name:
            continue
        if not parameters:
            raise UsageError(f"{of} takes no parameters, so there is no '{name}'.", hint="Leave it out.")
        raise UnknownNameError(kind=f"parameter of {of} called", name=name, names=by_name)
    return tuple((name, by_name[name].read(value, of=of)) for name, value in values.items())

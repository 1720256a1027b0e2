"""A metric's parameters: numbers such as ``precision=0.85``, a table of costs, or texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics._costs import CostTable


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricParameter:
    """A number from ``lowest`` to ``highest``; ``label`` is its name on pages, ``step`` the step of a
    slider."""

    name: str
    label: str
    default: float
    lowest: float
    highest: float
    step: float
    is_integer: bool = False

    def read(self, value: Any, *, metric: str) -> float:
        """Return the number; raises UsageError for an invalid value."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UsageError(
                f"{self.name} of {metric} is a number, not {value!r}.", hint=f"Write {self._example(metric)}."
            )
        if not self.lowest <= value <= self.highest:
            raise UsageError(
                f"{self.name} of {metric} is between {self.lowest:g} and {self.highest:g}, not {value:g}.",
                hint=self._near(float(value), metric),
            )
        if self.is_integer and value != int(value):
            raise UsageError(
                f"{self.name} of {metric} is a whole number, not {value:g}.",
                hint=f"Write {self._example(metric)}.",
            )
        return float(value)

    def _near(self, value: float, metric: str) -> str:
        if self.highest <= 1.0 < value <= 100.0 and self.lowest <= value / 100 <= self.highest:
            return f"Did you mean {value / 100:g}?"
        return f"Write {self._example(metric)}."

    def _example(self, metric: str) -> str:
        return f"{metric}({self.name}={self.default:g})"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableParameter:
    """The cost of each prediction for each truth; None: every wrong prediction costs 1."""

    name: str
    label: str
    default: None = None

    def read(self, value: Any, *, metric: str) -> CostTable | None:
        """Return the table; raises UsageError for an invalid one."""
        del metric
        return None if value is None else CostTable.read(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextParameter:
    """A text, or one of ``choices`` if there are any; only custom metrics have it."""

    name: str
    label: str
    default: str | int | float | bool | None
    choices: tuple[str | int | float | bool | None, ...] = ()

    def read(self, value: Any, *, metric: str) -> Any:
        """Return the value; raises UnknownNameError or UsageError for an invalid one."""
        if not self.choices:
            if value is None or isinstance(value, str):
                return value
            raise UsageError(
                f"{self.name} of {metric} is a text, not {value!r}.",
                hint=f"Write {metric}({self.name}={json.dumps(str(value))}).",
            )
        for choice in self.choices:
            if choice == value and type(choice) is type(value):
                return choice
        names = [str(option) for option in self.choices]
        raise UnknownNameError(kind=f"{self.name} of {metric} called", name=str(value), names=names)


AnyParameter = MetricParameter | TableParameter | TextParameter


def read_all(
    parameters: tuple[AnyParameter, ...], values: Mapping[str, Any], *, metric: str
) -> dict[str, Any]:
    """Return a value for each parameter of the metric, the default if it is not in ``values``.

    Raises UnknownNameError with the nearest name, UsageError for an invalid value.
    """
    names = [parameter.name for parameter in parameters]
    for name in values:
        if name in names:
            continue
        if not names:
            raise UsageError(f"{metric} takes no parameters, so there is no '{name}'.", hint="Leave it out.")
        raise UnknownNameError(kind=f"parameter of {metric} called", name=name, names=names)
    return {
        parameter.name: parameter.read(values.get(parameter.name, parameter.default), metric=metric)
        for parameter in parameters
    }

"""Built-in task types beyond the three basic ones, described like plug-ins."""

from __future__ import annotations

from litmus_core.errors import UsageError
from litmus_core.plugins import PluginDescription, PluginParameter
from litmus_core.runtime import Ratio
from litmus_core.types import PluginRef

YES, NO = "yes", "no"
_BUILT_IN = (
    PluginDescription(
        point="task_type",
        name="ratio",
        title="A positive number, judged by ratio",
        when="Prices, durations or counts over several sizes: 10 for 5 is as wrong as 1,000 for 500.",
        reference="ratio",
        parameters=(
            PluginParameter(
                name="offset",
                kind="float",
                default=0.0,
                low=0.0,
                help="Added before, where a number may be 0: 1 suits counts.",
            ),
        ),
        facts={"base": "regression", "default_metric": "mape"},
    ),
    PluginDescription(
        point="task_type",
        name="above",
        title="Whether a number is above a limit",
        when="What is done depends on one line only: late by more than 15 minutes, or not.",
        reference="above",
        parameters=(
            PluginParameter(name="limit", kind="float", default=0.0, help="Above it the answer is yes."),
        ),
        facts={"base": "binary", "default_metric": "", "positive": YES},
    ),
)


def task_types() -> tuple[PluginDescription, ...]:
    """Return the built-in task types."""
    return _BUILT_IN


def is_custom_task_type(part: PluginRef) -> bool:
    """Return whether a task type is a custom class."""
    return ":" in part.reference


def limit_of(part: PluginRef) -> float:
    """Return the threshold of the task type ``above``."""
    return float(dict(part.parameters).get("limit") or 0.0)


def scale_of(part: PluginRef) -> Ratio:
    """Return the scale of the task type ``ratio``."""
    if part.reference != "ratio":
        raise UsageError(
            f"'{part.reference}' is not a kind of question that this Litmus has.",
            hint="Update Litmus, or choose another kind.",
        )
    return Ratio(offset=float(dict(part.parameters).get("offset") or 0.0))

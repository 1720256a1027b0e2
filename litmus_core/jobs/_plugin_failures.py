"""Failures of custom code in a run, as facts by which pages link to the plug-in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from litmus_core.errors import PlugInError
from litmus_core.types import PlugInFailed, Point

if TYPE_CHECKING:
    from litmus_core.engine import UnfinishedModel
    from litmus_core.jobs._context import RunContext


def report_plugin_failure(context: RunContext, error: PlugInError) -> None:
    """Report the plug-in that an error names."""
    point = cast(Point, error.point)
    context.report(PlugInFailed(run_id=context.run_id, point=point, name=error.name, sentence=error.message))


def report_custom_models(context: RunContext, unfinished: Iterable[UnfinishedModel]) -> None:
    """Report custom models that were not finished."""
    for failure in unfinished:
        if failure.custom_class:
            context.report(
                PlugInFailed(
                    run_id=context.run_id,
                    point="algorithm",
                    name=failure.custom_class,
                    sentence=failure.sentence,
                )
            )

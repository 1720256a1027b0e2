"""The bar that a run is judged by: that of its experiment when the verdict falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.types import BarMoved

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.types import Bar


def current_bar(context: RunContext) -> Bar | None:
    """Return the bar of the run's experiment: somebody may have moved it since the run was queued."""
    experiment = context.experiment
    bar = experiment.task.bar
    for event in context.journal.events(types=[BarMoved]):
        fact = event.fact
        if isinstance(fact, BarMoved) and fact.experiment_id == experiment.id:
            bar = fact.bar
    return bar

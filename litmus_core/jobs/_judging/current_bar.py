"""The bar that judges a run: the bar of its experiment at the time of the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.types import BarMoved

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.types import Bar


def current_bar(context: RunContext) -> Bar | None:
    """Return the bar of the run's experiment, which may have been moved since the run was queued."""
    experiment = context.experiment
    bar = experiment.task.bar
    for event in context.journal.events(types=[BarMoved]):
        fact = event.fact
        if isinstance(fact, BarMoved) and fact.experiment_id == experiment.id:
            bar = fact.bar
    return bar

"""The task that judges a run: that of its experiment at the time of the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.types import AssertionsChanged, BarMoved

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.types import Task


def current_task(context: RunContext) -> Task:
    """Return the task of the run's experiment, whose bar and assertions may have changed since it was
    queued."""
    task = context.experiment.task
    for event in context.journal.events(types=[BarMoved, AssertionsChanged]):
        fact = event.fact
        if isinstance(fact, BarMoved) and fact.experiment_id == context.experiment.id:
            task = replace(task, bar=fact.bar)
        elif isinstance(fact, AssertionsChanged) and fact.experiment_id == context.experiment.id:
            task = replace(task, assertions=fact.assertions)
    return task

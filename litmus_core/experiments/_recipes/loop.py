"""Following a recipe by itself: step after step, until its end or the end of the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError
from litmus_core.experiments._recipes.service import StepDone, WalkEnd
from litmus_core.recipes import Place, Walk
from litmus_core.types import Progress, Run

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

_LEAST_RUN_S = 10.0  # with less than this left, a run would train next to nothing
_AFTER_LIMIT_S = 30.0  # measuring and explaining may take so long after a run's own limit
_POLL_S = 0.25


def follow(
    studio: Studio,
    experiment_id: str,
    *,
    minutes: float,
    most_s: float | None = None,
    on_step: Callable[[StepDone], None] | None,
    on_progress: Callable[[Progress], None] | None,
) -> WalkEnd:
    """Take steps until there is a reason to end; nothing but the journal is remembered in between."""
    if not minutes > 0:
        raise UsageError(f"{minutes:g} minutes are no time to go on for.", hint="Give some, such as 10.")
    ends = time.monotonic() + 60.0 * minutes
    n_steps, here = 0, experiment_id
    while True:
        found = studio.recipe_walk(here)
        if found.moved_to:
            here = found.moved_to
            continue
        left = ends - time.monotonic()
        if found.running is not None:
            said = _await(studio, found.running, left, on_progress)
        else:
            said = _reason(found, left)
            if not said:
                run_s = max(left, _LEAST_RUN_S)
                done = studio.apply_step(here, most_s=run_s if most_s is None else min(run_s, most_s))
                n_steps += 1
                if on_step is not None:
                    on_step(done)
                if done.step.is_for_people:
                    said = done.said
        if said:
            reached = studio.recipe_walk(here).reached
            return WalkEnd(experiment_id=here, reached=reached, said=said, n_steps=n_steps)


def _reason(found: Walk, left_s: float) -> str:
    """Return why the walk ends here; "" where it goes on."""
    if found.reached:
        return f"The recipe has reached its end: {found.why}."
    place = found.next
    if place is None:
        return f"No step is left whose condition holds, and the end is not reached: {found.why}."
    if place.state == "asked":
        return f"It waits for you: {place.step.request}"
    if left_s < _LEAST_RUN_S and place.step.is_run:
        return f"The time is up. Next would be step {place.step.number}: {place.step.title}."
    return ""


def _await(
    studio: Studio, place: Place, left_s: float, on_progress: Callable[[Progress], None] | None
) -> str:
    """Wait for a step's run, stopping it when the time is up; return why the walk ends, if it does."""
    ends = time.monotonic() + max(0.0, left_s) + _AFTER_LIMIT_S
    asked_to_stop = False
    while True:
        now = studio.progress(place.run_id)
        if on_progress is not None:
            on_progress(now)
        if now.status not in ("queued", "running"):
            return _after(studio.run(place.run_id), place, asked_to_stop)
        if not asked_to_stop and time.monotonic() > ends:
            asked_to_stop = True
            with suppress(UsageError):  # it came to its end meanwhile
                studio.stop_run(place.run_id)
        time.sleep(_POLL_S)


def _after(run: Run, place: Place, stopped_here: bool) -> str:
    if run.status == "stopped" and not stopped_here:
        return f"Step {place.step.number} was stopped. {run.message} The same command goes on."
    return ""

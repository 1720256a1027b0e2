"""Follow recipes automatically, step by step: in this process, or in one that outlives it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from litmus_core.errors import UsageError
from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.experiments._recipes.results import FollowedRecipe, StepDone, WalkEnd
from litmus_core.experiments._recipes.service import RecipesService
from litmus_core.experiments._recipes.walk_state import followed_recipe, locked, next_place
from litmus_core.experiments._runs.service import RunsService
from litmus_core.recipes import Walk, WalkStep
from litmus_core.types import Progress, Run

_LEAST_RUN_S = 10.0  # with less time, a run would train next to nothing
_AFTER_LIMIT_S = 30.0  # time for measuring and explaining after a run's own limit
_POLL_S = 0.25
_MOST_MOVES = 20  # most table changes in one recipe


@dataclass(frozen=True, slots=True)
class WalksService:
    """Experiments that follow their recipes automatically."""

    context: Context
    recipes: RecipesService
    runs: RunsService

    def follow(
        self,
        experiment_id: str,
        *,
        minutes: float,
        most_s: float | None = None,
        on_step: Callable[[StepDone], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> WalkEnd:
        """Take step after step until the recipe's end (by default: the bar is met), for ``minutes`` at most.

        It waits for each run, of ``most_s`` seconds at most. It also ends when a person has to act, when a
        run was stopped, and when no step is left. After any end, even of this process, the same call
        continues from there.
        """
        return _follow(
            self, experiment_id, minutes=minutes, most_s=most_s, on_step=on_step, on_progress=on_progress
        )

    def start(self, experiment_id: str, *, minutes: float | None) -> None:
        """Follow an experiment's recipe in the background for ``minutes`` at most; None: take one step.

        Raises UsageError if it follows none or no step is next, BusyError if that is running already.
        """
        from litmus_core.jobs import recipe_job

        if minutes is not None and not minutes > 0:
            raise UsageError(f"{minutes:g} minutes is too short to go on.", hint="Give some, such as 10.")
        walk = self.recipes.walk(experiment_id)
        if minutes is None or walk.running is None:
            next_place(walk)
        workspace, busy = self.context.workspace, "The recipe is being followed already."
        job = recipe_job(workspace, experiment_id)
        start_work(job, "recipe", experiment_id, context=self.context, busy=busy, minutes=minutes)

    def status(self, experiment_id: str) -> FollowedRecipe:
        """Return the state of following an experiment's recipe in the background.

        The process may have started with an earlier experiment that this one continues, and report under
        that.
        """
        from litmus_core.jobs import recipe_job

        jobs = [recipe_job(self.context.workspace, id_) for id_ in self._predecessors(experiment_id)]
        for job in jobs:
            if (state := job.status()) is not None:
                return FollowedRecipe(message=state)
        began = datetime.fromisoformat(self.context.store.experiment(experiment_id).created_at).timestamp()
        over = ((job.over_at(), job) for job in jobs)
        last = next((job for at, job in over if at is not None and (job is jobs[0] or at >= began)), jobs[0])
        ended = last.conclusion()
        at = "" if ended is None else datetime.fromtimestamp(ended[1], tz=UTC).isoformat()
        return FollowedRecipe(problem=last.problem(), ended="" if ended is None else ended[0], ended_at=at)

    def stop(self, experiment_id: str) -> None:
        """End the process that follows an experiment's recipe, between two steps; a step's run continues.

        Raises BusyError while a step is being taken.
        """
        from litmus_core.jobs import recipe_job

        for id_ in self._predecessors(experiment_id):
            job = recipe_job(self.context.workspace, id_)
            if job.status() is not None:
                with locked(self.context.workspace, experiment_id):
                    job.stop()
                job.conclude("It was stopped.")

    def _predecessors(self, experiment_id: str) -> list[str]:
        """Return an experiment and its predecessors with earlier tables, latest first."""
        ids = [experiment_id]
        while len(ids) < _MOST_MOVES:
            fact = followed_recipe(self.context, ids[-1])
            if fact is None or not fact.came_from:
                break
            ids.append(fact.came_from)
        return ids

    def _await(self, place: WalkStep, left_s: float, on_progress: Callable[[Progress], None] | None) -> str:
        """Wait for a step's run, and stop it when the time is up; return why the walk ends, if it does."""
        ends = time.monotonic() + max(0.0, left_s) + _AFTER_LIMIT_S
        is_stopping = False
        while True:
            now = self.runs.progress(place.run_id)
            if on_progress is not None:
                on_progress(now)
            if now.status not in ("queued", "running"):
                return _pause_reason(self.runs.get(place.run_id), place, is_stopping)
            if not is_stopping and time.monotonic() > ends:
                is_stopping = True
                with suppress(UsageError):  # it has ended meanwhile
                    self.runs.stop(place.run_id)
            time.sleep(_POLL_S)


def _follow(
    walks: WalksService,
    experiment_id: str,
    *,
    minutes: float,
    most_s: float | None,
    on_step: Callable[[StepDone], None] | None,
    on_progress: Callable[[Progress], None] | None,
) -> WalkEnd:
    """Take steps until there is a reason to end; all state between steps is in the journal."""
    if not minutes > 0:
        raise UsageError(f"{minutes:g} minutes is too short to go on.", hint="Give some, such as 10.")
    ends = time.monotonic() + 60.0 * minutes
    n_steps, here = 0, experiment_id
    while True:
        walk = walks.recipes.walk(here)
        if walk.moved_to:
            here = walk.moved_to
            continue
        left = ends - time.monotonic()
        if walk.running is not None:
            reason = walks._await(walk.running, left, on_progress)
        else:
            reason = _reason(walk, left)
            if not reason:
                run_s = max(left, _LEAST_RUN_S)
                done = walks.recipes.apply_step(here, most_s=run_s if most_s is None else min(run_s, most_s))
                n_steps += 1
                if on_step is not None:
                    on_step(done)
                if done.step.is_for_people:
                    reason = done.message
        if reason:
            reached = walks.recipes.walk(here).reached
            return WalkEnd(experiment_id=here, reached=reached, message=reason, n_steps=n_steps)


def _reason(walk: Walk, left_s: float) -> str:
    """Return why the walk ends here; "" if it continues."""
    if walk.reached:
        return f"The recipe has reached its end: {walk.why}."
    place = walk.next
    if place is None:
        return f"No step is left whose condition holds, and the end is not reached: {walk.why}."
    if place.state == "asked":
        return f"It is waiting for you: {place.step.request}"
    if left_s < _LEAST_RUN_S and place.step.is_run:
        return f"The time is up. Next would be step {place.step.number}: {place.step.title}."
    return ""


def _pause_reason(run: Run, place: WalkStep, stopped_here: bool) -> str:
    if run.status == "stopped" and not stopped_here:
        return f"Step {place.step.number} was stopped. {run.message} The same command goes on."
    return ""

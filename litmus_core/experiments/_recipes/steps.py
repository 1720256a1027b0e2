"""Take the next step of a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._handoffs.questions import question_fact, withdrawn_facts
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.experiments._recipes import compression_step
from litmus_core.experiments._recipes import facts as _recipe_facts
from litmus_core.experiments._recipes.results import StepDone
from litmus_core.experiments._recipes.table_steps import TableSteps
from litmus_core.experiments._recipes.walk_state import next_place, walk_of
from litmus_core.experiments._runs import plan_checks
from litmus_core.experiments._runs.lineage import plan_that_trains
from litmus_core.experiments._runs.service import RunsService
from litmus_core.recipes import Recipe, Step, plan_of_step
from litmus_core.types import Algorithm, Candidate, Fact, RecipeStep, Run, RunPlan, StepApplied


@dataclass(frozen=True, slots=True)
class RecipeSteps:
    """Takes the steps of recipes; callers hold the experiment's lock."""

    context: Context
    runs: RunsService
    tables: TableSteps
    users: UsersService

    def take(
        self, experiment_id: str, *, rows: Path | str | None = None, most_s: float | None = None
    ) -> StepDone:
        """Take the next step."""
        walk = walk_of(self.context, experiment_id)
        place = next_place(walk)
        step = place.step
        if rows is not None and step.kind != "gather":
            raise UsageError(
                f"Step {step.number} asks for no rows: {step.title}.",
                hint="Append them with 'litmus append'.",
            )
        if step.is_run:
            return self.start(experiment_id, walk.recipe, step, most_s=most_s)
        if step.kind == "check data":
            return self.tables.fix(experiment_id, step)
        if rows is not None:
            return self.tables.grow(experiment_id, step, rows)
        if place.state == "next":
            applied = StepApplied(
                experiment_id=experiment_id, number=step.number, note="asked", message=step.request
            )
            self.context.record(applied, *self._handed_off(experiment_id, walk.recipe, step))
        return StepDone(
            experiment_id=experiment_id, step=step, message=f"It is waiting for you: {step.request}"
        )

    def skip(self, experiment_id: str, *, why: str) -> None:
        """Skip the next step, and withdraw its question."""
        walk = walk_of(self.context, experiment_id)
        step = next_place(walk).step
        message = " ".join(why.split()) or "Someone skipped it."
        self.context.record(
            StepApplied(experiment_id=experiment_id, number=step.number, note="skipped", message=message),
            *withdrawn_facts(
                self.context, experiment_id, _mark(walk.recipe, step), by=self.users.display_name()
            ),
        )

    def start(self, experiment_id: str, recipe: Recipe, step: Step, *, most_s: float | None) -> StepDone:
        """Queue the run of a step; skip a compression step with nothing to do, with the reason."""
        task, runs = self.context.experiment(experiment_id).task, self.context.runs(experiment_id)
        refined, refused = None, ""
        if step.kind == "refine":
            refined, refused = compression_step.faster_plan(self.context, runs, step)
        if refused:
            note = StepApplied(
                experiment_id=experiment_id, number=step.number, note="skipped", message=refused
            )
            self.context.record(note)
            reason = f"Step {step.number} was skipped: {refused}"
            return StepDone(experiment_id=experiment_id, step=step, message=reason)
        leader = _recipe_facts.leading_family(self.context, task, runs) if step.kind == "tune" else None
        trained_by = (
            None if leader is None else plan_that_trains(self.context, self.context.run(leader.run_id))
        )
        plan = plan_of_step(
            recipe,
            step,
            leader=leader,
            algorithm=None
            if leader is None or trained_by is None
            else _algorithm_of(self.context, leader, trained_by),
            led_by=_leading_plan(self.context, runs),
            refined=refined,
            trained_by=trained_by,
        )
        run = self.runs.start(experiment_id, plan_checks.bounded(plan, task, most_s))
        self.runs.rename(run.id, step.title)
        reason = f"Step {step.number} began: {step.title}."
        return StepDone(experiment_id=experiment_id, step=step, message=reason, run_id=run.id)

    def _handed_off(self, experiment_id: str, recipe: Recipe, step: Step) -> list[Fact]:
        """Write a step's question to a scientist, and return its fact; none for other steps."""
        if step.kind != "hand off":
            return []
        mark = _mark(recipe, step)
        return [
            question_fact(self.context, experiment_id, step.request, by=self.users.display_name(), step=mark)
        ]


def _mark(recipe: Recipe, step: Step) -> RecipeStep:
    return RecipeStep(recipe=recipe.name, version=recipe.version, number=step.number)


def _algorithm_of(context: Context, leader: Candidate, plan: RunPlan) -> Algorithm | None:
    """Return the algorithm of ``plan`` that trained the leader; None for an unchanged family."""
    from litmus_core.engine import algorithm_of, settings_of

    if all(algorithm.key != leader.family for algorithm in plan.algorithms):
        return None
    try:
        _, algorithms = settings_of(context.workspace.run_dir(leader.run_id), leader.model)
    except (LitmusError, FileNotFoundError):  # the model's files are gone: use its name
        algorithms = ()
    values = {
        parameter.name: parameter.value for settings in algorithms for parameter in settings.hyperparameters
    }
    return algorithm_of(plan.algorithms, leader.model, key=leader.family, values=values)


def _leading_plan(context: Context, runs: list[Run]) -> RunPlan | None:
    """Return the plan of the run with the leading model."""
    leader = _recipe_facts.leading(context, runs)
    return None if leader is None else context.run(leader.candidate.run_id).plan

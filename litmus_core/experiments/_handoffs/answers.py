"""Answers of a scientist: the proposals in them, and how the asker starts these."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Literal

from litmus_core.builtin_preprocessors import MODULE as OWN_COLUMNS
from litmus_core.errors import LitmusError, NotFoundError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._handoffs.context import folder_of
from litmus_core.experiments._recipes import facts, fit, library
from litmus_core.experiments._recipes.service import RecipesService
from litmus_core.experiments._recipes.walk_state import locked
from litmus_core.experiments._runs.lineage import plan_that_trains
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._tasks import chosen_families
from litmus_core.plugins import PlugIn, find_plugin, find_plugins, read_part
from litmus_core.recipes import current_recipe, repeated_plan
from litmus_core.store import utc_now
from litmus_core.types import (
    Algorithm,
    Answer,
    Fact,
    Handoff,
    HandoffAnswered,
    HandoffClosed,
    Hyperparameter,
    PluginRef,
    RunPlan,
    Scalar,
    StepApplied,
    Task,
)

_log = logging.getLogger(__name__)
_TRAINED_WITH = ("preprocess", "algorithm", "postprocess")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStarted:
    """The result of starting an answer: a ``message``, and the ``run_id`` of the started run ("": none).

    ``experiment_id`` is the experiment that continues.
    """

    experiment_id: str
    message: str
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class HandoffAnswers:
    """Stores answers with their proposals, and starts the proposals."""

    context: Context
    recipes: RecipesService
    runs: RunsService

    def give(
        self,
        handoff: Handoff,
        words: str,
        *,
        recipe: str,
        version: int | None,
        knobs: Mapping[str, Scalar] | None,
        plugin: str,
        by: str,
    ) -> Handoff:
        """Store an answer, and complete the recipe's step that asked."""
        from litmus_core.handoffs import write_answer

        if recipe and plugin:
            raise UsageError(
                "An answer can propose a recipe or a plug-in, not both.",
                hint="Let the recipe use the plug-in: name it in a pipeline.",
            )
        if not recipe and (version is not None or knobs):
            raise UsageError(
                "A version and knobs belong to a recipe, and no recipe is named.", hint="Name the recipe."
            )
        answer = Answer(words=words, by=by)
        if recipe:
            answer = self._with_recipe(handoff, answer, recipe, version=version, knobs=knobs)
        elif plugin:
            answer = self._with_plugin(handoff, answer, plugin)
        with ExitStack() as stack:
            if handoff.step is not None:
                stack.enter_context(locked(self.context.workspace, handoff.experiment_id))
            write_answer(folder_of(self.context, handoff), answer, at=utc_now())
            text = f"{answer.by or 'A scientist'} answered: {' '.join(answer.words.split())}"
            self.context.record(
                HandoffAnswered(handoff_id=handoff.id, answer=answer), *self.step_ended(handoff, "done", text)
            )
        return self.context.store.handoff(handoff.id)

    def start(self, handoff: Handoff, *, by: str) -> AnswerStarted:
        """Start the answer's proposal, and close the question."""
        answer = handoff.answer
        if answer is None:
            raise UsageError("The question has no answer yet.", hint="Wait for the answer.")
        if not answer.is_runnable:
            raise UsageError(
                "The answer proposes nothing that Litmus can start.", hint="Read it, then close the question."
            )
        done = self._follow(handoff, answer) if answer.recipe else self._run(handoff, answer)
        self.context.record(
            HandoffClosed(handoff_id=handoff.id, ending="started", by=by, started_run_id=done.run_id)
        )
        return done

    def step_ended(
        self, handoff: Handoff, note: Literal["done", "asked", "skipped"], message: str
    ) -> list[Fact]:
        """Return the fact that completes the recipe's step that asked, if it is still waiting.

        If a recipe was started again, its steps ask again.
        """
        step = handoff.step
        recipe = current_recipe(self.context.store.recipe_notes(handoff.experiment_id))
        if (
            step is None
            or recipe is None
            or (recipe[1].recipe, recipe[1].version) != (step.recipe, step.version)
        ):
            return []
        if handoff.asked_at < recipe[0]:
            return []
        try:
            places = self.recipes.walk(handoff.experiment_id).places
        except LitmusError as error:  # an unreadable recipe has no waiting step
            _log.info("The step of %s that asked stays as it is: %s", handoff.experiment_id, error)
            return []
        if not any(place.step.number == step.number and place.state == "asked" for place in places):
            return []
        return [
            StepApplied(experiment_id=handoff.experiment_id, number=step.number, note=note, message=message)
        ]

    def _with_recipe(
        self,
        handoff: Handoff,
        answer: Answer,
        name: str,
        *,
        version: int | None,
        knobs: Mapping[str, Scalar] | None,
    ) -> Answer:
        recipe = self.recipes.get(name, version=version, knobs=knobs)
        fit.check_fit(self.context, recipe, self.context.experiment(handoff.experiment_id).task)
        library.keep_built_in(self.context.workspace, recipe)
        turned = tuple(sorted((knobs or {}).items()))
        return replace(answer, recipe=recipe.name, version=recipe.version, knobs=turned)

    def _with_plugin(self, handoff: Handoff, answer: Answer, text: str) -> Answer:
        """Add a plug-in to the answer, with the leading run's plan if runs train with such plug-ins."""
        requested = read_part("preprocess", text)  # its extension point is looked up by name
        plugin = _find_ready_plugin(self.context, requested.reference)
        if plugin.described is None:  # it has a name, so it has a description
            raise NotFoundError(kind="plug-in", id=requested.reference)
        ready = find_plugin(self.context.workspace.path, plugin.described.point, plugin.name).described
        if ready is None or ready.point not in _TRAINED_WITH:
            return replace(answer, plugin=plugin.name)
        task = self.context.experiment(handoff.experiment_id).task
        part = ready.part(**dict(requested.parameters))
        requested_part = PluginRef(point=part.point, reference=part.reference, parameters=part.parameters)
        plan = _plan_with(self.context, task, _base_plan(self.context, handoff), requested_part)
        self.runs.check_plan(task, plan)
        return replace(answer, plugin=text, plan=plan)

    def _run(self, handoff: Handoff, answer: Answer) -> AnswerStarted:
        _check_code(self.context, handoff, answer.plan)
        run = self.runs.start(handoff.experiment_id, answer.plan)
        self.runs.rename(run.id, f"With {answer.plugin}")
        return AnswerStarted(
            experiment_id=handoff.experiment_id, message=f"Started a run with {answer.plugin}.", run_id=run.id
        )

    def _follow(self, handoff: Handoff, answer: Answer) -> AnswerStarted:
        """Follow the recipe, and take its steps until one starts a run or waits for a person."""
        here = handoff.experiment_id
        walk = self.recipes.take(here, answer.recipe, version=answer.version, knobs=dict(answer.knobs))
        message = f"It follows {walk.recipe.title}, version {answer.version}."
        if walk.experiment_id != here:
            here, message = (
                walk.experiment_id,
                f"{message} A new experiment has the same task with the recipe's bar and budget.",
            )
        for _ in walk.recipe.steps:
            if self.recipes.walk(here).next is None:
                return AnswerStarted(experiment_id=here, message=f"{message} No step applies now.")
            try:
                done = self.recipes.apply_step(here)
            except LitmusError as error:  # the recipe is followed, and its step can start later
                return AnswerStarted(
                    experiment_id=here, message=f"{message} Its next step cannot begin yet: {error}"
                )
            here = done.experiment_id
            if done.run_id or done.step.is_for_people:
                return AnswerStarted(
                    experiment_id=here, message=f"{message} {done.message}", run_id=done.run_id
                )
        return AnswerStarted(experiment_id=here, message=message)


def _find_ready_plugin(context: Context, name: str) -> PlugIn:
    plugins = [plugin for plugin in find_plugins(context.workspace.path) if plugin.described is not None]
    called = [plugin for plugin in plugins if plugin.name == name]
    if not called:
        raise NotFoundError(
            kind="plug-in",
            id=name,
            names=[plugin.name for plugin in plugins],
            hint="See: litmus plugins list",
        )
    if len({plugin.described.point for plugin in called if plugin.described is not None}) > 1:
        raise UsageError(f"There are several plug-ins called '{name}'.", hint="Rename one of them.")
    return called[0]


def _base_plan(context: Context, handoff: Handoff) -> RunPlan:
    """Return the leading run's plan as requested; before any run, Litmus's choice."""
    leader = facts.leading(context, context.runs(handoff.experiment_id))
    if leader is None:
        return RunPlan()
    led = context.run(leader.candidate.run_id)
    return replace(repeated_plan(plan_that_trains(context, led)), origin=None)


def _plan_with(context: Context, task: Task, plan: RunPlan, part: PluginRef) -> RunPlan:
    if part.point == "preprocess":
        return replace(plan, preprocess=(*plan.preprocess, part))
    if part.point == "postprocess":
        return replace(plan, postprocess=(*plan.postprocess, part))
    values = tuple(Hyperparameter(name=name, value=value) for name, value in part.parameters)
    algorithm = Algorithm(key=part.reference, hyperparameters=values)
    names_some = plan.families or plan.algorithms or plan.models
    families = plan.families if names_some else chosen_families(context, task)
    return replace(plan, families=families, algorithms=(*plan.algorithms, algorithm))


def _check_code(context: Context, handoff: Handoff, plan: RunPlan | None) -> None:
    """Raise UsageError if an answer's plan refers to code that is not a trusted plug-in.

    Answers are texts that others send. Besides plug-ins they may name code that runs of the same experiment
    trained.
    """
    references = {
        plugin.described.reference
        for plugin in find_plugins(context.workspace.path)
        if plugin.described is not None and plugin.state == "ready"
    }
    for run in context.runs(handoff.experiment_id):
        references |= _code_of(run.plan)
    unknown = sorted(_code_of(plan or RunPlan()) - references)
    if unknown:
        raise UsageError(
            f"The answer would run {unknown[0]}, which is not a trusted plug-in of this workspace.",
            hint="Ask for the file, read it, then: litmus plugins add FILE.py",
        )


def _code_of(plan: RunPlan) -> set[str]:
    """Return the references to custom code in a plan."""
    models = [model.reference for model in plan.models] + [algorithm.key for algorithm in plan.algorithms]
    steps = [hook.reference for hook in (*plan.preprocess, *plan.postprocess, *plan.hooks)]
    return {model for model in (*models, *steps) if ":" in model and model.partition(":")[0] != OWN_COLUMNS}

"""Recipes: steps that a scientist prepared for others, as checked text; and following them.

``read_recipe`` and ``check_recipe`` know the language, ``walk`` which step is next. Nothing here trains: the
experiments package carries out steps.
"""

from litmus_core.recipes._as_action import action_like, expected_of, steps_by_action
from litmus_core.recipes._conditions import FLAGS, NUMBERS, OF_CLASSES, Condition, ConditionResult
from litmus_core.recipes._facts import Leader, class_facts, run_facts, table_facts
from litmus_core.recipes._file.problems import RecipeError, RecipeProblem
from litmus_core.recipes._file.reading import check_recipe, read_recipe
from litmus_core.recipes._file.yaml import scalar_of
from litmus_core.recipes._knobs import Knob
from litmus_core.recipes._library import RecipeFolder, built_in_texts
from litmus_core.recipes._pipelines import PipelineStep
from litmus_core.recipes._plans import plan_again, plan_of_step
from litmus_core.recipes._recipe import AcceptanceTest, BuiltTable, NeededColumn, Recipe, Step
from litmus_core.recipes._tests import table_of
from litmus_core.recipes._uses import RecipeUse, recipe_uses
from litmus_core.recipes._walk import RecipePlace, StepState, Walk, current_recipe, walk

__all__ = [
    "FLAGS",
    "NUMBERS",
    "OF_CLASSES",
    "AcceptanceTest",
    "BuiltTable",
    "Condition",
    "ConditionResult",
    "Knob",
    "Leader",
    "NeededColumn",
    "PipelineStep",
    "Recipe",
    "RecipeError",
    "RecipeFolder",
    "RecipePlace",
    "RecipeProblem",
    "RecipeUse",
    "Step",
    "StepState",
    "Walk",
    "action_like",
    "built_in_texts",
    "check_recipe",
    "class_facts",
    "current_recipe",
    "expected_of",
    "plan_again",
    "plan_of_step",
    "read_recipe",
    "recipe_uses",
    "run_facts",
    "scalar_of",
    "steps_by_action",
    "table_facts",
    "table_of",
    "walk",
]

"""Recipes: steps that a scientist prepared for others, as checked text, and progress through them.

``read_recipe`` and ``check_recipe`` parse the language, ``walk`` finds the next step. Nothing here trains:
the experiments package carries out steps.
"""

from litmus_core.recipes._conditions import CLASS_FACTS, FLAGS, NUMBERS, Condition, ConditionResult
from litmus_core.recipes._facts import Leader, class_facts, run_facts, table_facts
from litmus_core.recipes._file.problems import RecipeError, RecipeProblem
from litmus_core.recipes._file.reading import check_recipe, read_recipe
from litmus_core.recipes._file.yaml import scalar_of
from litmus_core.recipes._knobs import Knob
from litmus_core.recipes._library import RecipeFolder, built_in_texts
from litmus_core.recipes._matching_actions import expected_gain, matching_action, steps_by_action
from litmus_core.recipes._pipelines import PipelineStep
from litmus_core.recipes._plans import plan_of_step, repeated_plan
from litmus_core.recipes._recipe import AcceptanceTest, GeneratedTable, NeededColumn, Recipe, Step
from litmus_core.recipes._tests import table_of
from litmus_core.recipes._uses import RecipeUse, recipe_uses
from litmus_core.recipes._walk import StepState, Walk, WalkStep, current_recipe, walk

__all__ = [
    "CLASS_FACTS",
    "FLAGS",
    "NUMBERS",
    "AcceptanceTest",
    "Condition",
    "ConditionResult",
    "GeneratedTable",
    "Knob",
    "Leader",
    "NeededColumn",
    "PipelineStep",
    "Recipe",
    "RecipeError",
    "RecipeFolder",
    "RecipeProblem",
    "RecipeUse",
    "Step",
    "StepState",
    "Walk",
    "WalkStep",
    "built_in_texts",
    "check_recipe",
    "class_facts",
    "current_recipe",
    "expected_gain",
    "matching_action",
    "plan_of_step",
    "read_recipe",
    "recipe_uses",
    "repeated_plan",
    "run_facts",
    "scalar_of",
    "steps_by_action",
    "table_facts",
    "table_of",
    "walk",
]

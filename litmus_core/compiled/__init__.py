"""Compiled models: exact, small, without pickle; they need only NumPy and ONNX Runtime."""

from litmus_core.compiled._inputs import Source, gather
from litmus_core.compiled._model import CompiledModel, load_compiled
from litmus_core.compiled._native import unavailable_reason
from litmus_core.compiled._plan import Plan, PlanStep, is_outdated, read_plan, write_plan
from litmus_core.compiled._runners import Runner, runner_of
from litmus_core.compiled._steps.combinations import MIX
from litmus_core.compiled._tree_graph import COLUMN_BITS
from litmus_core.compiled._tree_inputs import TOKEN_GROUP

__all__ = [
    "COLUMN_BITS",
    "MIX",
    "TOKEN_GROUP",
    "CompiledModel",
    "Plan",
    "PlanStep",
    "Runner",
    "Source",
    "gather",
    "is_outdated",
    "load_compiled",
    "read_plan",
    "runner_of",
    "unavailable_reason",
    "write_plan",
]

"""Task types: one object each, with the targets it accepts and the predictions it makes."""

from litmus_core.task_types._binary import BINARY
from litmus_core.task_types._classification import MOST_CLASSES
from litmus_core.task_types._facet import Facet
from litmus_core.task_types._multiclass import MULTICLASS
from litmus_core.task_types._registry import all_task_types, classification_types, get_task_type, read_wording
from litmus_core.task_types._regression import REGRESSION
from litmus_core.task_types._row_needs import NO_NEEDS, Loss, RowNeeds
from litmus_core.task_types._target import TargetFacts
from litmus_core.task_types._task_type import ProblemType, TaskType

__all__ = [
    "BINARY",
    "MOST_CLASSES",
    "MULTICLASS",
    "NO_NEEDS",
    "REGRESSION",
    "Facet",
    "Loss",
    "ProblemType",
    "RowNeeds",
    "TargetFacts",
    "TaskType",
    "all_task_types",
    "classification_types",
    "get_task_type",
    "read_wording",
]

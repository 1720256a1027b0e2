"""The use cases: import data, set a task, train, read results, export, deploy."""

from litmus_core.experiments._api.algorithm_text import parse_algorithm
from litmus_core.experiments._api.continue_training import continue_training
from litmus_core.experiments._api.handle import TrainedCandidate, TrainingHandle
from litmus_core.experiments._api.handle_group import TrainingHandles
from litmus_core.experiments._api.spec import AlgorithmSpec, Choices, Data, Floats, Integers
from litmus_core.experiments._api.tables import check
from litmus_core.experiments._api.train import train
from litmus_core.experiments._data.samples import Sample
from litmus_core.experiments._handoffs.service import AnswerTaken
from litmus_core.experiments._recipes.background import Following, RecipeFit
from litmus_core.experiments._recipes.editing import RecipeTesting, with_head
from litmus_core.experiments._recipes.service import BrokenRecipe, StepDone, TestResult, WalkEnd
from litmus_core.experiments._runs.postprocess_checks import read_parts
from litmus_core.experiments._runs.warm_start import Comparison, NewerRows
from litmus_core.experiments._storage import Size
from litmus_core.experiments._studio import Studio
from litmus_core.experiments._tasks import make_task, parse_split
from litmus_core.experiments._trust import Untrusted
from litmus_core.metrics import parse_bar

__all__ = [
    "AlgorithmSpec",
    "AnswerTaken",
    "BrokenRecipe",
    "Choices",
    "Comparison",
    "Data",
    "Floats",
    "Following",
    "Integers",
    "NewerRows",
    "RecipeFit",
    "RecipeTesting",
    "Sample",
    "Size",
    "StepDone",
    "Studio",
    "TestResult",
    "TrainedCandidate",
    "TrainingHandle",
    "TrainingHandles",
    "Untrusted",
    "WalkEnd",
    "check",
    "continue_training",
    "make_task",
    "parse_algorithm",
    "parse_bar",
    "parse_split",
    "read_parts",
    "train",
    "with_head",
]

"""The use cases: import data, set a task, train, read results, export, deploy."""

from litmus_core.experiments._algorithm_text import parse_algorithm
from litmus_core.experiments._asked import AlgorithmSpec, Choices, Data, Floats, Integers
from litmus_core.experiments._continue_training import continue_training
from litmus_core.experiments._continuing import Comparison, NewerRows
from litmus_core.experiments._following import Following, RecipeFit
from litmus_core.experiments._handle import TrainedCandidate, TrainingHandle
from litmus_core.experiments._handles import TrainingHandles
from litmus_core.experiments._handoffs import AnswerTaken
from litmus_core.experiments._housekeeping import Size
from litmus_core.experiments._post import read_parts
from litmus_core.experiments._recipe_desk import RecipeTesting, with_head
from litmus_core.experiments._recipes import BrokenRecipe, StepDone, TestResult, WalkEnd
from litmus_core.experiments._samples import Sample
from litmus_core.experiments._studio import Studio
from litmus_core.experiments._tables import check
from litmus_core.experiments._tasks import make_task, parse_split
from litmus_core.experiments._train import train
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

"""The use cases: import data, set a task, train, read results, export, deploy."""

from litmus_core.experiments._handle import TrainedCandidate, TrainingHandle, check, train
from litmus_core.experiments._housekeeping import Size
from litmus_core.experiments._post import read_parts
from litmus_core.experiments._samples import Sample
from litmus_core.experiments._studio import Studio
from litmus_core.experiments._tasks import make_task, parse_bar, parse_split

__all__ = [
    "Sample",
    "Size",
    "Studio",
    "TrainedCandidate",
    "TrainingHandle",
    "check",
    "make_task",
    "parse_bar",
    "parse_split",
    "read_parts",
    "train",
]

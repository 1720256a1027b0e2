"""Sample tables with many targets that come with Litmus."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import UnknownNameError
from litmus_core.experiments._api.many_targets.train_targets import TrainedTargets, start_targets
from litmus_core.experiments._api.train import TrainingRequest
from litmus_core.experiments._api.training import Training
from litmus_core.experiments._data.samples import SAMPLES_FOLDER
from litmus_core.experiments._studio import Studio
from litmus_core.types import Compute


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsSample:
    """A small real table with a column of ``tags`` to learn; ``teaches`` says what one sees.

    ``seconds`` are for all of them together.
    """

    name: str
    title: str
    description: str
    path: Path
    tags: str
    goal: str
    seconds: float
    families: tuple[str, ...]
    license: str
    source: str
    teaches: str


def targets_samples() -> tuple[TargetsSample, ...]:
    """Return the samples; none in an installation without them."""
    listing = SAMPLES_FOLDER / "targets.json"
    if not listing.exists():
        return ()
    return tuple(
        TargetsSample(
            **{key: value for key, value in load.items() if key not in ("file", "families")},
            path=SAMPLES_FOLDER / load["file"],
            families=tuple(load["families"]),
        )
        for load in json.loads(listing.read_text(encoding="utf-8"))
    )


def start_targets_sample(studio: Studio, name: str) -> TrainedTargets:
    """Import a sample (once), and start training its targets; raises UnknownNameError."""
    samples = {sample.name: sample for sample in targets_samples()}
    if name not in samples:
        raise UnknownNameError(kind="sample", name=name, names=samples)
    sample = samples[name]
    version = studio.datasets.import_file(sample.path, name=sample.title)
    compute = Compute(time_limit_s=sample.seconds)
    request = TrainingRequest(version, None, None, None, Training(models=sample.families), None, compute)
    return start_targets(studio, request, tags=sample.tags, goal=sample.goal)

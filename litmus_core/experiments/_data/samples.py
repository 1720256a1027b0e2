"""Sample tables in the checkout, for a first try with one click."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import NotFoundError, UnknownNameError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._tasks import TaskWishes, make_task
from litmus_core.types import Run

_FOLDER = Path(__file__).resolve().parents[3] / "sample_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A small real table with a task."""

    name: str
    title: str
    description: str
    path: Path
    target: str
    license: str
    source: str


@dataclass(frozen=True, slots=True)
class SamplesService:
    """The sample tables of this checkout."""

    context: Context
    datasets: DatasetsService
    experiments: ExperimentsService
    runs: RunsService

    def start(self, name: str, *, time_limit_s: float = 45.0) -> Run:
        """Import a sample (once), create its task and start a run: a first verdict with one call."""
        chosen = _sample(name)
        version = self.datasets.import_file(chosen.path, name=chosen.title)
        task = make_task(
            self.context.workspace, version, chosen.target, TaskWishes(time_limit_s=time_limit_s)
        )
        return self.runs.start(self.experiments.create(task, name=chosen.title).id)

    def list(self) -> tuple[Sample, ...]:
        """Return the samples of this checkout; none in an installation without them."""
        return _samples()


def _samples() -> tuple[Sample, ...]:
    listing = _FOLDER / "samples.json"
    if not listing.exists():
        return ()
    return tuple(
        Sample(
            name=load["name"],
            title=load["title"],
            description=load["description"],
            path=_FOLDER / load["file"],
            target=load["target"],
            license=load["license"],
            source=load["source"],
        )
        for load in json.loads(listing.read_text(encoding="utf-8"))
    )


def _sample(name: str) -> Sample:
    samples = {sample.name: sample for sample in _samples()}
    if not samples:
        raise NotFoundError(
            kind="sample", id=name, hint="Samples come with a checkout of Litmus; import a file of your own."
        )
    if name not in samples:
        raise UnknownNameError(kind="sample", name=name, names=samples)
    return samples[name]

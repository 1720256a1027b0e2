"""Sample tables that come with Litmus, for a first try with one click."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.errors import NotFoundError, UnknownNameError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._installation import studio_folder
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._tasks import TaskWishes, make_task
from litmus_core.types import Bar, Budget, FindingsDismissed, Run, RunPlan

SAMPLES_FOLDER = studio_folder() / "sample_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A small real table with a task that teaches one thing, named by ``teaches``.

    Its bar, its budget and the ``families`` of its first run (empty: Litmus chooses) are set for that.
    ``dismissed`` are keys of findings that an expert on the table has accepted.
    """

    name: str
    title: str
    description: str
    path: Path
    target: str
    license: str
    source: str
    teaches: str
    bar: Bar
    budget: Budget
    families: tuple[str, ...]
    dismissed: tuple[str, ...]
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SamplesService:
    """The sample tables that come with Litmus."""

    context: Context
    datasets: DatasetsService
    experiments: ExperimentsService
    runs: RunsService

    def start(self, name: str, *, time_limit_s: float | None = None, plain: bool = False) -> Run:
        """Import a sample (once), create its task and start a run: a first verdict with one call.

        With ``plain`` there is no bar, no budget and no restriction of models, and nothing is taught.
        ``time_limit_s`` None: the sample's own.
        """
        chosen = _sample(name)
        version = self.datasets.import_file(chosen.path, name=chosen.title)
        wishes = TaskWishes(time_limit_s=chosen.seconds if time_limit_s is None else time_limit_s)
        plan = RunPlan()
        if not plain:
            wishes = replace(wishes, bar=chosen.bar, budget=chosen.budget, seed=chosen.seed)
            plan = RunPlan(families=chosen.families)
            if chosen.dismissed:
                self.context.record(
                    FindingsDismissed(dataset_id=version.dataset_id, keys=chosen.dismissed, dismissed=True)
                )
        task = make_task(self.context.workspace, version, chosen.target, wishes)
        if task.bar is not None:
            task = replace(task, bar=replace(task.bar, is_proposed=True))
        return self.runs.start(self.experiments.create(task, name=chosen.title).id, plan)

    def list(self) -> tuple[Sample, ...]:
        """Return the samples; none in an installation without them."""
        return _samples()


def _samples() -> tuple[Sample, ...]:
    listing = SAMPLES_FOLDER / "samples.json"
    if not listing.exists():
        return ()
    return tuple(
        Sample(
            name=load["name"],
            title=load["title"],
            description=load["description"],
            path=SAMPLES_FOLDER / load["file"],
            target=load["target"],
            license=load["license"],
            source=load["source"],
            teaches=load["teaches"],
            bar=Bar(**load["bar"]),
            budget=Budget(max_latency_ms=load.get("max_latency_ms")),
            families=tuple(load.get("families", ())),
            dismissed=tuple(load.get("dismissed", ())),
            seed=load.get("seed", 0),
            seconds=load["seconds"],
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

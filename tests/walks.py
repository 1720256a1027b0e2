"""Following a recipe without training: runs that end as a test says."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from litmus_core import Studio
from litmus_core.experiments import RunsService, TaskWishes, make_task, parse_bar
from litmus_core.store import new_id
from litmus_core.types import (
    Candidate,
    CandidateTrained,
    Experiment,
    Run,
    RunEnded,
    RunJudged,
    RunPlan,
    RunQueued,
    RunStarted,
    Score,
    Verdict,
)
from tests.trained import table

RECIPE = """\
format: 1
name: our-way
version: 1
description: For tests.
problems: [binary]
columns:
  - name: size
    kind: number
knobs:
  minutes: {words: How long each may take, default: 1, low: 1, high: 9}
steps:
  - try: linear
    minutes: ${minutes}
  - try: [lightgbm, linear]
    when: gap > 0.1
  - tune: leader
    trials: 2
    when: not bar met
  - post-process: abstain(below=0.6)
    when: score > 0.85 and not bar met
  - gather: 100 more rows.
    when: not bar met
  - hand off: What now?
    when: not bar met
"""


@dataclass
class Trainer:
    """Ends each run at once: with the next of ``scores``, or as ``failed`` or ``stopped``."""

    scores: list[float | str]
    plans: list[RunPlan] = field(default_factory=list)

    def start_run(self, service: RunsService, experiment_id: str, plan: RunPlan | None = None) -> Run:
        plan, experiment = plan or RunPlan(), service.context.experiment(experiment_id)
        service.check_plan(experiment.task, plan)
        self.plans.append(plan)
        run_id, number = new_id("run"), len(service.context.runs(experiment_id)) + 1
        queued = RunQueued(run_id=run_id, number=number, experiment=experiment, plan=plan)
        started, end = RunStarted(run_id=run_id, pid=os.getpid()), self.scores.pop(0)
        if isinstance(end, str):
            service.context.record(
                queued, started, RunEnded(run_id=run_id, status=end, message="It did not work.")
            )  # type: ignore[arg-type]
        else:
            judged = told_of(run_id, experiment, end)
            service.context.record(queued, started, *judged, RunEnded(run_id=run_id, status="finished"))
        return service.context.run(run_id)


def told_of(run_id: str, experiment: Experiment, value: float) -> tuple[CandidateTrained, RunJudged]:
    """Return what a run of one linear model tells, that scores ``value``."""
    bar = experiment.task.bar
    score = Score(metric=experiment.task.metric, value=value, low=value - 0.01, high=value + 0.01, n_rows=120)
    candidate = Candidate(
        id=f"{run_id}-linear", run_id=run_id, experiment_id=experiment.id, name="Linear", model="linear",
        family="linear", family_kind="linear", is_ensemble=False, fit_s=1.0, validation=score,
    )  # fmt: skip
    verdict = Verdict(
        outcome="meets" if bar and score.low >= bar.value else "misses",
        model="Linear", candidate_id=candidate.id, score=score, baseline=0.5, bar=bar,
    )  # fmt: skip
    return CandidateTrained(candidate=candidate), RunJudged(
        run_id=run_id, candidate_id=candidate.id, verdict=verdict
    )


def states(studio: Studio, experiment_id: str) -> list[str]:
    """Return where each step of an experiment's recipe is, in their order."""
    return [place.state for place in studio.recipes.walk(experiment_id).places]


def shop_experiment(studio: Studio, folder: Path) -> Experiment:
    """Ask of a small table what is sold, with a bar; its file lies in ``folder``."""
    table(n_rows=120).to_csv(folder / "shop.csv", index=False)
    version = studio.datasets.import_file(folder / "shop.csv")
    return studio.experiments.create(
        make_task(studio.workspace, version, "sold", TaskWishes(bar=parse_bar("roc_auc>=0.9")))
    )

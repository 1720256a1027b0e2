"""Stages that take a moment: they tell the facts and write the files that real ones do, without training.

The task's seed says what happens: below 100 models are trained (``seed`` of them, 50 ms each); 101: a
deliberate error; 102: a bug; 103: one model, then waiting for a stop; 104: waits deaf to soft stops and
starts a child that outlives it; 105: the process ends before it has said anything;
106: a signal ends it, as Ray has it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from litmus_core.errors import TrainingError
from litmus_core.jobs import RunContext
from litmus_core.types import (
    Candidate,
    CandidateScored,
    CandidateTested,
    CandidateTrained,
    RunEnded,
    RunJudged,
    RunStage,
    Score,
    Verdict,
)

STEP_S = 0.05


def run(context: RunContext) -> RunEnded:
    wanted = context.experiment.task.seed
    context.report(RunStage(run_id=context.run_id, stage="split", message="Parting the rows"))
    if wanted == 101:
        raise TrainingError("The target has one value only.", hint="Choose another target.")
    if wanted == 102:
        raise ZeroDivisionError("division by zero")
    if wanted == 106:
        raise SystemExit(15)
    if wanted == 104:
        _start_a_child()
        time.sleep(600)
    n_models = wanted if wanted < 100 else 1
    for number in range(n_models):
        if context.stop_requested():
            break
        _train(context, number)
    while wanted == 103 and not context.stop_requested():
        time.sleep(0.05)
    return _tail(context, stopped=context.stop_requested())


def finish(context: RunContext) -> RunEnded:
    for path in sorted(context.folder.glob("model-*")):  # a kill may come between a model and its fact
        context.report(CandidateTrained(candidate=_candidate(context, path.name)))
    return _tail(context, stopped=True)


def _start_a_child() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print("child", child.pid, flush=True)


def _train(context: RunContext, number: int) -> None:
    name = f"model-{number}"
    context.report(RunStage(run_id=context.run_id, stage="fit", message=name, training_now=name))
    time.sleep(STEP_S)
    beside = context.folder / f".{name}"
    beside.write_text(str(number))
    os.replace(beside, context.folder / name)
    context.report(CandidateTrained(candidate=_candidate(context, name)))
    (context.folder / f"told-{name}").touch()  # after the journal took it: from here on it must not be lost


def _candidate(context: RunContext, name: str) -> Candidate:
    return Candidate(
        id=f"{context.run_id}-{name}",
        run_id=context.run_id,
        experiment_id=context.experiment.id,
        name=name,
        model=name,
        family="lightgbm",
        family_kind="GBM",
        is_ensemble=False,
        fit_s=STEP_S,
    )


def _tail(context: RunContext, *, stopped: bool) -> RunEnded:
    names = sorted(path.name for path in context.folder.glob("model-*"))
    if not names:
        raise TrainingError("No model was finished.", hint="Give the run more time.")
    for name in names:
        score = Score(metric="accuracy", value=0.9, low=0.8, high=0.95, n_rows=100)
        context.report(CandidateScored(candidate_id=f"{context.run_id}-{name}", validation=score))
        time.sleep(STEP_S / 10)
    chosen = f"{context.run_id}-{names[-1]}"
    score = Score(metric="accuracy", value=0.88, low=0.8, high=0.95, n_rows=100)
    context.report(CandidateTested(candidate_id=chosen, test=score, reason="chosen"))
    verdict = Verdict(
        outcome="no bar",
        candidate_id=chosen,
        score=score,
        baseline=0.5,
    )
    context.report(RunJudged(run_id=context.run_id, candidate_id=chosen, verdict=verdict))
    n_bytes = context.workspace.folder_bytes(context.folder)
    return RunEnded(run_id=context.run_id, status="stopped" if stopped else "finished", n_bytes=n_bytes)

"""Repeat a run: the same rows, fits and choice, and a comparison of the predictions.

Each run stores digests of its models' predictions in ``answers.json``: for the rows that they are scored on,
and the chosen one's for the test rows. A repeated run is compared by these digests, so the other run's files
are not needed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from litmus_core.errors import NotFoundError, reading
from litmus_core.jobs._run_data import RunData, reopen
from litmus_core.jobs._sample import PARTS
from litmus_core.types import Candidate, RepeatedRun, RunJudged, RunPlan

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from litmus_core.jobs._context import RunContext

ANSWERS = "answers.json"


def repeated_run_id(plan: RunPlan) -> str:
    """Return the id of the run that a plan repeats; "" if it repeats none."""
    return plan.origin.run_id if isinstance(plan.origin, RepeatedRun) else ""


def source_of(context: RunContext) -> Path:
    """Return the folder of the run that this one repeats."""
    return context.workspace.run_dir(repeated_run_id(context.plan))


def reopen_repeated(context: RunContext, *, also: Sequence[str]) -> RunData:
    """Return the rows, with the parts of the repeated run's rows."""
    from litmus_core.engine import write_repeats

    source = source_of(context)
    if not (source / PARTS).exists():
        raise NotFoundError(
            kind="part of rows in", id=source.name, hint="The run's files were removed: train again."
        )
    write_repeats(context.folder, source)
    shutil.copyfile(source / PARTS, context.folder / PARTS)
    task, versions = context.experiment.task, context.versions()
    return reopen(context.workspace, task, versions.__getitem__, folder=context.folder, also=also)


def chosen_in_repeated(context: RunContext, candidates: Sequence[Candidate]) -> tuple[str, str] | None:
    """Return the counterpart of the repeated run's choice, and why; None if nothing is repeated."""
    before = repeated_run_id(context.plan)
    if not before:
        return None
    judged = [event.fact for event in context.journal.events(run_id=before, types=[RunJudged])]
    chosen = [fact.candidate_id for fact in judged if isinstance(fact, RunJudged)]
    ids = {candidate.id for candidate in candidates}
    counterpart = chosen[-1].replace(before, context.run_id, 1) if chosen else ""
    return (counterpart, "It is the model that the repeated run chose.") if counterpart in ids else None


def store_predictions(
    context: RunContext,
    candidates: Sequence[Candidate],
    *,
    chosen: Candidate,
    predictions: np.ndarray,
) -> str:
    """Store digests of the models' predictions; describe the comparison if another run is repeated.

    ``predictions`` are the chosen model's for the judging rows.
    """
    from litmus_core.engine import post_predictions, validation_predictions

    digests = {
        f"{candidate.id.removeprefix(context.run_id)} validation": _digest(
            post_predictions(context.folder, candidate.id)
            if candidate.postprocess
            else validation_predictions(context.folder, candidate.model)[1]
        )
        for candidate in candidates
    }
    test = f"{chosen.id.removeprefix(context.run_id)} test"
    digests[test] = _digest(predictions)
    (context.folder / ANSWERS).write_text(json.dumps(digests, indent=1), encoding="utf-8")
    return _comparison_message(context, digests) if repeated_run_id(context.plan) else ""


def store_final(folder: Path, predictions: np.ndarray) -> None:
    """Store a digest of a final model's predictions for the judging rows, in its own ``folder``."""
    (folder / ANSWERS).write_text(json.dumps({"test": _digest(predictions)}), encoding="utf-8")


def compare_final(folder: Path, before: Path | None) -> str:
    """Describe whether a final model predicts as that of the repeated run; "" if none is repeated."""
    if before is None:
        return ""
    digests = []
    for run_folder in (folder, before):
        with reading(run_folder / ANSWERS):
            digests.append(json.loads((run_folder / ANSWERS).read_text(encoding="utf-8")))
    gives = "gives the same answers, bit for bit" if digests[0] == digests[1] else "gives other answers"
    return f" The model of all rows {gives}."


def _digest(predictions: np.ndarray) -> str:
    return hashlib.sha256(
        f"{predictions.dtype} {predictions.shape}".encode() + predictions.tobytes()
    ).hexdigest()


def _comparison_message(context: RunContext, digests: dict[str, str]) -> str:
    """Describe which predictions equal the repeated run's, bit for bit."""
    path = source_of(context) / ANSWERS
    with reading(path):
        before: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    names = [name for name in before if name.endswith(" validation")]
    equal = [name for name in names if digests.get(name) == before[name]]
    tests = [name for name in before if name.endswith(" test") and digests.get(name) == before[name]]
    on_test = "also" if tests else "does not"
    return (
        f"It repeats {path.parent.name}: {len(equal)} of {len(names)} models give the same answers "
        f"for the validation rows, bit for bit. The chosen one {on_test} for the test rows."
    )

"""Inspect the candidates of a run: hidden test scores, diagnosis, what-if."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from litmus_core.errors import LitmusError, NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.types import Candidate, CandidateTested, PostReport, Run, read_stored

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.diagnostics import Diagnostics, WhatIf
    from litmus_core.jobs import RunData
    from litmus_core.runtime import Calibration, Predictor

_BACKGROUND_ROWS, _EXAMPLE_ROWS = 30, 50


def reveal_test(context: Context, candidate_id: str, *, by: str) -> Candidate:
    """Score a candidate on the test set and record that; one already scored is returned unchanged."""
    from litmus_core.jobs import also_on_test, predictions_on_test, score_predictions

    candidate = context.candidate(candidate_id)
    if candidate.test is not None:
        return candidate
    run = context.run(candidate.run_id)
    task = context.experiment_of(run.id).task
    data = run_data(context, run)
    predictions = predictions_on_test(context.workspace.run_dir(run.id), data, candidate)
    score, _ = score_predictions(task.metric, task, data, predictions)
    also = also_on_test(run.plan.scoring.also_test, task, data, predictions)
    context.record(
        CandidateTested(candidate_id=candidate_id, test=score, reason="revealed", by=by, also=also)
    )
    return context.candidate(candidate_id)


def run_data(context: Context, run: Run) -> RunData:
    """Return the run's rows with their parts."""
    from litmus_core.jobs import reopen

    task = context.experiment_of(run.id).task
    return reopen(context.workspace, task, context.dataset, folder=context.workspace.run_dir(run.id))


def diagnostics(context: Context, run_id: str) -> Diagnostics | None:
    """Return the stored diagnosis of the run; None if there is none."""
    from litmus_core.diagnostics import Diagnostics

    return read_stored(context.workspace.run_dir(run_id) / "diagnostics.json", Diagnostics)


def validation_rows(context: Context, run_id: str, n_rows: int) -> pd.DataFrame:
    """Return random validation rows (training rows if every row is in a fold), in file order.

    The draw is fixed. Many files are sorted, so the first rows would all be alike.
    """
    data = run_data(context, context.run(run_id))
    part = data.rows("validation")
    rows = part if len(part) else data.rows("train")
    drawn = rows.sample(n=min(n_rows, len(rows)), random_state=0).sort_index()
    return drawn[[*(column.name for column in data.columns), data.target]]


def example_rows(context: Context, run: Run) -> pd.DataFrame:
    """Return some rows of features for those who use a model: validation rows or, without any, others."""
    data = run_data(context, run)
    part: Literal["validation", "train"] = "validation" if len(data.index("validation")) else "train"
    rows = data.features(part)
    return rows.sample(n=min(_EXAMPLE_ROWS, len(rows)), random_state=0).sort_index()


def deployed_model(context: Context, candidate_id: str) -> tuple[Path, Candidate]:
    """Return a candidate as it is deployed, final model or judged one, and the folder of that model."""
    from litmus_core.jobs import final_folder

    candidate = context.candidate(candidate_id)
    folder = context.workspace.run_dir(candidate.run_id)
    if not candidate.is_final_used:
        return folder, candidate
    return final_folder(folder, candidate.id), candidate.deployed


def open_predictor(
    context: Context,
    candidate_id: str,
    *,
    judged: bool = False,
    calibrate: Callable[[], Calibration | None] | None = None,
) -> Predictor:
    """Open a candidate as it is deployed or, with ``judged``, as it was judged.

    ``calibrate`` returns the calibration of its intervals or label sets.
    """
    from litmus_core.engine import open_candidate, post_of

    candidate = context.candidate(candidate_id)
    folder = context.workspace.run_dir(candidate.run_id)
    if not judged:
        folder, candidate = deployed_model(context, candidate_id)
    if not (folder / "model.json").exists():
        raise NotFoundError(
            kind="model folder of run", id=candidate.run_id, hint="Its files were removed; train it again."
        )
    return open_candidate(
        folder,
        candidate.model,
        threshold=candidate.threshold,
        post=post_of(folder, candidate),
        calibrate=calibrate,
        find_examples=lambda: _json_examples(context, candidate.run_id),
    )


def _json_examples(context: Context, run_id: str) -> list[dict[str, Any]]:
    """Return the run's example rows; none if its data is gone, which a model's predictions do not need."""
    from litmus_core.runtime import json_rows

    try:
        return json_rows(example_rows(context, context.run(run_id)))
    except LitmusError:
        return []


def post_report(context: Context, candidate_id: str) -> PostReport | None:
    """Return the effect of a candidate's post-processing; None without any."""
    from litmus_core.engine import post_report as read

    candidate = context.candidate(candidate_id)
    return read(context.workspace.run_dir(candidate.run_id), candidate.id) if candidate.postprocess else None


def what_if(
    context: Context, candidate_id: str, row: dict[str, Any], *, predictor: Predictor | None
) -> WhatIf:
    """Predict one row, with validation rows as the background."""
    from litmus_core.diagnostics import what_if as answer

    candidate = context.candidate(candidate_id)
    background = validation_rows(context, candidate.run_id, _BACKGROUND_ROWS)
    return answer(predictor or open_predictor(context, candidate_id), row, background)

"""Whether a run fits its judged model again on all rows, and how much time it reserves for that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.jobs._stages.repeat import ANSWERS, repeated_run_id, source_of
from litmus_core.trust import FINAL
from litmus_core.types import (
    Candidate,
    Compression,
    DeployedModelChosen,
    FinalModel,
    FinalModelTrained,
    ReusedModel,
    RunPlan,
    WarmStart,
)

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData

_LEAST_ROWS = 100  # with fewer rows, learning from all was no better than from four fifths (docs/adr/0046)
# Share of the fit time before a final model; for few rows the final model, a bag, takes as long again.
_FIT_SHARE, _FEW_ROWS_FIT_SHARE = 0.7, 0.5
# Time a row of a fit on all rows, relative to the judged model's (docs/adr/0048). A fit that takes longer is
# given up, so this decides only whether to try.
_SHARE_OF_FIT = 0.7
_OVERHEAD_S = 2.0  # for everything besides the fit


def final_folder(run_folder: Path, candidate_id: str) -> Path:
    """Return the folder of a candidate's final model, whether it was fitted or not."""
    return run_folder / FINAL / candidate_id


def final_folders(run_folder: Path) -> tuple[Path, ...]:
    """Return the folders of a run's final models, each of which is signed on its own."""
    folder = run_folder / FINAL
    return tuple(sorted(path for path in folder.iterdir() if path.is_dir())) if folder.is_dir() else ()


def fit_share(context: RunContext, data: RunData) -> float:
    """Return the share of the fit time that a run's own models get; the rest is for the final model."""
    from litmus_core.engine import are_few_rows

    if not wants_final(context, data) or repeated_run_id(context.plan):
        return 1.0
    return _FEW_ROWS_FIT_SHARE if are_few_rows(len(learned_rows(data))) else _FIT_SHARE


def wants_final(context: RunContext, data: RunData) -> bool:
    """Return whether a run fits its judged model again without a request."""
    if reused_final(context) is not None:
        return True
    if context.plan.training.keep_judged or obstacle_of(context.plan, data):
        return False
    return len(learned_rows(data)) >= _LEAST_ROWS or bool(repeated_run_id(context.plan))


def obstacle_of(plan: RunPlan, data: RunData) -> str:
    """Return why a run's models cannot be fitted again on all rows; "" if nothing is known."""
    if data.outer is not None:
        return "it has learned from all rows already"
    if plan.origin_as(WarmStart) is not None:
        return "it goes on from an earlier model, which cannot be fitted again"
    if plan.origin_as(Compression) is not None:
        return "it was made of an earlier model, which cannot be fitted again"
    return ""


def learned_rows(data: RunData) -> np.ndarray:
    """Return the ascending positions of the rows that a final model learns from: those of all parts."""
    parts = (data.index(part) for part in ("train", "validation", "test"))
    return np.sort(np.concatenate([*parts, data.in_gap]))


def expected_seconds(folder: Path, candidate: Candidate, data: RunData) -> float:
    """Return the expected duration of fitting a candidate again on all rows, from its own fits."""
    from litmus_core.engine import final_fit_of

    fit = final_fit_of(folder, candidate.model)
    more_rows = len(learned_rows(data)) / max(1, fit.n_rows)
    if not fit.n_folds and fit.judged_folds > 1:  # each learned from the rows of all others
        more_rows /= fit.judged_folds - 1
    return _SHARE_OF_FIT * fit.fit_s * more_rows + _OVERHEAD_S


def reused_final(context: RunContext) -> tuple[Path, FinalModel] | None:
    """Return the final model, in its folder, of the model that a run reuses; None if it has none."""
    origin = context.plan.origin_as(ReusedModel)
    if origin is None:
        return None
    folder = final_folder(context.workspace.run_dir(origin.run_id), origin.candidate_id)
    final = None
    for event in context.journal.events(types=[FinalModelTrained, DeployedModelChosen]):
        fact = event.fact
        if isinstance(fact, FinalModelTrained) and fact.candidate_id == origin.candidate_id:
            final = fact.final
        elif isinstance(fact, DeployedModelChosen) and fact.candidate_id == origin.candidate_id and final:
            final = replace(final, in_use=fact.final)
    return (folder, final) if final is not None and (folder / ANSWERS).exists() else None


def repeated_final(context: RunContext, candidate: Candidate) -> Path | None:
    """Return the folder of the final model that a repeated run fitted; None if it has none."""
    before = repeated_run_id(context.plan)
    if not before:
        return None
    folder = final_folder(source_of(context), candidate.id.replace(context.run_id, before, 1))
    return folder if (folder / "carried_out.json").exists() else None

"""Candidates of a run, made from fitted models; the same model always gets the same id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.jobs._stages.reuse_model import models_of
from litmus_core.types import Candidate, ReusedModel, Score

if TYPE_CHECKING:
    from litmus_core.engine import FittedModel
    from litmus_core.jobs._context import RunContext


def candidate_of(context: RunContext, model: FittedModel) -> Candidate:
    """Return the candidate of a fitted model; the same model always gets the same id."""
    value = model.validation_score
    metric = context.experiment.task.metric
    score = None if value is None else Score(metric=metric, value=value, low=value, high=value, n_rows=0)
    return Candidate(
        id=f"{context.run_id}-{_slug(model.model)}",
        run_id=context.run_id,
        experiment_id=context.experiment.id,
        name=model.name,
        model=model.model,
        family=model.family,
        family_kind=model.family_kind,
        is_ensemble=model.is_ensemble,
        fit_s=model.fit_s,
        validation=score,
        parents=tuple(_parent(context, model, parent) for parent in model.parents),
        refit_of=f"{context.run_id}-{_slug(model.refit_of)}" if model.refit_of else "",
        time_cut=model.time_cut,
    )


def _parent(context: RunContext, model: FittedModel, parent: str) -> str:
    """Return the id of an ensemble's member, or its name if it is not a candidate."""
    from litmus_core.engine import title_of

    return title_of(parent) if parent in model.unlisted else f"{context.run_id}-{_slug(parent)}"


def candidates_of(context: RunContext) -> list[Candidate]:
    """Return the run's candidates before scoring, without the members of a reused ensemble."""
    candidates = [candidate_of(context, model) for model in models_of(context)]
    if context.plan.origin_as(ReusedModel) is None:
        return candidates
    return [replace(candidate, parents=(), refit_of="") for candidate in candidates]


def _slug(model: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in model).strip("-").lower()

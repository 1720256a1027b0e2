"""A run without training: it reuses a trained model, and fits the steps after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.jobs._run_data import RunData, reopen
from litmus_core.types import ReusedModel

if TYPE_CHECKING:
    from litmus_core.engine import FittedModel
    from litmus_core.jobs._context import RunContext


def reuse_model(context: RunContext, origin: ReusedModel) -> RunData:
    """Reuse the model's files and the parts of the rows; return the rows.

    Raises NotFoundError if the earlier run's files are missing.
    """
    from litmus_core.engine import link_models

    link_models(context.workspace.run_dir(origin.run_id), context.folder, model=origin.model)
    return reopen(
        context.workspace, context.experiment.task, context.versions().__getitem__, folder=context.folder
    )


def models_of(context: RunContext) -> tuple[FittedModel, ...]:
    """Return the models that are the run's candidates: all in its folder, or only the reused one."""
    from litmus_core.engine import list_models

    origin = context.plan.origin_as(ReusedModel)
    models = list_models(context.folder)
    return models if origin is None else tuple(model for model in models if model.model == origin.model)

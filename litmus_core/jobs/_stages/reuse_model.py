"""A run without training, which reuses a trained model and fits new post-processing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.jobs._run_data import RunData, reopen
from litmus_core.types import ReusedModel

if TYPE_CHECKING:
    from litmus_core.engine import FittedModel
    from litmus_core.jobs._context import RunContext


def reuse_model(context: RunContext, origin: ReusedModel) -> RunData:
    """Reuse the files of the model and the parts of its rows; return the rows.

    Raises NotFoundError if the earlier run's files are missing.
    """
    from litmus_core.engine import link_models

    link_models(context.workspace.run_dir(origin.run_id), context.folder, model=origin.model)
    return reopen(
        context.workspace, context.experiment.task, context.versions().__getitem__, folder=context.folder
    )


def models_of(context: RunContext) -> tuple[FittedModel, ...]:
    """Return the models that are candidates of the run: all in its folder, or only the reused one."""
    from litmus_core.engine import list_models

    origin = context.plan.origin_as(ReusedModel)
    models = list_models(context.folder)
    return models if origin is None else tuple(model for model in models if model.model == origin.model)

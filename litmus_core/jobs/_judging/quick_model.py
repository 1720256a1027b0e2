"""Compare the chosen model with guessing and with a quick linear model, on the same rows."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from litmus_core.errors import DataError
from litmus_core.jobs._judging.validation_scores import validation_score
from litmus_core.types import Baseline, Candidate, QuickScore, Score

if TYPE_CHECKING:
    import numpy as np

    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData

_log = logging.getLogger(__name__)

_MOST_FOLDED = 20_000  # with more rows a quick model in folds is not quick


def baselines_of(context: RunContext) -> tuple[Baseline, ...]:
    """Return the validation scores of guessing and of a quick linear model."""
    from litmus_core.data import baselines

    task, versions = context.experiment.task, context.versions()
    separate, test = (
        None if version_id is None else versions[version_id]
        for version_id in (task.validation_version_id, task.test_version_id)
    )
    return baselines(
        context.workspace, versions[task.dataset_version_id], task, validation=separate, test=test
    )


def quick_comparison(context: RunContext, data: RunData, chosen: Candidate) -> QuickScore | None:
    """Return the scores of a quick linear model and of the chosen one; None if they cannot be compared."""
    if data.outer is not None:
        return _comparison_in_folds(context, data, chosen)
    on_same_rows = _score_on_validation_part(context, data, chosen)
    quick = None if on_same_rows is None else quick_score(context)
    return None if quick is None or on_same_rows is None else QuickScore(value=quick, chosen=on_same_rows)


def _comparison_in_folds(context: RunContext, data: RunData, chosen: Candidate) -> QuickScore | None:
    """Return both scores on the rows that judge, each row predicted without its outer fold's rows."""
    from litmus_core.data import quick_score_in_folds

    task, judged = context.experiment.task, chosen.test
    if judged is None or data.outer is None or data.places is not None or chosen.abstained is not None:
        return None
    if judged.n_rows > _MOST_FOLDED or judged.n_rows != int((data.outer >= 0).sum()):
        return None
    version = context.versions()[task.dataset_version_id]
    try:
        value = quick_score_in_folds(context.workspace, version, task, data.outer)
    except DataError as error:
        _log.info("There is no quick model to compare with: %s", error)
        return None
    return QuickScore(value=value, chosen=judged)


def quick_score(context: RunContext) -> float | None:
    """Return a quick linear model's score on the validation part; None if it is impossible."""
    try:
        scored = baselines_of(context)
    except DataError as error:
        _log.info("There is no quick model to compare with: %s", error)
        return None
    return next((baseline.value for baseline in scored if baseline.name == "quick linear"), None)


def _score_on_validation_part(context: RunContext, data: RunData, chosen: Candidate) -> Score | None:
    """Return the chosen model's score on the validation part alone, which its folds may exceed."""
    import numpy as np

    from litmus_core.engine import read_model_info

    task, part = context.experiment.task, data.index("validation")
    index, prediction = _validated(context, chosen)
    inside = np.isin(index, part)
    if inside.all():
        return chosen.validation
    if inside.sum() < len(part) or chosen.abstained is not None:
        return None
    rows = index[inside]
    return validation_score(
        data.metric(task.metric, rows),
        task,
        data.frame[data.target].to_numpy()[rows],
        prediction[inside],
        classes=read_model_info(context.folder)["classes"],
        threshold=chosen.threshold,
        blocks=data.blocks_of(rows),
    )


def _validated(context: RunContext, chosen: Candidate) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows by which the model was chosen (n,), and its predictions of them."""
    from litmus_core.engine import post_predictions, validation_predictions

    index, prediction = validation_predictions(context.folder, chosen.model)
    return index, post_predictions(context.folder, chosen.id) if chosen.postprocess else prediction

"""Each model with the plan's post-processing: an additional candidate besides the plain one."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.errors import DataError, LitmusError, PlugInError
from litmus_core.jobs._judging.validation_scores import other_scores
from litmus_core.jobs._plugin_failures import report_plugin_failure
from litmus_core.jobs._stages.shortfall import Shortfall
from litmus_core.types import Candidate, CandidateScored, CandidateTrained, PluginRef, PostReport, Score

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from litmus_core.engine import ScoredPredictions
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData
    from litmus_core.runtime import ModelInfo, Post

_log = logging.getLogger(__name__)
_REPLICATES = 200
_LINE = 0.5  # thresholds by segment are shifted to this value


def add_postprocessing(
    context: RunContext, data: RunData, plain: list[Candidate]
) -> tuple[list[Candidate], Shortfall]:
    """Return a candidate with the plan's steps for each scored one, why others are missing, and notes.

    Steps are fitted on the scored rows: validation, or out-of-fold. A failing step loses the candidates with
    steps, not those without, and is reported once.
    """
    parts = context.plan.postprocess
    built: list[Candidate] = []
    failed: dict[str, None] = {}
    left_out: dict[str, None] = {}
    for candidate in plain if parts else ():
        try:
            built.append(_postprocess(context, data, candidate, left_out))
        except LitmusError as error:
            _log.warning("%s has no candidate with steps: %s", candidate.name, error)
            disable_part_of(context, error)
            failed[str(error)] = None
    came = "Some models go without" if built else "Nothing was trained with"
    missing = tuple(f"{came} the steps after the model. {why}" for why in failed)
    return built, Shortfall(missing=missing, left_out=tuple(left_out))


def disable_part_of(context: RunContext, error: LitmusError) -> None:
    """Disable custom pre- or post-processing in the workspace if it failed, and report it."""
    from litmus_core.plugins import disable_part

    if not isinstance(error, PlugInError):
        return
    for part in (*context.plan.preprocess, *context.plan.postprocess):
        if (error.point, error.name) == (part.point, part.name):
            disable_part(context.workspace.path, part, error.reason)
            report_plugin_failure(context, error)


def name_with_steps(name: str, parts: tuple[PluginRef, ...]) -> str:
    """Return the name with its steps, such as "LightGBM, then cap and round"."""
    from litmus_core.runtime import parts_message

    return f"{name}, then {parts_message(parts)}"


def _postprocess(
    context: RunContext, data: RunData, plain: Candidate, left_out: dict[str, None]
) -> Candidate:
    from litmus_core.engine import steps_without_weights, store_post

    task, parts = context.experiment.task, context.plan.postprocess
    index, scored = _scored_rows(context, data, plain)
    blocks = data.blocks_of(index)
    post, predictions = _fit_steps(context, scored, blocks)
    left_out |= dict.fromkeys(steps_without_weights(post))
    threshold = _threshold(parts, scored, predictions)
    judged = _judge(scored, predictions, post, threshold, blocks=blocks, seed=task.seed)
    candidate = replace(
        plain,
        id=f"{plain.id}-then",
        name=name_with_steps(plain.name, parts),
        parents=(plain.id,),
        postprocess=parts,
        threshold=threshold,
        validation=None,
        also_validation=(),
        abstained=None if post.abstain_below is None else 1.0 - len(judged.answered) / len(predictions),
    )
    also = other_scores(
        [data.metric(name, index[judged.answered]) for name in context.plan.scoring.also_validation],
        task,
        scored.truth[judged.answered],
        predictions[judged.answered],
        classes=scored.info.classes,
        threshold=threshold,
        blocks=None if blocks is None else blocks[judged.answered],
    )
    report = _report(candidate, plain, post, scored, predictions, judged)
    store_post(context.folder, report, post, predictions)
    context.report(CandidateTrained(candidate=candidate))
    context.report(
        CandidateScored(candidate_id=candidate.id, validation=judged.score, threshold=threshold, also=also)
    )
    return replace(candidate, validation=judged.score, also_validation=also)


def _fit_steps(
    context: RunContext, scored: ScoredPredictions, blocks: np.ndarray | None
) -> tuple[Post, np.ndarray]:
    from litmus_core.engine import cross_fit_halves, fit_cross, plugin_fitter

    task = context.experiment.task
    half = cross_fit_halves(scored.truth, blocks, regression=not task.type.has_classes, seed=task.seed)
    return fit_cross(context.plan.postprocess, scored, half, fitter=plugin_fitter(context.folder))


def _scored_rows(
    context: RunContext, data: RunData, plain: Candidate
) -> tuple[np.ndarray, ScoredPredictions]:
    from litmus_core.engine import ScoredPredictions, read_model_info, validation_predictions
    from litmus_core.runtime import ModelInfo, to_frame

    index, predictions = validation_predictions(context.folder, plain.model)
    info = ModelInfo.of(read_model_info(context.folder))
    rows = data.frame.iloc[index][[column.name for column in data.columns]]
    return index, ScoredPredictions(
        predictions=predictions,
        rows=to_frame(rows, info.columns),
        truth=data.frame[data.target].to_numpy()[index],
        info=info,
        metric=data.metric(context.experiment.task.metric, index),
    )


def _threshold(
    parts: tuple[PluginRef, ...], scored: ScoredPredictions, predictions: np.ndarray
) -> float | None:
    """Return the decision threshold after the steps (binary)."""
    from litmus_core.metrics import tune_threshold

    threshold = requested_threshold(parts)
    if threshold is not None:
        return threshold
    if any(part.reference == "thresholds_by_segment" for part in parts):
        return _LINE
    if not scored.info.task_type.has_threshold:
        return None
    info = scored.info
    return tune_threshold(
        scored.metric, scored.truth, predictions, classes=info.classes, positive_class=info.positive_class
    )


def requested_threshold(parts: tuple[PluginRef, ...]) -> float | None:
    """Return the threshold that steps request; None if they leave it to the metric."""
    from litmus_core.runtime import THRESHOLD, parameters_of

    return next((float(parameters_of(part)["at"]) for part in parts if part.reference == THRESHOLD), None)


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """The scores over the ``answered`` (m,) positions of predicted rows, and over all rows."""

    answered: np.ndarray
    score: Score
    all_rows: Score


def _judge(
    scored: ScoredPredictions,
    predictions: np.ndarray,
    post: Post,
    threshold: float | None,
    *,
    blocks: np.ndarray | None,
    seed: int,
) -> _Judged:
    answered = answered_rows(predictions, scored.info, threshold=threshold, below=post.abstain_below)
    if not len(answered):
        raise DataError(
            f"“{post.abstain_label}” would be the answer to every validation row.",
            hint="Abstain below a lower confidence.",
        )
    left = replace(scored, predictions=predictions)
    all_rows = _interval(left, threshold=threshold, blocks=blocks, seed=seed)
    if len(answered) == len(predictions):
        return _Judged(answered=answered, score=all_rows, all_rows=all_rows)
    blocks_here = None if blocks is None else blocks[answered]
    score = _interval(left.at(answered), threshold=threshold, blocks=blocks_here, seed=seed)
    return _Judged(answered=answered, score=score, all_rows=all_rows)


def answered_rows(
    predictions: np.ndarray, info: ModelInfo, *, threshold: float | None, below: float | None
) -> np.ndarray:
    """Return the positions of the rows that are certain enough to be predicted; all without abstention."""
    import numpy as np

    from litmus_core.runtime import UNSURE, decide

    if below is None:
        return np.arange(len(predictions))
    places = decide(
        predictions, positive=info.positive_index, threshold=threshold, costs=info.costs, below=below
    )
    return np.flatnonzero(places != UNSURE)


def _interval(
    scored: ScoredPredictions, *, threshold: float | None, blocks: np.ndarray | None, seed: int
) -> Score:
    from litmus_core.metrics import score_interval

    score, _ = score_interval(
        scored.metric,
        scored.truth,
        scored.predictions,
        classes=scored.info.classes,
        positive_class=scored.info.positive_class,
        threshold=threshold,
        blocks=blocks,
        seed=seed,
        n=_REPLICATES,
    )
    return score


def _report(
    candidate: Candidate,
    plain: Candidate,
    post: Post,
    scored: ScoredPredictions,
    predictions: np.ndarray,
    judged: _Judged,
) -> PostReport:
    from litmus_core.engine import abstain_report, decided, needs_fitting, step_reports, threshold_report

    n_abstained = len(predictions) - len(judged.answered)
    steps = step_reports(candidate.postprocess, post, scored, threshold=plain.threshold)
    at = requested_threshold(candidate.postprocess)
    if at is not None:
        steps = (*steps, threshold_report(scored, predictions, at=at, plain=plain.threshold))
    if post.abstain_below is not None:
        steps = (*steps, abstain_report(post, n_abstained=n_abstained, n_rows=len(predictions)))
    differs = decided(scored.predictions, scored, plain.threshold) != decided(
        predictions, scored, candidate.threshold
    )
    return PostReport(
        candidate_id=candidate.id,
        plain_id=plain.id,
        n_rows=len(predictions),
        n_changed=int(differs.sum()),
        n_abstained=n_abstained,
        score=judged.score,
        all_rows=judged.all_rows,
        plain=plain.validation,
        halves=needs_fitting(candidate.postprocess),
        steps=steps,
    )


def for_choice(folder: Path, candidates: list[Candidate]) -> tuple[list[Candidate], str]:
    """Return the candidates to choose from by validation, with comparable scores, and a message.

    Steps that restrict predictions were requested: with them, only models that have them are offered. Models
    that abstain on different rows are compared on all rows, and only those that predict the requested share
    are offered; if none does, the one that predicts most.
    """
    from litmus_core.engine import post_report
    from litmus_core.runtime import is_custom_step, step_specs

    with_steps = [one for one in candidates if one.postprocess]
    if not with_steps:
        return candidates, ""
    binding = {spec.reference for spec in step_specs() if spec.binds}
    if any(part.reference in binding or is_custom_step(part) for part in with_steps[0].postprocess):
        candidates = with_steps
    candidates, note = _covering(candidates)
    compared = []
    for candidate in candidates:
        report = post_report(folder, candidate.id) if candidate.abstained is not None else None
        compared.append(candidate if report is None else replace(candidate, validation=report.all_rows))
    return compared, note


def _covering(candidates: list[Candidate]) -> tuple[list[Candidate], str]:
    """Return those that predict enough of the validation rows; else the one that predicts most, and why."""
    answered = {candidate.id: 1.0 - (candidate.abstained or 0.0) for candidate in candidates}
    enough = [candidate for candidate in candidates if answered[candidate.id] >= least_coverage(candidate)]
    if enough:
        return enough, ""
    most = max(candidates, key=lambda candidate: answered[candidate.id])
    return [most], (
        f"No model is sure enough to answer {least_coverage(most):.0%} of the validation rows; "
        f"{most.name} answers the most, {answered[most.id]:.0%}."
    )


def least_coverage(candidate: Candidate) -> float:
    """Return the share of rows that a candidate has to predict to be chosen: 0 if it never abstains."""
    from litmus_core.runtime import ABSTAIN, parameters_of

    limits = [parameters_of(part) for part in candidate.postprocess if part.reference == ABSTAIN]
    return float(limits[0]["coverage"]) if limits else 0.0

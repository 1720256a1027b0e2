"""Evaluate: score on validation rows, measure latency, choose, test once, judge, explain."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, NoAnswerError, TrainingError
from litmus_core.jobs._judging.assertions import judged_assertions
from litmus_core.jobs._judging.calibration import judged_coverage
from litmus_core.jobs._judging.cases import judged_cases
from litmus_core.jobs._judging.cautions import find_cautions
from litmus_core.jobs._judging.current_task import current_task
from litmus_core.jobs._judging.quick_model import quick_comparison
from litmus_core.jobs._judging.scores import (
    TestPredictions,
    also_on_test,
    open_chosen,
    predictions_on_test,
    score_predictions,
)
from litmus_core.jobs._judging.simpler import simpler_model
from litmus_core.jobs._judging.test_set_history import earlier_evaluations, luck_of_choice
from litmus_core.jobs._judging.validation_scores import other_scores, validation_score
from litmus_core.jobs._outer.numbers import outer_sentence
from litmus_core.jobs._stages.postprocess import answered_rows, disable_part_of, for_choice
from litmus_core.jobs._stages.repeat import chosen_in_repeated
from litmus_core.jobs._stages.stored_predictions import Validated, write_validated
from litmus_core.types import (
    Abstention,
    Candidate,
    CandidateScored,
    CandidateTested,
    Caution,
    RunJudged,
    Score,
    Verdict,
    to_plain,
)

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData
    from litmus_core.runtime import Predictor
    from litmus_core.verdicts import ModelChoice


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """The chosen candidate with its verdict."""

    candidate: Candidate
    predictions: np.ndarray  # for the judging rows
    verdict: Verdict
    note: str
    missing: tuple[str, ...] = ()  # requested parts without a result on the test rows


def evaluate(context: RunContext, data: RunData, candidates: list[Candidate]) -> list[Candidate]:
    """Score each candidate on its validation (or out-of-fold) predictions."""
    scored = [_evaluate_one(context, data, candidate) for candidate in candidates]
    if not scored:
        raise TrainingError(
            "No model was finished within the time limit.",
            hint="Allow more time, or choose faster model families.",
        )
    return scored


def _evaluate_one(context: RunContext, data: RunData, candidate: Candidate) -> Candidate:
    from litmus_core.engine import read_model_info, validation_predictions
    from litmus_core.metrics import tune_threshold

    task = context.experiment.task
    index, prediction = validation_predictions(context.folder, candidate.model)
    metric = data.metric(task.metric, index)
    truth = data.frame[data.target].to_numpy()[index]
    classes, blocks = read_model_info(context.folder)["classes"], data.blocks_of(index)
    threshold = None
    if task.type.has_threshold:
        threshold = tune_threshold(
            metric, truth, prediction, classes=classes, positive_class=task.positive_class
        )
    options = {"classes": classes, "threshold": threshold, "blocks": blocks}
    score = validation_score(metric, task, truth, prediction, **options)
    others = [data.metric(name, index) for name in context.plan.scoring.also_validation]
    also = other_scores(others, task, truth, prediction, **options)
    context.report(
        CandidateScored(candidate_id=candidate.id, validation=score, threshold=threshold, also=also)
    )
    return replace(candidate, validation=score, threshold=threshold, also_validation=also)


def judge(context: RunContext, data: RunData, candidates: list[Candidate]) -> Evaluated:
    """Choose by validation score within the budget, score that candidate on the test rows, and judge it."""
    from litmus_core.advice import choose
    from litmus_core.engine import read_model_info
    from litmus_core.verdicts import hardly_trained, time_cut_message, verdict

    task = context.experiment.task
    offered, coverage, among = _candidates_to_offer(context, data, candidates)
    chosen_id, why = _earlier_choice(context, candidates) or choose(offered, task, among=among)
    chosen = next(candidate for candidate in candidates if candidate.id == chosen_id)
    try:
        predictions = predictions_on_test(context.folder, data, chosen, procedure=True)
        score, replicates = score_predictions(task.metric, task, data, predictions)
    except NoAnswerError as error:  # it has no score, so another choice is not a second evaluation
        disable_part_of(context, error)
        if not (others := [candidate for candidate in candidates if candidate.id != chosen_id]):
            raise
        judged, why = judge(context, data, others), f"{chosen.name} cannot predict the test rows. {error}"
        return replace(judged, missing=(why, *judged.missing))
    also = also_on_test(context.plan.scoring.also_test, task, data, predictions)
    context.report(CandidateTested(candidate_id=chosen.id, test=score, reason="chosen", also=also))
    chosen = replace(chosen, test=score, also_test=also, chosen=True)
    counts = _verdict_counts(context, data, chosen, predictions)
    simpler = simpler_model(context, data, chosen, candidates)
    decided = verdict(
        candidate=chosen,
        score=score,
        replicates=replicates,
        baseline=baseline_score(context, data, read_model_info(context.folder)["classes"], predictions.index),
        quick=quick_comparison(context, data, chosen),
        n_evaluations=1 + earlier_evaluations(context, chosen.id, outer_folds=predictions.n_folds),
        choice=_choice(context, data, offered, chosen, outer_folds=predictions.n_folds),
        cautions=_cautions(context, data, chosen),
        abstention=None if chosen.abstained is None else _abstention(context.folder, chosen, predictions),
        task=current_task(context),  # read last: the bar may change while the others are computed
    )
    decided = replace(decided, simpler=simpler, time_cut=hardly_trained(chosen, candidates), **counts)
    context.report(RunJudged(run_id=context.run_id, candidate_id=chosen.id, verdict=decided))
    notes = (coverage, why, time_cut_message(chosen, candidates))
    note = " ".join(filter(None, (*notes, _split_text(context, data, predictions.n_rows), data.note)))
    return Evaluated(candidate=chosen, predictions=predictions.raw, verdict=decided, note=note)


def _verdict_counts(
    context: RunContext, data: RunData, chosen: Candidate, predictions: TestPredictions
) -> dict[str, Any]:
    """Return the counts of a verdict: cases, coverage of intervals, and rows that break assertions."""
    task, coverage = context.experiment.task, None
    if not task.needs.is_order:
        coverage = judged_coverage(context.folder, data, chosen, predictions, metric=task.metric)
    return {
        "cases": judged_cases(context, data, predictions),
        "coverage": coverage,
        "assertions": judged_assertions(context.folder, data, chosen, current_task(context)),
    }


def _choice(
    context: RunContext, data: RunData, offered: list[Candidate], chosen: Candidate, *, outer_folds: int
) -> ModelChoice:
    from litmus_core.data import gap_text
    from litmus_core.verdicts import ModelChoice

    luck = luck_of_choice(context, data, offered, chosen)
    distance = "" if context.plan.folds is None else gap_text(context.plan.folds)
    return ModelChoice(n_compared=len(offered), luck=luck, outer_folds=outer_folds, time_gap=distance)


def _candidates_to_offer(
    context: RunContext, data: RunData, candidates: list[Candidate]
) -> tuple[list[Candidate], str, str]:
    """Return the candidates to choose from, a message on the rows they predict, and words for their kind."""
    offered, coverage = for_choice(context.folder, candidates)
    among = " with the steps that were asked for" if len(offered) < len(candidates) and not coverage else ""
    return offered, coverage, among


def _split_text(context: RunContext, data: RunData, n_judging: int) -> str:
    from litmus_core.data import parts_sentence
    from litmus_core.engine import n_folds

    n_train, n_validation, n_test = (len(data.index(part)) for part in ("train", "validation", "test"))
    inner = n_folds(context.folder)
    if data.outer is not None:
        n_learned = n_train + n_validation if inner else n_train
        return outer_sentence(n_judging=n_judging, n_learned=n_learned)
    return parts_sentence(n_train, n_validation, n_test, n_folds=inner)


def _cautions(context: RunContext, data: RunData, chosen: Candidate) -> tuple[Caution, ...]:
    """Return the data checks' cautions about the chosen model's score."""

    def score_of(index: np.ndarray) -> Score | None:
        try:
            task = context.experiment.task
            predictions = predictions_on_test(context.folder, data, chosen, index=index, procedure=True)
            return score_predictions(task.metric, task, data, predictions)[0]
        except (DataError, NoAnswerError):  # a single class, or no predicted row
            return None

    return find_cautions(context, data, chosen, score_of)


def _abstention(folder: Path, chosen: Candidate, predictions: TestPredictions) -> Abstention:
    """Return the label and the share of the judging rows that the predictor leaves to people."""
    predictor = open_chosen(folder, chosen)
    return Abstention(
        label=str(predictor.abstain_label), share=1.0 - len(predictions.index) / predictions.n_rows
    )


def _earlier_choice(context: RunContext, candidates: list[Candidate]) -> tuple[str, str] | None:
    """Return the candidate that an earlier process of this run tested, or that the repeated run chose.

    Choosing again would be a second evaluation: latency, measured again, may fall on the other side of the
    budget.
    """
    ids = {candidate.id for candidate in candidates}
    for event in context.journal.events(types=[CandidateTested]):
        fact = event.fact
        if isinstance(fact, CandidateTested) and fact.reason == "chosen" and fact.candidate_id in ids:
            return fact.candidate_id, "The model was chosen and tested before the run was cut short."
    return chosen_in_repeated(context, candidates)


def baseline_score(context: RunContext, data: RunData, classes: list[Any], rows: np.ndarray) -> float:
    """Return the best constant's score on the judging ``rows``; the constant is chosen on training rows."""
    from litmus_core.data import converted_constant
    from litmus_core.metrics import constant_score

    task = context.experiment.task
    if task.read_columns:
        version = context.versions()[task.dataset_version_id]
        return converted_constant(
            context.workspace, version, task, data.frame, train=data.index("train"), rows=rows
        )
    target = data.frame[data.target].to_numpy()
    return constant_score(
        data.metric(task.metric, rows),
        target[data.index("train")],
        target[rows],
        classes=classes if task.type.has_classes else (),
        positive_class=task.positive_class,
        weights=data.weights_of(data.index("train")),
    )


def explain(context: RunContext, data: RunData, judged: Evaluated, *, seconds: float) -> None:
    """Diagnose the chosen candidate on validation rows, and store the results in the run's folder."""
    import numpy as np

    from litmus_core.diagnostics import diagnose
    from litmus_core.engine import open_for_validation, post_of, validation_predictions

    task, chosen = context.experiment.task, judged.candidate
    index, prediction = validation_predictions(context.folder, chosen.model)
    predictor = open_for_validation(
        context.folder, chosen.model, threshold=chosen.threshold, post=post_of(context.folder, chosen)
    )
    if chosen.postprocess:
        index, prediction = _with_steps(context.folder, chosen, index, predictor)
    _store_validated(context.folder, data, index, prediction, is_classes=task.type.has_classes)
    diagnostics = diagnose(
        predictor=predictor,
        frame=data.frame.iloc[index][[column.name for column in data.columns]],
        y=data.frame[data.target].to_numpy()[index],
        prediction=prediction,
        metric=data.metric(task.metric, index),
        task=task,
        seconds=seconds,
        seed=task.seed,
        out_of_fold=bool(np.isin(index, data.index("train")).any()),
    )
    partial = context.folder / "diagnostics.json.partial"
    partial.write_text(json.dumps(to_plain(diagnostics)))
    partial.replace(context.folder / "diagnostics.json")


def _store_validated(
    folder: Path, data: RunData, index: np.ndarray, prediction: np.ndarray, *, is_classes: bool
) -> None:
    """Store the chosen model's predictions for its scored rows, for comparing runs."""
    from litmus_core.data import as_labels

    truth = data.frame[data.target].to_numpy()[index]
    truth = as_labels(truth).astype(str) if is_classes else truth.astype(float)
    write_validated(
        folder,
        Validated(
            index=data.places_of(index),
            predictions=prediction,
            truth=truth,
            weights=data.weights_of(index),
            blocks=data.blocks_of(index),
        ),
    )


def _with_steps(
    folder: Path, chosen: Candidate, index: np.ndarray, predictor: Predictor
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scored rows that a candidate with post-processing predicts, and the predictions."""
    from litmus_core.engine import post_predictions

    predictions = post_predictions(folder, chosen.id)
    answered = answered_rows(
        predictions, predictor.info, threshold=chosen.threshold, below=predictor.abstain_below
    )
    return index[answered], predictions[answered]

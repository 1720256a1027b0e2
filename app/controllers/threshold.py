"""The threshold of the decision card: read and present the effect of other thresholds."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app import model_cache, navigation, services
from app.presenters.results.threshold import present_deciding
from app.views.results.threshold import Decisions, ThresholdForm
from litmus_core.advice import (
    StoredPredictions,
    answered_curve,
    cheapest,
    follow_up_plan,
    keep_precision,
    point_at,
    score_at,
    threshold_curve,
)
from litmus_core.errors import DataError
from litmus_core.types import Candidate, Experiment, ReusedModel, Run, Score

__all__ = ["threshold_form"]


def threshold_form(experiment: Experiment, run: Run, candidate_id: str | None) -> ThresholdForm | None:
    """Return the data and operations of a candidate's threshold form; None if there is nothing to decide."""
    task = experiment.task
    if candidate_id is None or not run.is_settled or not task.type.has_classes:
        return None
    studio = services.studio()
    candidate = studio.candidates.get(candidate_id)
    classes = model_cache.classes(run.id)
    if candidate.validation is None or len(classes) < 2 or _overrides_threshold(candidate):
        return None
    trains_again = follow_up_plan(run.plan, candidate, ()).origin_as(ReusedModel) is None
    return ThresholdForm(
        candidate_id=candidate.id,
        task=task,
        view=present_deciding(task, candidate, classes=classes, trains_again=trains_again),
        read=partial(_read, candidate),
        apply=partial(_apply, experiment.id),
    )


def _overrides_threshold(candidate: Candidate) -> bool:
    """Return whether one threshold cannot replace its rule: it abstains, or has one per segment."""
    by_part = any(part.reference == "thresholds_by_segment" for part in candidate.postprocess)
    return by_part or candidate.abstained is not None


def _read(candidate: Candidate) -> Decisions | None:
    return _decisions(str(services.studio().workspace.path), candidate.id, candidate.threshold)


@st.cache_resource(max_entries=8, show_spinner=False)
def _decisions(workspace: str, candidate_id: str, threshold: float | None) -> Decisions | None:
    del workspace  # part of the key
    predictions = services.studio().candidates.predictions(candidate_id)
    if predictions is None:
        return None
    return Decisions(
        curve=threshold_curve(predictions) if predictions.scored.info.task_type.has_threshold else None,
        answered=answered_curve(predictions, threshold=threshold),
        point_at=partial(point_at, predictions),
        keep_precision=partial(keep_precision, predictions),
        cheapest=lambda alarm, miss: cheapest(predictions, alarm=alarm, miss=miss),
        score_at=partial(_score_at, predictions),
    )


def _score_at(predictions: StoredPredictions, at: float) -> Score | None:
    if predictions.scored.metric.needs != "labels":
        return None
    try:
        return score_at(predictions, at)
    except DataError:  # undefined at this threshold: no case is predicted positive
        return None


def _apply(experiment_id: str, candidate_id: str, step: str) -> None:
    with st.spinner("Loading the trained model…"):
        run = services.studio().candidates.postprocess(candidate_id, step)
    navigation.go("train", experiment=experiment_id, run=run.id)

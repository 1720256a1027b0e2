"""Why a deployed model got worse, by comparing its live rows with its validation rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.cases import case_of
from litmus_core.experiments._runs.diagnosis import open_predictor
from litmus_core.experiments._runs.predictions import predictions_of
from litmus_core.metrics import LabelCase, Metric, ValueCase
from litmus_core.runtime import label_text, to_frame
from litmus_core.types import LiveCauses
from litmus_core.verdicts import cause_sentences

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.deploy import LiveRows
    from litmus_core.diagnostics import RowLosses


def live_causes(
    context: Context, name: str, live: LiveRows, metric: Metric, *, began: int | None
) -> LiveCauses:
    """Return why rows answered since ``began`` (None: all) score worse than the validation rows."""
    causes = _causes(context, name, live, metric, began=began)
    return replace(causes, sentences=cause_sentences(causes))


def _causes(context: Context, name: str, live: LiveRows, metric: Metric, *, began: int | None) -> LiveCauses:
    from litmus_core.deploy import sampled_rows
    from litmus_core.diagnostics import FEWEST_JUDGED, RowLosses, find_causes, has_fallen

    if live.manifest.task is not None and live.manifest.task.needs.is_order:
        return LiveCauses(name=name, n_rows=len(live.outcomes), why_not="order")
    sampled = sampled_rows(context.workspace, name, live)
    info, candidate_id = live.manifest.signature, live.manifest.origin.candidate_id
    first = 0 if began is None else int(np.searchsorted(sampled.places, began))
    if len(sampled.rows) - first < FEWEST_JUDGED:
        first = 0
    rows, places = sampled.rows[first:], np.array(sampled.places[first:], dtype=np.int64)
    if len(rows) < FEWEST_JUDGED:
        return LiveCauses(name=name, n_rows=len(rows), why_not="few rows")
    before = _reference_rows(context, candidate_id, metric)
    if before is None or len(before) < FEWEST_JUDGED:
        return LiveCauses(name=name, n_rows=len(rows), why_not="no reference")
    outcomes = [live.outcomes[place] for place in places]
    frame = to_frame(rows, info.columns)
    now = RowLosses(frame=frame, losses=_losses(case_of(metric, info, outcomes, live.raw[places])))
    if not has_fallen(before, now):
        return LiveCauses(name=name, n_rows=len(rows), why_not="no fall")
    predictor = open_predictor(context, candidate_id)

    def losses_of(changed: pd.DataFrame) -> NDArray[np.float64]:
        return _losses(case_of(metric, info, outcomes, predictor.predict_raw(changed)))

    causes = find_causes(before, now, info.columns, losses_of)
    return LiveCauses(name=name, causes=causes, n_rows=len(rows), why_not="" if causes else "alike")


def _reference_rows(context: Context, candidate_id: str, metric: Metric) -> RowLosses | None:
    """Return the validation rows with the predictions of the model; None if they are gone.

    Raises LitmusError if they cannot be read, such as those of a run that is not trusted here.
    """
    from litmus_core.diagnostics import RowLosses

    try:
        stored = predictions_of(context, context.candidate(candidate_id), with_steps=True)
    except NotFoundError:
        return None
    if stored is None:
        return None
    scored = stored.scored
    truth: list[Any] = scored.truth.tolist()
    if scored.info.classes:
        truth = [label_text(label) for label in truth]
    case = case_of(metric, scored.info, truth, scored.predictions)
    return RowLosses(frame=scored.rows, losses=_losses(case))


def _losses(case: LabelCase | ValueCase) -> NDArray[np.float64]:
    """Return the loss of each row (n,): its absolute error, or the squared error of its probabilities."""
    if isinstance(case, ValueCase):
        return np.abs(np.asarray(case.predicted) - np.asarray(case.truth))
    truth = np.eye(case.probabilities.shape[1])[case.codes]
    losses: NDArray[np.float64] = np.square(case.probabilities - truth).sum(axis=1)
    return losses

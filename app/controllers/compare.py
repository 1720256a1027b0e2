"""Compare two experiments side by side, also on the test rows they share."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

import streamlit as st

from app import services, state
from app.components import waiting
from app.controllers import reports, train
from app.presenters.markdown import literal
from app.presenters.results.comparison import LinesView, paired_message, present_lines
from app.presenters.results.leaderboards import SideBySideView
from app.views.results.leaderboards import draw_lines, draw_side_by_side
from litmus_core.errors import LitmusError
from litmus_core.metrics import PairedDifference
from litmus_core.types import CertifiedCost, ExperimentSummary, Run

__all__ = ["draw"]


def draw(summaries: Sequence[ExperimentSummary]) -> None:
    """Draw the two experiments that the address names, if any."""
    sides = train.side_by_side(summaries)
    if sides is None:
        return
    if draw_side_by_side(sides, paired=partial(_draw_paired, sides), report=reports.draw_report):
        state.stop_comparing()
        st.rerun()
    draw_lines(_lines(sides, summaries), left=sides.left.name, right=sides.right.name)


def _lines(sides: SideBySideView, summaries: Sequence[ExperimentSummary]) -> LinesView:
    by_id = {summary.experiment.id: summary for summary in summaries}
    left, right = (by_id[side.experiment_id] for side in (sides.left, sides.right))
    studio, costs = services.studio(), services.studio().store.costs()
    return present_lines(
        left,
        right,
        versions=(
            studio.datasets.get(left.experiment.task.dataset_version_id),
            studio.datasets.get(right.experiment.task.dataset_version_id),
        ),
        runs=(_judged(left), _judged(right)),
        costs=(_cost(left, costs), _cost(right, costs)),
    )


def _judged(summary: ExperimentSummary) -> Run | None:
    if summary.verdict is None:
        return None
    return services.studio().runs.get(services.studio().candidates.get(summary.verdict.candidate_id).run_id)


def _cost(summary: ExperimentSummary, costs: dict[str, CertifiedCost]) -> CertifiedCost | None:
    return None if summary.best is None else costs.get(summary.best.id)


def _draw_paired(sides: SideBySideView) -> None:
    """Draw which one is ahead on the test rows of both, or why that is unknown."""
    left, right = sides.left, sides.right
    if left.verdict is None or right.verdict is None or left.experiment_id == right.experiment_id:
        return
    why = services.studio().experiments.why_not_paired(left.experiment_id, right.experiment_id)
    if why:
        st.markdown(f":material/block: They cannot be compared row by row. {why}")
        return
    future = _paired(left.experiment_id, right.experiment_id)
    if not services.exists(future):
        waiting(future.done, "Both models answer the test rows that they share once more…", height=0)
        return
    try:
        sentence = paired_message(future.result(), left=left.name, right=right.name)
    except LitmusError as error:
        st.caption(literal(f"They were not compared row by row: {error.message} {error.hint}".strip()))
        return
    st.markdown(f":material/compare_arrows: {sentence}")


def _paired(left_id: str, right_id: str) -> Future[PairedDifference]:
    studio = services.studio()
    judged = [studio.experiments.best_candidate(id_).id for id_ in (left_id, right_id)]
    key = ("paired", str(studio.workspace.path), left_id, right_id, *judged)
    return services.slowly().ask(key, lambda: studio.experiments.paired_difference(left_id, right_id))

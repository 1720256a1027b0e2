"""Compare experiments side by side, two of them also on the test rows they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

import streamlit as st

from app import services, state
from app.components import waiting
from app.controllers import reports
from app.presenters.markdown import literal
from app.presenters.results.comparison import ComparedExperiment, LinesView, paired_message, present_lines
from app.presenters.results.leaderboards import BoardView, SideBySideView, present_board, present_side_by_side
from app.presenters.work.board import WorkKind, WorkSection, present_sections
from app.views.results.leaderboards import Filters, draw_comparison, draw_lines
from litmus_core.errors import LitmusError, NotFoundError
from litmus_core.experiments import JudgedWork
from litmus_core.metrics import PairedDifference
from litmus_core.types import CertifiedCost, ExperimentSummary, Run

__all__ = ["board", "chosen", "draw", "judged", "sections"]


def board(summaries: Sequence[ExperimentSummary], picked: Filters) -> BoardView:
    """Return the experiments that pass the visitor's filters."""
    studio = services.studio()
    return present_board(
        summaries,
        costs=studio.store.costs(),
        states=picked.states,
        table=picked.table,
        text=picked.text,
        live=studio.outcomes.deployed(),
    )


def judged() -> dict[WorkKind, Sequence[JudgedWork]]:
    """Return the finished work that is no experiment."""
    studio = services.studio()
    return {"forecast": studio.forecasts.judged(), "targets": studio.targets.judged()}


def sections(work: Mapping[WorkKind, Sequence[JudgedWork]], picked: Filters) -> tuple[WorkSection, ...]:
    """Return the finished work that passes the visitor's filters."""
    return present_sections(
        work, states=picked.states, table=picked.table, text=picked.text, now=datetime.now(UTC)
    )


def chosen(summaries: Sequence[ExperimentSummary]) -> list[ExperimentSummary]:
    """Return the experiments that the address compares; none if it names none.

    Raises NotFoundError if one does not exist.
    """
    by_id = {summary.experiment.id: summary for summary in summaries}
    for id_ in state.compared():
        if id_ not in by_id:
            hint = "The address compares it with another: it may have been deleted, or the address was cut."
            raise NotFoundError(kind="experiment", id=id_, hint=hint)
    return [by_id[id_] for id_ in state.compared()]


def draw(compared: Sequence[ExperimentSummary]) -> None:
    """Draw the compared experiments, if there are any."""
    if not compared:
        return
    draw_comparison(
        _two_sides(*compared) if len(compared) == 2 else None, paired=_draw_paired, report=reports.draw_report
    )
    draw_lines(_lines(compared))


def _two_sides(left: ExperimentSummary, right: ExperimentSummary) -> SideBySideView:
    studio = services.studio()
    return present_side_by_side(
        left,
        right,
        n_evaluations=(_n_evaluations(left), _n_evaluations(right)),
        costs=studio.store.costs(),
    )


def _n_evaluations(side: ExperimentSummary) -> int:
    return 0 if side.best is None else services.studio().experiments.n_test_evaluations(side.best.run_id)


def _lines(compared: Sequence[ExperimentSummary]) -> LinesView:
    studio, costs = services.studio(), services.studio().store.costs()
    return present_lines(
        [
            ComparedExperiment(
                summary=summary,
                version=studio.datasets.get(summary.experiment.task.dataset_version_id),
                run=_judged(summary),
                cost=_cost(summary, costs),
            )
            for summary in compared
        ]
    )


def _judged(summary: ExperimentSummary) -> Run | None:
    if summary.verdict is None:
        return None
    return services.studio().runs.get(services.studio().candidates.get(summary.verdict.candidate_id).run_id)


def _cost(summary: ExperimentSummary, costs: dict[str, CertifiedCost]) -> CertifiedCost | None:
    return None if summary.best is None else costs.get(summary.best.id)


def _draw_paired(sides: SideBySideView) -> None:
    """Draw which experiment is ahead on the shared test rows, or why that is unknown."""
    left, right = sides.left, sides.right
    if left.verdict is None or right.verdict is None or left.experiment_id == right.experiment_id:
        return
    why = services.studio().experiments.why_not_paired(left.experiment_id, right.experiment_id)
    if why:
        st.markdown(f":material/block: They cannot be compared row by row. {why}")
        return
    future = _paired(left.experiment_id, right.experiment_id)
    if not services.exists(future):
        waiting(future.done, "Both models predict the shared test rows again…", height=0)
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

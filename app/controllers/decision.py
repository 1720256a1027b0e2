"""The decision card: judge by another bar, move it, and record who uses a model anyway."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app import services
from app.controllers import action_history, threshold
from app.presenters.results.decision import PreviewView, present_preview, present_simpler
from app.views.results.decision import DecisionPanel
from litmus_core.text import unbroken
from litmus_core.types import Bar, Experiment, LiveVerdict, Run
from litmus_core.verdicts import deployed_sentence

if TYPE_CHECKING:
    from app.presenters.results.results import ResultsView

__all__ = ["decision_panel", "fallen"]


def decision_panel(experiment: Experiment, run: Run, view: ResultsView) -> DecisionPanel | None:
    """Return the decision card of a run; None before its verdict."""
    if view.decision is None or run.verdict is None:
        return None
    live = services.studio().outcomes.deployed().get(experiment.id, {})
    return DecisionPanel(
        run_id=run.id,
        view=view.decision,
        user=services.studio().users.display_name(),
        preview=partial(_preview, run, run.verdict.bar),
        move=partial(_move, experiment.id, experiment.task.bar),
        use_anyway=partial(_use_anyway, run.id),
        withdraw=partial(services.studio().decisions.withdraw, experiment.id),
        action_result=action_history.action_result(experiment, run),
        threshold=threshold.threshold_form(experiment, run, run.verdict.candidate_id),
        simpler=present_simpler(run.verdict),
        bar_reason="Needed: an endpoint serves this model." if live else "",
        live=tuple(unbroken(deployed_sentence(name, verdict)) for name, verdict in live.items()),
    )


def fallen(run: Run) -> LiveVerdict | None:
    """Return the verdict of outcomes by which a run's deployed model fell below its bar; None without."""
    studio = services.studio()
    for verdict in studio.outcomes.deployed().get(run.experiment_id, {}).values():
        if verdict is None or verdict.judgement.state != "not any more":
            continue
        if studio.store.bundle(verdict.bundle_id).run_id == run.id:
            return verdict
    return None


def _preview(run: Run, now: Bar | None, value: float) -> PreviewView:
    judged = services.studio().decisions.verdict_at(run.id, value)
    return present_preview(judged, now=now, fallen=fallen(run))


def _move(experiment_id: str, shown: Bar | None, value: float, reason: str) -> None:
    services.studio().decisions.move_bar(experiment_id, value, because=reason, instead_of=shown)


def _use_anyway(run_id: str, reason: str, by: str) -> None:
    services.studio().decisions.use_anyway(run_id, because=reason, by=by)

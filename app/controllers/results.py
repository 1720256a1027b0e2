"""The Results page: read and present a run's results, and carry out requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from app import model_cache, navigation, services, state
from app.controllers import action_history, decision, plugins
from app.errors import guard
from app.navigation import PageKey
from app.presenters.empty_state import EmptyStateView, present_empty_state
from app.presenters.improvement.warm_start import ContinuingView, present_continuing
from app.presenters.plugins import FaultView, present_faults
from app.presenters.recommendation import present_exhausted
from app.presenters.results.decision import DecisionView, present_fall
from app.presenters.results.diagnosis import DiagnosisView, present_diagnosis
from app.presenters.results.frontier import FrontiersView, present_frontiers
from app.presenters.results.postprocess import PostView, present_post
from app.presenters.results.results import (
    ResultsView,
    present_evaluations,
    present_results,
)
from app.presenters.training.run_end import was_tuning
from app.presenters.training.tuning import TuningView, present_tuning
from app.views.improvement.warm_start import ContinueTraining
from app.views.results.decision import DecisionWish
from app.views.results.frontier import MakeFaster, UseModel
from app.views.results.provenance import Provenance
from app.views.results.rename_form import NewNames
from app.views.results.results import FinishResults, OpenPage, Wish
from app.views.results.what_if import WhatIfForm
from litmus_core.advice import runs_of_one_source
from litmus_core.text import unbroken
from litmus_core.types import Bar, ErrorCases, Experiment, PlugInFailed, Run
from litmus_core.verdicts import unit_of

__all__ = [
    "act",
    "continuing",
    "diagnosis",
    "empty_results",
    "faults",
    "frontier",
    "has_changed",
    "open_provenance",
    "post",
    "results",
    "reveal",
    "what_if_form",
]

_OVER = ("finished", "stopped", "failed", "interrupted")


def results(experiment: Experiment, run: Run) -> ResultsView:
    """Return a run as the page shows it; the address names the opened candidate."""
    studio = services.studio()
    candidates = studio.candidates.list(run.id)
    promised = None if run.verdict is None else studio.decisions.promised(run.id)
    view = present_results(
        experiment,
        run,
        candidates,
        runs=studio.runs.list(experiment.id),
        leading=studio.experiments.leading_run(experiment.id),
        opened_id=state.named("candidate"),
        n_evaluations=studio.experiments.n_test_evaluations(run.id),
        n_folds=model_cache.n_folds(run.id),
        promised=promised,
        was_tuning=was_tuning(run, candidates, studio.runs.events(run.id)),
    )
    return replace(
        view,
        decision=_with_fall(run, _with_exhausted_actions(experiment, run, view.decision, promised)),
        evaluations=present_evaluations(studio.users.evaluations(experiment.id)),
    )


def _with_exhausted_actions(
    experiment: Experiment, run: Run, card: DecisionView | None, promised: Bar | None
) -> DecisionView | None:
    """Return the card; its recommendation changes if the stored trials found no action likely to help."""
    listed = services.studio().actions.stored(run.id)
    if card is None or card.acceptance is not None or run.verdict is None or listed is None:
        return card
    done = action_history.started_actions(experiment, run)
    exhausted = present_exhausted(run.verdict, promised=promised, actions=listed, done=done)
    return card if exhausted is None else replace(card, first=exhausted[0], advice=unbroken(exhausted[1]))


def _with_fall(run: Run, card: DecisionView | None) -> DecisionView | None:
    """Return the card; its bar and its recommendation change if outcomes say that the model got worse."""
    if card is None or run.verdict is None:
        return card
    fallen = decision.fallen(run)
    return card if fallen is None else present_fall(card, run.verdict, fallen)


def continuing(run: Run, view: ResultsView) -> ContinuingView | None:
    """Return the offer to continue training on new rows, and earlier ones; None while the run runs."""
    if run.status not in _OVER:
        return None
    studio = services.studio()
    opened = None if view.opened is None else studio.candidates.get(view.opened.id)
    newer = None if opened is None else studio.warm_start.newer_rows(opened.id)
    return present_continuing(
        opened, studio.candidates.list(run.id), newer, studio.warm_start.comparison(run.id)
    )


def frontier(experiment: Experiment, run: Run) -> Callable[[], FrontiersView] | None:
    """Return a function that reads the run's frontiers; None while it runs, or without a model."""
    models = services.studio().candidates.list(run.id) if run.status in _OVER else ()
    if not any(model.validation is not None for model in models):
        return None
    return partial(_frontier, experiment, run)


def _frontier(experiment: Experiment, run: Run) -> FrontiersView:
    studio = services.studio()
    runs = studio.runs.list(experiment.id)
    candidates = [
        candidate for run_id in runs_of_one_source(run, runs) for candidate in studio.candidates.list(run_id)
    ]
    prices = [
        environment.price_per_hour_usd
        for environment in studio.environments.list()
        if environment.price_per_hour_usd
    ]
    price = prices[0] if prices else None
    unit = "" if run.verdict is None else unit_of(run.verdict)
    return present_frontiers(run, runs, candidates, experiment.task, price_per_hour_usd=price, unit=unit)


def faults(run: Run) -> tuple[FaultView, ...]:
    """Return the run's messages about plug-ins that it continued without."""
    looked = services.plugins()
    failed = [event.fact for event in services.studio().runs.events(run.id)]
    return present_faults(
        [fact for fact in failed if isinstance(fact, PlugInFailed)],
        looked.result() if services.exists(looked) else (),
    )


def empty_results(selection: services.Selection, *, is_live: bool = False) -> EmptyStateView:
    """Return the empty state; a table counts if the visitor selected it."""
    studio = services.studio()
    table = selection.dataset if state.selected("dataset") is not None else None
    return present_empty_state(
        studio.experiments.summaries(),
        has_question=selection.experiment is not None,
        is_live=is_live,
        table=table,
        version_ids=()
        if table is None
        else [version.id for version in studio.datasets.versions(table.dataset_id)],
    )


def diagnosis(experiment: Experiment, run: Run) -> Callable[[], DiagnosisView | None] | None:
    """Return a function that reads the chosen candidate's diagnosis; None while there is none."""
    if not model_cache.has_diagnosis(run.id):
        return None
    target = experiment.task.target
    cases = None if run.verdict is None else run.verdict.cases
    unit = cases.unit if isinstance(cases, ErrorCases) else ""

    def read() -> DiagnosisView | None:
        report = model_cache.diagnosis(run.id)
        return None if report is None else present_diagnosis(report, target=target, unit=unit)

    return read


def post(view: ResultsView) -> PostView | None:
    """Return the effect of the opened candidate's post-processing steps; None if it has none."""
    studio, opened = services.studio(), view.opened
    report = None if opened is None else studio.candidates.postprocess_report(opened.id)
    if opened is None or report is None:
        return None
    return present_post(report, name=opened.name, plain=studio.candidates.get(report.plain_id).name)


def open_provenance(run: Run) -> Provenance:
    """Return a run's provenance: its tuning trials and the Python that reproduces it."""
    return Provenance(
        tuning=_tuning(run),
        tuning_shares=partial(model_cache.tuning_importances, run.id),
        code=partial(plugins.code, run),
    )


def _tuning(run: Run) -> TuningView | None:
    """Return the run's tuning trials; None without tuning."""
    from litmus_core import engine

    trials = services.studio().tuning.trials(run.id)
    return present_tuning(trials, {family.key: family.title for family in engine.model_families()})


def what_if_form(experiment: Experiment, run: Run, view: ResultsView) -> WhatIfForm | None:
    """Return the operations of the opened candidate's what-if form; None if it cannot predict."""
    if view.opened is None or run.status not in _OVER:
        return None
    version = services.studio().datasets.get(experiment.task.dataset_version_id)
    report = model_cache.diagnosis(run.id)
    candidate_id = view.opened.id
    return WhatIfForm(
        candidate_id=candidate_id,
        name=view.opened.name,
        target=experiment.task.target,
        columns=tuple(version.column(name) for name in experiment.task.features),
        order=() if report is None else tuple(row.column for row in report.importance.columns),
        rows=partial(model_cache.validation_rows, run.id),
        ask=lambda row: model_cache.ask(candidate_id, row, model_cache.validation_rows(run.id)),
        is_open=partial(model_cache.is_open, candidate_id),
    )


def has_changed(run: Run, view: ResultsView) -> bool:
    """Return whether the run, or another live run of the experiment, has something new to show."""
    if view.live is not None and services.progress(view.live.run_id).status != view.live.status:
        return True
    now = services.progress(run.id)
    return now.status != run.status or now.n_trained != len(view.leaderboard.rows)


def reveal(candidate_id: str, by: str) -> None:
    """Score a candidate on the test part, and log this evaluation."""
    services.studio().candidates.reveal_test(candidate_id, by=by)


def act(wish: Wish | None, experiment: Experiment, run: Run) -> None:
    """Carry out the visitor's request."""
    match wish:
        case OpenPage(page=page, candidate_id=candidate_id, run_id=run_id):
            navigation.go(page, experiment=experiment.id, run=run_id or run.id, candidate=candidate_id)
        case DecisionWish(choice=choice, candidate_id=candidate_id):
            opens: PageKey = "export" if choice == "use" else "improve"
            chosen = (candidate_id or run.chosen_id) if choice == "use" else None
            navigation.go(opens, experiment=experiment.id, run=run.id, candidate=chosen)
        case ContinueTraining(candidate_id=candidate_id):
            with guard(safe="Nothing was started.", is_far=True):
                with st.spinner("Reading the new rows…"):
                    started = services.studio().warm_start.start(candidate_id)
                navigation.go("train", experiment=started[0].experiment_id, run=started[0].id)
        case MakeFaster(run_id=run_id):
            with guard(safe="Nothing was started.", is_far=True):
                with st.spinner("Reading the model…"):
                    refining = services.studio().compression.start(run_id)
                navigation.go("train", experiment=experiment.id, run=refining.id)
        case UseModel(run_id=run_id, candidate_id=candidate_id):
            navigation.go("export", experiment=experiment.id, run=run_id, candidate=candidate_id)
        case NewNames(name=name, run_name=run_name):
            with guard(safe="The names are unchanged.", is_far=True):
                services.studio().experiments.rename(experiment.id, name)
                services.studio().runs.rename(run.id, run_name)
                st.rerun()
        case FinishResults():
            with guard(safe="Your models are unchanged.", is_far=True):
                services.studio().runs.finish(run.id)
                navigation.go("train", experiment=experiment.id, run=run.id)
        case None:
            pass

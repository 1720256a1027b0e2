"""The Improve page: read and present actions with their expected gains, and carry out requests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from app import navigation, services, sign_in, state
from app.components import heading, waiting
from app.controllers import action_history, decision, results
from app.controllers.ask_scientist import HandoffController
from app.errors import guard
from app.navigation import PageKey
from app.presenters.improvement.improve import present_gains, present_requested
from app.presenters.improvement.recipe_progress import WalkView, present_choice, present_walk
from app.presenters.improvement.verdict_line import present_verdict_line
from app.presenters.markdown import literal
from app.presenters.question.questions import question
from app.presenters.results.results import run_label
from app.presenters.training.activity import ActivityView, present_activity
from app.uploads import allowed_path
from app.views.improvement import improve as view
from app.views.improvement import recipe_progress as walk_view
from app.views.results.action_result import draw_action_result
from app.views.results.frontier import draw_folded_frontier
from app.views.tables.append_form import MoreRows
from app.views.training.activity import draw_activity
from litmus_core.advice import OBSTACLES
from litmus_core.errors import BusyError
from litmus_core.recipes import Walk, steps_by_action
from litmus_core.store import new_id
from litmus_core.types import Experiment, Run

__all__ = ["draw", "draw_recipe_first", "is_live", "run_to_improve"]

_LIVE = ("queued", "running")
_LOOKED = "improve.looked"  # this visitor's analysed runs, with the custom actions at that time
_LONGER_S = 30.0  # the time limit of a repeated analysis


def is_live(experiment: Experiment) -> bool:
    """Return whether a run of the experiment is waiting or running."""
    return _live(experiment) is not None


def _live(experiment: Experiment) -> Run | None:
    runs = services.studio().runs.list(experiment.id)
    return next((run for run in reversed(runs) if run.status in _LIVE), None)


def run_to_improve(experiment: Experiment) -> Run | None:
    """Return the run in the address if it has a model, else the leading one; None if there is no model."""
    run = services.current_run(experiment) if state.named("run") is not None else None
    if run is not None and run.chosen_id is not None:
        return run
    return services.studio().experiments.leading_run(experiment.id)


def draw(experiment: Experiment, run: Run) -> None:
    """Draw the page for a run with a model."""
    studio = services.studio()
    heading("Improve", f"**{literal(experiment.name)}**  \n{question(experiment.task)}.")
    wish: view.Wish | None = view.draw_runs(_runs(experiment), shown=run.id)
    draw_activity(partial(_going, experiment), partial(_stop_following, experiment.id))
    draw_action_result(action_history.action_result(experiment, run))
    caution = ""
    if run.verdict is not None:
        line = present_verdict_line(
            run.verdict,
            n_evaluations=studio.experiments.n_test_evaluations(run.id),
            fallen=decision.fallen(run),
        )
        view.draw_verdict(line)
        caution = line.caution
    handoff_panel = HandoffController(experiment)
    handoff_panel.answers()
    wish = _requested(experiment, run) or wish
    progress, blocked = _walk(experiment), _is_blocked(experiment, run)
    wish = _gains(experiment, run, progress, caution=caution, is_second=False) or wish if blocked else wish
    walk = None if progress is None else _draw_walk(progress, experiment, is_second=blocked)
    can_choose = walk is None or walk.is_over
    if can_choose and state.recipe() is not None:
        walk_view.draw_folded_recipes(partial(_choice, experiment), is_open=True)
    leads = blocked or (walk is not None and bool(walk.turn)) or state.action() is not None
    gone_on = action_history.continuations(experiment)
    wish = view.draw_continuations(gone_on, is_second=leads) or wish
    leads = leads or any(action_view.leads for action_view in gone_on)
    wish = wish if blocked else _gains(experiment, run, progress, caution=caution, is_second=leads) or wish
    view.draw_outcomes(action_history.outcomes(experiment))
    results.act(draw_folded_frontier(results.frontier(experiment, run)), experiment, run)
    if can_choose and state.recipe() is None:
        walk_view.draw_folded_recipes(partial(_choice, experiment))
    handoff_panel.asking()
    _act(wish, experiment, run)


def draw_recipe_first(experiment: Experiment) -> None:
    """Draw the recipe of an experiment without a model, or recipes to start with."""
    draw_activity(partial(_going, experiment), partial(_stop_following, experiment.id))
    progress = _walk(experiment)
    walk = None if progress is None else _draw_walk(progress, experiment)
    if walk is None or walk.is_over:
        walk_view.draw_folded_recipes(partial(_choice, experiment))


def _runs(experiment: Experiment) -> dict[str, str]:
    studio = services.studio()
    judged = [run for run in studio.runs.list(experiment.id) if run.verdict is not None]
    leading = studio.experiments.leading_run(experiment.id)
    return {run.id: run_label(run, leading) for run in reversed(judged)}


def _going(experiment: Experiment) -> ActivityView | None:
    studio, run = services.studio(), _live(experiment)
    progress = None if run is None else services.progress(run.id)
    if progress is not None and progress.status not in _LIVE:
        run, progress = None, None
    return present_activity(experiment.id, run, progress, studio.walks.status(experiment.id))


def _stop_following(experiment_id: str) -> None:
    services.studio().walks.stop(experiment_id)


# Actions and their gains


def _requested(experiment: Experiment, run: Run) -> view.Wish | None:
    """Draw the action in the address, if there is one."""
    key, studio = state.action(), services.studio()
    if key is None:
        return None
    with guard(safe="Nothing was changed."):
        action = studio.actions.find(run.id, key)
        if action is not None:
            shown = present_requested(
                action,
                task=experiment.task,
                chosen=studio.candidates.chosen(run.id),
                verdict=run.verdict,
                done=action_history.started_actions(experiment, run).get(key),
            )
            return view.draw_requested(shown)
    return None


def _gains(
    experiment: Experiment, run: Run, walk: Walk | None, *, caution: str, is_second: bool
) -> view.Wish | None:
    studio = services.studio()
    stored = studio.actions.stored(run.id)
    wish: view.Wish | None = None
    if studio.actions.progress(run.id) is None and (
        stored is None or stored.plugins != studio.actions.plugins()
    ):
        wish = _start_search(run, is_second=is_second)
    if studio.actions.progress(run.id) is not None:
        waiting(
            lambda: studio.actions.progress(run.id) is None,
            lambda: (
                ":material/search_insights: Finding out what would help. "
                f"{studio.actions.progress(run.id) or ''}"
            ),
            height=260 if stored is None else 0,
        )
    if stored is None:
        return wish
    others = tuple(action for action in stored.actions if action.key != state.action())
    shown = present_gains(
        replace(stored, actions=others),
        task=experiment.task,
        chosen=studio.candidates.chosen(run.id),
        verdict=run.verdict,
        done=action_history.started_actions(experiment, run),
        steps={} if walk is None else steps_by_action(walk, stored),
    )
    return view.draw_gains(shown, caution=caution, is_second=is_second) or wish


def _is_blocked(experiment: Experiment, run: Run) -> bool:
    """Return whether an unfixed data problem invalidates the score; such a problem comes before a recipe."""
    stored = services.studio().actions.stored(run.id)
    obstacles = [action.key for action in stored.actions if action.kind in OBSTACLES] if stored else []
    return bool(obstacles) and not {*obstacles} & {*action_history.started_actions(experiment, run)}


def _start_search(run: Run, *, is_second: bool) -> view.EvaluateAgain | None:
    """Start the trials of actions, unless that was done since custom actions changed.

    This happens once per visit, and never during training.
    """
    studio = services.studio()
    looked: tuple[str, ...] = state.stored(_LOOKED, ())
    problem = studio.actions.problem(run.id)
    if problem:
        return view.draw_failed_evaluation(problem)
    if (this := _search_key(run)) in looked:
        return view.draw_evaluation_offer(
            "The search for what would help was stopped before it finished.", is_second=is_second
        )
    if studio.store.running():
        wish = view.draw_evaluation_offer(
            "A training is running. Finding out what would help uses all processors for some seconds, which "
            "that training would lack. It begins by itself after the training, or now if you like.",
            is_second=is_second,
        )
        waiting(lambda: not studio.store.running(), "Waiting for the training to end…", height=0, every_s=2.0)
        return wish
    if why := sign_in.refusal("actions.start"):
        st.caption(why)
        return None
    state.keep(_LOOKED, (*looked, this))
    _search(run, seconds=None)
    return None


def _search_key(run: Run) -> str:
    return " ".join((run.id, *services.studio().actions.plugins()))


def _search(run: Run, *, seconds: float | None) -> None:
    with guard(safe="Nothing was changed."):
        try:
            services.studio().actions.start(run.id, seconds=seconds)
        except BusyError:  # another visitor was first, and the list is the same
            return


def _act(wish: view.Wish | None, experiment: Experiment, run: Run) -> None:
    """Carry out the visitor's request."""
    studio = services.studio()
    with guard(safe="Nothing was started.", is_far=True):
        match wish:
            case view.PickRun(run_id=run_id):
                run_now = studio.runs.get(run_id)
                page: PageKey = "train" if run_now.status in _LIVE else "improve"
                navigation.go(page, experiment=run_now.experiment_id, run=run_id)
            case view.StartAction(key=key):
                began = studio.actions.apply(run.id, key)
                navigation.go("train", experiment=began.experiment_id, run=began.id)
            case view.AddRows(key=key, rows=rows):
                with st.spinner("Adding the rows…"), _file_of(rows) as file:
                    began = studio.actions.train_on_more_rows(run.id, file, key=key)
                navigation.go("train", experiment=began.experiment_id, run=began.id)
            case view.EvaluateAgain():
                state.keep(_LOOKED, (*state.stored(_LOOKED, ()), _search_key(run)))
                _search(run, seconds=_LONGER_S)
                st.rerun()
            case view.OpenImprovePage(page="data"):
                navigation.go("data", dataset=experiment.task.dataset_version_id)
            case view.OpenImprovePage(page=page):
                navigation.go(page, experiment=experiment.id, run=run.id)
            case None:
                pass


# The recipe


def _walk(experiment: Experiment) -> Walk | None:
    studio = services.studio()
    if not studio.recipes.is_followed(experiment.id):
        return None
    with guard(safe="Your models are unchanged. You can follow another recipe below."):
        return studio.recipes.walk(experiment.id)
    return None  # its recipe can no longer be read


def _draw_walk(walk: Walk, experiment: Experiment, *, is_second: bool = False) -> WalkView:
    """Draw the experiment's progress in its recipe, carry out requests, and return the drawn view."""
    shown = present_walk(walk, services.studio().walks.status(experiment.id), now=datetime.now(UTC))
    shown = replace(shown, leads=not is_second)
    _act_on_walk(walk_view.draw_walk(shown, experiment_id=experiment.id), experiment)
    return shown


def _choice(experiment: Experiment) -> None:
    studio = services.studio()
    runs = tuple((run.id, run.status) for run in studio.runs.list(experiment.id))
    key = ("recipes that fit", str(studio.workspace.path), experiment.id, studio.recipes.cache_key(), runs)
    fits = services.later().ask(key, partial(studio.recipes.fits, experiment.id))
    if not services.exists(fits):
        waiting(fits.done, "Checking which recipes fit…", height=40)
        return
    with guard(safe="Nothing was changed."):
        _act_on_walk(walk_view.draw_choice(present_choice(fits.result()), picked=state.recipe()), experiment)


def _act_on_walk(wish: walk_view.WalkWish | None, experiment: Experiment) -> None:
    studio, current_id = services.studio(), experiment.id
    with guard(safe="The experiment is unchanged."):
        match wish:
            case walk_view.OpenContinuation(experiment_id=experiment_id):
                navigation.go("improve", experiment=experiment_id)
            case walk_view.ApplyStep(is_slow=True):
                studio.walks.start(current_id, minutes=None)
                st.rerun()
            case walk_view.ApplyStep():
                done = studio.recipes.apply_step(current_id)
                page: PageKey = "train" if done.run_id else "improve"  # a question has no progress to watch
                navigation.go(page, experiment=done.experiment_id, run=done.run_id or None)
            case walk_view.ContinueRecipe(minutes=minutes):
                studio.walks.start(current_id, minutes=minutes)
                st.rerun()
            case walk_view.SkipStep(why=why):
                studio.recipes.skip_step(current_id, why=why)
                st.rerun()
            case walk_view.AnswerStep(rows=rows):
                with st.spinner("Adding the rows…"), _file_of(rows) as file:
                    done = studio.recipes.apply_step(current_id, rows=file)
                navigation.go("improve", experiment=done.experiment_id)
            case walk_view.UseRecipe(name=name, knobs=knobs):
                experiment_id = studio.recipes.take(current_id, name, knobs=knobs).experiment_id
                if experiment_id != current_id:
                    navigation.go("improve", experiment=experiment_id)
                st.rerun()
            case None:
                pass


@contextmanager
def _file_of(rows: MoreRows) -> Iterator[Path]:
    """Yield the chosen file; an upload is written to the workspace while it is read."""
    if rows.upload is None:
        yield allowed_path(rows.path)
        return
    folder = services.studio().workspace.uploads / new_id("up")
    folder.mkdir(parents=True)
    try:
        file = folder / Path(rows.upload.name).name
        with file.open("wb") as sink:
            rows.upload.seek(0)
            shutil.copyfileobj(rows.upload, sink)
        yield file
    finally:
        shutil.rmtree(folder, ignore_errors=True)

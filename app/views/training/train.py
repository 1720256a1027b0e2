"""Draw Train: the choice of models, the progress of a run, and its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from app.components import permitted_button, progress_chart, redraw_page, state_line, verdict_banner
from app.presenters.humanize import distinct, duration, status_message
from app.presenters.markdown import literal
from app.presenters.steps import StepView
from app.presenters.training.cluster import WhereView
from app.presenters.training.families import FamilyView
from app.presenters.training.train import EndedRunView, LiveView, TriedView
from app.presenters.training.training_log import LogLine
from app.views.steps import AFTER, BEFORE, MODELS, draw_steps
from app.views.training.compute_target import InspectCluster, draw_where, draw_work
from app.views.training.family_choice import draw_family_choice
from litmus_core.text import join_names
from litmus_core.types import Algorithm, PluginRef, Run

__all__ = [
    "FinishTraining",
    "StartRun",
    "StopRun",
    "ToEndpoint",
    "ToResults",
    "Wish",
    "draw_ended_run",
    "draw_live",
    "draw_runs",
    "draw_training_form",
    "watch",
]

_FOLDS: dict[int | None, str] = {
    None: "Litmus decides by the number of rows",
    0: "One part of the rows",
    5: "Five rounds, each row once",
    8: "Eight rounds, each row once",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """Start a run; no families: Litmus chooses.

    ``algorithms`` are families with settings, ``models`` custom models as typed, ``plugged`` those from
    plug-ins; ``preprocess`` and ``postprocess`` are steps; ``tune``: search hyperparameters; ``on`` is where
    to train. ``by_all_rows``: outer folds judge in place of a test part. ``time_limit_s`` None: the task's
    limit.
    """

    families: tuple[str, ...]
    folds: int | None
    algorithms: tuple[Algorithm, ...] = ()
    models: tuple[str, ...] = ()
    plugged: tuple[PluginRef | str, ...] = ()
    preprocess: tuple[PluginRef | str, ...] = ()
    tune: bool = False
    postprocess: tuple[PluginRef | str, ...] = ()
    on: str = "here"
    by_all_rows: bool = False
    time_limit_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRun:
    """Stop the run now, and judge the finished models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishTraining:
    """Complete an interrupted run with the models that it trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToResults:
    """Continue to the results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToEndpoint:
    """Add the new model to the endpoint whose model was trained again, as a waiting version."""


Wish = StartRun | InspectCluster | StopRun | FinishTraining | ToResults | ToEndpoint


def draw_training_form(
    families: Sequence[FamilyView],
    *,
    models: Sequence[StepView] = (),
    before: Sequence[StepView] = (),
    steps: Sequence[StepView],
    where: WhereView,
    task_key: str,
    limit_s: float,
    over: EndedRunView | None,
) -> StartRun | InspectCluster | None:
    """Draw the choice of models; by default Litmus chooses. ``over`` is the previous run, if there was one.

    ``models`` are plug-ins that can be trained beside the families, ``before`` and ``steps`` the available
    pre- and post-processing steps. ``task_key`` is in the keys of widgets, so that their values stay with the
    task.
    """
    if over is not None:
        st.subheader("Train again", anchor=False)
    with st.container(border=True, key="plan"):
        is_custom = st.segmented_control(
            "What to try",
            [False, True],
            default=False,
            required=True,
            format_func={False: "Let Litmus choose", True: "I choose"}.__getitem__,
            key="custom-families",
        )
        start = (
            _choose(families, models, task_key=task_key) if is_custom else _draw_automatic_choice(families)
        )
        start = replace(start, tune=_ask_tuning(), by_all_rows=_ask_judging())
        # a custom file is only for those who choose themselves
        is_offered = is_custom or len(before) > 1
        first = draw_steps(before, BEFORE, task_key=task_key) if before and is_offered else ()
        last = draw_steps(steps, AFTER, task_key=task_key)
        on, machine = draw_where(where)
        seconds = _ask_time(limit_s, task_key=task_key)
        start = replace(start, preprocess=first, postprocess=last, on=on, time_limit_s=seconds)
        if permitted_button(
            "Start training" if over is None else "Train again",
            action="runs.start",
            type="primary" if over is None or over.is_stuck else "secondary",
            icon=":material/play_arrow:",
            key="start",
            disabled=not on or bool(is_custom and not (start.families or start.algorithms or start.plugged)),
        ):
            return start
    return machine


def _draw_automatic_choice(families: Sequence[FamilyView]) -> StartRun:
    chosen = [family.title for family in families if family.chosen and not family.missing]
    st.markdown(f"It will try {join_names(chosen) or 'what fits your data'}, and combine the best of them.")
    return StartRun(families=(), folds=None)


def _choose(families: Sequence[FamilyView], models: Sequence[StepView], *, task_key: str) -> StartRun:
    picked, algorithms = draw_family_choice(families, task_key=task_key)
    folds = _ask_folds()
    plugged = draw_steps(models, MODELS, task_key=task_key) if models else ()
    return StartRun(
        families=picked, algorithms=algorithms, folds=folds, plugged=plugged, models=_custom_models()
    )


def _ask_folds() -> int | None:
    return st.selectbox(
        "How models are compared",
        list(_FOLDS),
        format_func=_FOLDS.__getitem__,
        key="folds",
        help="Several rounds make better models and take longer: Litmus takes them where there is time. "
        "Technical word: k-fold bagging.",
    )


def _ask_tuning() -> bool:
    return st.toggle(
        "Look for better settings, takes part of the time",
        key="tune",
        help="Half of the training time goes into trying other settings of each model; the best is trained "
        "next to the default. With many kinds of model, allow more time. Technical word: "
        "hyperparameter tuning.",
    )


def _ask_time(limit_s: float, *, task_key: str) -> float | None:
    """Draw the choice of the time limit; return it in seconds, None for the task's limit."""
    minutes = st.number_input(
        "Minutes of training",
        min_value=0.1,
        value=limit_s / 60,
        step=1.0,
        format="%.4g",
        key=f"train-minutes-{task_key}",
        width=200,
    )
    st.caption(
        f"{duration(60 * minutes).capitalize()} of training, then the answering times are measured. "
        "You can leave this page, or close the browser: it goes on."
    )
    return None if minutes == limit_s / 60 else 60 * minutes


def _ask_judging() -> bool:
    return st.toggle(
        "Judge by all rows, takes several times as long",
        key="all-rows",
        help="With few rows a test part is too small to tell whether the bar is met. By all rows, the whole "
        "training is repeated without some of them, which it then predicts, until each row was predicted. "
        "The model that you get has learned from all rows. Litmus does so by itself with few rows and enough "
        "time. Technical word: nested cross-validation.",
    )


def _custom_models() -> tuple[str, ...]:
    written = st.text_input(
        "Your own models",
        placeholder="/home/me/my_models.py:SlowForest",
        key="own-models",
        help="Classes in files on the machine that Litmus runs on, with commas between them. They are "
        "trained beside what is ticked above. Training them runs their code.",
    )
    return tuple(part.strip() for part in written.split(",") if part.strip())


def watch(
    read: Callable[[], LiveView | None],
    act: Callable[[Wish | None], None],
    *,
    title: str,
    every_s: float = 1.0,
) -> None:
    """Draw a run in a fragment that repeats while ``read`` returns it as live; then redraw the page."""

    @st.fragment(run_every=every_s)
    def once() -> None:
        view = read()
        if view is None:
            redraw_page()
            return
        act(draw_live(view, title=title))

    once()


def draw_runs(runs: Sequence[Run], shown: Run) -> str:
    """Draw the runs of an experiment if there are several; return the id of the one to show."""
    if len(runs) < 2:
        return shown.id
    names = distinct({run.id: f"{run.title}: {_run_state(run)}" for run in reversed(runs)})
    return st.selectbox(
        "Run",
        list(names),
        index=list(names).index(shown.id),
        format_func=names.__getitem__,
        key=f"which-run-{shown.id}-{_run_state(shown)}",  # another run or state needs another key
        width=320,
    )


def _run_state(run: Run) -> str:
    """Return a run's state; of a live run this text would be stale, so a separate panel shows that."""
    return "under way" if run.status in ("queued", "running") else status_message(run.status).word.lower()


def draw_live(view: LiveView, *, title: str) -> StopRun | None:
    """Draw a waiting or running run."""
    with st.container(border=True, key="live"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"### {view.headline}", width="content")
            st.caption(title, width="content")
        st.progress(view.share_done, text=view.doing or " ")
        wish = _draw_stop(view)
        if view.waiting:
            return wish
        left, right = st.columns([1, 3])
        with left:
            st.metric(
                view.leader.title,
                view.leader.score,
                delta=view.leader.against_bar or None,
                delta_color="off",
                delta_arrow="off",
                help=view.leader.help,
            )
            if view.leader.note:
                st.caption(literal(view.leader.note))
            if view.running:
                st.markdown(f":gray[Trying now]  \n{view.running}")
            if view.coming:
                when = "Then" if view.running else "Planned"
                st.markdown(f":gray[{when}]  \n{', '.join(view.coming)}")
        with right:
            progress_chart(view.course, key="course")
        if view.cluster is not None:
            draw_work(view.cluster)
        _draw_tried(view.tried)
        _draw_log(view.log)
    return wish


def _draw_stop(view: LiveView) -> StopRun | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stopping"):
        if view.waiting:
            return StopRun() if permitted_button("Do not start it", action="runs.stop", key="stop") else None
        if view.stopping:
            pressed = permitted_button(
                "End without a verdict",
                action="runs.stop",
                key="end",
                type="tertiary",
                help="Skips the judging as well. The finished models stay, and can be judged later.",
            )
        else:
            pressed = permitted_button("Stop", action="runs.stop", key="stop", icon=":material/stop_circle:")
            st.caption(view.stop_note)
    return StopRun() if pressed else None


def draw_ended_run(view: EndedRunView) -> Wish | None:
    """Draw a run that is over, with its verdict, or what happened and what to do."""
    wish: Wish | None = None
    st.empty()  # replaces the live panel: another block there would show its old parts
    if view.verdict is not None:
        verdict_banner(view.verdict, key="run")
        st.caption(f"{view.title}. {view.state.word}. {view.message}".strip())
        with st.container(horizontal=True, gap="small"):
            if st.button(
                "See the results", type="primary", icon=":material/arrow_forward:", key="to-results"
            ):
                wish = ToResults()
            if view.retrains and permitted_button(
                f"Add it to '{view.retrains}'",
                action="retraining.add_version",
                key="to-endpoint",
                icon=":material/queue:",
                help="It waits as a version until outcomes prove it better. What answers now goes on.",
            ):
                wish = ToEndpoint()
    else:
        with st.container(border=True, key=f"verdict-{view.state.tone}-over"):
            st.caption(view.title)
            state_line(view.state.word, view.state.icon, view.state.tone)
            for text in (view.message, view.hint, view.safe):
                if text:
                    st.markdown(text)
            if view.can_finish and permitted_button(
                view.finish_label, type="primary", action="runs.finish", key="finish", help=view.finish_help
            ):
                wish = FinishTraining()
    if view.course.scores:
        progress_chart(view.course, key="course")
    _draw_tried(view.tried)
    _draw_log(view.log)
    return wish


def _draw_tried(tried: Sequence[TriedView]) -> None:
    if not tried:
        return
    with st.expander(f"Tried: {len(tried)}", icon=":material/list:", expanded=len(tried) <= 6):
        for view in tried:
            mark = ":material/star: " if view.is_best else ""
            st.markdown(f"{mark}**{literal(view.name)}** {literal(view.score)} :gray[{literal(view.detail)}]")


def _draw_log(log: Sequence[LogLine]) -> None:
    if not log:
        return
    with st.expander("What happened", icon=":material/history:"):
        st.markdown("\n\n".join(f":gray[{line.at}] {literal(line.text)}" for line in log[:200]))

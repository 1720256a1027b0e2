"""Draw Tuning: the trials of each algorithm, and the importance of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from app import theme
from app.charts import tuning_history_chart, tuning_settings_chart, tuning_shares_chart
from app.presenters.markdown import literal
from app.presenters.training.tuning import AlgorithmView, TuningView, present_shares

__all__ = ["Shares", "draw_tuning"]

Shares = Callable[[], Mapping[str, Mapping[str, float]]]  # slow, so it is called when its tab is opened


def draw_tuning(view: TuningView, shares: Shares, *, run_id: str) -> None:
    """Draw a run's trials; with several algorithms one is chosen."""
    st.subheader("Tuning", anchor=False)
    shown = view.algorithms[0]
    if len(view.algorithms) > 1:
        titles = {algorithm.key: algorithm.title for algorithm in view.algorithms}
        picked = st.segmented_control(
            "Algorithm",
            list(titles),
            default=shown.key,
            required=True,
            format_func=titles.__getitem__,
            key=f"tuning.{run_id}",
        )
        shown = next(algorithm for algorithm in view.algorithms if algorithm.key == picked)
    st.markdown(literal(shown.reading))
    if shown.history is None:
        return
    course, settings, mattered = st.tabs(
        ["How it went", "Settings", "What mattered"], key=f"tuning.tabs.{run_id}", on_change="rerun"
    )
    if course.open:
        with course:
            _draw_history(shown)
    if settings.open:
        with settings:
            _draw_settings(shown)
    if mattered.open:
        with mattered:
            _draw_shares(shown, shares)


def _draw_history(view: AlgorithmView) -> None:
    if view.history is None:
        return
    st.vega_lite_chart(
        spec=tuning_history_chart(view.history, dark=theme.is_dark()),
        key="chart.tuning.history",
        alt=view.history.reading,
    )
    st.caption(view.history.reading)


def _draw_settings(view: AlgorithmView) -> None:
    if view.best:
        best = ", ".join(f"{name} = {value}" for name, value in view.best)
        st.markdown(f"The best: {literal(best)}.")
    if view.settings is None:
        st.caption("Too few trials were finished to compare their settings.")
        return
    st.vega_lite_chart(
        spec=tuning_settings_chart(view.settings, dark=theme.is_dark()),
        key="chart.tuning.settings",
        alt=view.settings.reading,
    )
    st.caption(view.settings.reading)


def _draw_shares(view: AlgorithmView, shares: Shares) -> None:
    shares_view = present_shares(shares().get(view.key, {}))
    if shares_view is None:
        st.caption("Too few trials were finished to tell which settings mattered.")
        return
    st.markdown(shares_view.reading)
    st.vega_lite_chart(
        spec=tuning_shares_chart(shares_view, dark=theme.is_dark()),
        key="chart.tuning.shares",
        alt=shares_view.reading,
    )
    st.caption("By Optuna's fANOVA. It says how much a setting changes the score, not which value is best.")

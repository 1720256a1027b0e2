"""Draw the frontier: the choice of an axis and a limit, the best model within it, and faster variants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from app import state, theme
from app.charts import frontier_chart
from app.components import permitted_button
from app.presenters.markdown import literal
from app.presenters.results.frontier import CompressionOffer, EdgeView, FrontiersView, FrontierView

__all__ = ["MakeFaster", "UseModel", "draw_folded_frontier", "draw_frontier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFaster:
    """Make faster variants of a run's best model."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseModel:
    """Use the selected model."""

    run_id: str
    candidate_id: str


def draw_folded_frontier(read: Callable[[], FrontiersView] | None) -> MakeFaster | UseModel | None:
    """Draw the frontier in a folded section, which reads it when opened; draw nothing without ``read``."""
    if read is None:
        return None
    folded = st.expander(
        "Faster, smaller, cheaper", icon=":material/speed:", key="frontier.folded", on_change="rerun"
    )
    if not folded.open:
        return None
    with folded:
        return draw_frontier(read())


def draw_frontier(frontiers: FrontiersView, *, key: str = "frontier") -> MakeFaster | UseModel | None:
    """Draw the chosen axis; return the visitor's request."""
    wishes: list[MakeFaster | UseModel | None] = []
    if frontiers.views:
        view = _chosen(frontiers, key=key)
        most, amount = _afforded(view, key=key)
        st.vega_lite_chart(
            spec=frontier_chart(view, most=most, amount=amount, dark=theme.is_dark()),
            key=f"{key}.chart",
            alt=view.scatter.reading,
        )
        st.caption(literal(view.scatter.reading))
        wishes.append(_draw_best(view.best_for(most), amount, key=key))
    wishes.append(_draw_offer(frontiers.offer, key=key))
    return next((wish for wish in wishes if wish is not None), None)


def _chosen(frontiers: FrontiersView, *, key: str) -> FrontierView:
    """Draw the choice of an axis, and of the batch size if that matters."""
    with st.container(horizontal=True, gap="large"):
        axis = _one_of(
            "What counts",
            [view.axis for view in frontiers.views],
            first=frontiers.views[0].axis,
            key=f"{key}.axis",
            help_text="What a model takes: time to answer, its size, or what it costs.",
        )
        views = {view.rows: view for view in frontiers.views if view.axis == axis}
        if len(views) == 1:
            return next(iter(views.values()))
        rows = _one_of(
            "Asked at once",
            list(views),
            first=frontiers.rows,
            key=f"{key}.rows",
            help_text="How many rows each call sends. More rows take longer in all, and less time each.",
        )
    return views[rows]


def _one_of(label: str, options: Sequence[str], *, first: str, key: str, help_text: str) -> str:
    """Draw a choice; an earlier choice stays if it is still available."""
    options = list(dict.fromkeys(options))
    stored = state.stored(key, first)
    default = next((option for option in (stored, first) if option in options), options[0])
    picked = (
        st.segmented_control(label, options, default=default, key=f"{key}.pick", help=help_text) or default
    )
    state.keep(key, picked)
    return picked


def _afforded(view: FrontierView, *, key: str) -> tuple[float, str]:
    """Draw the choice of a limit; return it and its text."""
    amounts = [text for _, text in view.limits]
    if len(amounts) < 2:
        return view.limits[-1]
    stored = state.stored(f"{key}.most.{view.axis}.{view.rows}", amounts[view.start])
    picked = st.select_slider(
        "I can afford",
        amounts,
        value=stored if stored in amounts else amounts[view.start],
        key=f"{key}.afford.{view.axis}.{view.rows}",
    )
    state.keep(f"{key}.most.{view.axis}.{view.rows}", picked)
    return view.limits[amounts.index(picked)]


def _draw_best(best: EdgeView | None, amount: str, *, key: str) -> UseModel | None:
    if best is None:
        st.markdown(f"Nothing takes at most {literal(amount)}.")
        return None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            f"For {literal(amount)}: **{literal(best.name)}**. {literal(best.sentence)}", width="stretch"
        )
        if st.button("Use this model", key=f"{key}.use", icon=":material/rocket_launch:"):
            return UseModel(run_id=best.run_id, candidate_id=best.id)
    return None


def _draw_offer(offer: CompressionOffer | None, *, key: str) -> MakeFaster | None:
    if offer is None:
        return None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = permitted_button(
            "Make faster variants",
            action="compression.start",
            key=f"{key}.make",
            icon=":material/speed:",
            disabled=not offer.is_open,
            help="Fewer models, trees or columns, one for all folds, one that learns: a short run.",
        )
        st.markdown(literal(offer.sentence), width="stretch")
    return MakeFaster(run_id=offer.run_id) if pressed else None

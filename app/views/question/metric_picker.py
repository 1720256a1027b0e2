"""Draw the choice of a metric: the group, the metric in it, and its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app import state
from app.errors import show
from app.presenters.question.metric_picker import (
    MOST_CLASSES,
    CostsView,
    JudgingView,
    SliderView,
    group_of,
    with_costs,
    with_parameter,
)
from app.views.sliders import draw_slider
from litmus_core.errors import UsageError
from litmus_core.metrics import get_metric

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

__all__ = ["draw_judging"]

_GROUP_HELP = (
    "**Right answers**: how often it is right. **Ranking**: how well it sorts cases by how likely they are. "
    "**Fixed precision or recall**: how much it finds while enough alarms are right, or the reverse. "
    "**Reliable probabilities**: of cases at 80 %, whether 80 in 100 are so. **What mistakes cost**: your "
    "own table."
)


def draw_judging(view: JudgingView, metric: str, *, mark: str, first: DeltaGenerator) -> str:
    """Draw the choice; return the text of the chosen metric.

    The group of metrics and the costs are drawn in ``first``, since everybody can choose these.
    """
    now = group_of(metric, view)
    group = now
    if len(view.groups) > 1:
        group = first.segmented_control(
            "What counts",
            list(view.groups),
            default=now,
            required=True,
            key=f"judged-{mark}",
            help=_GROUP_HELP,
        )
    families = view.groups[group]
    family = get_metric(metric).family
    chosen = st.selectbox(
        "Judged by",
        families,
        index=families.index(family) if family in families else 0,
        format_func=view.titles.__getitem__,
        key=f"metric-{mark}" if len(view.groups) == 1 else f"metric-{mark}-{group}",
        help=view.help,
    )
    if chosen != family:
        return get_metric(chosen).name
    for slider in view.sliders:
        metric = with_parameter(metric, slider.name, _draw_slider(slider, mark=f"{family}-{mark}"))
    if view.costs is not None:
        with first:
            metric = _draw_costs(view.costs, metric, mark=mark)
    if view.too_many_classes:
        st.caption(
            f"With more than {MOST_CLASSES} answers, every mistake counts the same here. "
            "From Python or the command line, each can have a cost of its own."
        )
    return metric


def _draw_slider(view: SliderView, *, mark: str) -> float:
    """Draw a parameter of a metric; a share is drawn in percent."""
    key, figures = f"{view.name}-{mark}", (view.minimum, view.maximum, view.value, view.step)
    if view.is_whole:
        low, high, value, by = map(int, figures)
        return float(draw_slider(view.label, low, high, start=value, step=by, key=key, format="%d"))
    unit = 100.0 if view.is_share else 1.0
    least, most, start, step = (round(unit * figure, 6) for figure in figures)
    label = f"{view.label}, in %" if view.is_share else view.label
    return draw_slider(label, least, most, start=start, step=step, key=key) / unit


def _draw_costs(view: CostsView, metric: str, *, mark: str) -> str:
    import pandas as pd

    key = f"costs-{mark}"
    began = state.initial_value(key, view.costs)
    table = pd.DataFrame(began, index=list(view.classes), columns=list(view.classes), dtype=float)
    table.index.name = "The truth"
    st.markdown(
        ":gray[What each answer costs]",
        help="A row for each truth, a column for each answer, in any currency. An answer that is right may "
        "cost something, too, but not more than a wrong one. Technical word: cost matrix.",
    )
    edited = st.data_editor(
        table,
        column_config={
            name: st.column_config.NumberColumn(f"Answer: {name}", required=True, format="localized")
            for name in view.classes
        },
        key=key,
    )
    try:
        return with_costs(view.classes, edited.to_numpy(dtype=float).tolist())
    except UsageError as error:
        show(error, safe="The costs before this change still count.")
        return metric

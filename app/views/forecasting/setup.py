"""Draw the questions of a forecast: which columns, how far ahead, and how good is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from app.components import permitted_button
from app.presenters.forecasting.setup import BarProposal, FactsView
from app.presenters.markdown import literal
from app.views.work import ask_several, begin
from litmus_core.forecasting import ForecastSpec, SeriesColumns, SeriesRules, frequency_names
from litmus_core.types import Bar

__all__ = [
    "ColumnChoices",
    "adopt",
    "ask_bar",
    "ask_columns",
    "ask_helpful",
    "ask_horizon",
    "ask_level",
    "ask_rules",
    "ask_start",
    "choose",
]

_LEVELS = (0.5, 0.8, 0.9, 0.95)
_DUPLICATES: dict[Literal["refuse", "sum", "mean", "last"], str] = {
    "refuse": "None shares a time",
    "sum": "Add them up",
    "mean": "Take their mean",
    "last": "Take the last one",
}
_GAPS: dict[Literal["past", "zero"], str] = {"past": "Nobody measured it", "zero": "It was 0"}
_BARS: dict[Literal["simple", "custom", "none"], str] = {
    "simple": "As good as the best simple forecast",
    "custom": "I set it",
    "none": "No bar",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoices:
    """The columns of a table that may be times, numbers, or anything else, and what to begin with."""

    version_id: str
    times: Sequence[str]
    values: Sequence[str]
    columns: Sequence[str]
    proposal: SeriesColumns


def _key(name: str, version_id: str) -> str:
    return f"forecast.{name}.{version_id}"


def ask_columns(choices: ColumnChoices) -> SeriesColumns:
    """Draw which column is the time, which the value, and which tells series apart."""
    proposal, version_id = choices.proposal, choices.version_id
    when, which, by = st.columns(3)
    key = begin(_key("time", version_id), proposal.time, choices.times)
    time = when.selectbox("When", choices.times, key=key)
    values = [name for name in choices.values if name != time]
    key = begin(_key("value", version_id), proposal.value, values)
    value = which.selectbox("What to forecast", values, key=key)
    others = ["", *(name for name in choices.columns if name not in (time, value))]
    series = by.selectbox(
        "One series for each",
        others,
        key=begin(_key("series", version_id), proposal.id or "", others),
        format_func=lambda name: name or "The table is one series",
        help="The column that tells series apart, such as a shop or a product.",
    )
    return SeriesColumns(time=time, value=value, id=series or None)


def ask_helpful(choices: ColumnChoices, columns: SeriesColumns) -> SeriesColumns:
    """Draw which columns help, folded; return all columns."""
    proposal, version_id = choices.proposal, choices.version_id
    helpful = [name for name in choices.columns if name not in columns.names]
    with st.expander("Columns that help", icon=":material/view_column:"):
        ahead = ask_several(
            "Known ahead",
            helpful,
            begin(_key("ahead", version_id), list(proposal.known_future)),
            help="Columns whose future you know, such as a promotion or a holiday. "
            "Add rows for the future to the table, their value empty.",
        )
        static = ask_several(
            "Never changes within a series",
            [name for name in helpful if name not in ahead],
            begin(_key("static", version_id), list(proposal.static)),
            help="Such as the region of a shop.",
        )
    return replace(columns, known_future=ahead, static=static)


def ask_rules(version_id: str) -> SeriesRules:
    """Draw how rows become regular series; Litmus finds it out unless somebody says otherwise."""
    with st.expander("How rows become series", icon=":material/tune:"):
        left, middle, right = st.columns(3)
        frequency = left.selectbox(
            "How often there is a value",
            ["", *frequency_names()],
            key=begin(_key("frequency", version_id), ""),
            format_func=lambda name: name.capitalize() or "As the times say",
        )
        duplicates = middle.selectbox(
            "Rows of one time",
            list(_DUPLICATES),
            key=begin(_key("duplicates", version_id), "refuse"),
            format_func=_DUPLICATES.__getitem__,
        )
        gaps = right.selectbox(
            "A missing value",
            list(_GAPS),
            key=begin(_key("gaps", version_id), "past"),
            format_func=_GAPS.__getitem__,
            help="What nobody measured is filled from a season earlier, and no score counts it.",
        )
    return SeriesRules(frequency=frequency or None, duplicates=duplicates, gaps=gaps)


def ask_horizon(view: FactsView, version_id: str) -> int:
    """Draw how far ahead to forecast, and until when that is."""
    key = begin(_key(f"horizon.{view.frequency}", version_id), view.horizon)
    horizon = int(st.number_input(view.question, min_value=1, step=1, key=key, width=260))
    if horizon <= len(view.ends):
        st.caption(f"Until {view.ends[horizon - 1]}.")
    return horizon


def ask_level(version_id: str) -> float:
    """Draw how often the range holds the truth."""
    return st.selectbox(
        "The range holds the truth",
        _LEVELS,
        key=begin(_key("level", version_id), 0.8, _LEVELS),
        format_func=lambda share: f"{100 * share:.0f} times in 100",
        width=260,
    )


def ask_bar(proposal: BarProposal, version_id: str) -> Bar | None:
    """Draw how good is good enough."""
    how = st.segmented_control(
        "Good enough",
        list(_BARS),
        required=True,
        key=begin(_key("bar", version_id), "none" if proposal.value is None else "simple"),
        format_func=_BARS.__getitem__,
    )
    st.caption(literal(proposal.sentence))
    bar = None
    if how == "simple" and proposal.value is not None:
        bar = Bar(metric=proposal.metric, op="<=", value=proposal.value, is_proposed=True)
    elif how == "custom":
        scale = 100.0 if proposal.metric == "wape" else 1.0
        key = begin(_key(f"bar.{proposal.metric}", version_id), round(scale * (proposal.value or 1.0), 2))
        value = st.number_input(proposal.label, min_value=0.01, step=0.1, key=key, width=260)
        bar = Bar(metric=proposal.metric, op="<=", value=round(value / scale, 6))
    return bar


def ask_start() -> bool:
    """Draw the button that starts the training; return whether it was pressed."""
    return permitted_button(
        "Train the forecast",
        type="primary",
        icon=":material/play_arrow:",
        action="forecasts.start",
        key="forecast.start",
    )


def choose(choices: dict[str, str | int], frequency: str, version_id: str) -> None:
    """Put a remedy's choices where the widgets read them."""
    for name, value in choices.items():
        if name == "without":
            for list_name in ("ahead", "static"):
                key = _key(list_name, version_id)
                st.session_state[key] = [column for column in st.session_state[key] if column != value]
        else:
            st.session_state[_key(f"horizon.{frequency}" if name == "horizon" else name, version_id)] = value


def adopt(version_id: str, spec: ForecastSpec, frequency: str) -> None:
    """Begin with the choices of an earlier forecast."""
    columns, rules = spec.columns, spec.rules
    choices: dict[str, object] = {
        "time": columns.time,
        "value": columns.value,
        "series": columns.id or "",
        "ahead": list(columns.known_future),
        "static": list(columns.static),
        "frequency": rules.frequency or "",
        "duplicates": rules.duplicates,
        "gaps": rules.gaps,
        "level": spec.level,
    }
    if frequency:
        choices[f"horizon.{frequency}"] = spec.horizon
    for name, value in choices.items():
        st.session_state[_key(name, version_id)] = value

"""Draw the questions of many targets: which they are, what counts, and how long it may take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.components import permitted_button
from app.presenters import humanize
from app.presenters.many_targets.setup import MetricView, OutlookView, Way, first_way, goal_text, way_of
from app.presenters.markdown import literal
from app.views.work import ask_several, begin
from litmus_core.experiments import TargetsProposal, TargetsRequest
from litmus_core.many_targets import FEWEST, TagColumn

__all__ = [
    "adopt",
    "ask_columns",
    "ask_goal",
    "ask_leave_out",
    "ask_start",
    "ask_tags",
    "ask_time",
    "ask_way",
    "choose",
    "draw_outlook",
]

_WAYS: dict[Way, str] = {
    "tags": "Tags in one column",
    "labels": "Several yes/no columns",
    "numbers": "Several numbers",
}
_LABELS: dict[Way, str] = {"labels": "Which of them apply?", "numbers": "Which numbers?"}
_MOST_HEIGHT = 320


def _key(name: str, version_id: str) -> str:
    return f"targets.{name}.{version_id}"


def ask_way(proposal: TargetsProposal, version_id: str) -> Way:
    """Draw the choice of the kind of targets, among those that the table can have."""
    possible: dict[Way, bool] = {
        "tags": bool(proposal.texts),
        "labels": len(proposal.labels) > 1,
        "numbers": len(proposal.numbers) > 1,
    }
    ways = [way for way, can_be in possible.items() if can_be]
    way = st.segmented_control(
        "What to predict",
        ways,
        required=True,
        key=begin(_key("way", version_id), first_way(proposal), ways),
        format_func=_WAYS.__getitem__,
    )
    return way or ways[0]


def ask_tags(proposal: TargetsProposal, version_id: str) -> TagColumn:
    """Draw which column holds the tags, what separates them, and how rare they may be."""
    columns = [*proposal.tags, *(name for name in proposal.texts if name not in proposal.tags)]
    left, middle, right = st.columns([2, 1, 1])
    column = left.selectbox(
        "The column of tags", columns, key=begin(_key("tags", version_id), columns[0], columns)
    )
    separator = middle.text_input(
        "Separator",
        key=begin(_key("separator", version_id), ""),
        placeholder="Detected",
        max_chars=5,
        help="What stands between two tags of a row, such as , or ;",
    )
    fewest = right.number_input(
        "Fewest rows of a tag",
        min_value=2,
        step=1,
        key=begin(_key("fewest", version_id), FEWEST),
        help="Rarer tags are left out: too few rows to learn and to judge them.",
    )
    return TagColumn(column, separator=separator or None, fewest=int(fewest))


def ask_columns(proposal: TargetsProposal, way: Way, version_id: str) -> tuple[str, ...]:
    """Draw which columns are the targets."""
    options = proposal.labels if way == "labels" else proposal.numbers
    first = list(proposal.alike) if way == "labels" else []
    return ask_several(
        _LABELS[way],
        options,
        begin(_key(way, version_id), first),
        help="Choose two or more. None of them helps to predict another.",
    )


def ask_leave_out(columns: Sequence[str], version_id: str) -> tuple[str, ...]:
    """Draw, in an expander, which columns the models must not see."""
    with st.expander("Columns to leave out", icon=":material/view_column:"):
        return ask_several(
            "The models do not see",
            columns,
            begin(_key("leave_out", version_id), []),
            help="Such as a row number, or a value that is only known afterwards.",
        )


def draw_outlook(view: OutlookView) -> None:
    """Draw the targets, as a sentence and as a table."""
    st.markdown(f":material/sell: {literal(view.sentence)}")
    is_label = view.lines[0].share is not None
    rows: dict[str, list[Any]] = {"Target": [line.name for line in view.lines]}
    config: dict[str, Any] = {}
    if is_label:
        rows |= {
            "Rows": [line.n_yes for line in view.lines],
            "Share": [100 * (line.share or 0.0) for line in view.lines],
        }
        config["Rows"] = st.column_config.NumberColumn("Rows that have it", format="%,d", width=140)
        config["Share"] = st.column_config.ProgressColumn(
            "Share of all rows", format="%.0f %%", min_value=0, max_value=100
        )
    else:
        rows |= {"Values": [line.numbers for line in view.lines]}
        config["Values"] = st.column_config.TextColumn("Mean ± spread")
    st.dataframe(
        rows,
        hide_index=True,
        column_config=config,
        height="content" if len(view.lines) <= 8 else _MOST_HEIGHT,
        alt="The targets, and how frequent each is",
    )
    for note in view.notes:
        st.caption(f":material/info: {note}")


def ask_goal(metrics: Sequence[MetricView], version_id: str) -> str:
    """Draw the metric that judges all targets together, and its bar; return the goal as text."""
    kind = metrics[0].name
    left, right = st.columns([3, 2])
    titles = {metric.name: metric.title for metric in metrics}
    name = left.selectbox(
        "What counts",
        list(titles),
        key=begin(_key(f"metric.{kind}", version_id), kind, list(titles)),
        format_func=titles.__getitem__,
    )
    metric = next(metric for metric in metrics if metric.name == name)
    left.caption(literal(metric.help))
    with right:
        has_bar = st.segmented_control(
            "Good enough",
            [False, True],
            required=True,
            key=begin(_key("bar", version_id), False),
            format_func=lambda is_set: "I set it" if is_set else "No bar",
        )
        bar = None
        if has_bar:
            label = "A score of at least" if metric.op == ">=" else "A score of at most"
            key = begin(_key(f"bar.{name}", version_id), metric.example)
            bar = st.number_input(label, min_value=0.0, step=0.01, format="%.3f", key=key)
        st.caption(literal(metric.guess))
    return goal_text(metric, bar)


def ask_time(choices: Sequence[int], usual: int, version_id: str) -> int:
    """Draw how long the training of all targets may take."""
    return st.selectbox(
        "How long may it take?",
        choices,
        key=begin(_key("time", version_id), usual, choices),
        format_func=humanize.duration,
        width=260,
        help="All targets share it. Stopping keeps the best models so far.",
    )


def ask_start() -> bool:
    """Draw the button that starts the training; return whether it was pressed."""
    return permitted_button(
        "Train all targets",
        type="primary",
        icon=":material/play_arrow:",
        action="targets.record",
        key="targets.start",
    )


def choose(choices: dict[str, str | int], *, way: Way, version_id: str) -> None:
    """Put a remedy's choices where the widgets read them."""
    for name, value in choices.items():
        if name == "without":
            key = _key(way, version_id)
            st.session_state[key] = [column for column in st.session_state[key] if column != value]
        else:
            st.session_state[_key(name, version_id)] = value


def adopt(version_id: str, request: TargetsRequest) -> None:
    """Begin with the choices of an earlier training."""
    spec, way = request.spec, way_of(request.spec)
    st.session_state[_key("way", version_id)] = way
    if way == "tags":
        st.session_state[_key("tags", version_id)] = spec.tags
        st.session_state[_key("separator", version_id)] = spec.separator
    else:
        st.session_state[_key(way, version_id)] = list(spec.columns)
    kind = "micro_f1" if spec.kind == "labels" else "mean_r2"
    st.session_state[_key(f"metric.{kind}", version_id)] = spec.metric
    st.session_state[_key("bar", version_id)] = spec.bar is not None
    if spec.bar is not None:
        st.session_state[_key(f"bar.{spec.metric}", version_id)] = spec.bar.value

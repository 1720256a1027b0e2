"""Draw the choice of where to train, and the result of inspecting a cluster."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.components import waiting
from app.presenters.markdown import literal
from app.presenters.training.cluster import ClusterMachineView, ClusterView, MachineView, WhereView

__all__ = ["InspectCluster", "draw_where", "draw_work"]

_HERE, _RAY, _CLUSTER = "here", "ray", "cluster"
_TITLES = {_HERE: "This machine", _RAY: "This machine, by Ray", _CLUSTER: "A Ray cluster"}
_TITLE, _ICON = "Where to train", ":material/lan:"


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectCluster:
    """Inspect the machines of a cluster."""

    on: str


def draw_where(view: WhereView) -> tuple[str, InspectCluster | None]:
    """Draw the folded choice; return the address ("" if undecided) and a request to inspect it."""
    with st.expander(_TITLE, icon=_ICON):
        if not view.has_ray:
            st.markdown(
                "On this machine. To use several machines, Litmus needs Ray, which is not installed here: "
                "run `pip install 'litmus-automl[ray]'`, then start Litmus again."
            )
            return _HERE, None
        kind = st.radio(
            _TITLE,
            list(_TITLES),
            format_func=_TITLES.__getitem__,
            captions=[
                "One model after the other, each with all of its processors.",
                f"Models side by side, one for each of its processors ({view.n_processors}). "
                "Ray takes some seconds to start.",
                "Models side by side, on all machines that have room.",
            ],
            label_visibility="collapsed",
            key="where",
        )
        if kind == _HERE:
            return _HERE, None
        on, machine = (_RAY, None) if kind == _RAY else _ask_address(view.inspected)
        st.caption(
            "All training goes there: models, the rounds that compare them (folds), and trials of settings. "
            "Rounds use the most machines: on eight of them, all eight rounds of a model train at the same "
            "time. Scores and answering times are measured on this machine."
        )
    return on, machine


def _ask_address(inspected: ClusterMachineView | None) -> tuple[str, InspectCluster | None]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        on = st.text_input(
            "Its address",
            placeholder="10.0.0.5:6379",
            key="where-address",
            help="The machine that leads the cluster, a colon, and the port that Ray listens on there. "
            "Or *auto*: the cluster that this machine belongs to.",
        ).strip()
        wants = st.button(
            "Look at the cluster", key="where-look", icon=":material/visibility:", disabled=not on
        )
    if inspected is not None and inspected.on == on and not wants:
        _draw_inspected(inspected)
    return on, InspectCluster(on=on) if wants else None


def _draw_inspected(inspected: ClusterMachineView) -> None:
    if inspected.problem:
        st.warning(literal(inspected.hint) or " ", title=literal(inspected.problem), icon=":material/info:")
    elif inspected.cluster is None:
        waiting(inspected.is_done, "Looking at the cluster…", height=0)
    else:
        st.markdown(f"**{inspected.cluster.headline}** :gray[{inspected.message}]")
        _draw_table(inspected.cluster)


def _draw_table(cluster: ClusterView) -> None:
    column = st.column_config
    st.dataframe(
        {
            "name": [machine.name for machine in cluster.machines],
            "processors": [machine.processors for machine in cluster.machines],
            "gpus": [machine.gpus for machine in cluster.machines],
            "memory": [machine.memory for machine in cluster.machines],
        },
        hide_index=True,
        key="where-machines",
        column_config={
            "name": column.TextColumn("Machine"),
            "processors": column.TextColumn("Processors", help="In use, out of those available for work."),
            "gpus": column.TextColumn("GPUs", help="In use, out of those available for work."),
            "memory": column.TextColumn(
                "Memory", help="In use as Ray counts it: what was requested, even if it is not filled."
            ),
        },
    )


def draw_work(view: ClusterView) -> None:
    """Draw the work of a run on each machine."""
    st.markdown(f":gray[Where it runs]  \n{view.headline}")
    with st.grid(min_column_width=280, gap="small"):
        for machine in view.machines:
            with st.container(border=True, gap="xsmall"):
                _draw_machine(machine)
    if view.n_more:
        st.caption(f"{view.n_more:,} more machines are not working on it now.")
    if view.waiting:
        st.caption(f"Starting, or waiting for room: {literal(view.waiting)}.")


def _draw_machine(machine: MachineView) -> None:
    text = f"**{literal(machine.name)}** {machine.processors} processors"
    if machine.share_used is None:
        st.markdown(text)
    else:
        st.progress(machine.share_used, text=f"{text} in use")
    lines = [f"{literal(title)} :gray[{since}]" for title, since in machine.work]
    if machine.n_more_work:
        lines.append(f":gray[and {machine.n_more_work} more]")
    st.markdown("  \n".join(lines) or ":gray[No part of this run now]")

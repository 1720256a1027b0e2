"""Draw the choice of model families: pick one, learn more about it, set its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app import state
from app.presenters.fields import changed_values
from app.presenters.markdown import literal
from app.presenters.training.families import FamilyView, algorithm_of, setting_text
from app.views.fields import draw_field
from litmus_core.types import Algorithm, Scalar

__all__ = ["draw_family_choice"]

Settings = tuple[tuple[str, Scalar], ...]
_OPEN = "family.open"


def draw_family_choice(
    families: Sequence[FamilyView], *, task_key: str
) -> tuple[tuple[str, ...], tuple[Algorithm, ...]]:
    """Draw the families; return the keys of picked families, and the picked ones that have settings."""
    picked: list[FamilyView] = []
    with st.grid(min_column_width=280, gap="small"):
        for family in families:
            with st.container(border=True, gap="xsmall", key=f"family-{family.key}"):
                if _draw_family(family, _settings(family, task_key)):
                    picked.append(family)
    for family in families:
        if state.stored(_OPEN, "") == family.key:
            _open_details(family, task_key)
    algorithms = tuple(
        algorithm_of(family.key, settings) for family in picked if (settings := _settings(family, task_key))
    )
    configured = {algorithm.key for algorithm in algorithms}
    return tuple(family.key for family in picked if family.key not in configured), algorithms


def _draw_family(family: FamilyView, settings: Settings) -> bool:
    is_picked = st.checkbox(
        f"**{family.title}**",
        value=family.chosen and not family.missing,
        disabled=bool(family.missing),
        key=f"pick-{family.key}",
    )
    st.caption(family.missing or family.when)
    if settings:
        st.markdown(f":material/tune: {literal(setting_text(settings))}")
    st.button(
        "Learn more and set" if family.fields and not family.missing else "Learn more",
        key=f"open-{family.key}",
        type="tertiary",
        icon=":material/open_in_full:",
        on_click=_keep_open,
        args=(family.key,),
    )
    return is_picked


def _keep_open(key: str = "") -> None:
    """Keep the dialog of a family open; "" closes it."""
    state.keep(_OPEN, key)


def _settings(family: FamilyView, task_key: str) -> Settings:
    return state.stored(_name(family.key, task_key), ())


def _name(key: str, task_key: str) -> str:
    return f"family.{key}.{task_key}"


def _open_details(family: FamilyView, task_key: str) -> None:
    dialog = st.dialog(family.title, width="large", on_dismiss=_keep_open)
    dialog(_draw_details)(family, task_key)


def _draw_details(family: FamilyView, task_key: str) -> None:
    st.markdown(f"{literal(family.about)}  \n{literal(family.missing or family.when)}")
    if not family.fields or family.missing:
        return
    st.caption("What you leave empty is as Litmus sets it. What you set is not searched by tuning.")
    stored = dict(_settings(family, task_key))
    values: dict[str, Scalar] = {}
    with st.grid(min_column_width=260, gap="small"):
        for field in family.fields:
            with st.container(gap="xsmall"):
                filled = replace(field, default=stored.get(field.name), help="")
                values[field.name] = draw_field(filled, key=f"set-{family.key}-{task_key}-{field.name}")
                st.caption(literal(field.help))
    with st.container(horizontal=True, gap="small"):
        is_set = st.button("Use these settings", type="primary", key=f"set-{family.key}")
        is_reset = st.button("As Litmus sets it", key=f"reset-{family.key}", disabled=not stored)
    if is_set or is_reset:
        settings = changed_values(family.fields, values) if is_set else ()
        state.keep(_name(family.key, task_key), settings)
        _keep_open()
        st.rerun()

"""Draw the editor of deployment environments: descriptions of production machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, cast

import streamlit as st

from app.components import permitted_button
from app.errors import guard
from app.presenters.shipping.certificate import EnvironmentView
from litmus_core.types import DeploymentEnvironment

__all__ = ["EnvironmentOperations", "draw_environments"]

_NEW = "A new one"
_MODES = {"http": "one row a request", "batch": "many rows a call"}


class EnvironmentOperations(Protocol):
    """Operations on deployment environments; each may raise a LitmusError."""

    def save_environment(self, environment: DeploymentEnvironment, /) -> None:
        """Save an environment, replacing one of the same name."""
        ...

    def delete_environment(self, name: str, /) -> None:
        """Delete an environment."""
        ...


def draw_environments(views: Sequence[EnvironmentView], operations: EnvironmentOperations) -> None:
    """Draw the environments, the selected one as a form, and carry out requests."""
    with st.expander("Deployment environments", icon=":material/dns:", key="environments"):
        st.markdown(
            "The machines that production runs on: limits to certify against, and the price of an hour."
        )
        by_name = {other.name: other for other in views}
        picked = st.selectbox(
            "Environment",
            [*by_name, _NEW],
            format_func=lambda name: by_name[name].label if name in by_name else name,
            key="environment.picked",
            width=560,
        )
        view = by_name.get(picked)
        with guard(safe="Nothing was changed."):
            wish = _draw_form(view)
            if wish is not None:
                operations.save_environment(wish)
                st.rerun()
            delete = view is not None and permitted_button(
                f"Delete {view.name}",
                action="environments.delete",
                key="environment.delete",
                icon=":material/delete:",
            )
            if view is not None and delete:
                operations.delete_environment(view.name)
                st.rerun()


def _draw_form(view: EnvironmentView | None) -> DeploymentEnvironment | None:
    """Draw the fields; return the environment to save on request."""
    old = DeploymentEnvironment(name="") if view is None else view.environment
    key = f"environment.{old.name}"
    with st.form(f"form.{key}"):
        name = old.name
        if view is None:
            name = st.text_input("Name", key=f"{key}.name", max_chars=60, placeholder="such as web shop")
        with st.grid(min_column_width=180, gap="small"):
            cpus = st.number_input("Processors", 1, 1024, old.cpus, key=f"{key}.cpus")
            memory = st.number_input(
                "Memory, MB", 1, None, old.memory_mb, key=f"{key}.memory", placeholder="no limit"
            )
            price = st.number_input(
                "Price an hour, USD",
                0.0,
                None,
                old.price_per_hour_usd,
                key=f"{key}.price",
                format="%.4g",
                placeholder="not known",
            )
            mode = st.selectbox(
                "It answers",
                list(_MODES),
                index=list(_MODES).index(old.mode),
                format_func=_MODES.__getitem__,
                key=f"{key}.mode",
            )
        if not st.form_submit_button("Save", icon=":material/save:"):
            return None
    return DeploymentEnvironment(
        name=" ".join(name.split()),
        cpus=int(cpus),
        memory_mb=None if memory is None else int(memory),
        price_per_hour_usd=price,
        mode=cast('Literal["http", "batch"]', mode),
    )

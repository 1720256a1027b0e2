"""Session state and the URL's query, in one place.

The selection (experiment, run, candidate, data set version) is in the URL as validated text, so that people
can share an address. Without it, the visitor's last selection is used. State that must survive leaving a page
is stored here, never in a widget's value.
"""

from __future__ import annotations

import re
from typing import Literal, TypeVar, cast

import streamlit as st

__all__ = [
    "Held",
    "action",
    "compare",
    "compared",
    "follow",
    "forecast",
    "forget",
    "handoff",
    "initial_value",
    "is_adding",
    "is_table_selected",
    "keep",
    "keep_adding",
    "malformed_kind",
    "name",
    "name_recipe",
    "name_target",
    "named",
    "plugin",
    "query",
    "recipe",
    "section",
    "select",
    "selected",
    "stop_comparing",
    "stored",
    "target",
    "targets",
]

Held = Literal["experiment", "run", "candidate", "dataset"]
T = TypeVar("T")

_SHAPES: dict[Held, re.Pattern[str]] = {
    "experiment": re.compile(r"ex_[0-9a-f]{10}"),
    "run": re.compile(r"run_[0-9a-f]{10}"),
    "candidate": re.compile(r"run_[0-9a-f]{10}-[a-z0-9._-]{1,80}"),
    "dataset": re.compile(r"dv_[0-9a-f]{10}"),  # the id of an immutable version, which implies its data set
}

_ADDING = "adding"


def named(kind: Held) -> str | None:
    """Return the id in the address if it is well-formed."""
    text = st.query_params.get(kind)
    return text if text is not None and _SHAPES[kind].fullmatch(text) else None


def malformed_kind() -> tuple[Held, str] | None:
    """Return the first kind with a malformed id in the address."""
    for kind, shape in _SHAPES.items():
        text = st.query_params.get(kind)
        if text and not shape.fullmatch(text):
            return kind, text
    return None


def name(kind: Held, id: str) -> None:  # noqa: A002 - the usual name
    """Put ``id`` into the address."""
    st.query_params[kind] = id


def selected(kind: Held) -> str | None:
    """Return the selected id: the address's, otherwise this visitor's last."""
    return named(kind) or cast("str | None", st.session_state.get(f"held.{kind}"))


def select(kind: Held, id: str) -> None:  # noqa: A002 - the usual name
    """Select ``id``, for following links and for pages opened without one in the address."""
    st.session_state[f"held.{kind}"] = id
    st.session_state["held.last"] = kind


def is_table_selected() -> bool:
    """Return whether the visitor selected a table after any experiment, so that a new task comes next."""
    return bool(st.session_state.get("held.last") == "dataset")


def forget(kind: Held) -> None:
    """Clear the selection, also in the address."""
    st.session_state.pop(f"held.{kind}", None)
    st.query_params.pop(kind, None)


def compared() -> tuple[str, ...]:
    """Return the experiments compared in the address, two or more; empty if there are none."""
    ids = tuple(dict.fromkeys(st.query_params.get("compare", "").split("~")))
    return ids if len(ids) > 1 and all(map(_SHAPES["experiment"].fullmatch, ids)) else ()


def compare(*ids: str) -> None:
    """Put experiments to compare in the address, so that it can be sent to a colleague."""
    st.query_params["compare"] = "~".join(ids)


def stop_comparing() -> None:
    """Remove the comparison from the address."""
    st.query_params.pop("compare", None)


def is_adding() -> bool:
    """Return whether the visitor is adding a table, whatever is selected."""
    is_elsewhere = named("dataset") is not None or named("experiment") is not None
    return st.query_params.get("add") == "table" or (stored(_ADDING, default=False) and not is_elsewhere)


def keep_adding() -> None:
    """Store that the visitor is adding a table, so that a table from someone else does not end this upload.

    It is not in the address: each change there is a step in the browser's history, and Back would return to
    it.
    """
    keep(_ADDING, value=True)


def section() -> str | None:
    """Return the section in the address."""
    return st.query_params.get("section")


def action() -> str | None:
    """Return the key of the action in the address: a text to look up."""
    return st.query_params.get("action")


def plugin() -> str | None:
    """Return the plug-in in the address: a text to look up."""
    return st.query_params.get("plugin")


def handoff() -> str | None:
    """Return the question to a scientist in the address: a text to look up."""
    return st.query_params.get("handoff")


def forecast() -> str | None:
    """Return the forecast in the address: a text to look up."""
    return st.query_params.get("forecast")


def targets() -> str | None:
    """Return the many targets in the address: a text to look up."""
    return st.query_params.get("targets")


def recipe() -> str | None:
    """Return the recipe in the address: a text to look up."""
    return st.query_params.get("recipe")


def name_recipe(name: str) -> None:
    """Put the edited recipe in the address, so that a reload finds it; "" is an empty one."""
    st.query_params["recipe"] = name
    st.query_params["section"] = "editor"


def target() -> str | None:
    """Return the target column in the address: a text to look up."""
    return st.query_params.get("target")


def name_target(column: str | None) -> None:
    """Put the target column in the address, so that it can be sent to a colleague."""
    if column is None:
        st.query_params.pop("target", None)
    elif target() != column:
        st.query_params["target"] = column


def query(**ids: str | None) -> dict[str, str]:
    """Return ``ids`` as an address's query, without empty ones.

    >>> query(experiment="ex_0123456789", run=None)
    {'experiment': 'ex_0123456789'}
    """
    return {kind: id for kind, id in ids.items() if id}  # noqa: A001


def keep(name: str, value: object) -> None:
    """Store ``value`` for this visitor until the browser tab closes."""
    st.session_state[f"kept.{name}"] = value


def stored(name: str, default: T) -> T:
    """Return the value stored under ``name``, otherwise ``default``."""
    return cast(T, st.session_state.get(f"kept.{name}", default))


def initial_value(key: str, value: T) -> T:
    """Return the initial value of the widget ``key``: ``value`` before its first draw.

    A default that changes with user input makes the browser recreate a slider, which then loses clicks.
    """
    if key not in st.session_state:
        keep(f"first.{key}", value)
    return stored(f"first.{key}", value)


def follow(key: str, value: object) -> None:
    """Set the widget ``key`` to ``value`` if that changed elsewhere, before the widget is drawn."""
    if key not in st.session_state or stored(f"followed.{key}", None) != value:
        st.session_state[key] = value
    keep(f"followed.{key}", value)

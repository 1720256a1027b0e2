"""The one owner of session state and of the URL's query.

What is in hand (experiment, run, candidate, data set version) lives in the URL as checked text, so that
an address can be sent to a colleague; what a visitor had in hand last is remembered for addresses that
name nothing. What must survive leaving a page is kept here, and is never a widget's value.
"""

from __future__ import annotations

import re
from typing import Literal, TypeVar, cast

import streamlit as st

__all__ = [
    "Held",
    "at_first",
    "compare",
    "compared",
    "follow",
    "forget",
    "handoff",
    "held",
    "hold",
    "is_adding",
    "is_table_in_hand",
    "keep",
    "keep_adding",
    "misnamed",
    "name",
    "name_recipe",
    "name_target",
    "named",
    "plugin",
    "query",
    "recipe",
    "section",
    "stop_comparing",
    "stored",
    "target",
]

Held = Literal["experiment", "run", "candidate", "dataset"]
T = TypeVar("T")

_SHAPES: dict[Held, re.Pattern[str]] = {
    "experiment": re.compile(r"ex_[0-9a-f]{10}"),
    "run": re.compile(r"run_[0-9a-f]{10}"),
    "candidate": re.compile(r"run_[0-9a-f]{10}-[a-z0-9._-]{1,80}"),
    "dataset": re.compile(r"dv_[0-9a-f]{10}"),  # an immutable version; it knows its data set
}


def named(kind: Held) -> str | None:
    """Return the id that the address names, if it has the shape of one."""
    text = st.query_params.get(kind)
    return text if text is not None and _SHAPES[kind].fullmatch(text) else None


def misnamed() -> tuple[Held, str] | None:
    """Return the first kind whose place in the address holds something that cannot be an id."""
    for kind, shape in _SHAPES.items():
        text = st.query_params.get(kind)
        if text and not shape.fullmatch(text):
            return kind, text
    return None


def name(kind: Held, id: str) -> None:  # noqa: A002 - the field's own word
    """Put ``id`` into the address."""
    st.query_params[kind] = id


def held(kind: Held) -> str | None:
    """Return the id in hand: the address's, else the one this visitor held last."""
    return named(kind) or cast("str | None", st.session_state.get(f"held.{kind}"))


def hold(kind: Held, id: str) -> None:  # noqa: A002 - the field's own word
    """Take ``id`` in hand, for links that follow and for pages opened without one in the address."""
    st.session_state[f"held.{kind}"] = id
    st.session_state["held.last"] = kind


def is_table_in_hand() -> bool:
    """Say whether a table was taken in hand after any experiment: a question on it comes next."""
    return bool(st.session_state.get("held.last") == "dataset")


def forget(kind: Held) -> None:
    """Let go of what is in hand, also in the address."""
    st.session_state.pop(f"held.{kind}", None)
    st.query_params.pop(kind, None)


def compared() -> tuple[str, ...]:
    """Return the two experiments that the address puts side by side; nothing when it names none."""
    first, _, second = st.query_params.get("compare", "").partition("~")
    shape = _SHAPES["experiment"]
    return (first, second) if shape.fullmatch(first) and shape.fullmatch(second) else ()


def compare(first: str, second: str) -> None:
    """Put two experiments side by side in the address, so that it can be sent to a colleague."""
    st.query_params["compare"] = f"{first}~{second}"


def stop_comparing() -> None:
    """Take the comparison out of the address."""
    st.query_params.pop("compare", None)


def is_adding() -> bool:
    """Say whether the address asks for a table to be added, whatever is in hand."""
    return st.query_params.get("add") == "table"


def keep_adding() -> None:
    """Have the address ask for it: a table that someone else adds meanwhile does not end an upload here."""
    st.query_params["add"] = "table"


def section() -> str | None:
    """Return the part of the page that the address asks for."""
    return st.query_params.get("section")


def plugin() -> str | None:
    """Return the plug-in that the address asks for: a text to look for among those there are."""
    return st.query_params.get("plugin")


def handoff() -> str | None:
    """Return the question to a scientist that the address asks for: a text to look for among them."""
    return st.query_params.get("handoff")


def recipe() -> str | None:
    """Return the recipe that the address asks for: a text to look for among those there are."""
    return st.query_params.get("recipe")


def name_recipe(name: str) -> None:
    """Put the recipe that is written on into the address, so that a reload finds it; "" is an empty one."""
    st.query_params["recipe"] = name
    st.query_params["section"] = "editor"


def target() -> str | None:
    """Return the column that the address asks to predict: a text to look for among the table's columns."""
    return st.query_params.get("target")


def name_target(column: str | None) -> None:
    """Put the column to predict into the address, so that it can be sent to a colleague."""
    if column is None:
        st.query_params.pop("target", None)
    elif target() != column:
        st.query_params["target"] = column


def query(**ids: str | None) -> dict[str, str]:
    """Return ``ids`` as an address's query, without the empty ones.

    >>> query(experiment="ex_0123456789", run=None)
    {'experiment': 'ex_0123456789'}
    """
    return {kind: id for kind, id in ids.items() if id}  # noqa: A001


def keep(name: str, value: object) -> None:
    """Keep ``value`` for this visitor until the browser tab closes."""
    st.session_state[f"kept.{name}"] = value


def stored(name: str, default: T) -> T:
    """Return what was kept under ``name``, else ``default``."""
    return cast(T, st.session_state.get(f"kept.{name}", default))


def at_first(key: str, value: T) -> T:
    """Return the value that the widget ``key`` began with: ``value``, where it is about to be drawn first.

    A default that follows what the visitor does makes the browser start the slider anew, and lose what
    was pressed meanwhile.
    """
    if key not in st.session_state:
        keep(f"first.{key}", value)
    return stored(f"first.{key}", value)


def follow(key: str, value: object) -> None:
    """Show ``value`` in the widget ``key``, drawn next and without a default, where it changed elsewhere."""
    if key not in st.session_state or stored(f"followed.{key}", None) != value:
        st.session_state[key] = value
    keep(f"followed.{key}", value)

"""A recipe editor with line numbers, and errors marked in the text and listed beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from litmus_core.recipes import RecipeProblem

__all__ = ["edited_text", "recipe_editor"]

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "litmus_recipe_editor",
    html=(_HERE / "recipe_editor.html").read_text(encoding="utf-8"),
    css=(_HERE / "recipe_editor.css").read_text(encoding="utf-8"),
    js=(_HERE / "recipe_editor.js").read_text(encoding="utf-8"),
)


def edited_text(key: str, text: str) -> str:
    """Return the current text of the editor ``key``; ``text`` if nothing was typed yet."""
    now = st.session_state.get(key)
    typed = None if now is None else now.get("text")
    return text if typed is None else str(typed)


def recipe_editor(
    text: str, *, key: str, problems: Sequence[RecipeProblem], reading: str, draft: str, stamp: str
) -> None:
    """Draw the editor. It starts with ``text`` when ``key`` is first drawn, and keeps what is typed.

    The page (or fragment) reruns after a pause in typing; then :func:`edited_text` returns the new text. The
    browser tab stores each ``draft`` while typing, also across reloads; the editor starts with a stored draft
    of this ``stamp`` ("": of any stamp).
    """
    problems_json = [
        {"line": problem.line, "column": problem.column, "message": problem.message, "hint": problem.hint}
        for problem in problems
    ]
    _mount(
        key=key,
        data={"text": text, "problems": problems_json, "reading": reading, "draft": draft, "stamp": stamp},
        on_text_change=lambda: None,
    )

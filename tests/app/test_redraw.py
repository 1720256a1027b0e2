"""A timer's fragment redraws the page, but a click that waits behind it in the same pass comes first."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from app.components import _polling, redraw_page

TIMER, FORM = "timer", "form"


class _Redrawn(BaseException):
    """Stands in for Streamlit's own signal, which ends the pass."""


def _rerun() -> None:
    raise _Redrawn


@pytest.fixture(autouse=True)
def passes(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return the current pass, whose fragments a test sets."""
    current = SimpleNamespace(fragment_ids_this_run=None)
    monkeypatch.setattr(_polling, "get_script_run_ctx", lambda: current)
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "rerun", _rerun)
    return current


@pytest.mark.parametrize("fragments", [None, [TIMER]])
def test_a_fragment_that_runs_alone_or_with_its_page_redraws_it(
    passes: SimpleNamespace, fragments: list[str] | None
) -> None:
    passes.fragment_ids_this_run = fragments
    with pytest.raises(_Redrawn):
        redraw_page()


def test_a_click_in_the_same_pass_is_answered_before_the_page_is_redrawn(passes: SimpleNamespace) -> None:
    passes.fragment_ids_this_run = [TIMER, FORM]
    redraw_page()

    passes.fragment_ids_this_run = [TIMER]
    with pytest.raises(_Redrawn):
        redraw_page()


def test_two_timers_that_always_meet_do_not_keep_the_page_from_being_redrawn(
    passes: SimpleNamespace,
) -> None:
    passes.fragment_ids_this_run = [TIMER, "another timer"]
    for _ in range(3):
        redraw_page()
        with pytest.raises(_Redrawn):
            redraw_page()

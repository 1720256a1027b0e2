"""Ask a scientist about an experiment, and start what the answer proposes."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app import navigation, services, state
from app.errors import guard
from app.presenters.handoffs import AskingView, present_asking
from app.views.ask_scientist import (
    AskingWish,
    AskScientist,
    CloseQuestion,
    StartAnswer,
    draw_asking,
    draw_replies,
    start_over,
)
from litmus_core.types import Experiment

__all__ = ["HandoffController", "store_name", "visitors_name"]

_MESSAGE_KEY = "handing.said"


class HandoffController:
    """An experiment's questions to a scientist: the answers at the top of a page, the form at its end."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment

    def answers(self) -> None:
        """Draw the waiting answers beside the next step."""
        message = state.stored(_MESSAGE_KEY, "")
        if message:
            state.keep(_MESSAGE_KEY, "")
            st.info(message, icon=":material/info:")
        self._act(draw_replies(self._view()))

    def asking(self) -> None:
        """Draw the form for questions at the end of a page."""
        self._act(draw_asking(self._view()))

    def _view(self) -> AskingView:
        handoffs = services.studio().handoffs.list(self._experiment.id)
        return present_asking(self._experiment, handoffs, name=visitors_name(), now=datetime.now(UTC))

    def _act(self, wish: AskingWish | None) -> None:
        studio = services.studio()
        with guard(safe="Nothing was changed."):
            match wish:
                case AskScientist(question=question, by=by):
                    studio.handoffs.ask(self._experiment.id, question, by=store_name(by))
                    start_over()
                    st.rerun()
                case StartAnswer(handoff_id=id_):
                    with st.spinner("Starting what was answered…"):
                        started = studio.handoffs.start_answer(id_, by=visitors_name() or None)
                    if started.run_id:
                        navigation.go("train", experiment=started.experiment_id, run=started.run_id)
                    state.keep(_MESSAGE_KEY, started.message)
                    navigation.go("results", experiment=started.experiment_id)
                case CloseQuestion(handoff_id=id_):
                    studio.handoffs.close(id_, by=visitors_name() or None)
                    st.rerun()
                case None:
                    pass


def visitors_name() -> str:
    """Return the visitor's name: as entered in this tab, otherwise as stored in the workspace."""
    return state.stored("name", "") or services.studio().users.display_name()


def store_name(name: str) -> str | None:
    """Store the visitor's name, for this tab and as the workspace's default; None for no name."""
    if not name.strip():
        return None
    called = services.studio().users.set_display_name(name)
    state.keep("name", called)
    return called

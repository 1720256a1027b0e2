"""Draw an experiment's questions to a scientist: answers with one button, and the form."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app import state
from app.components import permitted_button, state_text
from app.presenters.handoffs import AskingView, HandoffView
from app.presenters.markdown import literal

__all__ = [
    "AskScientist",
    "AskingWish",
    "CloseQuestion",
    "StartAnswer",
    "draw_asking",
    "draw_replies",
    "quoted",
    "start_over",
]

_TURN = "asking.turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskScientist:
    """Ask a scientist."""

    question: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAnswer:
    """Start the run or recipe that an answer proposes."""

    handoff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseQuestion:
    """Close a question."""

    handoff_id: str


AskingWish = AskScientist | StartAnswer | CloseQuestion


def draw_replies(view: AskingView) -> AskingWish | None:
    """Draw the answers that wait for the asker, each with its next step."""
    wish: AskingWish | None = None
    for reply in view.answered:
        answer = reply.answer
        if answer is None:
            continue
        with st.container(border=True, key=f"verdict-unsure-{reply.id}", gap="small"):
            st.markdown(
                f"{state_text('A scientist answered', reply.state.icon, reply.state.tone)}  \n"
                f":small[:gray[{literal(answer.author)}. You asked: {literal(_short(reply.question))}]]"
            )
            st.markdown(quoted(answer.words))
            if answer.brings:
                st.markdown(f":material/deployed_code: {literal(answer.brings)}")
            with st.container(horizontal=True, gap="small"):
                if answer.label and permitted_button(
                    answer.label,
                    action="handoffs.start_answer",
                    key=f"take-{reply.id}",
                    type="primary",
                    icon=":material/play_arrow:",
                ):
                    wish = StartAnswer(handoff_id=reply.id)
                close = "Not needed any more" if answer.label else "Thanks, that is it"
                if permitted_button(
                    close,
                    action="handoffs.close",
                    key=f"close-{reply.id}",
                    type="tertiary" if answer.label else "primary",
                ):
                    wish = CloseQuestion(handoff_id=reply.id)
    return wish


def draw_asking(view: AskingView) -> AskingWish | None:
    """Draw the folded form, with open questions."""
    n = len(view.waiting)
    title = f"Ask a data scientist ({n} waiting)" if n else "Ask a data scientist"
    with st.expander(title, icon=":material/support_agent:", key=f"asking.{view.experiment_id}"):
        waiting = _draw_waiting(view.waiting)
        wish = _draw_form(view)
    return waiting or wish


def start_over() -> None:
    """Empty the form after a question was sent."""
    state.keep(_TURN, state.stored(_TURN, 0) + 1)


def quoted(text: str) -> str:
    """Return a text of people as a Markdown quotation, line by line."""
    return "\n".join(f"> {literal(line)}  " if line.strip() else ">" for line in text.splitlines())


def _draw_waiting(waiting: tuple[HandoffView, ...]) -> CloseQuestion | None:
    wish = None
    for view in waiting:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(
                f"{state_text(view.state.word, view.state.icon, view.state.tone)}"
                f" :small[:gray[{literal(view.asker)}]]  \n{literal(_short(view.question))}",
                width="stretch",
            )
            if permitted_button(
                "Withdraw", action="handoffs.close", key=f"withdraw-{view.id}", type="tertiary"
            ):
                wish = CloseQuestion(handoff_id=view.id)
    return wish


def _draw_form(view: AskingView) -> AskScientist | None:
    key = f"{view.experiment_id}.{state.stored(_TURN, 0)}"
    st.caption("Litmus sends your goal, the table's report, and every run with its results along with it.")
    question = st.text_area(
        "Your question",
        placeholder="Such as: freezers are taken for fridges. What else could be tried?",
        key=f"ask.question.{key}",
        max_chars=10_000,
        height=110,
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        by = st.text_input("Your name", value=view.name, key=f"ask.by.{key}", max_chars=80, width=260)
        pressed = permitted_button(
            "Ask", action="handoffs.ask", key=f"ask.send.{key}", icon=":material/send:", type="secondary"
        )
    return AskScientist(question=question, by=by) if pressed else None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"

"""Draw Hand-offs: open questions, each with what was tried, and the answer form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import streamlit as st

from app import navigation
from app.components import empty_state, permitted_button, state_text
from app.errors import guard
from app.presenters.fields import changed_values
from app.presenters.handoffs import HandoffView, InboxView, OfferView
from app.presenters.markdown import literal
from app.views.ask_scientist import CloseQuestion, quoted
from app.views.fields import draw_fields
from litmus_core.report import Section
from litmus_core.types import Scalar

__all__ = ["AnswerHandoff", "InboxQueries", "InboxWish", "RenameUser", "draw_inbox"]

Brings = Literal["words", "recipe", "plugin"]
_BRINGS: dict[Brings, str] = {"words": "Words alone", "recipe": "A recipe", "plugin": "A plug-in"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHandoff:
    """Answer a question; ``recipe`` and ``plugin`` are names ("" none), ``values`` their parameters."""

    handoff_id: str
    words: str
    by: str
    recipe: str = ""
    plugin: str = ""
    values: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUser:
    """Change the display name."""

    name: str


InboxWish = AnswerHandoff | CloseQuestion | RenameUser


class InboxQueries(Protocol):
    """The data that the view reads while drawing; each method may raise a LitmusError."""

    def sections(self, handoff_id: str, /) -> Sequence[Section]:
        """Return the context of a question."""
        ...

    def zipped(self, handoff_id: str, /) -> bytes:
        """Return its folder as a zip file."""
        ...

    def recipes(self, handoff_id: str, /) -> Sequence[OfferView]:
        """Return the recipes for an answer."""
        ...

    def plugins(self) -> Sequence[OfferView]:
        """Return the plug-ins for an answer."""
        ...

    def proposed(self, handoff_id: str, /) -> str:
        """Return the name of the recipe that was written for this question ("" none)."""
        ...


def draw_inbox(view: InboxView, queries: InboxQueries) -> InboxWish | None:
    """Draw all questions: open ones first."""
    if not (view.waiting or view.answered or view.closed):
        empty_state(
            "No question yet",
            "Anyone who is stuck can ask at the end of their Results page. The question arrives here with "
            "everything that was tried, and they start your answer with one click.",
            to="leaderboards",
            label="See all experiments",
            icon=":material/support_agent:",
        )
        return None
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(view.reading, width="stretch")
        wishes: list[InboxWish | None] = [_draw_name(view.name)]
    for handoff in view.waiting:
        wishes.append(_draw_question(handoff, queries, name=view.name))
    if view.answered:
        st.subheader("Answered, and not started yet", anchor=False)
    for handoff in view.answered:
        wishes.append(_draw_question(handoff, queries, name=view.name))
    if view.closed:
        _draw_closed(view.closed)
    return next((wish for wish in wishes if wish), None)


def _draw_name(name: str) -> RenameUser | None:
    with st.popover(f"You are {literal(name or 'nobody')}", icon=":material/person:", type="tertiary"):
        called = st.text_input(
            "Your name",
            value=name,
            key=f"inbox.name.{name}",
            max_chars=80,
            help="What others read beside your questions and answers.",
        )
        return (
            RenameUser(name=called)
            if permitted_button("Keep it", action="users.set_display_name", key="inbox.rename")
            else None
        )


def _draw_question(view: HandoffView, queries: InboxQueries, *, name: str) -> InboxWish | None:
    with st.container(border=True, key=f"verdict-{view.state.tone}-{view.id}", gap="small"):
        st.markdown(
            f"{state_text(view.state.word, view.state.icon, view.state.tone)}  \n"
            f"**{literal(view.experiment)}**  \n:small[:gray[{literal(view.asker)}]]"
        )
        st.markdown(quoted(view.question))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            navigation.link(
                "results", "Open its results", icon=":material/fact_check:", experiment=view.experiment_id
            )
            st.download_button(
                "Download",
                lambda: queries.zipped(view.id),
                file_name=f"{view.id}.zip",
                mime="application/zip",
                icon=":material/download:",
                type="tertiary",
                key=f"zip-{view.id}",
                on_click="ignore",
                help="A folder with the question, all of this, and the Python that repeats each run.",
            )
        _draw_tried(view, queries)
        if view.answer is None:
            return _draw_form(view, queries, name=name)
        st.markdown(f":small[:gray[{literal(view.answer.author)}]]  \n{quoted(view.answer.words)}")
        if view.answer.brings:
            st.markdown(f":material/deployed_code: {literal(view.answer.brings)}")
        with st.expander(
            "Answer differently", type="compact", key=f"again-{view.id}", on_change="rerun"
        ) as more:
            return _draw_form(view, queries, name=name) if more.open else None


def _draw_tried(view: HandoffView, queries: InboxQueries) -> None:
    folded = st.expander(
        "What it is about, and what was tried", type="compact", key=f"tried-{view.id}", on_change="rerun"
    )
    if not folded.open:
        return
    with folded, guard():
        for section in queries.sections(view.id):
            st.markdown(f"**{literal(section.title)}**")
            for text in section.texts:
                st.markdown(literal(text))
            if section.rows:
                columns = zip(*section.rows, strict=True)
                st.dataframe(
                    dict(zip(section.header, columns, strict=True)),
                    hide_index=True,
                    height="content" if len(section.rows) <= 10 else 380,
                    key=f"section-{view.id}-{section.title}",
                )


def _draw_form(view: HandoffView, queries: InboxQueries, *, name: str) -> InboxWish | None:
    words = st.text_area(
        "Your answer",
        key=f"answer.words.{view.id}",
        max_chars=10_000,
        height=110,
        placeholder="What you would try, and why.",
    )
    proposed = queries.proposed(view.id)
    brings: Brings = st.segmented_control(
        "It brings",
        list(_BRINGS),
        default="recipe" if proposed else "words",
        required=True,
        format_func=_BRINGS.__getitem__,
        key=f"answer.brings.{view.id}",
        help="The person who asked starts this with one click.",
    )
    picked, values = _draw_brought(view, queries, brings, proposed)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        by = st.text_input(
            "Your name", value=name, key=f"answer.by.{view.id}.{name}", max_chars=80, width=260
        )
        sent, closed = _draw_buttons(view.id)
    if closed:
        return CloseQuestion(handoff_id=view.id)
    if not sent:
        return None
    return AnswerHandoff(
        handoff_id=view.id,
        words=words,
        by=by,
        recipe=picked if brings == "recipe" else "",
        plugin=picked if brings == "plugin" else "",
        values=values,
    )


def _draw_buttons(handoff_id: str) -> tuple[bool, bool]:
    """Draw the ends of a question; return whether it is answered, and whether it is closed."""
    send, close = f"answer.send.{handoff_id}", f"answer.close.{handoff_id}"
    return (
        permitted_button(
            "Answer", action="handoffs.answer", key=send, type="primary", icon=":material/reply:"
        ),
        permitted_button("Close without one", action="handoffs.close", key=close, type="tertiary"),
    )


def _draw_brought(
    view: HandoffView, queries: InboxQueries, brings: Brings, proposed: str
) -> tuple[str, tuple[tuple[str, Scalar], ...]]:
    """Draw the choice of a recipe or a plug-in; return its name ("" none) and its parameters."""
    if brings == "words":
        return "", ()
    offers = {
        recipe.name: recipe
        for recipe in (queries.recipes(view.id) if brings == "recipe" else queries.plugins())
    }
    if brings == "recipe":
        navigation.link(
            "recipes",
            "Write one for this question",
            icon=":material/edit_note:",
            handoff=view.id,
            section="editor",
        )
    elif not offers:
        st.caption("No plug-in is ready that a run could train with. Put one into the workspace first.")
        navigation.link("plugins", "Go to Plug-ins", icon=":material/extension:")
        return "", ()
    names = list(offers)
    picked = st.selectbox(
        "Which recipe" if brings == "recipe" else "Which plug-in",
        names,
        index=names.index(proposed) if proposed in names else 0,
        format_func=lambda name: offers[name].title,
        key=f"answer.{brings}.{view.id}",
    )
    offer = offers[picked]
    if offer.about:
        st.caption(literal(offer.about))
    values = draw_fields(offer.fields, key=f"answer.{brings}.{view.id}.{picked}") if offer.fields else {}
    return picked, changed_values(offer.fields, values)


def _draw_closed(closed: Sequence[HandoffView]) -> None:
    with st.expander(f"Closed ({len(closed)})", key="inbox.closed"):
        for view in closed:
            st.markdown(
                f"**{literal(view.experiment)}** :small[:gray[{literal(view.asker)}]]  \n"
                f"{literal(' '.join(view.question.split()))}  \n:small[:gray[{literal(view.ending)}]]"
            )

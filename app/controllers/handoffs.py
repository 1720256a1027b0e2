"""The Hand-offs page: read and present the questions, and carry out requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from app import services, state
from app.controllers import train
from app.controllers.ask_scientist import store_name, visitors_name
from app.errors import guard
from app.presenters.handoffs import (
    OfferView,
    present_inbox,
    present_plugin_offers,
    present_recipe_offers,
)
from app.views.ask_scientist import CloseQuestion
from app.views.handoffs import AnswerHandoff, InboxWish, RenameUser, draw_inbox
from litmus_core.handoffs import handoff_sections
from litmus_core.report import Section
from litmus_core.runtime import part_text
from litmus_core.types import PluginRef

__all__ = ["InboxController", "draw"]


class InboxController:
    """The data about a question that the page reads while drawing it."""

    def sections(self, handoff_id: str) -> Sequence[Section]:
        """Return the context of a question at the time it was asked."""
        return handoff_sections(services.studio().handoffs.get_context(handoff_id))

    def zipped(self, handoff_id: str) -> bytes:
        """Return its folder as a zip file."""
        return services.studio().handoffs.zip(handoff_id)

    def recipes(self, handoff_id: str) -> Sequence[OfferView]:
        """Return the recipes for the asker's problem type."""
        studio = services.studio()
        problem = studio.experiments.get(studio.handoffs.get(handoff_id).experiment_id).task.problem_type
        fitting = [
            recipe for recipe in studio.recipes.list() if not recipe.problems or problem in recipe.problems
        ]
        return present_recipe_offers(fitting)

    def plugins(self) -> Sequence[OfferView]:
        """Return the ready plug-ins that a run can train with."""
        return present_plugin_offers(train.ready_plugins())

    def proposed(self, handoff_id: str) -> str:
        """Return the recipe that the address proposes for this question."""
        return (state.recipe() or "") if state.handoff() == handoff_id else ""


def draw() -> None:
    """Draw the questions, and carry out the visitor's request."""
    studio = services.studio()
    view = present_inbox(
        studio.handoffs.list(),
        studio.store.experiments(),
        name=visitors_name(),
        selected=state.handoff(),
        now=datetime.now(UTC),
    )
    _act(draw_inbox(view, InboxController()))


def _act(wish: InboxWish | None) -> None:
    studio = services.studio()
    with guard(safe="Nothing was changed."):
        match wish:
            case AnswerHandoff():
                with st.spinner("Checking it against the experiment…"):
                    _answer(wish)
            case CloseQuestion(handoff_id=id_):
                studio.handoffs.close(id_, by=visitors_name() or None)
            case RenameUser(name=name):
                store_name(name)
            case None:
                return
        st.rerun()


def _answer(wish: AnswerHandoff) -> None:
    plugin = ""
    if wish.plugin:
        plugin = part_text(PluginRef(point="preprocess", reference=wish.plugin, parameters=wish.values))
    services.studio().handoffs.answer(
        wish.handoff_id,
        wish.words,
        recipe=wish.recipe,
        knobs=dict(wish.values) if wish.recipe else None,
        plugin=plugin,
        by=store_name(wish.by),
    )

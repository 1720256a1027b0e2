"""Questions to a scientist, for the asker and for the inbox of scientists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.presenters import humanize
from app.presenters.fields import FieldView, present_parameters
from app.presenters.improvement.knobs import present_knobs
from litmus_core.plugins import NOUNS, PluginDescription
from litmus_core.recipes import Recipe
from litmus_core.text import format_count
from litmus_core.types import Answer, Experiment, Handoff, HandoffClosing, HandoffEnd, HandoffState

__all__ = [
    "AnswerView",
    "AskingView",
    "HandoffView",
    "InboxView",
    "OfferView",
    "present_asking",
    "present_inbox",
    "present_plugin_offers",
    "present_recipe_offers",
]

_STATES: Mapping[HandoffState, humanize.StateMessage] = {
    "open": humanize.StateMessage(
        word="Waits for an answer", icon=":material/schedule:", tone="near", rank=0
    ),
    "answered": humanize.StateMessage(word="Answered", icon=":material/reply:", tone="unsure", rank=1),
    "closed": humanize.StateMessage(word="Closed", icon=":material/task_alt:", tone="quiet", rank=2),
}
_ENDINGS: Mapping[HandoffEnd, str] = {
    "started": "The answer was started",
    "solved": "Solved",
    "withdrawn": "Withdrawn",
    "": "Closed",
}
_MOST_CLOSED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer: its text and author, what it ``brings``, and the button that starts it ("" none)."""

    words: str
    author: str
    brings: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffView:
    """One question. ``asker`` says who asked and when; ``ending`` says how it was closed."""

    id: str
    experiment_id: str
    experiment: str
    question: str
    asker: str
    state: humanize.StateMessage
    answer: AnswerView | None
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingView:
    """An experiment's questions for the asker: answers first, then open questions."""

    experiment_id: str
    name: str
    answered: tuple[HandoffView, ...]
    waiting: tuple[HandoffView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxView:
    """All questions: open ones, those with a waiting answer, closed ones."""

    reading: str
    name: str
    waiting: tuple[HandoffView, ...]
    answered: tuple[HandoffView, ...]
    closed: tuple[HandoffView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """A recipe or a plug-in for an answer, with its parameters."""

    name: str
    title: str
    about: str
    fields: tuple[FieldView, ...]


def present_asking(
    experiment: Experiment, handoffs: Sequence[Handoff], *, name: str, now: datetime
) -> AskingView:
    """Present an experiment's questions for the asker."""
    names = {experiment.id: experiment.name}
    return AskingView(
        experiment_id=experiment.id,
        name=name,
        answered=tuple(_view(handoff, names, now) for handoff in handoffs if handoff.state == "answered"),
        waiting=tuple(_view(handoff, names, now) for handoff in handoffs if handoff.state == "open"),
    )


def present_inbox(
    handoffs: Sequence[Handoff],
    experiments: Sequence[Experiment],
    *,
    name: str,
    selected: str | None = None,
    now: datetime,
) -> InboxView:
    """Present all questions for those who answer; the one in the address comes first."""
    names = {experiment.id: experiment.name for experiment in experiments}
    views: dict[HandoffState, list[HandoffView]] = {"open": [], "answered": [], "closed": []}
    for handoff in sorted(handoffs, key=lambda handoff: handoff.id != selected):
        views[handoff.state].append(_view(handoff, names, now))
    return InboxView(
        reading=_reading(len(views["open"]), len(views["answered"])),
        name=name,
        waiting=tuple(views["open"]),
        answered=tuple(views["answered"]),
        closed=tuple(views["closed"][:_MOST_CLOSED]),
    )


def present_recipe_offers(recipes: Sequence[Recipe]) -> tuple[OfferView, ...]:
    """Present the recipes for an answer."""
    return tuple(
        OfferView(
            name=recipe.name,
            title=f"{recipe.title} ({recipe.name}, version {recipe.version})",
            about=recipe.description,
            fields=present_knobs(recipe.knobs),
        )
        for recipe in recipes
    )


def present_plugin_offers(ready: Sequence[PluginDescription]) -> tuple[OfferView, ...]:
    """Present the plug-ins for an answer: those that a run can train with."""
    return tuple(
        OfferView(
            name=described.name,
            title=f"{described.title or described.name} ({NOUNS[described.point]} {described.name})",
            about=described.when,
            fields=present_parameters(described.parameters),
        )
        for described in ready
        if described.point in ("preprocess", "algorithm", "postprocess")
    )


def _reading(n_waiting: int, n_answered: int) -> str:
    if not n_waiting and not n_answered:
        return "No question waits."
    parts = []
    if n_waiting:
        verb = "waits" if n_waiting == 1 else "wait"
        parts.append(f"{format_count(n_waiting, 'question')} {verb} for an answer")
    if n_answered:
        verb = "waits" if n_answered == 1 else "wait"
        parts.append(f"{format_count(n_answered, 'answer')} {verb} for whoever asked")
    return f"{'; '.join(parts)}."


def _view(handoff: Handoff, names: Mapping[str, str], now: datetime) -> HandoffView:
    step = handoff.step
    through = "" if step is None else f", in step {step.number} of the recipe {step.recipe} v{step.version}"
    time_ago = humanize.ago(handoff.asked_at, now=now)
    return HandoffView(
        id=handoff.id,
        experiment_id=handoff.experiment_id,
        experiment=names.get(handoff.experiment_id, handoff.experiment_id),
        question=handoff.question,
        asker=f"{handoff.asked_by or 'Someone'} asked {time_ago}{through}",
        state=_STATES[handoff.state],
        answer=None if handoff.answer is None else _answer(handoff.answer, handoff, now),
        ending="" if handoff.closing is None else _ending(handoff.closing, now),
    )


def _answer(answer: Answer, handoff: Handoff, now: datetime) -> AnswerView:
    who = f"{answer.by or 'Someone'} answered {humanize.ago(handoff.answered_at, now=now)}"
    if answer.recipe:
        turned = ", ".join(f"{name} {value}" for name, value in answer.knobs)
        brings = (
            f"The recipe {answer.recipe}, version {answer.version}{f', with {turned}' if turned else ''}."
        )
        label = "Follow this recipe"
    elif answer.plan is not None:
        brings = f"The plug-in {answer.plugin}: what led is trained again, with it."
        label = "Start this run"
    else:
        label = ""
        brings = f"The plug-in {answer.plugin}, to be chosen where it takes part." if answer.plugin else ""
    return AnswerView(words=answer.words, author=who, brings=brings, label=label)


def _ending(closing: HandoffClosing, now: datetime) -> str:
    by = f" by {closing.by}" if closing.by else ""
    closing_words = f": {closing.words}" if closing.words else ""
    return f"{_ENDINGS[closing.ending]}{by} {humanize.ago(closing.at, now=now)}{closing_words}"

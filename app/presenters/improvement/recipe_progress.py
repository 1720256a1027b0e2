"""An experiment's progress in its recipe, and recipes to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from app.presenters import humanize
from app.presenters.fields import FieldView
from app.presenters.improvement.conditions import plain_condition
from app.presenters.improvement.knobs import present_knobs
from litmus_core.experiments import FollowedRecipe, RecipeFit
from litmus_core.recipes import Knob, StepState, Walk, WalkStep
from litmus_core.types import Scalar

__all__ = [
    "RecipeProgressView",
    "RecipeStepView",
    "StepChoiceView",
    "Turn",
    "WalkView",
    "present_choice",
    "present_walk",
]

Turn = Literal["step", "slow step", "gather", "ask", "hand off", ""]  # the next thing that the visitor can do

_WHO = {"gather": "whoever has the data", "hand off": "a data scientist"}
_APART = (
    "It brings a bar or a budget that this experiment does not have. What an experiment asks never changes: "
    "a new one asks the same with it, and follows the recipe there."
)
_STATES: dict[StepState, humanize.StateMessage] = {
    "done": humanize.StateMessage(word="Done", icon=":material/check_circle:", tone="good", rank=0),
    "failed": humanize.StateMessage(word="Did not work", icon=":material/error:", tone="bad", rank=0),
    "skipped": humanize.StateMessage(word="Passed over", icon=":material/skip_next:", tone="quiet", rank=0),
    "running": humanize.StateMessage(
        word="Running", icon=":material/progress_activity:", tone="accent", rank=0
    ),
    "asked": humanize.StateMessage(word="Waits for you", icon=":material/person_alert:", tone="near", rank=0),
    "next": humanize.StateMessage(word="Next", icon=":material/arrow_circle_right:", tone="accent", rank=0),
    "later": humanize.StateMessage(
        word="Later", icon=":material/radio_button_unchecked:", tone="quiet", rank=0
    ),
    "not due": humanize.StateMessage(
        word="Not needed so far", icon=":material/remove_circle_outline:", tone="quiet", rank=0
    ),
}
_ASKED_OF_OTHERS = humanize.StateMessage(
    word="Waits for an answer", icon=":material/schedule:", tone="near", rank=0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeStepView:
    """One step of a recipe and its result."""

    number: int
    title: str
    state: humanize.StateMessage
    why: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkView:
    """An experiment's progress in its recipe.

    ``turn`` is what the visitor can do now, ``request`` asks a person for something. ``is_over``: nothing is
    left to do; ``ended`` says how the last automatic walk ended, ``problem`` why it failed. ``leads``: the
    recipe is the next thing to do.
    """

    title: str
    about: str
    settings: str
    goes_by: str
    places: tuple[RecipeStepView, ...]
    headline: str
    turn: Turn
    request: str
    can_go_on: bool
    is_over: bool
    moved_to: str
    ended: str
    problem: str
    leads: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeProgressView:
    """A recipe to choose: effective knobs as fields, steps as titles, what it would change.

    ``turned`` are the knobs whose defaults do not fit here, at values that do.
    """

    name: str
    title: str
    description: str
    knobs: tuple[FieldView, ...]
    steps: tuple[str, ...]
    note: str
    turned: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChoiceView:
    """Recipes that fit, and the others with the reason why they do not fit."""

    fitting: tuple[RecipeProgressView, ...]
    others: tuple[tuple[str, str], ...]


def present_walk(walk: Walk, following: FollowedRecipe, *, now: datetime) -> WalkView:
    """Present an experiment's progress in its recipe; ``following`` is the automatic walk, if any."""
    place, recipe = walk.next, walk.recipe
    is_led = following.message is not None
    return WalkView(
        title=recipe.title,
        about=recipe.description,
        settings="; ".join(
            f"{_words_of(recipe.knobs, name)}: {_value_text(value)}" for name, value in recipe.settings
        ),
        goes_by=walk.goes_by,
        places=tuple(_place(place) for place in walk.places),
        headline=_headline(walk, following),
        turn="" if is_led or place is None else _turn(place),
        request=_request(place),
        can_go_on=not is_led and (walk.running is not None or _goes_by_itself(place)),
        is_over=place is None and walk.running is None and not walk.moved_to and not is_led,
        moved_to=walk.moved_to,
        ended="" if place is not None and place.state == "asked" else _ended(following, now),
        problem=following.problem,
    )


def _request(place: WalkStep | None) -> str:
    """Return a step's request to a person, unless the step's title says it."""
    if place is None or place.step.request == place.step.title:
        return ""
    return place.step.request


def _ended(following: FollowedRecipe, now: datetime) -> str:
    if not following.ended:
        return ""
    return f"{humanize.ago(following.ended_at, now=now).capitalize()}: {following.ended}"


def _place(place: WalkStep) -> RecipeStepView:
    return RecipeStepView(
        number=place.step.number,
        title=place.step.title,
        state=_ASKED_OF_OTHERS if _waits_for_others(place) else _STATES[place.state],
        why=_why(place),
        run_id=place.run_id,
    )


def _waits_for_others(place: WalkStep) -> bool:
    return place.state == "asked" and place.step.kind == "hand off"


def _why(place: WalkStep) -> str:
    """Return the reason for a step's state: its result if it was carried out, otherwise its condition."""
    when = place.step.when
    facts = place.looked_at
    if place.state == "asked" or (when is None and facts is not None):
        return ""
    if when is None or facts is None:
        return place.why
    now = f" Now {plain_condition(facts)}." if facts and place.state == "not due" else ""
    return f"Only if {plain_condition(when.text)}.{now}"


def _turn(place: WalkStep) -> Turn:
    if place.step.kind == "hand off":
        return "ask" if place.state == "next" else "hand off"
    if place.step.kind == "gather":
        return "gather"
    return "slow step" if place.step.kind == "check data" else "step"


def _goes_by_itself(place: WalkStep | None) -> bool:
    return place is not None and not place.step.is_for_people


def _headline(walk: Walk, following: FollowedRecipe) -> str:
    if walk.moved_to:
        return "It continued with another table, as a separate experiment."
    if walk.reached:
        return f"The recipe has reached its end: {plain_condition(walk.recipe.until.text)}."
    if walk.running is not None:
        return f"Step {walk.running.step.number} is running."
    place = walk.next
    if place is None:
        return "No step is left whose condition holds. The recipe's end is not reached; another one may help."
    if following.message is not None:
        return "It continues on its own."
    if place.step.is_for_people:
        return f"Step {place.step.number} is for {_WHO[place.step.kind]}."
    return f"Next is step {place.step.number} of {len(walk.places)}. {walk.expected}".rstrip()


def _words_of(knobs: Sequence[Knob], name: str) -> str:
    return next((knob.words for knob in knobs if knob.name == name), name)


def _value_text(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value}"


def present_choice(fits: Sequence[RecipeFit]) -> StepChoiceView:
    """Present the recipes to choose from."""
    return StepChoiceView(
        fitting=tuple(
            RecipeProgressView(
                name=fit.recipe.name,
                title=fit.recipe.title,
                description=fit.recipe.description,
                knobs=present_knobs(_effective_knobs(fit)),
                steps=tuple(step.title for step in fit.recipe.steps),
                note=_note(fit),
                turned=fit.turned,
            )
            for fit in fits
            if not fit.problem
        ),
        others=tuple((fit.recipe.title, fit.problem) for fit in fits if fit.problem),
    )


def _effective_knobs(fit: RecipeFit) -> list[Knob]:
    """Return the knobs that do something here, at the values with which the recipe fits."""
    values = dict(fit.turned)
    return [
        replace(knob, default=values.get(knob.name, knob.default))
        for knob in fit.recipe.knobs
        if knob.name not in fit.idle
    ]


def _note(fit: RecipeFit) -> str:
    """Return why the recipe comes first, what it would create, and which knobs have no effect here."""
    notes = [f"It is made for such as this: {fit.suits}."] if fit.suits else []
    notes += [_APART] if fit.starts_experiment else []
    for name, value in fit.turned:
        notes.append(f"It fits this table with “{_words_of(fit.recipe.knobs, name)}”: {_value_text(value)}.")
    if fit.idle:
        names_text = ", ".join(f"“{_words_of(fit.recipe.knobs, name)}”" for name in fit.idle)
        notes.append(f"These do not apply here: {names_text}.")
    return " ".join(notes)

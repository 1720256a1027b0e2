"""``litmus improve``: what to do next after a run, what it should bring, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, show
from litmus_core.errors import LitmusError
from litmus_core.types import ActionList, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import Studio
    from litmus_core.recipes import Walk


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("improve")(improve)


def improve(
    run: Annotated[str, typer.Argument(help="The run's id.")],
    start: Annotated[
        str | None, typer.Option(help="Start this one of the list, by its key, and wait for its end.")
    ] = None,
    most_s: Annotated[
        float | None,
        typer.Option(min=5, help="With --start: at most so many seconds, less than it asks for."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what to do next after a run and what it should bring; with --start, do it."""
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        if start is None:
            found = studio.actions(run)
            walk = _walk(studio, studio.run(run).experiment_id)
            told = to_plain(found) | {"recipe_step": None if walk is None else _step_told(walk, found)}
            show(told, as_json=as_json, text=lambda: _told(found, walk))
            return
        studio.actions(run)  # made anew where actions of one's own came or changed
        began = studio.apply_action(run, start, most_s=most_s)
        ended = studio.wait(began.id)
        (outcome,) = [each for each in studio.action_outcomes() if each.run_id == ended.id]
        told = {"run": ended.id, "outcome": to_plain(outcome)}
        said = ended.verdict.sentence if ended.verdict else ended.message
        show(told, as_json=as_json, text=lambda: said)


def _walk(studio: Studio, experiment_id: str) -> Walk | None:
    """Return where the experiment is in its recipe; None: it follows none that can be read."""
    if not studio.follows_recipe(experiment_id):
        return None
    try:
        return studio.recipe_walk(experiment_id)
    except LitmusError as error:
        typer.echo(f"Its recipe cannot be followed: {error}", err=True)
        return None


def _step_told(walk: Walk, found: ActionList) -> dict[str, Any] | None:
    """Return the recipe's next step, and which action of the list does the same, if one does."""
    from litmus_core.recipes import action_like

    if walk.next is None:
        return None
    step = walk.next.step
    action = action_like(step, found)
    return {"number": step.number, "title": step.title, "action": None if action is None else action.key}


def _told(found: ActionList, walk: Walk | None) -> str:
    from litmus_core.recipes import steps_by_action

    lines = [found.sentence, *found.notes]
    if walk is not None and walk.next is not None:
        step = walk.next.step
        lines += [
            f"\nThe recipe's next step: {step.number}, {step.title}. {walk.expected}".rstrip(),
            f"  Take it: litmus apply {walk.experiment_id}",
        ]
    steps = {} if walk is None else steps_by_action(walk, found)
    for action in found.actions:
        gain = action.gain
        place = steps.get(action.key)
        in_recipe = "" if place is None else f" Step {place.step.number} of the recipe."
        lines.append(
            f"\n{action.key}: {action.title}. {action.sentence}{in_recipe}\n"
            f"  expected {gain.value:+.3g} ({gain.low:+.3g} to {gain.high:+.3g} in 4 of 5 cases), "
            f"about {action.minutes:.1f} min. {action.evidence}"
        )
    return "\n".join(lines)

"""``litmus improve``: what to do next after a run, what it should bring, and doing it."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, show
from litmus_core.types import ActionList, to_plain


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
            show(to_plain(found), as_json=as_json, text=lambda: _told(found))
            return
        studio.actions(run)  # made anew where actions of one's own came or changed
        began = studio.apply_action(run, start, most_s=most_s)
        ended = studio.wait(began.id)
        (outcome,) = [each for each in studio.action_outcomes() if each.run_id == ended.id]
        told = {"run": ended.id, "outcome": to_plain(outcome)}
        said = ended.verdict.sentence if ended.verdict else ended.message
        show(told, as_json=as_json, text=lambda: said)


def _told(found: ActionList) -> str:
    lines = [found.sentence, *found.notes]
    for action in found.actions:
        gain = action.gain
        lines.append(
            f"\n{action.key}: {action.title}. {action.sentence}\n"
            f"  expected {gain.value:+.3g} ({gain.low:+.3g} to {gain.high:+.3g} in 4 of 5 cases), "
            f"about {action.minutes:.1f} min. {action.evidence}"
        )
    return "\n".join(lines)

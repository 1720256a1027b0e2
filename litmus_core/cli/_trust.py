"""``litmus trust``: allow models and jobs that somebody sent you to run."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, show
from litmus_core.text import format_count

if TYPE_CHECKING:
    from litmus_core.experiments import Untrusted

_NOTHING = "There is nothing to trust: you made all of it, or already trust it."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trust")(trust)


def trust(
    runs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN]...", help="These runs alone. Default: all that the workspace holds."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: you have read what will run.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what somebody else made in a workspace, and trust it, so that its models and jobs may run.

    Without --yes it asks. Without a terminal to ask on it changes nothing and exits with code 1.
    """
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        found = studio.trust.untrusted()
        if runs:
            chosen = tuple(run for run in runs if studio.runs.get(run).id in found.runs)
            found = replace(found, workspace=False, runs=chosen, waiting=(), plugins=())
        if not found:
            show({"trusted": True, **_report(found)}, as_json=as_json, text=lambda: _NOTHING)
            return
        agreed = yes or (not as_json and _agreed(found))
        if agreed:
            studio.trust.grant(None if found.workspace else found.runs)
        told = {"trusted": agreed, **_report(found)}
        show(told, as_json=as_json, text=lambda: _outcome(found, studio.workspace.path, agreed=agreed))
        if not agreed:
            raise typer.Exit(1)


def _agreed(found: Untrusted) -> bool:
    typer.echo("\n".join(found.sentences))
    return sys.stdin.isatty() and typer.confirm("Do you trust the person who made it?", default=False)


def _outcome(found: Untrusted, workspace: Path, *, agreed: bool) -> str:
    if not agreed:
        return f"Nothing was trusted or run. To trust it: litmus trust --workspace {workspace} --yes"
    if not found.workspace:
        return f"Trusted in their present form: {', '.join(found.runs)}."
    waiting = f" {format_count(len(found.waiting), 'run')} will start with the app." if found.waiting else ""
    return f"The workspace is trusted in its present form.{waiting}"


def _report(found: Untrusted) -> dict[str, Any]:
    from litmus_core.types import to_plain

    plain: dict[str, Any] = to_plain(found)
    return plain

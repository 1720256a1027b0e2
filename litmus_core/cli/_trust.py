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
        typer.Argument(metavar="[RUN]...", help="Only these runs. Default: all that the workspace holds."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: you have read what will run.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the models and jobs that somebody else made in a workspace, and trust them, so that they may run.

    Without --yes it asks. Without a terminal to ask on it changes nothing and exits with code 1.
    """
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        untrusted = studio.trust.untrusted()
        if runs:
            chosen = tuple(run for run in runs if studio.runs.get(run).id in untrusted.runs)
            untrusted = replace(untrusted, workspace=False, runs=chosen, waiting=(), plugins=())
        if not untrusted:
            show({"trusted": True, **_report(untrusted)}, as_json=as_json, text=lambda: _NOTHING)
            return
        agreed = yes or (not as_json and _is_confirmed(untrusted))
        if agreed:
            studio.trust.grant(None if untrusted.workspace else untrusted.runs)
        report = {"trusted": agreed, **_report(untrusted)}
        show(report, as_json=as_json, text=lambda: _outcome(untrusted, studio.workspace.path, agreed=agreed))
        if not agreed:
            raise typer.Exit(1)


def _is_confirmed(untrusted: Untrusted) -> bool:
    typer.echo("\n".join(untrusted.sentences))
    return sys.stdin.isatty() and typer.confirm("Do you trust the person who made it?", default=False)


def _outcome(untrusted: Untrusted, workspace: Path, *, agreed: bool) -> str:
    if not agreed:
        return f"Nothing was trusted or run. To trust it: litmus trust --workspace {workspace} --yes"
    if not untrusted.workspace:
        return f"Trusted in their present form: {', '.join(untrusted.runs)}."
    waiting = (
        f" {format_count(len(untrusted.waiting), 'run')} will start with the app."
        if untrusted.waiting
        else ""
    )
    return f"The workspace is trusted in its present form.{waiting}"


def _report(untrusted: Untrusted) -> dict[str, Any]:
    from litmus_core.types import to_plain

    plain: dict[str, Any] = to_plain(untrusted)
    return plain

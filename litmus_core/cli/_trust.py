"""``litmus trust``: what somebody sent you may run, from now on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, counted, reporting, show

if TYPE_CHECKING:
    from litmus_core.experiments import Untrusted

_MOST_NAMES = 10
_NOTHING = "There is nothing to trust: you made all of it, or trusted it before."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trust")(trust)


def trust(
    runs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN]...", help="These runs alone. Default: all that the workspace holds."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="You have read what will run: do not ask.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what of a workspace somebody else made, and trust it: only then its models and jobs run.

    Without --yes it asks, and where nobody can answer it changes nothing and exits with code 1.
    """
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        found = studio.untrusted()
        asked = [run for run in runs or () if studio.run(run).id in found.runs]
        if not (asked if runs else found):
            show({"trusted": True, **_report(found)}, as_json=as_json, text=lambda: _NOTHING)
            return
        agreed = yes or (not as_json and _agreed(found, asked))
        if agreed:
            studio.trust(asked or None)
        told = {"trusted": agreed, **_report(found)}
        show(told, as_json=as_json, text=lambda: _outcome(found, asked, agreed=agreed))
        if not agreed:
            raise typer.Exit(1)


def _agreed(found: Untrusted, asked: list[str]) -> bool:
    typer.echo(_described(found, asked))
    if not sys.stdin.isatty():
        return False
    return typer.confirm("Do you trust whoever made it?", default=False)


def _described(found: Untrusted, asked: list[str]) -> str:
    runs = asked or list(found.runs)
    lines = ["Opening a model runs code. What you trust can read and write what you can."]
    if found.workspace and not asked:
        lines.append("You did not make this workspace on this computer.")
    if runs:
        lines.append(f"{counted(len(runs), 'run')} with files that you did not write: {_names(runs)}")
    if found.waiting and not asked:
        lines.append(f"{counted(len(found.waiting), 'run')} will start: {_names(list(found.waiting))}")
    if found.plugins and not asked:
        lines.append(f"Plug-ins that whoever made it trusted: {_names(list(found.plugins))}")
    return "\n".join(lines)


def _names(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _outcome(found: Untrusted, asked: list[str], agreed: bool) -> str:
    if not agreed:
        return "Nothing was trusted, and nothing was run. To trust it: litmus trust --yes"
    if asked:
        return f"Trusted as it is now: {_names(asked)}."
    waiting = f" {counted(len(found.waiting), 'run')} will start with the app." if found.waiting else ""
    return f"The workspace is trusted as it is now.{waiting}"


def _report(found: Untrusted) -> dict[str, Any]:
    from litmus_core.types import to_plain

    plain: dict[str, Any] = to_plain(found)
    return plain

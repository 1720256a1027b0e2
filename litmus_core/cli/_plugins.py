"""``litmus plugins …``: find, trust, check, enable and disable plug-ins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import (
    JsonOption,
    Session,
    WorkspaceOption,
    reporting,
    show,
    studio_command,
    table,
)

if TYPE_CHECKING:
    from litmus_core.plugins import PlugIn, PlugInReport

plugins = typer.Typer(
    help="Your own pre-processing, models, post-processing, metrics, data sources and more.",
    no_args_is_help=True,
)
NameArgument = Annotated[str, typer.Argument(help="The plug-in's name, as the list has it.")]

_OPTIONS = {"preprocess": "--pre", "algorithm": "--algorithm", "postprocess": "--post", "metric": "--metric"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(plugins, name="plugins")


@plugins.command("list")
@studio_command
def list_plugins(
    session: Session,
    built_in: Annotated[bool, typer.Option("--all", help="Show what Litmus itself brings, too.")] = False,
) -> None:
    """List the plug-ins of the workspace and of installed packages with their states."""
    listed = session.studio.plugins.list(built_in=built_in)
    session.show([plugin_report(plugin) for plugin in listed], text=lambda: _plugins_text(listed))


@plugins.command("add")
@studio_command
def add(
    session: Session,
    file: Annotated[Path, typer.Argument(help="A .py file. Read it first: its code will be run.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace another file of that name.")] = False,
) -> None:
    """Copy a file into the workspace's plugins/, trust it, and check it; exit code 1 if a check fails."""
    reports = session.studio.plugins.add(file, replaces=replace)
    added = [
        plugin
        for plugin in session.studio.plugins.list(built_in=False)
        if plugin.name in {report.name for report in reports}
    ]
    _show_reports(reports, as_json=session.as_json, closing=_next_steps_text(added))
    if any(plugin.state == "two with the same name" for plugin in added):
        raise typer.Exit(1)


@plugins.command("trust")
def trust(
    file: Annotated[Path, typer.Argument(help="A .py file, in plugins/ or anywhere.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Trust a file in its present form, so that it may run. Read it first."""
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        digest = studio.plugins.trust(file)
        report = {"file": str(file), "sha256": digest}
        message = f"{file} is trusted as it is now ({digest[:12]}…)."
        message += f" Next: litmus plugins check {file}"
        show(report, as_json=as_json, text=lambda: message)


@plugins.command("check")
@studio_command
def check(
    session: Session,
    plug_in: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A .py file, or a plug-in's name.")],
) -> None:
    """Run the conformance checks of a file's plug-ins, or of one plug-in by name.

    The exit code is 1 if a check fails.
    """
    _show_reports(session.studio.plugins.check(plug_in), as_json=session.as_json)


@plugins.command("enable")
@studio_command
def enable(
    session: Session,
    name: NameArgument,
) -> None:
    """Enable a disabled plug-in."""
    enabled = session.studio.plugins.enable(name)
    session.show([plugin_report(plugin) for plugin in enabled], text=lambda: _plugins_text(enabled))


@plugins.command("disable")
@studio_command
def disable(
    session: Session,
    name: NameArgument,
    reason: Annotated[str, typer.Option(help="Why; the list of plug-ins shows it.")] = "you disabled it",
) -> None:
    """Disable a plug-in."""
    disabled = session.studio.plugins.disable(name, reason=reason)
    session.show([plugin_report(plugin) for plugin in disabled], text=lambda: _plugins_text(disabled))


def plugin_report(plugin: PlugIn) -> dict[str, Any]:
    """Return a plug-in as ``litmus plugins list --json`` prints it."""
    from litmus_core.types import to_plain

    described = plugin.described
    return {
        "name": plugin.name,
        "point": described.point if described else None,
        "title": described.title if described else None,
        "reference": described.reference if described else None,
        "version": described.version if described else None,
        "parameters": to_plain(list(described.parameters)) if described else [],
        "origin": plugin.origin,
        "where": plugin.where,
        "state": plugin.state,
        "reason": plugin.reason,
    }


def check_report(report: PlugInReport) -> dict[str, Any]:
    """Return a report as ``litmus plugins check --json`` prints it."""
    from litmus_core.types import to_plain

    return {**to_plain(report), "passed": report.passed}


def _show_reports(reports: Sequence[PlugInReport], *, as_json: bool, closing: str = "") -> None:
    lines = [*map(_report_text, reports), *([closing] if closing else [])]
    show([check_report(report) for report in reports], as_json=as_json, text=lambda: "\n\n".join(lines))
    if not all(report.passed for report in reports):
        raise typer.Exit(1)


def _next_steps_text(plugins: Sequence[PlugIn]) -> str:
    """Return sentences that say how to train with the ready plug-ins, and why others are not ready."""
    ready = [plugin.described for plugin in plugins if plugin.described and plugin.state == "ready"]
    named = " ".join(
        f"{_OPTIONS[described.point]} {described.name}" for described in ready if described.point in _OPTIONS
    )
    clashes = {
        f"{plugin.name} cannot be used: {plugin.reason}.": None
        for plugin in plugins
        if plugin.state == "two with the same name"
    }
    return "\n".join([*clashes, *([f"Next: litmus train FILE --target COL {named}"] if named else [])])


def _plugins_text(plugins: tuple[PlugIn, ...]) -> str:
    rows = [
        {
            "plug-in": plugin.name,
            "point": plugin.described.point if plugin.described else None,
            "state": plugin.state,
            "where": plugin.where,
            "why": plugin.reason or None,
        }
        for plugin in plugins
    ]
    return table(rows) if rows else "No plug-in yet. Put a .py file into the workspace's plugins/ folder."


def _report_text(report: PlugInReport) -> str:
    verdict = "passes" if report.passed else "FAILS"
    lines = [f"{report.name} ({report.reference}) {verdict} its checks."]
    for result in report.results:
        mark = "-" if result.skipped else ("ok" if result.passed else "FAILED")
        message = result.message or result.skipped
        lines.append(f"  {mark:<7}{result.name}{f': {message}' if message else ''}")
    return "\n".join(lines)

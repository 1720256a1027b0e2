"""``litmus doctor | backup | restore``: workspace maintenance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, print_json, reporting, say, show
from litmus_core.text import format_count
from litmus_core.types import to_plain


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("doctor")(doctor)
    app.command("backup")(backup)
    app.command("restore")(restore_backup)


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Salvage a damaged journal; the damaged file is set aside.")
    ] = False,
    backup_file: Annotated[
        list[Path] | None, typer.Option("--backup", help="A backup to check as well (repeat).")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that the workspace is intact; exit status 1 if something is damaged or lost."""
    from litmus_core.maintenance import diagnose
    from litmus_core.store import Workspace

    with reporting(as_json=as_json):
        report = diagnose(
            Workspace.locate(workspace),
            fix=fix,
            backups=tuple(backup_file or ()),
            on_progress=None if as_json else say,
        )
        if as_json:
            print_json({"sound": report.is_sound} | to_plain(report))
        for finding in () if as_json else report.findings:
            mark = "fixed" if finding.fixed else "HARM" if finding.is_harm else "note"
            typer.echo(
                f"[{mark}] {finding.message}\n  {finding.where}"
                + (f"\n  {finding.hint}" if finding.hint else "")
            )
        if not as_json:
            end = "The workspace is sound" if report.is_sound else "Something is damaged or lost"
            typer.echo(f"{end}: the journal holds {format_count(report.n_events, 'event')}.")
    if not report.is_sound:
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(help="The new file to write.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save the whole workspace to one file, without interrupting anything."""
    from litmus_core.maintenance import back_up
    from litmus_core.store import Workspace

    with reporting(as_json=as_json):
        report = back_up(Workspace.locate(workspace), file)
        text = (
            f"Saved {format_count(report.n_files, 'file')} ({report.n_bytes:,} bytes) to {report.path}."
            " It was read back and is whole."
        )
        left = f"\nLeft out: {', '.join(report.left_out[:5])}." if report.left_out else ""
        show(to_plain(report), as_json=as_json, text=lambda: text + left)


def restore_backup(
    file: Annotated[Path, typer.Argument(help="The file that 'litmus backup' wrote.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Restore a backup into a new folder, after each file matches its checksum."""
    from litmus_core.maintenance import restore
    from litmus_core.store import Workspace

    with reporting(as_json=as_json):
        report = restore(file, Workspace.locate(workspace))
        text = (
            f"Restored {format_count(report.n_files, 'file')} to {report.path}, up to event "
            f"{report.last_event}.\n"
            "On another machine its models and plug-ins are not trusted yet: you are asked once."
        )
        show(to_plain(report), as_json=as_json, text=lambda: text)

"""``litmus app``: start the studio's pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._pages import serve_pages
from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting
from litmus_core.errors import MissingExtraError, NotFoundError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("app")(start_app)


def start_app(
    workspace: WorkspaceOption = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port to listen on; the next free one when it is taken.")
    ] = 8501,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="Another name by which the pages may be opened, as behind a proxy. Repeatable."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Start the studio's pages in this terminal; Ctrl-C stops them, runs go on."""
    with reporting(as_json=as_json):
        raise typer.Exit(_serve_pages(workspace, host, port, allow_host or [], as_json=as_json))


def _serve_pages(
    workspace: Path | None, host: str, port: int, allow_hosts: list[str], *, as_json: bool
) -> int:
    from importlib.util import find_spec

    if find_spec("streamlit") is None:
        raise MissingExtraError(what="The app", extra="app")
    root = Path(__file__).resolve().parents[2]
    entry = root / "app" / "web.py"
    if not entry.exists():
        raise NotFoundError(
            kind="app", id=str(entry), hint="The pages come with a checkout: run 'make run' in it."
        )
    environment = dict(os.environ)
    if workspace is not None:
        environment["LITMUS_HOME"] = str(workspace.expanduser().resolve())
    return serve_pages(
        entry, host=host, port=port, environment=environment, allow_hosts=allow_hosts, as_json=as_json
    )

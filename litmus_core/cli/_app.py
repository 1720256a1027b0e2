"""``litmus app``: start the pages."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._options import AllowHostOption, OpenOption
from litmus_core.cli._pages import PageServer, serve_pages
from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting
from litmus_core.errors import MissingExtraError, NotFoundError
from litmus_core.people import SIGN_IN_VARIABLE


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("app")(start_app)


def start_app(
    workspace: WorkspaceOption = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="The port to listen on. Default: 8501, or the next free one after it."
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    open_to_network: OpenOption = False,
    allow_host: AllowHostOption = None,
    sign_in: Annotated[
        Path | None,
        typer.Option(
            envvar=SIGN_IN_VARIABLE, help="A file that says where people sign in; needed beyond this machine."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Start the pages in this terminal. Ctrl-C stops them; runs continue."""
    with reporting(as_json=as_json):
        entry, environment = _pages_of(workspace)
        server = PageServer(
            host=host,
            port=port,
            allow_hosts=allow_host or (),
            open_to_network=open_to_network,
            sign_in=sign_in,
        )
        if sign_in is not None and find_spec("authlib") is None:
            raise MissingExtraError(subject="Signing in", extra="signin")
        raise typer.Exit(serve_pages(entry, server, environment=environment, as_json=as_json))


def _pages_of(workspace: Path | None) -> tuple[Path, dict[str, str]]:
    """Return the entry point of the pages, and the environment variables that name the workspace."""
    if find_spec("streamlit") is None:
        raise MissingExtraError(subject="The app", extra="app")
    from litmus_core.experiments import studio_folder

    root = studio_folder()
    entry = root / "app" / "web.py"
    if not entry.exists():
        raise NotFoundError(
            kind="app", id=str(entry), hint="This Litmus came without its pages: install it again."
        )
    also = os.environ.get("PYTHONPATH", "")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(root), also)))}
    if workspace is not None:
        environment["LITMUS_HOME"] = str(workspace.expanduser().resolve())
    return entry, environment

"""``litmus export | serve``: from a candidate to answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, say, show
from litmus_core.types import to_plain


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export")(export)
    app.command("serve")(serve)


def export(
    candidate: Annotated[str, typer.Argument(help="A candidate, or a run or experiment for its chosen one.")],
    to: Annotated[
        Path | None, typer.Option(help="A folder, or a .zip. Default: the workspace's bundles.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a model as a bundle that another process or machine can load."""
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        candidate_id = candidate
        if candidate.startswith("ex_"):
            candidate_id = studio.best_of(candidate).id
        elif candidate.startswith("run_") and candidate.count("-") == 0:
            candidate_id = studio.chosen(candidate).id
        record = studio.export(candidate_id, to=to, zipped=to is None or to.suffix == ".zip")
        show(
            to_plain(record),
            as_json=as_json,
            text=lambda: (
                f"Wrote {record.path} ({record.n_bytes / 1e6:.1f} MB).\n"
                f"Next: litmus predict {record.path} FILE --to OUT, or litmus serve {record.path}"
            ),
        )


def serve(
    bundle: Annotated[Path, typer.Argument(help="A bundle: folder or .zip.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve a bundle over HTTP until Ctrl-C: GET /health, POST /predict, /docs."""
    from litmus_core.serving import serve as run_server

    del workspace
    with reporting(as_json=as_json):
        say(f"Loading {bundle}")
        run_server(bundle, host=host, port=port, as_json=as_json)

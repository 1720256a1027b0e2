"""``litmus code``: the Python that makes a run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, show
from litmus_core.errors import writing


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("code")(code)


def code(
    run: Annotated[str, typer.Argument(help="The run's id.")],
    notebook: Annotated[
        Path | None, typer.Option(help="Write it as a notebook, an .ipynb file, instead.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the Python that makes a run again: same rows, same task, same plan."""
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        script = studio.code.script(run)
        if notebook is None:
            show({"run": run, "code": script}, as_json=as_json, text=script.rstrip)
            return
        text = studio.code.notebook(run)
        with writing(notebook):
            notebook.write_text(text, encoding="utf-8")
        told = {"run": run, "notebook": str(notebook)}
        show(told, as_json=as_json, text=lambda: f"The run's Python is in {notebook}.")

"""``litmus code``: the Python that reproduces a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._session import Session, studio_command
from litmus_core.errors import writing


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("code")(code)


@studio_command
def code(
    session: Session,
    run: Annotated[str, typer.Argument(help="The run's id.")],
    notebook: Annotated[
        Path | None, typer.Option(help="Write it as a notebook, an .ipynb file, instead.")
    ] = None,
) -> None:
    """Print the Python that reproduces a run: same rows, same task, same plan."""
    script = session.studio.code.script(run)
    if notebook is None:
        session.show({"run": run, "code": script}, text=script.rstrip)
        return
    text = session.studio.code.notebook(run)
    with writing(notebook):
        notebook.write_text(text, encoding="utf-8")
    told = {"run": run, "notebook": str(notebook)}
    session.show(told, text=lambda: f"The run's Python is in {notebook}.")

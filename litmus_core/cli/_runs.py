"""``litmus runs …``: stop a run, complete it, repeat it, use all rows, and print its Python."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import Session, say, studio_command
from litmus_core.cli._training import run_text, train_report
from litmus_core.errors import writing
from litmus_core.types import to_plain

runs = typer.Typer(help="Stop, complete, repeat or reproduce a run.", no_args_is_help=True)
RunArgument = Annotated[str, typer.Argument(help="The run's id (run_…).")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(runs, name="runs")


@runs.command("stop")
@studio_command
def stop(
    session: Session,
    run: RunArgument,
    hard: Annotated[bool, typer.Option("--hard", help="End its process now, not between models.")] = False,
) -> None:
    """Stop a run and keep its best model so far."""
    session.studio.runs.stop(run, hard=hard)
    status = session.studio.runs.progress(run).status
    session.show({"run": run, "status": status}, text=lambda: "The run will stop and keep its best model.")


@runs.command("finish")
@studio_command
def finish(session: Session, run: RunArgument) -> None:
    """Complete an interrupted run with the models it trained: ensemble, scores and verdict."""
    from litmus_core.experiments import TrainingHandle

    session.studio.runs.finish(run)
    ended = watch(TrainingHandle(session.studio, run))
    report = train_report(session.studio, ended)
    session.show(report, text=lambda: run_text(report))
    fail_with(ended)


@runs.command("repeat")
@studio_command
def repeat(session: Session, run: RunArgument) -> None:
    """Repeat a run without time limits, and report whether its models give the same predictions."""
    from litmus_core.experiments import TrainingHandle

    repetition = session.studio.runs.repeat(run)
    say(f"{repetition.title}: {repetition.id}")
    ended = watch(TrainingHandle(session.studio, repetition.id))
    session.show(train_report(session.studio, ended), text=lambda: ended.message)
    fail_with(ended)


class DeployedModel(StrEnum):
    """The model to deploy: the one fitted again on all rows, or the judged one."""

    final = "final"
    judged = "judged"


@runs.command("final")
@studio_command
def final(
    session: Session,
    model: Annotated[str, typer.Argument(help="A candidate, or a run or experiment for its chosen one.")],
    use: Annotated[
        DeployedModel | None,
        typer.Option(help="Use this model and train nothing: the one of all rows, or the judged one."),
    ] = None,
) -> None:
    """Train a judged model again on all rows, test rows included, and deploy that one."""
    from litmus_core.cli._production import candidate_id_of
    from litmus_core.verdicts import final_model_message

    models, chosen = session.studio.final_models, candidate_id_of(session.studio, model)
    if use is None:
        candidate = models.train(chosen, on_progress=say)
    else:
        candidate = models.choose(chosen, final=use is DeployedModel.final)
    session.show(
        {"candidate": candidate.id, "final": to_plain(candidate.final)},
        text=lambda: "" if candidate.final is None else final_model_message(candidate.final),
    )


@runs.command("code")
@studio_command
def code(
    session: Session,
    run: RunArgument,
    notebook: Annotated[
        Path | None, typer.Option(help="Write it as a notebook, an .ipynb file, instead.")
    ] = None,
) -> None:
    """Print the Python that reproduces a run: same rows, same task, same plan."""
    if notebook is None:
        script = session.studio.code.script(run)
        session.show({"run": run, "code": script}, text=script.rstrip)
        return
    with writing(notebook):
        notebook.write_text(session.studio.code.notebook(run), encoding="utf-8")
    report = {"run": run, "notebook": str(notebook)}
    session.show(report, text=lambda: f"The run's Python is in {notebook}.")

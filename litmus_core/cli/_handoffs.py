"""``litmus handoffs …``: questions to a scientist, and answers that can be run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._progress import watch
from litmus_core.cli._recipes import KnobOption, knobs_of, read_text
from litmus_core.cli._session import Session, say, studio_command, table
from litmus_core.errors import UsageError, writing
from litmus_core.types import to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import Studio
    from litmus_core.types import Handoff

HandoffArgument = Annotated[str, typer.Argument(help="The question's id (ho_…).")]
ByOption = Annotated[
    str | None, typer.Option("--by", help="Who writes it. Default: your display name in the workspace.")
]


handoffs = typer.Typer(
    help="Ask a scientist, answer questions, and start what an answer proposes.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(handoffs, name="handoffs")


@handoffs.command("list")
@studio_command
def list_handoffs(session: Session) -> None:
    """List the questions to a scientist, unanswered ones first."""
    questions = session.studio.handoffs.list()
    session.show(
        [_report(question) for question in questions], text=lambda: _questions_text(session.studio, questions)
    )


@handoffs.command("show")
@studio_command
def show_handoff(
    session: Session,
    handoff: HandoffArgument,
    to_zip: Annotated[
        Path | None, typer.Option("--zip", help="Write the question with its full context into a zip file.")
    ] = None,
) -> None:
    """Show a question with its answer."""
    question = session.studio.handoffs.get(handoff)
    if to_zip is not None:
        with writing(to_zip):
            to_zip.write_bytes(session.studio.handoffs.zip(handoff))
        say(f"Written to {to_zip}")
    folder = session.studio.handoffs.folder(handoff)
    session.show(_report(question) | {"folder": str(folder)}, text=lambda: _full_text(question, folder))


@handoffs.command("start")
@studio_command
def start(session: Session, handoff: HandoffArgument) -> None:
    """Start the recipe or the plug-in's run that an answer proposes, and wait for the run."""
    started = session.studio.handoffs.start_answer(handoff)
    message = started.message
    if started.run_id:
        say(message)
        message = _outcome(session.studio, started.run_id)
    question = session.studio.handoffs.get(handoff)
    session.show(_report(question) | {"message": message}, text=lambda: message)


@handoffs.command("close")
@studio_command
def close(session: Session, handoff: HandoffArgument) -> None:
    """Close a question that is solved, or withdraw one that has no answer."""
    question = session.studio.handoffs.close(handoff)
    ending = question.closing.ending if question.closing else "closed"
    session.show(_report(question), text=lambda: f"The question is closed: {ending}.")


@handoffs.command("name")
@studio_command
def name(
    session: Session,
    display_name: Annotated[str, typer.Argument(metavar="NAME", help="Your display name in this workspace.")],
) -> None:
    """Set your display name in this workspace; questions and answers carry it."""
    stored = session.studio.users.set_display_name(display_name)
    session.show({"name": stored}, text=lambda: f"Your display name in this workspace is {stored}.")


def _outcome(studio: Studio, run_id: str) -> str:
    """Wait for a run; return its verdict as a sentence, or its message."""
    from litmus_core.experiments import TrainingHandle
    from litmus_core.verdicts import verdict_sentence

    run = watch(TrainingHandle(studio, run_id))
    return verdict_sentence(run.verdict) if run.verdict else run.message


@handoffs.command("ask")
@studio_command
def ask(
    session: Session,
    experiment: Annotated[str, typer.Argument(help="The experiment's id (ex_…).")],
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    by: ByOption = None,
) -> None:
    """Ask a scientist about an experiment; the question carries its full context."""
    handoff = session.studio.handoffs.ask(experiment, question, by=by)
    folder = session.studio.handoffs.folder(handoff.id)
    session.show(
        _report(handoff) | {"folder": str(folder)},
        text=lambda: f"The question's id is {handoff.id}. Its context is in {folder}.",
    )


@handoffs.command("answer")
@studio_command
def answer(
    session: Session,
    handoff: HandoffArgument,
    text: Annotated[str, typer.Argument(help="Your answer.")],
    recipe: Annotated[
        str | None, typer.Option(help="A recipe that the asker can follow: its name, or a YAML file to save.")
    ] = None,
    version: Annotated[int | None, typer.Option(help="This version of it. Default: the latest.")] = None,
    knob: KnobOption = None,
    plugin: Annotated[
        str | None,
        typer.Option(
            help="A plug-in to train with: its name, with values in brackets, or a .py file to add."
        ),
    ] = None,
    by: ByOption = None,
) -> None:
    """Answer a question with text, and with a recipe or a plug-in that the asker can start by one click."""
    session.studio.handoffs.get(handoff)
    answered = session.studio.handoffs.answer(
        handoff,
        text,
        recipe=_recipe_name(session.studio, recipe),
        version=version,
        knobs=knobs_of(knob) or None,
        plugin=_plugin_name(session.studio, plugin),
        by=by,
    )
    session.show(
        _report(answered),
        text=lambda: (
            f"Answered. To start what it proposes: litmus handoffs start {handoff}"
            if answered.answer is not None and answered.answer.is_runnable
            else "Answered."
        ),
    )


def _recipe_name(studio: Studio, recipe_text: str | None) -> str:
    """Return a recipe's name; a recipe given as a file is first tested and saved."""
    if recipe_text is None or Path(recipe_text).suffix not in (".yaml", ".yml"):
        return recipe_text or ""
    return studio.recipe_editor.save(read_text(Path(recipe_text))).name


def _plugin_name(studio: Studio, path: str | None) -> str:
    """Return a plug-in's name; a plug-in given as a file is first added, trusted and checked."""
    if path is None or not path.endswith(".py"):
        return path or ""
    names = [plugin.name for plugin in studio.plugins.add(path)]
    if len(names) != 1:
        raise UsageError(
            f"{path} holds several plug-ins: {', '.join(names)}.", hint="It was added; name one of them."
        )
    return names[0]


def _report(handoff: Handoff) -> dict[str, Any]:
    report: dict[str, Any] = to_plain(handoff)
    return report


def _questions_text(studio: Studio, questions: list[Handoff]) -> str:
    if not questions:
        return 'There is no question to a scientist. Ask one: litmus handoffs ask EXPERIMENT "…"'
    names = {experiment.id: experiment.name for experiment in studio.store.experiments()}
    return table(
        [
            {
                "id": question.id,
                "state": question.state,
                "asked by": question.asked_by,
                "on": question.asked_at[:16].replace("T", " "),
                "experiment": names.get(question.experiment_id, question.experiment_id)[:30],
                "question": " ".join(question.question.split())[:60],
            }
            for question in questions
        ]
    )


def _full_text(handoff: Handoff, folder: Path) -> str:
    lines = [
        f"{handoff.asked_by or 'Someone'} asked about {handoff.experiment_id} ({handoff.state}):",
        handoff.question,
    ]
    if handoff.answer is not None:
        lines += ["", f"{handoff.answered_by or 'Someone'} answered:", handoff.answer.words]
        proposal = handoff.answer.recipe or handoff.answer.plugin
        lines += [f"The answer proposes {proposal}."] if proposal else []
        if handoff.answer.is_runnable and handoff.state == "answered":
            lines += [f"Start it: litmus handoffs start {handoff.id}"]
    lines += ["", f"Its context: {folder}"]
    return "\n".join(lines)

"""``litmus handoffs | ask | answer``: questions to a scientist, and answers that can be run."""

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
    str | None, typer.Option("--by", help="Who says so. Default: the name that is kept in the workspace.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("handoffs")(handoffs)
    app.command("ask")(ask)
    app.command("answer")(answer)


@studio_command
def handoffs(
    session: Session,
    handoff: Annotated[
        str | None, typer.Argument(help="Show this question whole. Default: list all, those that wait first.")
    ] = None,
    take: Annotated[
        bool, typer.Option("--take", help="Start what its answer brought, and wait for the run.")
    ] = False,
    close: Annotated[bool, typer.Option("--close", help="Close it: it was solved, or is withdrawn.")] = False,
    to_zip: Annotated[
        Path | None, typer.Option("--zip", help="Write all that belongs to it into a zip file.")
    ] = None,
    called: Annotated[
        str | None, typer.Option("--i-am", help="Be called so in this workspace from now on.")
    ] = None,
) -> None:
    """List the questions to a scientist, or show one; start the work that its answer proposes."""
    if called is not None:
        say(f"You are called {session.studio.users.set_display_name(called)} here.")
    if handoff is None:
        if take or close or to_zip is not None:
            raise UsageError("Of which question?", hint="Name it: litmus handoffs lists them.")
        found = session.studio.handoffs.list()
        session.show([_told(each) for each in found], text=lambda: _listed(session.studio, found))
        return
    if to_zip is not None:
        with writing(to_zip):
            to_zip.write_bytes(session.studio.handoffs.zip(handoff))
        say(f"Written to {to_zip}")
    said = _done(session.studio, handoff, take=take, close=close)
    now = session.studio.handoffs.get(handoff)
    folder = session.studio.handoffs.folder(handoff)
    told = _told(now) | {"said": said, "folder": str(folder)}
    session.show(told, text=lambda: said or _whole(now, folder))


def _done(studio: Studio, handoff_id: str, *, take: bool, close: bool) -> str:
    """Carry out the request; return the result as text."""
    from litmus_core.experiments import TrainingHandle
    from litmus_core.verdicts import verdict_sentence

    if take:
        taken = studio.handoffs.take_answer(handoff_id)
        if not taken.run_id:
            return taken.said
        say(taken.said)
        run = watch(TrainingHandle(studio, taken.run_id))
        return verdict_sentence(run.verdict) if run.verdict else run.message
    if close:
        closing = studio.handoffs.close(handoff_id).closing
        return f"It is closed: {closing.ending}." if closing else ""
    return ""


@studio_command
def ask(
    session: Session,
    experiment: Annotated[str, typer.Argument(help="The experiment's id (ex_…).")],
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    by: ByOption = None,
) -> None:
    """Ask a scientist about an experiment; the question carries its full context."""
    asked = session.studio.handoffs.ask(experiment, question, by=by)
    folder = session.studio.handoffs.folder(asked.id)
    session.show(
        _told(asked) | {"folder": str(folder)},
        text=lambda: f"It is asked as {asked.id}. All that belongs to it is in {folder}.",
    )


@studio_command
def answer(
    session: Session,
    handoff: HandoffArgument,
    words: Annotated[str, typer.Argument(help="What you say to it.")],
    recipe: Annotated[
        str | None, typer.Option(help="A recipe that the asker can follow: its name, or a YAML file to keep.")
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
        words,
        recipe=_recipe_called(session.studio, recipe),
        version=version,
        knobs=knobs_of(knob) or None,
        plugin=_plugin_called(session.studio, plugin),
        by=by,
    )
    session.show(
        _told(answered),
        text=lambda: (
            f"It is answered. Whoever asked starts it with: litmus handoffs {handoff} --take"
            if answered.answer is not None and answered.answer.is_runnable
            else "It is answered."
        ),
    )


def _recipe_called(studio: Studio, given: str | None) -> str:
    """Return a recipe's name; a recipe given as a file is first tested and saved."""
    if given is None or Path(given).suffix not in (".yaml", ".yml"):
        return given or ""
    return studio.recipe_editor.save(read_text(Path(given))).name


def _plugin_called(studio: Studio, given: str | None) -> str:
    """Return a plug-in's name; a plug-in given as a file is first added, trusted and checked."""
    if given is None or not given.endswith(".py"):
        return given or ""
    names = [each.name for each in studio.plugins.add(given)]
    if len(names) != 1:
        raise UsageError(
            f"{given} holds several plug-ins: {', '.join(names)}.", hint="It was added; name one of them."
        )
    return names[0]


def _told(handoff: Handoff) -> dict[str, Any]:
    told: dict[str, Any] = to_plain(handoff)
    return told


def _listed(studio: Studio, found: list[Handoff]) -> str:
    if not found:
        return 'No question was handed to a scientist. Ask one: litmus ask EXPERIMENT "…"'
    names = {each.id: each.name for each in studio.store.experiments()}
    return table(
        [
            {
                "id": each.id,
                "state": each.state,
                "asked by": each.asked_by,
                "on": each.asked_at[:16].replace("T", " "),
                "experiment": names.get(each.experiment_id, each.experiment_id)[:30],
                "question": " ".join(each.question.split())[:60],
            }
            for each in found
        ]
    )


def _whole(handoff: Handoff, folder: Path) -> str:
    lines = [
        f"{handoff.asked_by or 'Someone'} asked about {handoff.experiment_id} ({handoff.state}):",
        handoff.question,
    ]
    if handoff.answer is not None:
        lines += ["", f"{handoff.answered_by or 'Someone'} answered:", handoff.answer.words]
        brought = handoff.answer.recipe or handoff.answer.plugin
        lines += [f"It brings {brought}."] if brought else []
        if handoff.answer.is_runnable and handoff.state == "answered":
            lines += [f"Start it: litmus handoffs {handoff.id} --take"]
    lines += ["", f"All that belongs to it: {folder}"]
    return "\n".join(lines)

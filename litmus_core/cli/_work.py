"""The commands that forecasts and many targets share: list, show, export, stop, rm."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import FailedWork, Session, say, studio_command, table
from litmus_core.errors import TrainingError, UsageError, writing
from litmus_core.types import to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import StoredWork, Studio, WorkRecord

WorkId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as list shows it.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkNoun:
    """One kind of work: its ``service``, the word for people, and what there is to say of a report.

    Its ids begin with ``prefix``.
    """

    word: str
    prefix: str
    service: Callable[[Studio], StoredWork[Any, Any, Any]]
    sentences: Callable[[Any], list[str]]

    def show(self, session: Session, record: WorkRecord[Any, Any]) -> None:
        """Print a record."""
        session.show(self.plain(record), text=lambda: self.text(record))

    def plain(self, record: WorkRecord[Any, Any]) -> dict[str, Any]:
        """Return a record as JSON holds it."""
        from litmus_core.verdicts import grade_of

        plain: dict[str, Any] = to_plain(record.request) | {"state": record.state, "message": record.message}
        if record.report is None:
            return plain
        return plain | {"grade": grade_of(record.report.verdict).key, "report": to_plain(record.report)}

    def text(self, record: WorkRecord[Any, Any]) -> str:
        """Return a record in sentences."""
        head = f"{record.request.name} ({record.id})"
        if record.report is None:
            return "\n".join(filter(None, (f"{head}: {record.state}", record.message)))
        return "\n".join((head, *self.sentences(record.report)))

    def row(self, record: WorkRecord[Any, Any]) -> dict[str, Any]:
        """Return a record as a line of a table."""
        from litmus_core.verdicts import verdict_headline

        verdict = None if record.report is None else record.report.verdict
        return {
            "id": record.id,
            "name": record.request.name,
            "state": record.state,
            "verdict": None if verdict is None else verdict_headline(verdict),
            "score": None if verdict is None else f"{verdict.score.metric} {verdict.score.value:.3g}",
            "created": record.request.created_at,
        }


def add_commands(app: typer.Typer, noun: WorkNoun) -> None:
    """Add the commands that do with ``noun`` what can be done with any work."""

    @studio_command
    def list_all(session: Session) -> None:
        records = noun.service(session.studio).list()
        session.show(
            [noun.plain(record) for record in records], text=lambda: table([*map(noun.row, records)])
        )

    @studio_command
    def show(session: Session, work: WorkId) -> None:
        noun.show(session, noun.service(session.studio).get(work))

    @studio_command
    def export(
        session: Session,
        folder: Annotated[Path, typer.Argument(help="A new folder.")],
        id: Annotated[  # noqa: A002 - the option's name
            str | None, typer.Option(help="Its id. Default: the newest that is finished.")
        ] = None,
    ) -> None:
        service = noun.service(session.studio)
        chosen = service.newest().id if id is None else id
        path = service.export(chosen, folder)
        session.show({"id": chosen, "folder": str(path)}, text=lambda: f"Exported {chosen} to {path}.")

    @studio_command
    def stop(session: Session, work: WorkId) -> None:
        noun.service(session.studio).stop(work)
        session.show({"stopped": work}, text=lambda: f"Stopped {work}.")

    @studio_command
    def remove(session: Session, work: WorkId) -> None:
        noun.service(session.studio).remove(work)
        session.show({"removed": work}, text=lambda: f"Removed {work}.")

    word = noun.word
    app.command("list", help=f"List all {word} with their verdicts, the newest first.")(list_all)
    app.command("show", help=f"Say what is known of {word}: verdict, score, models.")(show)
    app.command("export", help="Write what answers into a folder that works elsewhere.")(export)
    app.command("stop", help=f"Stop the training of {word}.")(stop)
    app.command("rm", help=f"Remove {word} with the folder that answers.")(remove)


def follow(wait: Callable[..., Any], *, is_quiet: bool = False) -> Any:
    """Wait, print each message once, and return what ``wait`` does; a failed training is FailedWork."""
    messages: list[str] = []

    def tell(message: str) -> None:
        if message and not message.endswith(": ") and message not in messages and not is_quiet:
            messages.append(message)
            say(message)

    try:
        return wait(on_progress=tell)
    except TrainingError as error:
        raise FailedWork(error) from error


def answering_folder(studio: Studio, noun: WorkNoun, name: str) -> Path:
    """Return the folder that answers: the one called ``name``, or that of an id of this workspace."""
    is_id = name.startswith(f"{noun.prefix}_") and not Path(name).exists()
    return noun.service(studio).model(name) if is_id else Path(name)


def served_path(path: Path, workspace: Path | None, *nouns: WorkNoun) -> Path:
    """Return what to serve: ``path``, or the folder of an id of the workspace that is called so."""
    from litmus_core.experiments import Studio

    name = str(path)
    for noun in nouns:
        if name.startswith(f"{noun.prefix}_") and not path.exists():
            with Studio.open(workspace) as studio:
                return noun.service(studio).model(name)
    return path


def check_deployable(studio: Studio, id_: str, *, wait: bool) -> None:
    """Raise UsageError for a path, and where there is no certificate to ``wait`` for."""
    if Path(id_).exists():
        raise UsageError(
            f"'{id_}' is a path, and an endpoint serves models of the workspace.",
            hint=f"Deploy a model by its id, or serve this one here: litmus serve {id_}.",
        )
    if wait:
        check_certifiable(studio, id_, hint="Leave --wait out.")


def check_certifiable(studio: Studio, id_: str, *, hint: str) -> None:
    """Raise UsageError for a model that has no certificate."""
    if not studio.endpoints.has_certificates(id_):
        raise UsageError(
            f"'{id_}' has no certificate: bundles have one, forecasts and targets do not.", hint=hint
        )


def show_rows(session: Session, rows: list[dict[str, Any]], *, to: Path | None) -> None:
    """Write rows into a CSV file where there is one, and print them."""
    if to is not None:
        if not rows:
            raise UsageError("There are no rows to answer.", hint="Name a file with rows.")
        with writing(to), to.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    session.show(rows, text=lambda: f"Written to {to}." if to else table(rows))

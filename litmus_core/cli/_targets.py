"""``litmus targets``: train several targets of one table, list, answer, export."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._records import unfold_records
from litmus_core.cli._session import (
    JsonOption,
    Session,
    WorkspaceOption,
    reporting,
    say,
    show,
    studio_command,
    table,
)
from litmus_core.errors import UsageError, writing
from litmus_core.types import Compute, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import TargetsRecord
    from litmus_core.many_targets import TargetsPredictor

_NOUN = typer.Typer(no_args_is_help=True, help="Several targets of one table, trained and judged together.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    _NOUN.command("train")(train_many)
    _NOUN.command("list")(list_targets)
    _NOUN.command("show")(show_targets)
    _NOUN.command("export")(export)
    _NOUN.command("answer")(answer)
    _NOUN.command("stop")(stop)
    _NOUN.command("rm")(remove)
    app.add_typer(_NOUN, name="targets")


@dataclass(frozen=True, kw_only=True)
class TargetOptions:
    """Where the targets stand."""

    target: Annotated[
        list[str] | None, typer.Option(help="A column to predict: yes or no, or a number (repeat).")
    ] = None
    tags: Annotated[str | None, typer.Option(help="The column of tags to predict.")] = None
    separator: Annotated[str | None, typer.Option(help="What parts the tags. Default: found.")] = None
    fewest: Annotated[
        int, typer.Option(min=2, help="Leave out tags that fewer rows have, or fewer lack.")
    ] = 10


@dataclass(frozen=True, kw_only=True)
class TargetsTrainingOptions:
    """The rows, and how each target's run trains."""

    family: Annotated[
        list[str] | None, typer.Option(help="Try this model family (repeat). Default: Litmus chooses.")
    ] = None
    leave_out: Annotated[list[str] | None, typer.Option(help="Do not use this column (repeat).")] = None
    split: Annotated[
        str | None, typer.Option(help="random, time:COLUMN or group:COLUMN. Default: as a check asks.")
    ] = None
    seed: Annotated[int, typer.Option(min=0, help="Repeats the same split and models.")] = 0
    time_limit: Annotated[float, typer.Option(min=5, help="Seconds for all targets together.")] = 120
    name: Annotated[str | None, typer.Option(help="The targets' name. Default: the file's.")] = None


@unfold_records
def train_many(
    file: Annotated[str, typer.Argument(help="A table with the targets, or an address.")],
    targets: TargetOptions,
    training: TargetsTrainingOptions,
    goal: Annotated[
        str | None,
        typer.Option(help='What judges them together, such as "macro_f1>=0.6" or "mean_r2>=0.5".'),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a model for each target, on the same rows, and judge all of them together."""
    from litmus_core import experiments

    with reporting(as_json=as_json):
        tags = None
        if targets.tags is not None:
            tags = experiments.TagColumn(targets.tags, separator=targets.separator, fewest=targets.fewest)
        trained = experiments.train_targets(
            experiments.Data(
                file, leave_out=training.leave_out or (), split=training.split, seed=training.seed
            ),
            targets.target or (),
            tags=tags,
            goal=goal,
            training=experiments.Training(models=training.family or ()),
            compute=Compute(time_limit_s=training.time_limit),
            name=training.name,
            workspace=workspace,
        )
        with trained.studio:
            for note in trained.notes:
                say(note)
            _follow(trained.wait)
            record = trained.record
            show(_plain(record), as_json=as_json, text=lambda: _text(record))


def _follow(wait: Any) -> None:
    """Wait, and print each message once."""
    messages: list[str] = []

    def tell(message: str) -> None:
        if message and not message.endswith(": ") and message not in messages:
            messages.append(message)
            say(message)

    wait(on_progress=tell)


@studio_command
def list_targets(session: Session) -> None:
    """List the targets that were trained together, with their verdicts, the newest first."""
    records = session.studio.targets.list()
    session.show([_plain(record) for record in records], text=lambda: table([*map(_row, records)]))


@studio_command
def show_targets(session: Session, targets: Annotated[str, typer.Argument(help="Targets (mt_…).")]) -> None:
    """Say what is known of targets: verdict, score, and a line for each."""
    record = session.studio.targets.get(targets)
    session.show(_plain(record), text=lambda: _text(record))


@studio_command
def export(
    session: Session,
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    targets: Annotated[
        str | None, typer.Option(help="Targets (mt_…). Default: the newest that are finished.")
    ] = None,
) -> None:
    """Write what answers all targets into one folder."""
    chosen = session.studio.targets.newest().id if targets is None else targets
    path = session.studio.targets.export(chosen, folder)
    session.show({"targets": chosen, "folder": str(path)}, text=lambda: f"Exported {chosen} to {path}.")


@studio_command
def answer(
    session: Session,
    targets: Annotated[str, typer.Argument(help="An exported folder, or targets (mt_…).")],
    file: Annotated[Path, typer.Argument(help="Rows: CSV or Parquet.")],
    to: Annotated[Path | None, typer.Option(help="A CSV file for the answers.")] = None,
) -> None:
    """Answer all targets of each row of a file, in its order."""
    from litmus_core.many_targets import load_targets

    is_folder = Path(targets).exists() or not targets.startswith("mt_")
    predictor = load_targets(targets) if is_folder else session.studio.targets.open(targets)
    records = predictor.predict_records(file)
    if to is not None:
        _write(predictor, records, to)
    session.show(
        records, text=lambda: f"Written to {to}." if to else table([*map(_flat(predictor), records)])
    )


@studio_command
def stop(session: Session, targets: Annotated[str, typer.Argument(help="Targets (mt_…).")]) -> None:
    """Stop the runs of targets; each keeps its best model so far."""
    session.studio.targets.stop(targets)
    session.show({"stopped": targets}, text=lambda: f"Stopped {targets}.")


@studio_command
def remove(session: Session, targets: Annotated[str, typer.Argument(help="Targets (mt_…).")]) -> None:
    """Remove targets from the list; their runs stay."""
    session.studio.targets.remove(targets)
    session.show({"removed": targets}, text=lambda: f"Removed {targets}.")


def _flat(predictor: TargetsPredictor) -> Any:
    """Return what makes one line of a record: tags as they stood in their column, then probabilities."""
    separator = predictor.spec.separator or ";"

    def flat(record: dict[str, Any]) -> dict[str, Any]:
        if "values" in record:
            return dict(record["values"])
        chances = {f"probability {name}": chance for name, chance in record["probabilities"].items()}
        return {predictor.spec.tags or "yes": separator.join(record["labels"]), **chances}

    return flat


def _write(predictor: TargetsPredictor, records: list[dict[str, Any]], to: Path) -> None:
    if not records:
        raise UsageError("The file holds no rows.", hint="Name a file with rows.")
    rows = [*map(_flat(predictor), records)]
    with writing(to), to.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _plain(record: TargetsRecord) -> dict[str, Any]:
    from litmus_core.verdicts import grade_of

    plain: dict[str, Any] = to_plain(record.request) | {"state": record.state, "message": record.message}
    if record.report is None:
        return plain
    return plain | {"grade": grade_of(record.report.verdict).key, "report": to_plain(record.report)}


def _row(record: TargetsRecord) -> dict[str, Any]:
    from litmus_core.verdicts import verdict_headline

    report = record.report
    return {
        "targets": record.id,
        "name": record.request.name,
        "state": record.state,
        "verdict": None if report is None else verdict_headline(report.verdict),
        "score": None if report is None else report.verdict.score.value,
        "created": record.request.created_at,
    }


def _text(record: TargetsRecord) -> str:
    from litmus_core.many_targets import targets_sentences

    head = f"{record.request.name} ({record.id})"
    if record.report is None:
        return "\n".join(filter(None, (f"{head}: {record.state}", record.message)))
    return "\n".join((head, *targets_sentences(record.report)))

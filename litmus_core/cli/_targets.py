"""``litmus targets``: train several targets of one table, list, answer, export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from litmus_core.cli._records import unfold_records
from litmus_core.cli._session import (
    JsonOption,
    Session,
    WorkspaceOption,
    reporting,
    say,
    studio_command,
)
from litmus_core.cli._work import (
    WorkNoun,
    add_commands,
    answering_folder,
    follow,
    show_rows,
)
from litmus_core.errors import check_overlap
from litmus_core.types import Compute

_COMMANDS = typer.Typer(
    no_args_is_help=True, help="Several targets of one table, trained and judged together."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    _COMMANDS.command("train")(train_many)
    add_commands(_COMMANDS, NOUN)
    _COMMANDS.command("answer")(answer)
    app.add_typer(_COMMANDS, name="targets")


def _sentences(report: Any) -> list[str]:
    from litmus_core.many_targets import targets_sentences

    return targets_sentences(report)


NOUN = WorkNoun(
    word="targets",
    prefix="mt",
    service=lambda studio: studio.targets,
    sentences=_sentences,
)


@dataclass(frozen=True, kw_only=True)
class TargetOptions:
    """Where the targets stand."""

    target: Annotated[
        list[str] | None, typer.Option(help="A column to predict: yes or no, or a number (repeat).")
    ] = None
    tags: Annotated[str | None, typer.Option(help="The column of tags to predict.")] = None
    separator: Annotated[str | None, typer.Option(help="The separator of tags. Default: detected.")] = None
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
            follow(trained.wait)
            NOUN.show(Session(trained.studio, as_json), trained.record)


@studio_command
def answer(
    session: Session,
    targets: Annotated[str, typer.Argument(help="An exported folder, or targets (mt_…).")],
    file: Annotated[Path, typer.Argument(help="Rows: CSV or Parquet.")],
    to: Annotated[Path | None, typer.Option(help="A CSV file for the answers.")] = None,
) -> None:
    """Answer all targets of each row of a file, in its order."""
    from litmus_core.many_targets import load_targets

    if to is not None:
        check_overlap(to, file)
    predictor = load_targets(answering_folder(session.studio, NOUN, targets))
    rows, notes = predictor.with_notes(predictor.flat_rows, file)
    for note in notes:
        say(note)
    show_rows(session, rows, to=to)

"""``litmus explain``: what drives a model's answers, and what each column adds to each of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._production import candidate_id_of
from litmus_core.cli._session import Session, studio_command, table
from litmus_core.errors import UsageError, writing
from litmus_core.text import format_count

if TYPE_CHECKING:
    from litmus_core.diagnostics import Contributions

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


@studio_command
def explain(
    session: Session,
    model: Annotated[str, typer.Argument(help="A candidate, or a run or experiment for its chosen one.")],
    file: Annotated[
        Path | None, typer.Argument(help="Rows, CSV or Parquet: what does each column add to each answer?")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="With rows: a .csv file for all of them.")] = None,
    label: Annotated[
        str | None,
        typer.Option(help="With rows: the class whose probability it is. Default: the positive one."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, help="Without rows: how long columns are shuffled, in seconds.")
    ] = 30.0,
) -> None:
    """Show how much each column matters to a model; with rows, what each column adds to each answer."""
    explanations = session.studio.explanations
    candidate = candidate_id_of(session.studio, model)
    if file is None:
        if to is not None or label is not None:
            raise UsageError(
                "--to and --label are for rows.", hint="Name a file with rows, or leave them out."
            )
        lines: Any = explanations.importance(candidate, seconds=seconds).to_dict("records")
        session.show(lines, text=lambda: table(lines))
        return
    if to is not None and to.suffix.lower() != ".csv":
        raise UsageError(f"'{to.name}' is not the name of a CSV file.", hint="End it in .csv.")
    added = explanations.contributions(candidate, file, label=label)
    if to is not None:
        with writing(to):
            _rows(added).to_csv(to, index=False)
    session.show(_facts(added), text=lambda: _text(added, to))


def _rows(added: Contributions) -> Any:
    return added.frame.assign(total=added.total).round(6)


def _facts(added: Contributions) -> dict[str, Any]:
    return {
        "of": added.of,
        "base": added.base,
        "is_exact": added.is_exact,
        "error": added.error,
        "rows": _rows(added).to_dict("records"),
    }


def _text(added: Contributions, to: Path | None) -> str:
    lines = [added.sentence, f"Each row starts from {added.base:.4g} and ends at its total."]
    if to is not None:
        return "\n".join([*lines, f"{format_count(len(added.frame), 'row')} written to {to}."])
    left = len(added.frame) - _SHOWN
    more = [f"And {format_count(left, 'more row')}: --to writes all to a file."] if left > 0 else []
    return "\n".join([*lines, table(_rows(added).head(_SHOWN).to_dict("records")), *more])

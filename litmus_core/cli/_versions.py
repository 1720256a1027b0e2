"""``litmus refresh | append | correct | diff``: make new versions of a table, and compare versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._data import describe
from litmus_core.cli._session import Session, studio_command
from litmus_core.cli._session import table as lay_out
from litmus_core.types import DETECT_ALL, Difference, ReadOptions, to_plain

VersionArgument = Annotated[str, typer.Argument(help="A version of a table (dv_…).")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("refresh")(refresh)
    app.command("append")(append)
    app.command("correct")(correct)
    app.command("diff")(differ)


@studio_command
def refresh(
    session: Session,
    name: Annotated[str, typer.Argument(help="A table: its name, or a version of it (dv_…).")],
    source: Annotated[
        str | None,
        typer.Option("--from", help="A file, or another address. Default: the table's address."),
    ] = None,
    options: ReadOptions = DETECT_ALL,
) -> None:
    """Make a new version of a table with the current rows of its source."""
    datasets = session.studio.datasets
    version = datasets.named(name)
    refreshed = datasets.refresh(version.id, source=source, options=options)
    is_new = refreshed.id != version.id
    session.show(
        {**to_plain(refreshed), "is_new": is_new},
        text=lambda: describe(refreshed) if is_new else f"{version.name}: no row has changed ({version.id}).",
    )


@studio_command
def append(
    session: Session,
    version: VersionArgument,
    file: Annotated[Path, typer.Argument(help="A table with more rows.")],
    options: ReadOptions = DETECT_ALL,
) -> None:
    """Make a new version with the rows of a file added at the end."""
    appended = session.studio.datasets.append_rows(version, file, options=options)
    session.show(to_plain(appended), text=lambda: describe(appended))


@studio_command
def correct(
    session: Session,
    version: VersionArgument,
    file: Annotated[Path, typer.Argument(help="A table with the key and the right values.")],
    key: Annotated[str, typer.Option(help="The column that identifies a row.")],
    column: Annotated[str, typer.Option(help="The column to correct.")],
    options: ReadOptions = DETECT_ALL,
) -> None:
    """Make a new version with the values that a file corrects."""
    corrected = session.studio.datasets.correct_labels(version, file, key=key, column=column, options=options)
    session.show(to_plain(corrected), text=lambda: describe(corrected))


@studio_command
def differ(
    session: Session,
    version: VersionArgument,
    other: VersionArgument,
    key: Annotated[str | None, typer.Option(help="The column that identifies a row.")] = None,
) -> None:
    """Show how two versions differ: rows, columns and cells."""
    difference = session.studio.datasets.difference(version, other, key=key)
    session.show(to_plain(difference), text=lambda: _difference_text(difference))


_MATCHED = {
    "position": "Rows are compared by their position.",
    "content": "Rows are compared by all their values: a changed row counts as removed and added.",
}


def _difference_text(difference: Difference) -> str:
    matched = _MATCHED.get(difference.matched_by, f"Rows are compared by '{difference.key}'.")
    if difference.is_none:
        return f"Both versions hold the same {difference.n_after:,} rows. {matched}"
    parts = [
        f"{difference.n_added:,} rows added, {difference.n_removed:,} removed, {difference.n_changed:,} "
        "changed "
        f"({difference.n_before:,} rows before, {difference.n_after:,} after). {matched}"
    ]
    for change_word, names in (("added", difference.columns.added), ("removed", difference.columns.removed)):
        if names:
            parts.append(f"Columns {change_word}: {', '.join(names)}")
    parts += [
        f"{name} was {before} and is {new_kind}." for name, before, new_kind in difference.columns.retyped
    ]
    changes = [
        {"column": change.name, "cells changed": change.n_cells, "for example": _example(change.examples)}
        for change in difference.changes
    ]
    if changes:
        parts.append(lay_out(changes))
    for change_word, rows in (("Added", difference.added), ("Removed", difference.removed)):
        if rows:
            shown = [dict(zip(difference.header, row, strict=True)) for row in rows]
            parts.append(f"{change_word}, for example:\n{lay_out(shown)}")
    return "\n\n".join(parts)


def _example(examples: tuple[tuple[str, str, str], ...]) -> str:
    row, before, new_row = examples[0]
    return f"row {row}: {before or '(missing)'} -> {new_row or '(missing)'}"

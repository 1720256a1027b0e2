"""``litmus append | correct | diff``: make new versions of a table, and compare versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._data import describe
from litmus_core.cli._session import Session, studio_command
from litmus_core.cli._session import table as lay_out
from litmus_core.types import AS_FOUND, Difference, ReadOptions, to_plain

VersionArgument = Annotated[str, typer.Argument(help="A version of a table (dv_…).")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("append")(append)
    app.command("correct")(correct)
    app.command("diff")(differ)


@studio_command
def append(
    session: Session,
    version: VersionArgument,
    file: Annotated[Path, typer.Argument(help="A table with more rows.")],
    options: ReadOptions = AS_FOUND,
) -> None:
    """Make a new version with the rows of a file added at the end."""
    made = session.studio.datasets.append_rows(version, file, options=options)
    session.show(to_plain(made), text=lambda: describe(made))


@studio_command
def correct(
    session: Session,
    version: VersionArgument,
    file: Annotated[Path, typer.Argument(help="A table with the key and the right values.")],
    key: Annotated[str, typer.Option(help="The column that says which row.")],
    column: Annotated[str, typer.Option(help="The column that is corrected.")],
    options: ReadOptions = AS_FOUND,
) -> None:
    """Make a new version with the values that a file corrects."""
    made = session.studio.datasets.correct_labels(version, file, key=key, column=column, options=options)
    session.show(to_plain(made), text=lambda: describe(made))


@studio_command
def differ(
    session: Session,
    version: VersionArgument,
    other: VersionArgument,
    key: Annotated[str | None, typer.Option(help="The column that says which rows are the same.")] = None,
) -> None:
    """Show how two versions differ: rows, columns and cells."""
    found = session.studio.datasets.difference(version, other, key=key)
    session.show(to_plain(found), text=lambda: _in_words(found))


_MATCHED = {
    "position": "Rows are compared by their place.",
    "content": "Rows are compared by all that is in them: a changed row counts as removed and added.",
}


def _in_words(found: Difference) -> str:
    matched = _MATCHED.get(found.matched_by, f"Rows are compared by '{found.key}'.")
    if found.is_none:
        return f"Both versions hold the same {found.n_after:,} rows. {matched}"
    parts = [
        f"{found.n_added:,} rows added, {found.n_removed:,} removed, {found.n_changed:,} changed "
        f"({found.n_before:,} rows before, {found.n_after:,} after). {matched}"
    ]
    for what, names in (("added", found.columns.added), ("removed", found.columns.removed)):
        if names:
            parts.append(f"Columns {what}: {', '.join(names)}")
    parts += [f"{name} was {before} and is {after}." for name, before, after in found.columns.retyped]
    changes = [
        {"column": change.name, "cells changed": change.n_cells, "for example": _example(change.examples)}
        for change in found.changes
    ]
    if changes:
        parts.append(lay_out(changes))
    for what, rows in (("Added", found.added), ("Removed", found.removed)):
        if rows:
            shown = [dict(zip(found.header, row, strict=True)) for row in rows]
            parts.append(f"{what}, for example:\n{lay_out(shown)}")
    return "\n\n".join(parts)


def _example(examples: tuple[tuple[str, str, str], ...]) -> str:
    row, before, after = examples[0]
    return f"row {row}: {before or '(missing)'} -> {after or '(missing)'}"

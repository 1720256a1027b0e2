"""Versions of a table: their origin, their files' read options, and their differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.presenters import humanize
from app.presenters.markdown import literal
from litmus_core.data import fix_title
from litmus_core.text import format_count
from litmus_core.types import DatasetVersion, Difference, Fix

__all__ = [
    "DifferenceView",
    "HistoryLine",
    "ReadingView",
    "present_difference",
    "present_history",
    "present_reading",
    "refreshable_address",
]

_OPTIONS = {
    "delimiter": "Between columns",
    "quote": "Quotes",
    "encoding": "Encoding",
    "decimal": "Decimal mark",
    "thousands": "Thousands",
    "date_order": "Dates",
    "zone": "Time zone",
    "header_row": "Line of the header",
    "sheet": "Sheet",
    "table": "Table",
}
_SIGNS = {"\t": "tab", " ": "space", "": "none"}
_MATCHED = {
    "key": "Rows are the same where '{key}' is.",
    "position": "Rows are compared by their position.",
    "content": "Rows are compared by all their values: a changed row counts as one removed and one added.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One version as text (Markdown)."""

    id: str
    parent_id: str | None
    label: str
    message: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """The detected properties of a version's file as (name, value, evidence), and the import's notes."""

    reading: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """Differences: sentences, then example cells and rows (header first)."""

    sentences: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    added: tuple[tuple[str, ...], ...]
    removed: tuple[tuple[str, ...], ...]


def present_history(
    shown: DatasetVersion, versions: Sequence[DatasetVersion], *, now: datetime
) -> tuple[HistoryLine, ...]:
    """Present all versions of a table, the newest first."""
    numbers = {version.id: version.version for version in versions}
    return tuple(
        HistoryLine(
            id=version.id,
            parent_id=version.lineage.parent_id if version.lineage.parent_id in numbers else None,
            label=f"Version {version.version}",
            message=f"{_origin(version, numbers)} {format_count(version.n_rows, 'row')}, "
            f"{humanize.ago(version.created_at, now=now)}.",
            is_shown=version.id == shown.id,
        )
        for version in sorted(versions, key=lambda version: -version.version)
    )


def _origin(version: DatasetVersion, numbers: dict[str, int]) -> str:
    source = literal(version.source_name)
    parent = numbers.get(version.lineage.parent_id or "")
    out_of = f" version {parent}" if parent is not None else " a deleted version"
    match version.lineage.how:
        case "imported":
            return f"Read from {source}."
        case "refreshed":
            return f"Read again from {source}."
        case "appended":
            return f"Rows of {source} below those of{out_of}."
        case "corrected":
            return f"Labels of{out_of} corrected by {source}."
        case "fixed":
            titles = [literal(fix_title(fix)) for fix in version.lineage.fixes]
            more = f" and {len(titles) - 3} more" if len(titles) > 3 else ""
            return f"Fixed from{out_of}: {'; '.join(titles[:3])}{more}."


def refreshable_address(version: DatasetVersion) -> str | None:
    """Return the address from which a version's rows can be read again; None if it has none."""
    is_grown = version.lineage.how in ("appended", "corrected")
    return version.source if "://" in version.source and not is_grown else None


def present_reading(version: DatasetVersion) -> ReadingView:
    """Present the detected properties of the file."""
    return ReadingView(
        reading=tuple(
            (
                _OPTIONS.get(detected.option, detected.option),
                _SIGNS.get(detected.value) or literal(detected.value),
                literal(detected.why),
            )
            for detected in version.detected
        ),
        notes=tuple(map(literal, version.notes)),
    )


def present_difference(
    difference: Difference, *, fixes_before: Sequence[Fix] = (), newer_fixes: Sequence[Fix] = ()
) -> DifferenceView:
    """Present the differences between two versions, and between their fixes."""
    counts = [
        f"{format_count(n, 'row')} {verb}"
        for n, verb in (
            (difference.n_added, "came"),
            (difference.n_removed, "went"),
            (difference.n_changed, "changed"),
        )
        if n
    ]
    sentences = [f"{', '.join(counts)}." if counts else "The rows are the same."]
    if difference.columns.added:
        sentences.append(f"New columns: {_names(difference.columns.added)}.")
    if difference.columns.removed:
        sentences.append(f"Removed columns: {_names(difference.columns.removed)}.")
    sentences += [
        f"{literal(name)} was {before} and is {new_kind}."
        for name, before, new_kind in difference.columns.retyped[:10]
    ]
    for change_word, fixes, others in (
        ("Fixed", newer_fixes, fixes_before),
        ("Taken back", fixes_before, newer_fixes),
    ):
        titles = [literal(fix_title(fix)) for fix in fixes if fix not in others]
        if titles:
            sentences.append(f"{change_word}: {'; '.join(titles)}.")
    if counts:
        sentences.append(literal(_MATCHED[difference.matched_by].format(key=difference.key)))
    return DifferenceView(
        sentences=tuple(sentences),
        cells=tuple(
            (change.name, f"{change.n_cells:,}", row, before, new_value)
            for change in difference.changes
            for row, before, new_value in change.examples
        ),
        header=difference.header,
        added=difference.added,
        removed=difference.removed,
    )


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(map(literal, names[:10])) + more

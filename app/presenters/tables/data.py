"""Data: a sentence on whether a table is usable, its columns as cards, its versions and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.presenters import humanize
from app.presenters.tables.columns import KINDS, CardPlot, present_plot
from litmus_core.text import NARROW, format_bytes, format_count, format_number, in_unit
from litmus_core.types import DatasetVersion, Experiment

if TYPE_CHECKING:
    from litmus_core.data import ColumnProfile, Profile

__all__ = [
    "ColumnCard",
    "ReadinessView",
    "TableView",
    "VersionView",
    "present_cards",
    "present_table",
    "readiness",
]

_FEWEST_ROWS = 20
_NEEDED = f"A table needs {_FEWEST_ROWS} rows, and two columns whose values differ."
_MOSTLY = 0.5
_YEARS = (1500, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnCard:
    """One column: its contents as a small plot and a line of text."""

    name: str
    kind: str
    plot: CardPlot
    detail: str
    warning: str  # "" if there is nothing to say


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version of a table as a line."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """The selected table."""

    name: str
    shape: str
    versions: tuple[VersionView, ...]  # newest first
    shown: str  # id of the version shown
    size: str
    users: tuple[str, ...]  # names of experiments that use it
    detail: str


def present_table(
    version: DatasetVersion,
    versions: Sequence[DatasetVersion],
    experiments: Sequence[Experiment],
    *,
    now: datetime,
) -> TableView:
    """Present a table, its versions, and the experiments that use it."""
    ids = {other.id for other in versions}
    users = tuple(
        experiment.name
        for experiment in experiments
        if ids
        & {
            experiment.task.dataset_version_id,
            experiment.task.validation_version_id,
            experiment.task.test_version_id,
        }
    )
    newest = sorted(versions, key=lambda other: -other.version)
    size = format_bytes(sum(other.n_bytes for other in versions))
    n_versions = format_count(len(versions), "version")
    used = format_count(len(users), "experiment")
    return TableView(
        name=version.name,
        shape=humanize.rows_message(version.n_rows, len(version.columns)),
        versions=tuple(
            VersionView(
                id=other.id,
                label=f"Version {other.version}: {format_count(other.n_rows, 'row')}, "
                f"{humanize.ago(other.created_at, now=now)}",
            )
            for other in newest
        ),
        shown=version.id,
        size=size,
        users=users,
        detail=f"Takes {size} in {n_versions}. "
        + (f"{used} {'rests' if len(users) == 1 else 'rest'} on it." if users else "No experiment uses it."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessView:
    """Whether a table is usable, in a sentence; ``missing`` says what it lacks, "" if it is usable."""

    sentence: str
    missing: str

    @property
    def is_ready(self) -> bool:
        """Whether a model could learn from the table."""
        return not self.missing


def readiness(version: DatasetVersion, profile: Profile) -> ReadinessView:
    """Return whether a table is usable."""
    useless = sum(
        column.n_missing == column.n_rows or (column.n_distinct == 1 and column.n_missing == 0)
        for column in profile.columns
    )
    is_ready = len(profile.columns) - useless >= 2 and version.n_rows >= _FEWEST_ROWS
    shape = humanize.rows_message(version.n_rows, len(version.columns))
    return ReadinessView(
        sentence=f"{shape}, {'ready' if is_ready else 'too little to learn from'}.",
        missing="" if is_ready else _NEEDED,
    )


def present_cards(profile: Profile, version: DatasetVersion) -> tuple[ColumnCard, ...]:
    """Present each column of the version as a card."""
    units = {column.name: column.unit for column in version.columns}
    return tuple(
        ColumnCard(
            name=column.name,
            kind=KINDS[column.kind],
            plot=present_plot(column),
            detail=_detail(column, units.get(column.name, "")),
            warning=_warning(column),
        )
        for column in profile.columns
    )


def _detail(column: ColumnProfile, unit: str) -> str:
    parts = []
    if column.traits.is_quantity and (numbers := column.numbers):
        write = _year if _are_years(numbers.low, numbers.high) else format_number
        parts.append(f"{in_unit(write(numbers.low), unit)} to {in_unit(write(numbers.high), unit)}")
        if numbers.median is not None:
            middle = in_unit(write(numbers.median), unit)
            parts.append(f"middle {_about(column, 'quartiles')}{middle}")
    elif column.traits.is_moment and column.dates:
        parts.append(f"{column.dates.first[:10]} to {column.dates.last[:10]}")
    elif column.traits.is_prose and column.texts:
        parts.append(f"about {format_count(max(1, round(column.texts.mean_words)), 'word')} each")
    else:
        parts.append(_about(column, "n_distinct") + format_count(column.n_distinct, "different value"))
    if column.n_missing:
        parts.append(f"{_missing(column.missing_share)} missing")
    return ", ".join(parts)


def _about(column: ColumnProfile, field: str) -> str:
    """Return ``about `` if a figure is an estimate, as in tables of millions of rows."""
    return "about " if field in column.estimated else ""


def _are_years(low: float, high: float) -> bool:
    """Return whether whole numbers look like years, which are written without a comma."""
    return low == int(low) and high == int(high) and _YEARS[0] <= low and high <= _YEARS[1]


def _year(value: float) -> str:
    return f"{value:.4g}" if value == int(value) else f"{value:.1f}"


def _missing(share: float) -> str:
    return f"under 1{NARROW}%" if share < 0.01 else humanize.share(share)


def _warning(column: ColumnProfile) -> str:
    if column.n_missing == column.n_rows:
        return "empty"
    if column.n_distinct == 1 and column.n_missing == 0:
        return "never changes"
    return "mostly missing" if column.missing_share > _MOSTLY else ""

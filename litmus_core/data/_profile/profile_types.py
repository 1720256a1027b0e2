"""A profile's types: what a page shows of a table and its columns."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types import COLUMN_KINDS, ColumnKind, HasStorage, KindName


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCount:
    """A value as text, and how many rows have it."""

    value: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """``counts`` (k,) of values between ``edges`` (k + 1,); the last bin includes its upper edge.

    Edges of dates are days since 1970-01-01; ``labels`` (k,) name each bin.
    """

    counts: tuple[int, ...]
    edges: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFigures:
    """Range, moments and quartiles of numbers; None where they are too large to be computed.

    ``quartiles`` are (lower, median, upper).
    """

    low: float
    high: float
    mean: float | None = None
    std: float | None = None
    quartiles: tuple[float | None, float | None, float | None] = (None, None, None)

    @property
    def median(self) -> float | None:
        """The middle quartile."""
        return self.quartiles[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """The first and the last moment, ISO 8601."""

    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFigures:
    """How long texts are, in letters and words."""

    mean_letters: float
    most_letters: int
    mean_words: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile(HasStorage):
    """One column over all rows. What does not apply to its kind is None or empty.

    ``texts`` are of texts, categories and textual ids; ``top`` holds the most frequent values (none where
    values hardly repeat); ``examples`` a few values as they stand. ``estimated`` names what is an estimate,
    as the quartiles are in tables of millions of rows.
    """

    name: str
    kind: KindName
    storage: str
    n_rows: int
    n_missing: int
    n_distinct: int
    numbers: NumberFigures | None = None
    dates: DateRange | None = None
    texts: TextFigures | None = None
    top: tuple[ValueCount, ...] = ()
    histogram: Histogram | None = None
    examples: tuple[str, ...] = ()
    estimated: tuple[str, ...] = ()

    @property
    def traits(self) -> ColumnKind:
        """What its kind can do, and how it is treated."""
        return COLUMN_KINDS[self.kind]

    @property
    def missing_share(self) -> float:
        """Share of rows without a value, 0 to 1."""
        return self.n_missing / self.n_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All columns of a data set version, in its own order."""

    dataset_version_id: str
    n_rows: int
    columns: tuple[ColumnProfile, ...]

    def column(self, name: str) -> ColumnProfile:
        """Return the column called ``name``; raises KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

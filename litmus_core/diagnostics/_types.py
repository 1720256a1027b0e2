"""What the diagnostics say: frozen values that survive JSON (``to_plain``/``from_plain``)."""

from __future__ import annotations

from dataclasses import dataclass

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnImportance:
    """How much worse the score gets when one column's values are shuffled among the rows.

    ``drop`` is in the metric's unit and positive when the column helps, whichever way the metric
    points; ``low`` and ``high`` bound it with 95 % confidence. All three are None, and ``n_shuffles``
    is 0, where the shuffled rows leave the metric undefined; ``low`` and ``high`` alone under 20 rows.
    """

    column: str
    drop: float | None
    low: float | None
    high: float | None
    n_shuffles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """Importance of every feature column, most important first.

    ``score`` is the unshuffled score of the same ``n_rows`` rows. ``complete`` is False when the time
    ended before every planned shuffle was done.
    """

    columns: tuple[ColumnImportance, ...]
    score: float
    n_rows: int
    n_shuffles: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentScore:
    """The score on the rows of one segment.

    ``worse_by`` is the distance to the overall score (positive: worse, whichever way the metric points).
    ``low`` and ``high`` are a plain 95 % interval (None when the time did not reach it); ``stands_out``
    is True only when the overall score lies outside the wider interval that allows for having looked at
    all segments.
    """

    column: str
    segment: str
    n_rows: int
    score: float
    low: float | None
    high: float | None
    worse_by: float
    stands_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Scores per segment, worst first: those that stand out, then the rest."""

    rows: tuple[SegmentScore, ...]
    overall: float
    n_looks: int
    min_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One validation row that the model got wrong.

    ``position`` counts rows of the validation frame from 0. ``probability`` is what the model gave its
    own answer, ``truth_probability`` what it gave the truth (classification); ``error`` is prediction
    minus truth (regression).
    """

    position: int
    truth: Plain
    prediction: Plain
    values: dict[str, Plain]
    probability: float | None = None
    truth_probability: float | None = None
    error: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusedPair:
    """How many rows of class ``truth`` were taken for ``prediction``."""

    truth: str
    prediction: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Counts of truth (rows) against prediction (columns).

    ``counts[i][j]`` rows of class ``labels[i]`` were answered ``labels[j]``. With more than 13 classes
    the rarer ones share the last label, and ``n_collapsed`` says how many they are. ``pairs`` lists the
    most frequent confusions among *all* classes.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    n_collapsed: int
    pairs: tuple[ConfusedPair, ...]
    n_rows: int
    n_wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """Truth against prediction for a sample of rows, and what is typical over all of them.

    ``points`` are (truth, prediction); ``bias`` is the mean of prediction minus truth; ``typical_error``
    is the median and ``large_error`` the 90th percentile of the absolute error, all in the target's unit.
    """

    points: tuple[tuple[float, float], ...]
    n_rows: int
    bias: float
    typical_error: float
    large_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """What a run's chosen candidate looked at, and where it goes wrong: validation rows only."""

    metric: str
    n_rows: int
    score: float
    out_of_fold: bool
    importance: Importance
    segments: Segments
    mistakes: tuple[Mistake, ...]
    confusion: Confusion | None = None
    residuals: Residuals | None = None
    candidate_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What one value of a row does to its answer, against the values of other rows.

    ``effect`` is the answer (the probability of the answered class, or the value) minus its mean when
    this value is replaced by those of the background rows; ``low`` and ``high`` are its 95 % interval
    over the background rows.
    """

    column: str
    value: Plain
    effect: float
    low: float
    high: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The answer for one row, and which of its values pushed it: strongest push first.

    Classification: ``answer`` is the label, ``probability`` its probability, ``probabilities`` those of
    all classes, most probable first. Regression: ``answer`` is the value, the others are None and empty.
    Of a model that abstains, ``unsure_of`` is the label that it was not sure enough to say; ``answer`` is
    what it says instead.
    """

    answer: Plain
    probability: float | None
    probabilities: dict[str, float]
    pushes: tuple[Push, ...]
    n_background: int
    unsure_of: str = ""

"""The results of diagnostics: frozen values that survive JSON (``to_plain``/``from_plain``)."""

from __future__ import annotations

from dataclasses import dataclass

Plain = str | int | float | bool | None
_FEWEST_SHUFFLES = 3  # of a column: with fewer, nothing is said on whether it matters


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnImportance:
    """How much worse the score gets when one column's values are shuffled among the rows.

    ``drop`` is in the metric's unit and positive if the column helps, whatever the metric's direction;
    ``low`` and ``high`` bound it with 95 % confidence. All three are None, and ``n_shuffles`` is 0, if the
    shuffled rows leave the metric undefined; only ``low`` and ``high`` are None under 20 rows.
    """

    column: str
    drop: float | None
    low: float | None
    high: float | None
    n_shuffles: int

    @property
    def is_measured_well(self) -> bool:
        """Whether the column was shuffled often enough to say whether it matters."""
        return self.n_shuffles >= _FEWEST_SHUFFLES

    @property
    def is_clear(self) -> bool:
        """Whether the column surely matters."""
        return self.is_measured_well and self.low is not None and self.low > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """The importance of every feature column, most important first.

    ``score`` is the unshuffled score of the same ``n_rows`` rows. ``complete`` is False if the time ran out
    before every planned shuffle.
    """

    columns: tuple[ColumnImportance, ...]
    score: float
    n_rows: int
    n_shuffles: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentScore:
    """The score on the rows of one segment.

    ``worse_by`` is the distance to the overall score (positive: worse, whatever the metric's direction).
    ``low`` and ``high`` are a plain 95 % interval (None if the time ran out); ``stands_out`` is True only if
    the overall score lies outside the wider interval that allows for the number of segments.
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
    """Scores per segment by ``metric``, worst first: those that stand out, then the rest."""

    metric: str
    rows: tuple[SegmentScore, ...]
    overall: float
    n_tests: int
    min_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One validation row that the model got wrong.

    ``position`` counts rows of the validation frame from 0. ``probability`` is the predicted probability of
    the prediction, ``truth_probability`` that of the truth (classification); ``error`` is prediction minus
    truth (regression), or by how many places of an order the row stands too far down.
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
    """How many rows of class ``truth`` were predicted as ``prediction``."""

    truth: str
    prediction: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Counts of truth (rows) against prediction (columns).

    ``counts[i][j]`` rows of class ``labels[i]`` were predicted as ``labels[j]``. With more than 13 classes
    the rarer ones share the last label, and ``n_collapsed`` is their number. ``pairs`` lists the most
    frequent confusions among *all* classes.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    n_collapsed: int
    pairs: tuple[ConfusedPair, ...]
    n_rows: int
    n_wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """Truth against prediction for a sample of rows, and typical errors over all of them.

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
    """What drives the chosen candidate's predictions, and where it errs: validation rows only."""

    metric: str
    n_rows: int
    score: float
    out_of_fold: bool
    importance: Importance
    segments: Segments
    mistakes: tuple[Mistake, ...]
    confusion: Confusion | None = None
    residuals: Residuals | None = None
    is_order: bool = False  # predictions only say which row comes first
    candidate_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """The effect of one value of a row on its prediction, compared with the values of other rows.

    ``effect`` is the prediction (the probability of the predicted class, or the value) minus its mean when
    this value is replaced by those of the background rows; ``low`` and ``high`` are its 95 % interval over
    the background rows.
    """

    column: str
    value: Plain
    effect: float
    low: float
    high: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The prediction for one row, and which of its values influenced it: strongest first.

    Classification: ``answer`` is the label, ``probability`` its probability, ``probabilities`` those of all
    classes, most probable first. Regression: ``answer`` is the value, the others are None and empty. If the
    model abstains, ``unsure_of`` is the most probable label, and ``answer`` is what the model returns
    instead. ``level`` is the share of rows whose interval (``low`` to ``high``) or ``labels`` hold the truth;
    None if the model cannot say.
    """

    answer: Plain
    probability: float | None
    probabilities: dict[str, float]
    pushes: tuple[Push, ...]
    n_background: int
    unsure_of: str = ""
    level: float | None = None
    low: float | None = None
    high: float | None = None
    labels: tuple[str, ...] = ()

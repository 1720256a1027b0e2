"""Tasks: the target, the bar and the budget."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from litmus_core.task_types import NO_NEEDS, ProblemType, RowNeeds, TaskType, get_task_type
from litmus_core.types._plans import PluginRef

SplitKind = Literal["random", "time", "group"]
BarOp = Literal[">=", "<="]
Direction = Literal["increasing", "decreasing"]

_FEW_ROWS = range(60, 2_000)  # with more, a test part of a fifth is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The required score: ``metric op value``, in the metric's own sign and unit (an RMSE bar is ``<=``).

    ``is_proposed``: nobody chose it; it is the one that Litmus proposed.
    """

    metric: str
    op: BarOp
    value: float
    is_proposed: bool = field(default=False, compare=False)  # two bars are equal whoever proposed them

    def __str__(self) -> str:
        return f"{self.metric} {self.op} {self.value:g}"

    @property
    def is_floor(self) -> bool:
        """Whether scores at or above the bar pass, not those at or below it."""
        return self.op == ">="

    def passes(self, score: float) -> bool:
        """Return whether ``score`` is at the bar or better; NaN does not pass."""
        return score >= self.value if self.is_floor else score <= self.value

    def lead(self, score: float) -> float:
        """Return by how much ``score`` is better than the bar; negative where it misses."""
        return score - self.value if self.is_floor else self.value - score

    def gap(self, score: float) -> float:
        """Return by how much ``score`` misses the bar; negative where it is better."""
        return self.value - score if self.is_floor else score - self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A condition on a model's predictions, besides its score.

    *rises*, *falls*: a larger value of ``column`` never moves the prediction the other way. *unchanged*:
    another value of it does not change the prediction. *range*: predictions lie from ``low`` to ``high``
    (None: no limit). *group*: the score of the rows where ``column`` is ``value`` reaches ``bar``. A share
    ``allowed`` (0 to 1) of the rows may break any but the last.
    """

    kind: Literal["rises", "falls", "unchanged", "range", "group"]
    column: str = ""
    value: str = ""
    low: float | None = None
    high: float | None = None
    bar: Bar | None = None
    allowed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Production limits; ``None`` is no limit.

    ``max_latency_ms`` limits the 95th percentile of predicting ``batch_rows`` rows in one call;
    ``max_size_mb`` limits the model's folder in MB (1e6 bytes).
    """

    max_latency_ms: float | None = None
    batch_rows: int = 1
    max_size_mb: float | None = None

    @property
    def has_limit(self) -> bool:
        """Whether anything is limited."""
        return self.max_latency_ms is not None or self.max_size_mb is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPlan:
    """How rows are split into train, validation and test.

    ``random`` is stratified by the target in classification. ``time`` puts the latest rows of ``column`` into
    test and those before them into validation. ``finer`` columns order the rows within one of its values:
    year, then month and day. ``group`` keeps all rows with one value of ``column`` in one part. Fractions are
    of all rows for test, of the remaining rows for validation. A Task with its own validation or test version
    does not use the corresponding fraction.

    ``grown_from`` are the row counts of the table before each append, ascending. Each block is split
    separately, with the same shares, so that no row ever changes its part.

    ``is_found``: Litmus chose this split because a random one would make the score look too good.
    """

    kind: SplitKind = "random"
    column: str | None = None
    test_fraction: float = 0.2
    validation_fraction: float | None = None  # None: chosen by the number of rows
    grown_from: tuple[int, ...] = ()
    finer: tuple[str, ...] = ()
    is_found: bool = field(default=False, compare=False)  # two splits are equal whoever chose them

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rows are split by, the coarsest first; empty for a random split."""
        return () if self.column is None else (self.column, *self.finer)

    def may_judge_by_all(self, n_rows: int, budget: Budget) -> bool:
        """Return whether all of ``n_rows`` may judge in outer folds, if nobody chose the folds.

        There are few rows, and none need to be the latest. Faster variants need a test part, and another
        fraction is a request for one.
        """
        is_usual = self.kind != "time" and not self.grown_from
        return (
            is_usual
            and self.test_fraction == SplitPlan().test_fraction
            and n_rows in _FEW_ROWS
            and not budget.has_limit
        )

    def keeping(self, group: str) -> SplitPlan:
        """Return a copy that keeps rows with one value of ``group`` together, in place of a random split."""
        return replace(self, kind="group", column=group) if group and self.kind == "random" else self

    @property
    def by(self) -> str:
        """The columns as people and the command line write them: ``year then month then day``."""
        return " then ".join(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRules:
    """What people know about single columns before training.

    ``weight`` is the column that weights the rows in learning and in scores (an exposure, a survey's weight);
    it is not a feature. ``monotone`` has columns of numbers with which the prediction only rises
    (``increasing``) or only falls, all others being equal. For two labels the prediction is the positive
    class's probability.
    """

    weight: str | None = None
    monotone: tuple[tuple[str, Direction], ...] = ()


_NO_RULES = ColumnRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to predict from which columns of which data, with the metric, the bar and the budget.

    ``features`` are the columns that models may use. Rows without a target are set aside, and counted.
    ``positive_class`` (binary only) is the label whose probability binary metrics use, as text.
    ``time_limit_s`` bounds a whole run. A ``task_type`` is a plug-in that turns the question into one of
    ``problem_type``: with other labels, or with numbers on another scale. ``rules`` are about single columns.
    ``assertions`` must hold of a model's predictions besides its score.
    """

    dataset_version_id: str
    target: str
    problem_type: ProblemType
    metric: str
    features: tuple[str, ...]
    bar: Bar | None = None
    budget: Budget = Budget()
    split: SplitPlan = SplitPlan()
    validation_version_id: str | None = None
    test_version_id: str | None = None
    positive_class: str | None = None
    time_limit_s: float = 120.0
    seed: int = 0
    task_type: PluginRef | None = None
    rules: ColumnRules = _NO_RULES
    assertions: tuple[Assertion, ...] = ()

    @property
    def weight(self) -> str | None:
        """The column that weights the rows; None: all weigh the same."""
        return self.rules.weight

    @property
    def monotone(self) -> tuple[tuple[str, Direction], ...]:
        """The columns with which the prediction only rises or only falls."""
        return self.rules.monotone

    @property
    def type(self) -> TaskType:
        """The object of its ``problem_type``; code asks it for all that depends on that."""
        return get_task_type(self.problem_type)

    @property
    def read_columns(self) -> tuple[str, ...]:
        """The columns that its ``task_type`` reads: rows have them, and models do not use them."""
        return self.needs.columns

    @property
    def needs(self) -> RowNeeds:
        """The requirements of its ``task_type`` (columns, loss, group); empty without a ``task_type``."""
        return NO_NEEDS if self.task_type is None else self.task_type.needs

    @property
    def labels_are_stored(self) -> bool:
        """Whether the target's column holds the labels themselves; a ``task_type`` makes others from it."""
        return self.type.has_classes and self.task_type is None

    @property
    def makes_labels(self) -> bool:
        """Whether a ``task_type`` makes labels from the target's column, which are stored with the parts."""
        return self.type.has_classes and self.task_type is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A column that Litmus proposes to leave out of the features, and the reason.

    ``repeats_target``: it equals the target in every row.
    """

    column: str
    reason: str
    repeats_target: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Litmus's proposal for a target: the parts of the task, which people may change."""

    target: str
    problem_type: ProblemType
    why: str  # one plain sentence: "10 different values, so this is a choice between 10 categories."
    metric: str
    metrics: tuple[str, ...]  # all metrics that fit the problem type, the proposed one first
    features: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    n_missing_target: int
    classes: tuple[str, ...] = ()  # most frequent first; empty for regression
    positive_class: str | None = None
    split: SplitPlan = SplitPlan()  # by a fix of the table, otherwise random

    @property
    def type(self) -> TaskType:
        """The object of the proposed ``problem_type``."""
        return get_task_type(self.problem_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The score of a trivial or simple model on the validation part: a lower reference for the bar."""

    name: str  # "majority", "mean", "quick linear"
    sentence: str  # "Always guessing Fridges is right 16 % of the time."
    metric: str
    value: float

"""Scores, and the verdict on a run's chosen model, as facts. ``litmus_core.verdicts`` makes the text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from litmus_core.types._cases import Cases
from litmus_core.types._findings import Fix, Severity, finding_key
from litmus_core.types._intervals import Coverage
from litmus_core.types._statements import Statement
from litmus_core.types._tasks import Assertion, Bar

FEW_BLOCKS = 30
Outcome = Literal["meets", "undecided", "misses narrowly", "misses", "no bar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A metric's value in its own sign (an RMSE is positive, lower is better) with its 95 % interval.

    Weighted rows carry less information: the ``n_rows`` count like ``n_effective`` rows of equal weight.
    The interval draws ``n_blocks`` groups, or periods of time, as wholes; None: it draws rows.
    """

    metric: str
    value: float
    low: float
    high: float
    n_rows: int
    n_effective: float | None = None
    n_blocks: int | None = None

    @property
    def n_telling(self) -> float:
        """The number of rows of equal weight that carry as much information."""
        return self.n_rows if self.n_effective is None else self.n_effective

    @property
    def has_few_blocks(self) -> bool:
        """Whether its interval comes from so few groups or periods that their number matters most."""
        return self.n_blocks is not None and self.n_blocks < FEW_BLOCKS

    def blocks_in(self, n_rows: int) -> int:
        """Return how many groups or periods such as these have that many rows, to two digits."""
        n_blocks = max(1, math.ceil(n_rows * (self.n_blocks or self.n_rows) / self.n_rows))
        unit = int(10 ** max(0, len(str(n_blocks)) - 2))
        return math.ceil(n_blocks / unit) * unit


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionResult:
    """Whether an assertion held on ``n_rows`` rows, of which ``n_broken`` broke it; ``sentence`` states the
    result.

    *open*: there are too few rows, or the interval of a group's ``score`` holds the bar.
    """

    assertion: Assertion
    state: Literal["held", "broken", "open"]
    n_rows: int
    n_broken: int = 0
    score: Score | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """What makes a score look too good, found during training.

    ``kind`` is the check's key, ``columns`` are its subject, and ``statement`` is the finding. A
    "weaker_model" is worse on validation rows (``score``) than the models of the outer folds, which judge.
    For copies, and for "older_rows" than rows that trained the model, ``n_rows`` of ``n_test`` test rows are
    affected, and ``score`` is the score on the others (None: too few). ``fix`` would correct the score
    (None: no known fix); a ``warning`` may turn out to be harmless. If the check failed, ``error`` is the
    name of the exception.
    """

    kind: str
    statement: Statement | None = None
    columns: tuple[str, ...] = ()
    n_rows: int | None = None
    n_test: int | None = None
    score: Score | None = None
    error: str = ""
    severity: Severity = "harmful"
    fix: Fix | None = None

    @property
    def key(self) -> str:
        """The key of its finding."""
        return finding_key(self.kind, self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetExcess:
    """An exceeded budget limit: p95 in ms for ``n_rows`` rows per call, or the size in MB."""

    kind: Literal["latency", "size"]
    value: float
    limit: float
    n_rows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickScore:
    """The score of a quick linear model and the ``chosen`` model's score, on the same rows."""

    value: float
    chosen: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """The ``share`` (0 to 1) of the test rows for which a model abstains: it predicts ``label`` ("don't
    know").
    """

    label: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BarMove:
    """A change of the bar after the score was known: ``before`` is the earlier bar (None: there was none).

    ``because`` is the reason, if one was given.
    """

    before: Bar | None
    by: str
    at: str  # UTC, ISO 8601
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimplerModel:
    """The best member of a judged ensemble: ``times_faster`` for one call, at a score that may be the same.

    ``difference`` is how much better the ensemble scored on the ``n_rows`` validation rows, with a 95 %
    interval, in the metric's unit; positive is better.
    """

    candidate_id: str
    name: str
    times_faster: float
    difference: float
    low: float
    high: float
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCut:
    """A model that the time limit cut short after ``steps`` of its ``unit`` ("round", "epoch" or "tree").

    Its validation score was best after ``best_at``, and that state is used; ``most`` were allowed; None: not
    known. Of ``n_fits`` folds ``n_cut`` were cut, and the figures are of the fold with the fewest steps.
    """

    unit: str
    steps: int
    best_at: int | None = None
    most: int | None = None
    n_fits: int = 1
    n_cut: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgement on a run's chosen candidate, by its test interval against the bar.

    ``model`` is the name that people read. ``probability_passes`` is the bootstrap's share of replicates on
    the good side of the bar (None without a bar). ``gap`` is the score's distance to the bar, positive on the
    bad side. ``n_evaluations`` counts the test-set evaluations on these rows so far, this one included. The
    interval from ``low`` to ``high``, at confidence level ``certainty``, decides the outcome. It is the
    score's own (95 %; also where they are None) at the first evaluation, and wider at later ones.
    ``more_rows`` would settle an undecided verdict four times in five (None: no practical number would, or it
    is settled). ``spread`` has equally likely values of the true score, ascending, by the bootstrap. ``luck``
    is the likely optimism of the chosen model's validation score, which was the best of ``n_compared``:
    positive, in the metric's unit; None if unknown. ``cautions`` say what in the data makes the score look
    better than it is; the outcome does not change. ``quick`` is set if a quick model is significantly better.
    ``abstention`` is set if the model may leave rows to people: the score is then of the others.
    ``outer_folds`` judged in place of a test part (0: a test part did): the score is that of the whole
    procedure, on rows that each fold's models had not seen. ``moved``: the bar was set after the score was
    known; ``n_evaluations`` then counts the evaluations until that moment. ``cases`` counts right and wrong
    predictions on the rows that judged it. ``simpler`` is a single model that could replace an ensemble of
    hardly better score. ``coverage`` is that of its 90 % intervals or label sets on those rows (None: too few
    rows to promise that much, or it leaves rows to people). ``weight`` is the column that weights these rows
    in the score (None: all weigh the same). ``assertions`` were tested on validation rows. ``time_gap`` is
    the gap in time between the rows that a model learned from and those that judged it, such as "30 rows"
    ("": no gap was requested). ``time_cut``: the time limit stopped its training when it had hardly begun.
    """

    outcome: Outcome
    candidate_id: str
    score: Score
    baseline: float
    model: str = ""
    bar: Bar | None = None
    gap: float | None = None
    probability_passes: float | None = None
    excesses: tuple[BudgetExcess, ...] = ()
    n_evaluations: int = 1
    certainty: float = 0.95
    low: float | None = None
    high: float | None = None
    more_rows: int | None = None
    spread: tuple[float, ...] = ()
    n_compared: int = 0
    luck: float | None = None
    cautions: tuple[Caution, ...] = ()
    quick: QuickScore | None = None
    abstention: Abstention | None = None
    outer_folds: int = 0
    moved: BarMove | None = None
    cases: Cases | None = None
    simpler: SimplerModel | None = None
    coverage: Coverage | None = None
    weight: str | None = None
    assertions: tuple[AssertionResult, ...] = ()
    time_gap: str = ""
    time_cut: TimeCut | None = None

    @property
    def obstacles(self) -> tuple[Caution, ...]:
        """The cautions to fix before anyone improves the models."""
        return tuple(caution for caution in self.cautions if caution.kind != "not_checked")

    @property
    def broken(self) -> tuple[AssertionResult, ...]:
        """The assertions that do not hold."""
        return tuple(result for result in self.assertions if result.state == "broken")

    @property
    def n_learned(self) -> int:
        """The number of test rows that the model also learned from: copies of rows in other parts."""
        return sum(caution.n_rows or 0 for caution in self.cautions if caution.kind == "duplicate_rows")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionsChanged:
    """The assertions of an experiment were changed; ``verdicts`` are its runs' verdicts, by run."""

    experiment_id: str
    assertions: tuple[Assertion, ...]
    by: str
    verdicts: tuple[tuple[str, Verdict], ...] = ()

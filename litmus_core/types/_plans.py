"""The parts of a run's plan: folds, tuning, resources, training options, and what it starts from."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, fields
from datetime import timedelta
from typing import Literal

from litmus_core.task_types import NO_NEEDS, RowNeeds
from litmus_core.text import value_code

Scalar = bool | int | float | str | None
ParameterValue = Scalar | tuple[Scalar, ...]  # a model's parameter; a list is stored as a tuple
Point = Literal[
    "preprocess",
    "algorithm",
    "postprocess",
    "metric",
    "data_source",
    "task_type",
    "exporter",
    "hook",
    "action",
    "certificate_line",
]
FoldKind = Literal["auto", "random", "stratified", "group", "time", "custom"]
Sampler = Literal["tpe", "gp", "random"]
Pruner = Literal["none", "median", "hyperband"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """The search space of a value: one of ``choices``, or from ``low`` to ``high`` (both included).

    ``log`` samples on a logarithmic scale; ``integer`` allows whole numbers only.
    """

    choices: tuple[ParameterValue, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False
    integer: bool = False

    def __str__(self) -> str:
        """Return the Python expression that builds the space.

        >>> print(Space(low=8, high=256, integer=True), Space(choices=("gini", "entropy")))
        Integers(8, 256) Choices('gini', 'entropy')
        """
        if self.choices or self.low is None or self.high is None:
            return f"Choices({', '.join(map(value_code, self.choices))})"
        ends = (int(self.low), int(self.high)) if self.integer else (self.low, self.high)
        arguments = [*map(repr, ends), *(["log=True"] if self.log else [])]
        return f"{'Integers' if self.integer else 'Floats'}({', '.join(arguments)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameter:
    """One hyperparameter of an algorithm: its ``value``, or the ``space`` that tuning searches."""

    name: str
    value: ParameterValue = None
    space: Space | None = None

    def __str__(self) -> str:
        """Return the hyperparameter as an argument of a call.

        >>> print(Hyperparameter(name="layers", value=(64, 32)), Hyperparameter(name="solver", value="adam"))
        layers=[64, 32] solver='adam'
        """
        return f"{self.name}={value_code(self.value) if self.space is None else self.space}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """An algorithm with hyperparameters. ``key`` is the key of a family, or the reference of a custom model
    class.

    Other hyperparameters keep the family's defaults. ``name`` distinguishes it from the family's default
    setting if both are trained; tuning names its results ``tuned``.
    """

    key: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Folds:
    """Folds of the training rows: each model is fitted ``n_folds`` x ``repeats`` times.

    With 0 ``n_folds``, one validation part takes their place. ``auto`` follows the task's split and
    stratifies classes. ``group`` keeps rows of one value of ``column`` in one fold; ``time`` tests each fold
    on rows later in ``column`` than those it learns from. ``parallel`` fits the folds of a model at the same
    time, with a processor for each of them; None: where that saves time. ``refit`` trains each model once
    more on all rows: one more candidate, whose score is that of its folds.

    ``outer`` folds judge in place of a test part (nested cross-validation): for each, the whole procedure
    runs once more without the fold's rows, and predicts them. So all rows judge, and models learn from all
    rows: it implies ``refit``. 0: a test part judges.

    In order of time no model learns from the ``gap`` rows before those that judge it, in folds, validation
    and test part alike. Nor does it learn from rows at most ``embargo`` from one of them: "7 days" or
    a timedelta for dates, or a number in the column's unit.

    ``custom`` folds are those ``stored`` in the workspace under that name, called by their ``title``:
    ``train(folds=GroupKFold(5))`` stores them.
    """

    n_folds: int = 5
    _: KW_ONLY
    kind: FoldKind = "auto"
    column: str | None = None
    repeats: int = 1
    parallel: bool | None = None
    refit: bool = False
    outer: int = 0
    stored: str | None = None
    title: str = ""
    gap: int = 0
    embargo: float | str | timedelta | None = None

    def __post_init__(self) -> None:
        if isinstance(self.embargo, timedelta):
            object.__setattr__(self, "embargo", f"{self.embargo / timedelta(hours=1):g} hours")

    @property
    def has_time_gap(self) -> bool:
        """Whether models learn from no rows close in time to those that judge."""
        return self.gap > 0 or self.embargo is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Hyperparameter search. ``n_trials`` per algorithm at most; None: as many as fit in ``time_share`` of
    the limit.

    The rest of the time trains the best ``keep`` settings of each algorithm. ``median`` stops trials that are
    worse than most on the first folds, ``hyperband`` stops those with bad scores on a share of the rows.
    """

    n_trials: int | None = None
    time_share: float = 0.5
    sampler: Sampler = "tpe"
    pruner: Pruner = "median"
    keep: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Resources for one phase of a run; None: all that the machine has.

    ``parallel`` is the number of concurrent tuning trials; None: one, and on Ray as many as its machines have
    capacity for. On Ray the other fields are per trial or per fold.
    """

    cpus: int | None = None
    gpus: int | None = None
    memory_gb: float | None = None
    parallel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """The place where a run's models are fitted, and the resources of its phases; None: all that the machine
    has.

    ``where`` is here, Ray on this machine (``ray``), or a Ray cluster (its address, or ``auto``). There
    ``train`` has the resources of one fold, or of one model without folds. ``predict`` has those of
    predictions. ``time_limit_s`` is the run's limit in seconds; None: the task's.
    """

    where: str = "here"
    train: Resources | None = None
    tune: Resources | None = None
    predict: Resources | None = None
    time_limit_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRef:
    """A plug-in as a run uses it: ``reference`` as given (``plugins/caps.py:Cap``, ``pkg:Cap``).

    ``parameters`` are pairs of name and value. Litmus fills the other fields when it copies the source to a
    run's folder: the module and the class or function in it, ``version``, and ``sha256`` of all copied files
    ("" if it is installed). ``needs`` are a task type's requirements of each row.
    """

    point: Point
    reference: str
    parameters: tuple[tuple[str, Scalar], ...] = ()
    module: str = ""
    name: str = ""
    version: str = ""
    sha256: str = ""
    needs: RowNeeds = NO_NEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringPlan:
    """The metrics and the task type that score a run's models.

    ``also_validation`` and ``also_test`` are metrics that are reported beside the task's, which decides.
    ``metric`` and ``task_type`` are the task's plug-ins, if any, and ``reported`` has those of the other
    metrics. Litmus sets the three when it queues the run.
    """

    metric: PluginRef | None = None
    reported: tuple[PluginRef, ...] = ()
    task_type: PluginRef | None = None
    also_validation: tuple[str, ...] = ()
    also_test: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions:
    """Options of how models learn from the training rows; the caller passes the record on to the engine
    unchanged.

    ``balanced`` gives all classes the same weight, however many rows they have; scores do not use these
    weights. Models do not learn from the rows ``without_rows`` of the training table, counted from 0; test
    rows stay. ``stack`` trains trees once more, in folds, on the columns and on the predictions of all
    models. ``keep_judged`` deploys the judged model, in place of a model fitted again on all rows.

    A field's metadata holds its texts: ``title`` in tables, ``phrase`` in sentences, ``help`` on the command
    line. Pages, recipes, action plug-ins, the command line and generated code read the fields from here.
    """

    balanced: bool = field(
        default=False,
        metadata={
            "title": "classes weigh the same",
            "phrase": "each class weighs the same",
            "help": "Weight classes equally in learning.",
        },
    )
    without_rows: tuple[int, ...] = field(
        default=(),
        metadata={
            "title": "rows not learned from",
            "option": "without-row",
            "phrase": "without {} rows",
            "help": "Do not learn from the row at this place, counted from 0 (repeat).",
        },
    )
    keep_judged: bool = field(
        default=False,
        metadata={
            "title": "the judged model is used",
            "phrase": "the judged model is put to work",
            "help": "Put the judged model to work, in place of one fitted again on all rows.",
        },
    )
    stack: bool = field(
        default=False,
        metadata={
            "title": "trees learn from others' answers",
            "phrase": "in two levels",
            "help": "In folds, let trees learn once more from what all models answered.",
        },
    )


TRAINING_FLAGS: tuple[str, ...] = tuple(
    flag.name for flag in fields(TrainingOptions) if flag.default is False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrained:
    """A candidate of an earlier run whose settings a run trains from scratch, to compare both."""

    candidate_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmStart:
    """A candidate of an earlier run whose training continues on new rows.

    ``candidate_id`` and ``model`` name it in the run ``run_id``; rows from position ``n_before`` on are
    new. Trees are added on the new training rows and on ``old_per_new`` times as many old ones.
    """

    candidate_id: str
    run_id: str
    model: str
    n_before: int
    old_per_new: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """A candidate of an earlier run to make faster and smaller variants of.

    ``candidate_id`` and ``model`` name it in the run ``run_id``. ``shares`` are target latencies as shares of
    its own: for each, the best variant within it is searched.
    """

    candidate_id: str
    run_id: str
    model: str
    shares: tuple[float, ...] = (0.5, 0.25, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReusedModel:
    """A trained model of an earlier run of the same experiment, reused without training.

    ``candidate_id`` and ``model`` name it in the run ``run_id``.
    """

    candidate_id: str
    run_id: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedRun:
    """The earlier run that a run repeats without a time limit; ``origin`` is what the earlier run started
    from.
    """

    run_id: str
    origin: WarmStart | Retrained | None = None


Origin = Retrained | WarmStart | ReusedModel | Compression | RepeatedRun

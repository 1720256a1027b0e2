"""How a run goes about its task, where a scientist says more than which cards: each part replaceable."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal

Scalar = bool | int | float | str | None
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
]
FoldKind = Literal["auto", "random", "stratified", "group", "time"]
Sampler = Literal["tpe", "gp", "random"]
Pruner = Literal["none", "median", "hyperband"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Where tuning looks for a value: among ``choices``, or from ``low`` to ``high`` (both included).

    ``log`` looks as closely at small values as at large ones; ``integer`` takes whole numbers only.
    """

    choices: tuple[Scalar, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False
    integer: bool = False

    def __str__(self) -> str:
        """Return the Python that makes it.

        >>> print(Space(low=8, high=256, integer=True), Space(choices=("gini", "entropy")))
        Integers(8, 256) Choices('gini', 'entropy')
        """
        if self.choices or self.low is None or self.high is None:
            return f"Choices({', '.join(map(repr, self.choices))})"
        ends = (int(self.low), int(self.high)) if self.integer else (self.low, self.high)
        told = [*map(repr, ends), *(["log=True"] if self.log else [])]
        return f"{'Integers' if self.integer else 'Floats'}({', '.join(told)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameter:
    """One hyperparameter of an algorithm: its ``value``, or the ``space`` in which tuning looks for one."""

    name: str
    value: Scalar = None
    space: Space | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """An algorithm with hyperparameters of one's own. ``key`` is a card's, or the reference of a model class
    of one's own. Hyperparameters that are not given are the card's. ``name`` tells it from the card's own
    setting where both are trained; tuning calls what it finds ``tuned``.
    """

    key: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class KFold:
    """Folds of the training rows: each model is fitted ``n_folds`` x ``repeats`` times.

    ``auto`` follows the task's split and stratifies classes; ``group`` keeps rows of one value of
    ``column`` in one fold; ``time`` tests each fold on rows later in ``column`` than those it learns from.
    ``parallel`` fits the folds of a model side by side, with a processor for each of them. ``refit`` trains
    each model once more on all rows: one more candidate, whose score is that of its folds.
    """

    n_folds: int = 5
    _: KW_ONLY
    kind: FoldKind = "auto"
    column: str | None = None
    repeats: int = 1
    parallel: bool = False
    refit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How hyperparameters are looked for. ``n_trials`` of each algorithm at most; None: as many as
    ``time_share`` of the limit allows.

    The rest of the time trains what was found: the best ``keep`` settings of each algorithm. ``median`` gives
    up what does worse than most on the first folds, ``hyperband`` what does badly on a share of the rows.
    """

    n_trials: int | None = None
    time_share: float = 0.5
    sampler: Sampler = "tpe"
    pruner: Pruner = "median"
    keep: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What one phase of a run may take; None: what the machine has.

    ``parallel`` is how many trials of tuning there are at once; None: one, and on Ray as many as its machines
    have room for. There the rest is what one trial, or one fold, takes.
    """

    cpus: int | None = None
    gpus: int | None = None
    memory_gb: float | None = None
    parallel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A plug-in as a run uses it: ``reference`` names it as asked for (``plugins/caps.py:Cap``, ``pkg:Cap``).

    ``parameters`` are name and value. The rest is known once its source was copied into a run's folder: the
    module to import from there, the class or function in it, ``version`` and ``sha256`` of all that was
    copied ("" where it is installed).
    """

    point: Point
    reference: str
    parameters: tuple[tuple[str, Scalar], ...] = ()
    module: str = ""
    name: str = ""
    version: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmStart:
    """A candidate of an earlier run whose training goes on, on rows that came since.

    ``candidate_id`` and ``model`` name it in the run ``run_id``; rows from the position ``n_before`` on are
    new. Trees are added on the training rows among them and on ``old_per_new`` times as many of the old ones.
    """

    candidate_id: str
    run_id: str
    model: str
    n_before: int
    old_per_new: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """A candidate of an earlier run, of which faster and smaller variants are made.

    ``candidate_id`` and ``model`` name it in the run ``run_id``. ``shares`` are of its answering time: for
    each of them the best that takes no more is looked for.
    """

    candidate_id: str
    run_id: str
    model: str
    shares: tuple[float, ...] = (0.5, 0.25, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReusedModel:
    """A trained model of an earlier run of the same experiment that a run takes as it is.

    ``candidate_id`` and ``model`` name it in the run ``run_id``.
    """

    candidate_id: str
    run_id: str
    model: str

"""A model family: one object, in one file, with everything Litmus knows of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from litmus_core.engine._families.library import LibraryHyperparameter
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.task_types import Facet, Loss, all_task_types
from litmus_core.types import Hyperparameter, ProblemType, Scalar

if TYPE_CHECKING:
    import pandas as pd

Settings = Mapping[str, Any]
# lower and upper bound, and ABOVE if the lower one is exclusive
Bounds = tuple[float | None, float | None, str]
ABOVE = "above"
OnnxStep = Callable[[Any, Any, Any], tuple[str, int]]  # (OnnxWriter, PlanStep, OnnxColumns): value, width


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticChoice:
    """When Litmus chooses the family by itself; families of a low ``rank`` come first.

    ``from_s`` is the least time for the fit, in seconds. ``few_rows_from_s`` is the same with few rows,
    where trees take no time, and a network costs more than it gains. ``several_classes_from_s`` is the same
    with three classes or more, ``many_classes_from_s`` with many (None: as with two). With less time it is
    chosen if it is likely to finish: ``cells_per_s`` are the cells, times half of the classes, that it learns
    from in a second of one processor (None: not chosen then). ``heavy``: only with few cells for the time.
    ``in_place_of`` names the family that this one replaces if both could be chosen. Up to ``quick_rows``
    training rows it takes next to no time, and is trained first.
    """

    rank: int
    cells_per_s: float | None = None
    from_s: float = 0.0
    few_rows_from_s: float = 0.0
    several_classes_from_s: float | None = None
    many_classes_from_s: float | None = None
    heavy: bool = False
    in_place_of: str = ""
    quick_rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoosterRows:
    """Rows after the booster's own pre-processing: (n, columns) and (n,) codes or values.

    ``limit_s`` is the total time (None: no limit); ``patience`` is AutoGluon's early-stopping patience.
    """

    X: pd.DataFrame
    y: pd.Series[Any]
    X_val: pd.DataFrame
    y_val: pd.Series[Any]
    limit_s: float | None
    n_cpus: int
    patience: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoGluonSettings:
    """AutoGluon's settings: its model key, hyperparameters, the seed's name, and turn (higher: earlier).

    ``ag.max_time_limit_ratio`` is the share of the remaining time that a model may take: on hard data a
    booster would take all of it, and leave none to later families. ``learning_schedule`` is a learning rate
    with its maximum number of trees: the number of trees determines the time for one row, and AutoGluon's own
    pace takes up to 10,000. Setting one of the two replaces the pace. ``pace_of_several`` is for three
    classes or more, where each step is a tree, or a number in each leaf, for every class. The ``patient``
    ones are slower and better, for runs with time enough and no budget for production.

    ``few_rows`` are the hyperparameters that replace the family's own where rows are few: those of simpler
    models, and, where there are two, of a second model that is tried if time allows: some small tables want
    deeper trees.

    ``model_class`` returns, from the settings, the class to train instead of AutoGluon's own, or None;
    ``estimator`` returns, from the task type, a scikit-learn class, which then reads only scaled numbers
    without missing values. Both import their library late. An empty ``seed_name``: nothing in it is random.
    ``grow(model, rows)`` adds trees to a fitted model of AutoGluon's and returns the replacement of
    ``model.model``, which predicts exactly like the library's own continued model.
    ``reads_once``: a process reads its texts once for all folds, so folds are not fitted in parallel.
    """

    model: str = ""
    priority: int
    many_classes_priority: int | None = None
    seed_name: str = ""
    hyperparameters: Settings = field(default_factory=dict)
    learning_schedule: Settings = field(default_factory=dict)
    pace_of_several: Settings = field(default_factory=dict)
    patient_schedule: Settings = field(default_factory=dict)
    patient_pace_of_several: Settings = field(default_factory=dict)
    few_rows: tuple[Settings, ...] = ()
    model_class: Callable[[Settings], type | None] | None = None
    estimator: Callable[[ProblemType], type] | None = None
    grow: Callable[[Any, BoosterRows], Any] | None = None
    takes_weights: bool = True
    reads_once: bool = False

    def pace_of(self, problem_type: ProblemType, *, patient: bool = False) -> Settings:
        """Return the pace for a task type."""
        if MODEL_OUTPUTS.of(problem_type).sums_by_class:
            return self.patient_pace_of_several if patient else self.pace_of_several
        return self.patient_schedule if patient else self.learning_schedule

    def setting(
        self,
        *,
        name: str,
        values: Settings,
        seed: int,
        pace: Settings | None = None,
        many_classes: bool = False,
    ) -> dict[str, Any]:
        """Return AutoGluon's settings for a model called ``name``; ``values`` override the family's own.

        The ``pace`` holds unless the values replace it. With ``many_classes`` it has another turn.
        """
        turn = self.priority
        if many_classes and self.many_classes_priority is not None:
            turn = self.many_classes_priority
        changed = {} if any(values.get(one, usual) != usual for one, usual in (pace or {}).items()) else pace
        seeded = {self.seed_name: seed} if self.seed_name else {}
        about = {"ag_args": {"name": name, "priority": turn}}
        return {**self.hyperparameters, **(changed or {}), **seeded, **values, **about}


def _nothing_wrong(name: str, value: Scalar, problem_type: ProblemType) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyHyperparameters:
    """The hyperparameters that users may set; ``read`` gets their names and types from the library.

    AutoGluon sets ``refused`` names itself. ``bounds`` are the family's own, None for no bounds, if a name
    has another meaning elsewhere. ``choices`` are the texts that a name takes. ``objectives`` are the valid
    training objectives, with which the model still predicts for the task; ``objective_name`` returns the
    part before an objective's own settings. ``problem`` returns what else is wrong with a value, as the
    rest of a sentence ("is L2 for classes"); "" if it is valid. ``monotone`` are values that would break
    monotone constraints, by AutoGluon's name; None: the family's models do not support constraints.
    ``losses`` are the settings for other losses than its own. ``grouped_class`` imports and returns the
    AutoGluon class that learns by groups of rows, which its labels carry.
    """

    read: Callable[[ProblemType], LibraryHyperparameter]
    refused: Collection[str] = ()
    bounds: Mapping[str, Bounds | None] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objectives: Facet[Collection[str]] | None = None
    objective_name: Callable[[str], str] = str
    problem: Callable[[str, Scalar, ProblemType], str] = _nothing_wrong
    monotone: Mapping[str, Collection[Scalar]] | None = None
    losses: Mapping[Loss, Settings] = field(default_factory=dict)
    grouped_class: Callable[[], type] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """The search space if tuning is requested without spaces.

    It includes the family's default: ``value`` of each hyperparameter, except ``values`` for some task types.
    Models must stay usable in production, so no space allows larger forests than the family's own. ``starts``
    are settings that did well on many other tables, from which few trials find better ones; names they leave
    out keep the default. ``meanings`` say in plain words what each hyperparameter does.
    """

    hyperparameters: tuple[Hyperparameter, ...] = ()
    values: Mapping[tuple[ProblemType, str], Scalar] = field(default_factory=dict)
    starts: tuple[Settings, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)

    def default(self, name: str, problem_type: ProblemType) -> Scalar:
        """Return the value without tuning; None if it is not known."""
        if (problem_type, name) in self.values:
            return self.values[problem_type, name]
        values = (parameter.value for parameter in self.hyperparameters if parameter.name == name)
        return next((value for value in values if not isinstance(value, tuple)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledForm:
    """How a fitted model becomes steps that run without its library.

    ``classes`` are the qualified names of AutoGluon's classes that ``compile`` supports, without subclasses,
    which may do anything; a family with an ``estimator`` need not name any. ``compile(name, model, inputs)``
    returns a step, or several with the output last; for ``trees``, ``compile(model, sources)`` returns the
    member of a step that all tree models share, and if it is ``named`` it also gets the member's ``name=``
    for its own earlier step. ``onnx`` is, for steps of a kind that only this family has, the function that
    writes them in ONNX, or why that is impossible. ``obstacles`` say why models of other classes have no
    compiled form, by the class's name. ``contributions(model, features, background, columns)`` returns what
    the model's columns add to its margin.
    """

    compile: Callable[..., Any] | None = None
    classes: tuple[str, ...] = ()
    trees: bool = False
    named: bool = False
    onnx: Mapping[str, OnnxStep | str] = field(default_factory=dict)
    obstacles: Mapping[str, str] = field(default_factory=dict)
    contributions: Callable[[Any, Any, Any, Sequence[str]], Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNeeds:
    """Requirements: an optional extra of Litmus, a text column, a package with a pretrained encoder.

    ``extra`` is named after its module.
    """

    extra: str = ""
    text: bool = False
    weights: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLibrary:
    """The library that fits the models.

    The versions of ``packages`` (by their installation names) are stored with a run. ``values`` reads the
    hyperparameters of a fitted object of the ``module``, given those that AutoGluon stores beside it.
    """

    packages: tuple[str, ...] = ()
    module: str = ""
    values: Callable[[Any, Settings], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFamily:
    """One choice. ``when`` says in a sentence when it is a good one, ``about`` what it does.

    ``kind`` is its kind.

    ``aliases`` are its names in AutoGluon, other libraries and everyday use, in lower case without signs. A
    mix of many models has no ``training``, only the name of AutoGluon's own ``preset``, and nothing to tune.
    ``counts_categories``: it uses category frequencies without needing a column for them.
    """

    key: str
    title: str
    when: str
    kind: str
    about: str = ""
    aliases: tuple[str, ...] = ()
    problem_types: tuple[ProblemType, ...] = tuple(task_type.key for task_type in all_task_types())
    needs: FamilyNeeds = FamilyNeeds()
    chosen: AutomaticChoice | None = None
    training: AutoGluonSettings | None = None
    preset: str = ""
    hyperparameters: FamilyHyperparameters | None = None
    space: SearchSpace = SearchSpace()
    compiled: CompiledForm = CompiledForm()
    library: FamilyLibrary = FamilyLibrary()
    counts_categories: bool = False

    @property
    def stock(self) -> bool:
        """Whether it is AutoGluon's own mix of many models."""
        return bool(self.preset)

    @property
    def may_be_monotone(self) -> bool:
        """Whether its models support monotone constraints."""
        return self.hyperparameters is not None and self.hyperparameters.monotone is not None

    @property
    def is_trees(self) -> bool:
        """Whether its models are decision trees."""
        return self.compiled.trees

"""What a model family is: one object that says all there is to know of it, in one file a family."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from litmus_core.engine._families.library import LibraryHyperparameter
from litmus_core.types import Hyperparameter, ProblemType, Scalar

_ALL: tuple[ProblemType, ...] = ("binary", "multiclass", "regression")
Settings = Mapping[str, Any]
Bounds = tuple[float | None, float | None, str]  # least and most, and ABOVE where the least is not allowed
ABOVE = "above"
OnnxStep = Callable[[Any, Any, Any], tuple[str, int]]  # (OnnxWriter, PlanStep, OnnxColumns): value, width


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticChoice:
    """When Litmus chooses the family by itself: families of a low ``rank`` come first.

    ``from_s`` is the least time for the run, in seconds. ``heavy``: only where there are few cells for the
    time. ``in_place_of`` names the family that this one replaces wherever both could be chosen.
    """

    rank: int
    from_s: float = 0.0
    heavy: bool = False
    in_place_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoGluonSettings:
    """How AutoGluon is told: its model key, hyperparameters, the seed's name, and turn (higher: earlier).

    ``ag.max_time_limit_ratio`` is the share of the time then left that a model may take: on hard data a
    booster would take all of it, and leave none to the families after it. ``pace`` is a learning rate with
    the most trees that go with it: what one row waits for is the number of trees, and AutoGluon's own pace
    takes up to 10,000. Who sets another one of the two goes at a pace of their own. ``pace_of_several`` is
    that of three classes or more, where each step is a tree, or a number in each leaf, for every class.

    ``model_class`` returns, from the settings, the class that is trained in place of AutoGluon's own, or
    None; ``estimator`` returns, from the task type, scikit-learn's class, which then reads numbers alone,
    scaled and without gaps. Both import their library late. An empty ``seed_name``: nothing in it is random.
    ``reads_once``: a process reads its texts once for all folds, so folds are not fitted side by side.
    """

    model: str = ""
    turn: int
    seed_name: str = ""
    hyperparameters: Settings = field(default_factory=dict)
    pace: Settings = field(default_factory=dict)
    pace_of_several: Settings = field(default_factory=dict)
    model_class: Callable[[Settings], type | None] | None = None
    estimator: Callable[[ProblemType], type] | None = None
    takes_weights: bool = True
    reads_once: bool = False

    def pace_of(self, problem_type: ProblemType) -> Settings:
        """Return the pace of a task type."""
        return self.pace_of_several if problem_type == "multiclass" else self.pace

    def setting(
        self, *, name: str, values: Settings, seed: int, pace: Settings | None = None
    ) -> dict[str, Any]:
        """Return what AutoGluon is told of a model called ``name``; ``values`` go before the family's own.

        The ``pace`` holds unless the values say another one.
        """
        kept = {} if any(values.get(each, usual) != usual for each, usual in (pace or {}).items()) else pace
        seeded = {self.seed_name: seed} if self.seed_name else {}
        about = {"ag_args": {"name": name, "priority": self.turn}}
        return {**self.hyperparameters, **(kept or {}), **seeded, **values, **about}


def _nothing_wrong(name: str, value: Scalar, problem_type: ProblemType) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyHyperparameters:
    """What one may set: ``read`` asks the family's library, which it imports, for names and kinds of values.

    Names that are ``refused`` are set by AutoGluon whatever it is told. ``bounds`` are the family's own, None
    for no bounds, where a name means another thing than elsewhere; ``choices`` are the texts that a name
    takes, ``objectives`` those of what is learned, so that the model still answers the task, of which
    ``objective_name`` returns the part before its own settings. ``problem`` finds what else is wrong with a
    value, as the rest of a sentence ("is L2 for classes"); "" where nothing is.
    """

    read: Callable[[ProblemType], LibraryHyperparameter]
    refused: Collection[str] = ()
    bounds: Mapping[str, Bounds | None] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objectives: Mapping[ProblemType, Collection[str]] = field(default_factory=dict)
    objective_name: Callable[[str], str] = str
    problem: Callable[[str, Scalar, ProblemType], str] = _nothing_wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """Where tuning looks when it is asked for without spaces.

    It holds the value that the family has without tuning, so that its default is a point of it: ``value`` of
    each hyperparameter, but for ``values`` of some task types. Models must stay what production can carry,
    so no space has room for larger forests than the family's own. ``starts`` are settings that did well on
    many tables elsewhere, from which few trials find more; what they do not name keeps the default.
    """

    hyperparameters: tuple[Hyperparameter, ...] = ()
    values: Mapping[tuple[ProblemType, str], Scalar] = field(default_factory=dict)
    starts: tuple[Settings, ...] = ()

    def default(self, name: str, problem_type: ProblemType) -> Scalar:
        """Return the value without tuning; None where it is not known."""
        if (problem_type, name) in self.values:
            return self.values[problem_type, name]
        return next((each.value for each in self.hyperparameters if each.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledForm:
    """How a fitted model becomes steps that run without its library.

    ``classes`` are the whole names of AutoGluon's classes that ``compile`` reads: those alone, as a subclass
    may do anything; a family of an ``estimator`` needs to name none. ``compile(name, model, inputs)``
    returns a step, or several with the answer last; of ``trees``, ``compile(model, sources)`` returns the
    member of a step that all models of trees share, and where it is ``named`` it is told ``name=`` of the
    member, for a step of its own before. ``onnx`` says how steps of a kind that only this family has are
    written in ONNX: the function that does it, or why none can. ``obstacles`` say why models of other classes
    have no compiled form, by the class's name.
    """

    compile: Callable[..., Any] | None = None
    classes: tuple[str, ...] = ()
    trees: bool = False
    named: bool = False
    onnx: Mapping[str, OnnxStep | str] = field(default_factory=dict)
    obstacles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNeeds:
    """What must be there: an optional part of Litmus, a text column, a package with a pretrained encoder.

    ``extra`` is called as the module that it brings.
    """

    extra: str = ""
    text: bool = False
    weights: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLibrary:
    """The library that fits the models.

    The versions of ``packages`` (as they are called where one installs them) are kept with a run. ``values``
    reads, from a fitted object of the ``module``, the hyperparameters that it says it has, given those that
    AutoGluon keeps beside it.
    """

    packages: tuple[str, ...] = ()
    module: str = ""
    values: Callable[[Any, Settings], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFamily:
    """One choice. ``when`` says in a sentence when it is a good one, ``family`` to what kind it belongs.

    ``aliases`` are what AutoGluon, other libraries and people call it, in small letters without signs. A
    mix of many models has no ``training`` but the name of AutoGluon's own ``preset``, and nothing to tune.
    ``counts_categories``: it learns from how frequent each category is without a column that says so.
    """

    key: str
    title: str
    when: str
    family: str
    aliases: tuple[str, ...] = ()
    problem_types: tuple[ProblemType, ...] = _ALL
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
    def is_trees(self) -> bool:
        """Whether its models are decision trees."""
        return self.compiled.trees

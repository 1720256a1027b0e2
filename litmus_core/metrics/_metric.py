"""A metric: one way to say how good predictions are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.errors import DataError, UsageError
from litmus_core.metrics._case import Floats, Ints, LabelCase, ValueCase, label_case, value_case
from litmus_core.metrics._costs import CostTable, mistakes_cost_one
from litmus_core.metrics._labels import LabelCounts
from litmus_core.metrics._smooth import Smooth
from litmus_core.metrics._uncertainty.draws import Draws, EveryRow, WeightedDraws
from litmus_core.metrics._weights import checked_weights, with_weights
from litmus_core.task_types import get_task_type
from litmus_core.types import ProblemType

Needs = Literal["labels", "probabilities", "values"]
Unit = Literal["share", "score", "target", "cost"]
Case = LabelCase | ValueCase
C = TypeVar("C", LabelCase, ValueCase)
_HOW_TO_WEIGH = "Choose another metric, or train without a weight."
Rate = Callable[[LabelCounts, int], Floats]  # counts (R, k) and the positive class's index, to (R,)


def _mean(values: Floats, weights: Floats | None) -> float:
    return float(np.average(values, weights=weights))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One way to say how good predictions are.

    ``needs``: decided labels, class probabilities, or values. ``unit``: ``share`` is a part of 1 that
    people read as a percentage, ``target`` is in the target's unit, ``cost`` is per 1,000 cases, ``score``
    has none. ``formula`` turns a case and draws of its rows into (R,) values. ``lowest`` and ``highest``
    bound its values. ``weights`` and ``groups`` are of the rows that it is asked about. ``label`` is plain
    words, ``phrase`` what a model does, with a ``{value}``: "is right {value} of the time". ``name`` is the
    text that asks for it, ``family`` what stands before the parameters.
    """

    name: str
    label: str
    phrase: str
    greater_is_better: bool
    problem_types: tuple[ProblemType, ...]
    needs: Needs
    unit: Unit
    formula: Callable[[Any, Draws], Floats]
    lowest: float = 0.0
    highest: float = 1.0
    by_class: bool = False  # a class with few rows makes it uncertain, however many rows there are
    compares_pairs: bool = False  # of rows of two classes: one that is ranked by chance scores 0.5
    ranks_each_class: bool = False  # sorts the rows once for each class
    threshold_rate: Rate | None = None  # what a decision threshold of two classes is tuned for
    needs_both_classes: bool = True  # of two: undefined on rows of one of them
    smooth: Smooth | None = None  # of sums over rows: its interval then allows for a few large errors
    constant: Callable[[Floats, Floats | None], float] = _mean  # the best one for values with weights
    family: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    costs: CostTable | None = None
    is_custom: bool = False  # someone's plug-in: it is given the labels themselves
    labels: tuple[Any, ...] = ()  # what codes stand for, where an own one is asked with codes
    fixed_costs: Floats | None = field(default=None, repr=False, compare=False)  # in the classes' order
    counts_rows: bool = False  # what it is has no meaning where rows weigh differently
    weights: Floats | None = field(default=None, repr=False, compare=False)
    by_group: bool = False  # it is the mean of its values in groups of rows
    groups: Ints | None = field(default=None, repr=False, compare=False)
    averages: bool = False  # it is the mean of what is predicted: scores of units

    def score(
        self,
        y_true: ArrayLike,
        prediction: ArrayLike,
        *,
        classes: Sequence[Any] = (),
        positive_class: Any = None,
        threshold: float | None = None,
    ) -> float:
        """Return the value for labels (n,) and probabilities (n, k) in ``classes``' order, or values (n,).

        Binary metrics look at ``positive_class`` (None: the last class), decided at ``threshold`` on its
        probability (None: 0.5). Raises DataError where the rows leave it undefined (one class only).
        """
        case = self.case(
            y_true, prediction, classes=classes, positive_class=positive_class, threshold=threshold
        )
        return self.value(case)

    def weighted(self, weights: ArrayLike | None) -> Metric:
        """Return the metric for rows that weigh ``weights`` (n,), in their order; None: as it is.

        All that it is asked for is then of these rows: scores, intervals, thresholds. Raises UsageError where
        a weight is negative or missing, none is above 0, or the metric cannot be weighted.
        """
        if weights is None:
            return replace(self, weights=None)
        if self.counts_rows or self.is_custom:
            raise UsageError(f"{self.name} cannot be weighted.", hint=_HOW_TO_WEIGH)
        return replace(self, weights=checked_weights(weights))

    def grouped(self, values: ArrayLike | None) -> Metric:
        """Return the metric for rows of which those with the same of ``values`` (n,) belong together.

        None: it is not known which do. Only a metric ``by_group`` asks for it.
        """
        groups = None if values is None else np.unique(np.asarray(values), return_inverse=True)[1]
        return replace(self, groups=groups)

    def at(self, places: NDArray[Any]) -> Metric:
        """Return the metric for the rows at ``places`` of those that it is for."""
        if self.weights is None and self.groups is None:
            return self
        weights, groups = (None if of is None else of[places] for of in (self.weights, self.groups))
        return replace(self, weights=weights, groups=groups)

    def evaluate(self, case: Case, draws: Draws) -> Floats:
        """Return (R,) values of a case in these draws of its rows, each row with its weight."""
        return self.formula(case, draws if case.weights is None else WeightedDraws(draws, case.weights))

    def value(self, case: Case) -> float:
        """Return the value of a case; raises DataError where it is undefined."""
        value = float(self.evaluate(case, EveryRow(case.n_rows))[0])
        if np.isnan(value):
            raise DataError(
                f"{self.label} cannot be computed from these {case.n_rows} rows: {self._why_undefined()}.",
                hint="Choose another split or another metric.",
            )
        return value

    def case(
        self,
        y_true: ArrayLike,
        prediction: ArrayLike,
        *,
        classes: Sequence[Any] = (),
        positive_class: Any = None,
        threshold: float | Floats | None = None,
    ) -> Case:
        """Bring truth and prediction into the shape that :attr:`evaluate` takes."""
        if self.needs == "values":
            return self._of_rows(value_case(y_true, prediction))
        case = label_case(
            y_true,
            prediction,
            classes=classes,
            positive_class=positive_class,
            threshold=threshold,
            costs=self.cost_matrix(classes),
            labels=self.labels or (tuple(classes) if self.is_custom else ()),
        )
        return self._of_rows(case)

    def _of_rows(self, case: C) -> C:
        """Return the case with what is known of its rows; raises UsageError where that does not fit them."""
        case = with_weights(case, self.weights)
        if not self.by_group:
            return case
        if self.groups is None:
            raise UsageError(
                f"{self.label} is counted within groups of rows, and nothing says which belong together.",
                hint="Choose a kind of question that groups rows, or another metric.",
            )
        if self.groups.shape != (case.n_rows,):
            raise UsageError(f"There are {case.n_rows} rows and groups of shape {self.groups.shape}.")
        return replace(case, groups=self.groups)

    def fits(self, problem_type: ProblemType) -> bool:
        """Return whether it can judge answers of that task type."""
        return problem_type in self.problem_types

    @property
    def is_about_positive_class(self) -> bool:
        """Whether it can only judge task types in which one class matters."""
        return all(get_task_type(problem_type).has_positive_class for problem_type in self.problem_types)

    @property
    def takes_costs(self) -> bool:
        """Whether what each answer costs for each truth decides."""
        return self.unit == "cost"

    def cost_matrix(self, classes: Sequence[Any]) -> Floats | None:
        """Return (k, k) costs of truth (rows) and answer (columns); None unless it :attr:`takes_costs`.

        Raises UsageError where the cost table lacks a class.
        """
        if not self.takes_costs:
            return None
        if self.fixed_costs is not None:
            return self.fixed_costs
        return mistakes_cost_one(len(classes)) if self.costs is None else self.costs.matrix(classes)

    def for_classes(self, classes: Sequence[Any]) -> Metric:
        """Return the metric of class codes, 0 to k - 1, that stand for ``classes``."""
        if self.is_custom:
            return replace(self, labels=tuple(classes))
        return replace(self, fixed_costs=self.cost_matrix(classes)) if self.takes_costs else self

    def _why_undefined(self) -> str:
        if self.by_group:
            return "none of their groups has a score"
        if self.family == "rmsle":
            return "some true values are below 0"
        if self.family in ("mape", "medape"):
            return "all true values are 0"
        if self.family == "interval_width":
            return "so few rows cannot guarantee such a level"
        if self.needs == "values":
            return "all true values are equal"
        return "they hold only one of the two answers"

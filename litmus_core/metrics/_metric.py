"""A metric of predictions: formula, unit, bounds and label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.errors import DataError, UsageError
from litmus_core.metrics._case import Floats, Ints, LabelCase, ValueCase, label_case, value_case
from litmus_core.metrics._costs import CostTable, zero_one_costs
from litmus_core.metrics._labels import LabelCounts
from litmus_core.metrics._smooth import SmoothMetric
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of predictions.

    ``needs``: decided labels, class probabilities, or values. ``unit``: ``share`` is a part of 1, shown as a
    percentage, ``target`` is in the target's unit, ``cost`` is per 1,000 cases, ``score`` has none.
    ``formula`` turns a case and draws of its rows into (R,) values. ``lowest`` and ``highest`` bound its
    values. ``weights`` and ``groups`` belong to the rows that it scores. ``label`` is a plain description,
    ``phrase`` a predicate with a ``{value}``: "is right {value} of the time". ``name`` is its text with
    parameters, ``family`` the name without them.
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
    by_class: bool = False  # a class with few rows makes it uncertain, even among many rows
    compares_pairs: bool = False  # pairs of rows of two classes: a random ranking scores 0.5
    ranks_each_class: bool = False  # sorts the rows once for each class
    threshold_rate: Rate | None = None  # the rate that a decision threshold of two classes is tuned for
    needs_both_classes: bool = True  # undefined on rows of only one of two classes
    smooth: SmoothMetric | None = None  # over sums: its interval allows for a few large errors
    constant: Callable[[Floats, Floats | None], float] | None = None  # best for weighted values; None: tried
    family: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    costs: CostTable | None = None
    is_custom: bool = False  # a plug-in, which gets the labels themselves
    labels: tuple[Any, ...] = ()  # the labels of codes, for a plug-in that is called with codes
    fixed_costs: Floats | None = field(default=None, repr=False, compare=False)  # in the classes' order
    counts_rows: bool = False  # it has no meaning for weighted rows
    weights: Floats | None = field(default=None, repr=False, compare=False)
    by_group: bool = False  # the mean of its values over groups of rows
    groups: Ints | None = field(default=None, repr=False, compare=False)
    averages: bool = False  # the mean of the predictions, which are scores of units

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

        Binary metrics use ``positive_class`` (None: the last class), decided at ``threshold`` on its
        probability (None: 0.5). Raises DataError if the metric is undefined on these rows (one class only).
        """
        case = self.case(
            y_true, prediction, classes=classes, positive_class=positive_class, threshold=threshold
        )
        return self.value(case)

    def weighted(self, weights: ArrayLike | None) -> Metric:
        """Return the metric for rows with ``weights`` (n,), in their order; None: unchanged.

        It then computes scores, intervals and thresholds of these rows only. Raises UsageError if a weight is
        negative or missing, none is above 0, or the metric cannot be weighted.
        """
        if weights is None:
            return replace(self, weights=None)
        if self.counts_rows or self.is_custom:
            raise UsageError(f"{self.name} cannot be weighted.", hint=_HOW_TO_WEIGH)
        return replace(self, weights=checked_weights(weights))

    def grouped(self, values: ArrayLike | None) -> Metric:
        """Return the metric for rows whose groups are ``values`` (n,); None: unknown.

        Only a metric ``by_group`` needs it.
        """
        groups = None if values is None else np.unique(np.asarray(values), return_inverse=True)[1]
        return replace(self, groups=groups)

    def at(self, places: NDArray[Any]) -> Metric:
        """Return the metric for the rows at ``places`` among its rows."""
        if self.weights is None and self.groups is None:
            return self
        weights, groups = (None if of is None else of[places] for of in (self.weights, self.groups))
        return replace(self, weights=weights, groups=groups)

    def evaluate(self, case: Case, draws: Draws) -> Floats:
        """Return the (R,) values of a case in these draws of its rows, weighted if rows have weights."""
        return self.formula(case, draws if case.weights is None else WeightedDraws(draws, case.weights))

    def value(self, case: Case) -> float:
        """Return the value of a case; raises DataError if it is undefined."""
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
        """Return truth and prediction in the shape that :attr:`evaluate` takes."""
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
        """Return the case with the weights and groups of its rows; raises UsageError if they do not fit."""
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
        """Return whether the metric can judge predictions of that task type."""
        return problem_type in self.problem_types

    @property
    def is_about_positive_class(self) -> bool:
        """Whether the metric only judges task types with a positive class."""
        return all(get_task_type(problem_type).has_positive_class for problem_type in self.problem_types)

    @property
    def takes_costs(self) -> bool:
        """Whether costs by truth and prediction decide the label."""
        return self.unit == "cost"

    def cost_matrix(self, classes: Sequence[Any]) -> Floats | None:
        """Return (k, k) costs of truth (rows) and prediction (columns); None unless it :attr:`takes_costs`.

        Raises UsageError if the cost table lacks a class.
        """
        if not self.takes_costs:
            return None
        if self.fixed_costs is not None:
            return self.fixed_costs
        return zero_one_costs(len(classes)) if self.costs is None else self.costs.matrix(classes)

    def for_classes(self, classes: Sequence[Any]) -> Metric:
        """Return the metric for class codes from 0 to k - 1, the positions in ``classes``."""
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

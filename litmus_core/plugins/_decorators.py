"""The decorators that mark a class or function as a plug-in: they only attach ``__litmus__``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, overload

from litmus_core.task_types import Loss
from litmus_core.types import Point, ProblemType

T = TypeVar("T")
MARK = "__litmus__"
MetricNeeds = Literal["labels", "probabilities", "values", "values by group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The arguments of a decorator; ``facts`` are specific to its point, such as a metric's direction."""

    point: Point
    title: str = ""
    when: str = ""
    version: str = "1"
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Range:
    """The bounds of a number, both inclusive: ``Annotated[float, Range(0, 1)]``."""

    low: float | None = None
    high: float | None = None


class _Decorator:
    """Marks plug-ins of one point: bare, or with ``title``, ``when`` it helps, and ``version``."""

    def __init__(self, point: Point) -> None:
        self.point: Point = point

    @overload
    def __call__(self, target: T, /) -> T: ...

    @overload
    def __call__(self, /, *, title: str = "", when: str = "", version: str = "1") -> Callable[[T], T]: ...

    def __call__(self, target: Any = None, /, *, title: str = "", when: str = "", version: str = "1") -> Any:
        marks = _attach(Mark(point=self.point, title=title, when=when, version=version))
        return marks if target is None else marks(target)


def _attach(mark: Mark) -> Callable[[T], T]:
    def marks(target: T) -> T:
        setattr(target, MARK, mark)
        return target

    return marks


preprocessor = _Decorator("preprocess")
algorithm = _Decorator("algorithm")
postprocessor = _Decorator("postprocess")
exporter = _Decorator("exporter")
hook = _Decorator("hook")
action = _Decorator("action")
certificate_line = _Decorator("certificate_line")


def metric(
    *,
    needs: MetricNeeds,
    greater_is_better: bool,
    low: float | None = None,
    high: float | None = None,
    problem_types: tuple[ProblemType, ...] = (),
    labels: tuple[str | int | float | bool, ...] = (),
    title: str = "",
    sentence: str = "",
    when: str = "",
    version: str = "1",
) -> Callable[[T], T]:
    """Mark a function ``score(truth, answer, **parameters) -> float`` as a metric.

    ``needs`` says what ``answer`` is: predicted labels (n,), probabilities (n, k) in class order, or values
    (n,). ``low`` and ``high`` bound the score (None: unbounded). ``problem_types`` defaults to all that
    ``needs`` allows. ``labels`` are example labels for its checks, if it does not take any label.
    ``sentence`` describes a model's score, with a ``{value}``: "earns {value} a case".

    A metric that needs values ``by group`` is called with one group's rows at a time, as the task type
    says which belong together. The mean over groups is the score; NaN leaves a group out of it.
    """
    kind, _, by_group = needs.partition(" ")
    facts = {
        "needs": kind,
        "greater_is_better": greater_is_better,
        "low": low,
        "high": high,
        "problem_types": problem_types or (("regression",) if kind == "values" else ("binary", "multiclass")),
        "labels": labels,
        "by_group": bool(by_group),
        "sentence": sentence,
    }
    return _attach(Mark(point="metric", title=title, when=when, version=version, facts=facts))


def data_source(
    *, prefix: str, example: str = "", title: str = "", when: str = "", version: str = "1"
) -> Callable[[T], T]:
    """Mark a function or class that reads a table from locations that start with ``prefix``: ``shop://``.

    ``example`` is a location that its checks can always read.
    """
    facts = {"prefix": prefix, "example": example}
    return _attach(Mark(point="data_source", title=title, when=when, version=version, facts=facts))


def task_type(
    *,
    base: ProblemType,
    default_metric: str = "",
    columns: tuple[str, ...] = (),
    loss: Loss | Mapping[str, str] = "",
    group: str = "",
    predicts: Literal["values", "order"] = "values",
    example: tuple[Any, ...] = (),
    title: str = "",
    when: str = "",
    version: str = "1",
) -> Callable[[T], T]:
    """Mark a class that turns a new kind of task into one of ``base``, and predictions back.

    ``columns`` are keywords of its ``__init__`` that name columns of the table. Its methods get these
    columns as well, models do not read them, and every row to predict has them. ``group`` is one of these
    keywords: rows that share its column's value stay in one part of every split. ``loss`` is the loss that
    models minimise ("": the squared error), or objectives by model family, in the libraries' words. Only
    these families can learn it then, and they get the groups. ``predicts``: an ``order`` only ranks two
    rows. ``example`` are values that its checks encode; with ``columns`` a row each, the target's value
    first, then the columns' values.
    """
    objectives = {} if isinstance(loss, str) else dict(loss)
    facts: dict[str, Any] = {"base": base, "default_metric": default_metric, "example": example}
    facts |= {"columns": columns, "loss": loss if isinstance(loss, str) else "", "objectives": objectives}
    facts |= {"group": group, "is_order": predicts == "order"}
    return _attach(Mark(point="task_type", title=title, when=when, version=version, facts=facts))

"""``train(goal=…)``: the metric that judges models, the bar, and the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.arguments.keywords import named_keywords
from litmus_core.metrics import parse_bar
from litmus_core.types import Assertion, Bar, Budget, Direction

if TYPE_CHECKING:
    from litmus_core.experiments._api.metrics import Metrics

_SIGNS = "<>≤≥"
_DIRECTIONS: dict[str | int, Direction] = {
    "increasing": "increasing",
    "decreasing": "decreasing",
    1: "increasing",
    -1: "decreasing",
}


@named_keywords
@dataclass(frozen=True)
class Goal:
    """The goal of a call of :func:`litmus_core.train`.

    ``bar`` is the score that is good enough, such as ``"roc_auc>=0.9"``. ``metrics`` are names or
    ``Metric("coverage_at_precision", precision=0.85)``. The first decides, and the others are reported, on
    validation and test rows or as ``{"validation": […], "test": […]}`` says. None: the bar's metric, or the
    one that Litmus proposes for the target.

    A prediction of ``batch_rows`` rows takes ``max_latency_ms`` at most (95th percentile), and a model
    ``max_size_mb`` on disk; None: no such limit. ``assertions`` must hold for its predictions: lines such as
    ``"rises with area"``, or a text file of them. ``monotone`` are columns of numbers with which the
    prediction only rises or only falls, such as ``{"area": "increasing"}`` (docs/guides/monotone.md).

        Goal("roc_auc>=0.9", metrics=["roc_auc", "f1"], max_latency_ms=5)
    """

    bar: Bar | str | None = None
    _: KW_ONLY
    metrics: Metrics | None = None
    max_latency_ms: float | None = None
    batch_rows: int = 1
    max_size_mb: float | None = None
    assertions: Path | str | Sequence[str | Assertion] = ()
    monotone: Mapping[str, Direction | int] | Sequence[str] = ()

    @property
    def budget(self) -> Budget:
        """The limits of latency and size."""
        return Budget(
            max_latency_ms=self.max_latency_ms, batch_rows=self.batch_rows, max_size_mb=self.max_size_mb
        )


def read_goal(goal: Any) -> Goal:
    """Return the goal that a bar, a metric, several metrics or a Goal describes.

    Raises UsageError for anything else.

    >>> read_goal("rmse<=12").bar, read_goal("f1").metrics
    (Bar(metric='rmse', op='<=', value=12.0, is_proposed=False), 'f1')
    """
    from litmus_core.metrics import MetricSpec

    if goal is None:
        return Goal()
    if isinstance(goal, str):
        return Goal(parse_bar(goal)) if any(sign in goal for sign in _SIGNS) else Goal(metrics=goal)
    if isinstance(goal, Bar):
        return Goal(goal)
    if isinstance(goal, MetricSpec | Sequence | Mapping):
        return Goal(metrics=goal)
    if not isinstance(goal, Goal):
        raise UsageError(
            f"{goal!r} is not a goal.",
            hint="Write goal='roc_auc>=0.9', or Goal('roc_auc>=0.9', metrics=[…]).",
        )
    return replace(goal, bar=parse_bar(goal.bar)) if isinstance(goal.bar, str) else goal


def read_monotone(
    monotone: Mapping[str, Direction | int] | Sequence[str],
) -> tuple[tuple[str, Direction], ...]:
    """Return the direction of each column; 1 and -1 are accepted, as in the libraries.

    Raises UsageError for anything else.

    >>> read_monotone({"area": "increasing", "age": -1}), read_monotone(["floor = 2=decreasing"])
    ((('area', 'increasing'), ('age', 'decreasing')), (('floor = 2', 'decreasing'),))
    """
    pairs: list[tuple[str, Direction | int | str]]
    if isinstance(monotone, Mapping):
        pairs = [(str(column), direction) for column, direction in monotone.items()]
    else:
        texts = [monotone] if isinstance(monotone, str) else monotone
        pairs = [
            (column.strip(), direction.strip())
            for column, _, direction in (text.rpartition("=") for text in texts)
        ]
    return tuple(dict.fromkeys((column, _direction(column, direction)) for column, direction in pairs))


def _direction(column: str, direction: Direction | int | str) -> Direction:
    if direction in _DIRECTIONS:
        return _DIRECTIONS[direction]
    if not column:
        raise UsageError(
            f"'{direction}' does not say which way predictions go.",
            hint="Write COLUMN=increasing or COLUMN=decreasing.",
        )
    raise UsageError(
        f"{direction!r} is not a direction for '{column}'.", hint="Write 'increasing' or 'decreasing'."
    )

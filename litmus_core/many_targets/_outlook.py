"""What there is to say of many targets before any is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import RemediableError
from litmus_core.many_targets._judge import best_guess
from litmus_core.many_targets._scores import metrics_of
from litmus_core.many_targets._tags import FEWEST, TagColumn, read_tags
from litmus_core.many_targets._targets import JointTarget, TargetKind, TargetsSpec, read_targets
from litmus_core.many_targets._texts import say

if TYPE_CHECKING:
    import pandas as pd

FEWEST_COMPLETE = 50  # rows with all targets


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSummary:
    """A target in the table: in how many rows it is yes, or the mean and the spread of its numbers."""

    name: str
    n_yes: int | None = None
    mean: float | None = None
    spread: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsOutlook:
    """The targets of a table, all of one kind; ``guesses`` are what the best constant answer scores.

    ``n_rows`` have all targets. ``separator`` parts the tags: "" for lists, None for columns.
    """

    kind: TargetKind
    targets: tuple[TargetSummary, ...]
    n_rows: int
    guesses: dict[str, float]
    separator: str | None = None
    notes: tuple[str, ...] = ()


def read_outlook(frame: pd.DataFrame, columns: Sequence[str], tags: TagColumn | None) -> TargetsOutlook:
    """Return what a table holds as targets; raises UsageError or DataError where they cannot be trained."""
    if tags is not None:
        read = read_tags(
            frame[tags.column].tolist(), tags.column, separator=tags.separator, fewest=tags.fewest
        )
        targets = tuple(JointTarget(name=name, column=name, positive="yes") for name in read.names)
        return _outlook(targets, read.present, separator=read.separator, notes=read.notes)
    targets = read_targets(frame, columns, fewest=FEWEST)
    is_complete, notes = complete_rows(frame, columns)
    truth = np.column_stack([target.truth(frame) for target in targets])
    return _outlook(targets, truth[is_complete], notes=notes)


def complete_rows(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Return which rows have all targets, and what there is to say of the others.

    Raises RemediableError where too few have.
    """
    is_complete = frame[list(columns)].notna().all(axis=1).to_numpy()
    n_complete = int(is_complete.sum())
    if n_complete < FEWEST_COMPLETE:
        emptiest = str(frame[list(columns)].isna().sum().idxmax())
        raise RemediableError(
            say("test rows", n=n_complete, fewest=FEWEST_COMPLETE),
            hint=say("test rows hint", column=f"'{emptiest}'"),
            remedies=[{"without": emptiest}] if len(columns) > 2 else [],
        )
    n_incomplete = len(frame) - n_complete
    return is_complete, (say("note missing", n=n_incomplete),) if n_incomplete else ()


def _outlook(
    targets: Sequence[JointTarget],
    truth: NDArray[Any],
    *,
    separator: str | None = None,
    notes: tuple[str, ...] = (),
) -> TargetsOutlook:
    kind: TargetKind = "numbers" if targets[0].positive is None else "labels"
    guesses = {}
    for metric in metrics_of(kind):
        spec = TargetsSpec(kind=kind, targets=tuple(targets), metric=metric.name)
        guesses[metric.name] = metric.value(truth, np.broadcast_to(best_guess(spec, truth), truth.shape))
    return TargetsOutlook(
        kind=kind,
        targets=tuple(
            TargetSummary(name=target.name, n_yes=int(values.sum()))
            if kind == "labels"
            else TargetSummary(name=target.name, mean=float(values.mean()), spread=float(values.std()))
            for target, values in zip(targets, truth.T, strict=True)
        ),
        n_rows=len(truth),
        guesses=guesses,
        separator=separator,
        notes=notes,
    )

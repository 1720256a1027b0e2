"""Collect rows of classes that have too few, or of segments in which the model is worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.advice import _learning_curve
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._surrogate import TrialData
from litmus_core.advice._trials.class_subsampling import class_way
from litmus_core.advice._trials.runner import TrialDifference, TrialResults
from litmus_core.advice._trials.segment_subsampling import segment_way
from litmus_core.types import Action, ActionCost, ActionKind, Gain, RowsToCollect, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

# Kinds of actions that need rows from outside the table.
GATHERING: frozenset[ActionKind] = frozenset({"rows", "class rows", "segment rows"})
GROUP_KEY = "rows where "  # the key of an action about the rows of a segment begins with it
_MOST = 2


def propose_class_rows(situation: Situation, trials: TrialResults, data: TrialData) -> Iterator[Action]:
    """Propose doubling the rows of a class, for classes where halving costs most."""
    share, _ = _learning_curve.next_doubling_share(trials)
    steepest = []
    for code, label in enumerate(data.classes):
        last = trials.better("single", class_way(code))
        if last is not None and last.value > 0:
            steepest.append((last, code, str(label)))
    steepest.sort(key=lambda entry: -entry[0].value)
    useless = saturated_note(saturated_classes(trials, data))
    for last, code, label in steepest[:_MOST]:
        difference = _learning_curve.extrapolate_gain(last, trials, share, n_rows=len(data.frame))
        n_label_rows, n_tried = (
            int((rows.truth.astype(str) == label).sum()) for rows in (data, trials.surrogate.data)
        )
        yield Action(
            key=f"rows of {label}",
            kind="class rows",
            title=Statement.of("class rows", "title", label=label),
            statements=(Statement.of("class rows", "do", n_rows=n_label_rows, label=label),),
            evidence=(
                Statement.of("class rows", "halved", loss=float(last.value), metric=situation.task.metric),
                *useless,
            ),
            gain=calibrate_gain(
                "class rows", _learning_curve.doublings(difference, share, 1.0), situation.outcomes
            ),
            cost=ActionCost(minutes=situation.time.limit_s / 60),
            curve=_learning_curve.group_learning_curve(
                trials,
                share,
                partial(class_way, code),
                n_group_rows=n_tried,
                of=Statement.of("curve", "class", label=label),
            ),
            page="data",
            collect=RowsToCollect(n_rows=n_label_rows, column=situation.task.target, value=label),
        )


def saturated_classes(trials: TrialResults, data: TrialData) -> list[str]:
    """Return the classes where halving the rows cost nothing."""
    saturated = [
        (str(label), trials.better("single", class_way(at))) for at, label in enumerate(data.classes)
    ]
    return [label for label, lost in saturated if lost is not None and is_saturated(lost, trials)]


def is_saturated(lost: TrialDifference, trials: TrialResults) -> bool:
    """Return whether halving a group's rows costs less than halving all rows, with 80 % certainty."""
    half = trials.better("single", "half")
    return half is not None and lost.value <= 0 and lost.at_best < half.value


def saturated_note(names: Sequence[str]) -> tuple[Statement, ...]:
    """Yield a statement that names the groups for which more rows show no benefit, if there are any."""
    return (Statement.of("shared", "saturated", groups=names),) if names else ()


def propose_segment_rows(situation: Situation, trials: TrialResults, data: TrialData) -> Iterator[Action]:
    """Propose doubling the rows of a segment, for segments where halving costs most."""
    share, _ = _learning_curve.next_doubling_share(trials)
    steepest, useless = [], []
    for at, (name, inside) in enumerate(data.segments):
        last = trials.better("single", segment_way(at))
        if last is not None and last.value > 0:
            steepest.append((last, at, name, int(inside.sum())))
        elif last is not None and is_saturated(last, trials):
            useless.append(f"where {name}")
    steepest.sort(key=lambda entry: -entry[0].value)
    for last, at, name, n_segment_rows in steepest[:_MOST]:
        column, _, value = name.partition(" is ")
        n_tried = int(trials.surrogate.data.segments[at][1].sum())
        difference = _learning_curve.extrapolate_gain(last, trials, share, n_rows=len(data.frame))
        yield Action(
            key=f"{GROUP_KEY}{name}",
            kind="segment rows",
            title=Statement.of("segment rows", "title", segment=name),
            statements=(Statement.of("segment rows", "do", n_rows=n_segment_rows, segment=name),),
            evidence=(
                Statement.of("segment rows", "halved", loss=float(last.value), metric=situation.task.metric),
                *saturated_note(useless),
            ),
            gain=calibrate_gain(
                "segment rows", _learning_curve.doublings(difference, share, 1.0), situation.outcomes
            ),
            cost=ActionCost(minutes=situation.time.limit_s / 60),
            curve=_learning_curve.group_learning_curve(
                trials,
                share,
                partial(segment_way, at),
                n_group_rows=n_tried,
                of=Statement.of("curve", "segment", segment=name),
            ),
            page="data",
            collect=RowsToCollect(n_rows=n_segment_rows, column=column, value=value),
        )


def rows_of_group(column: str, value: str, *, n_rows: int, minutes: float) -> Action:
    """Return the action of collecting rows where ``column`` is ``value``, ``n_rows`` of which there are.

    No trial was made, so its gain is known once it is done.
    """
    name = f"{column} is {value}"
    do = Statement.of("segment rows", "do" if n_rows else "new", n_rows=n_rows, segment=name)
    return Action(
        key=f"{GROUP_KEY}{name}",
        kind="segment rows",
        title=Statement.of("segment rows", "title", segment=name),
        statements=(do,),
        evidence=(Statement.of("segment rows", "fell"),),
        gain=Gain(value=0.0, low=0.0, high=0.0, measured=0.0, is_known=False),
        cost=ActionCost(minutes=minutes),
        page="data",
        collect=RowsToCollect(n_rows=n_rows, column=column, value=value),
    )

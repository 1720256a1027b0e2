"""Collect rows of segments in which the model is worse."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.advice import _learning_curve
from litmus_core.advice._actions.collect_class_rows import is_saturated, saturated_note
from litmus_core.advice._format import format_gain
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._surrogate import TrialData
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.advice._trials.segment_subsampling import segment_way
from litmus_core.text import format_count
from litmus_core.types import Action, ActionCost, RowsToCollect

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

_MOST = 2


def propose_segment_rows(situation: Situation, tried: TrialResults, known: TrialData) -> Iterator[Action]:
    """Propose doubling the rows of segments, first those where halving costs most."""
    share, _ = _learning_curve.next_doubling_share(tried)
    found, useless = [], []
    for at, (name, inside) in enumerate(known.segments):
        last = tried.better("single", segment_way(at))
        if last is not None and last.value > 0:
            found.append((last, at, name, int(inside.sum())))
        elif last is not None and is_saturated(last, tried):
            useless.append(f"where {name}")
    found.sort(key=lambda each: -each[0].value)
    for last, at, name, n_own in found[:_MOST]:
        column, _, value = name.partition(" is ")
        n_tried = int(tried.probe.known.segments[at][1].sum())
        there = _learning_curve.extrapolate_gain(last, tried, share, n_rows=len(known.frame))
        yield Action(
            key=f"rows where {name}",
            kind="segment rows",
            title=f"Collect rows where {name}",
            sentence=f"Add {format_count(n_own, 'row')} where {name}, as many as there are, then train "
            "again.",
            evidence=(
                f"The model is worse there. Without half of them a quick stand-in did worse by "
                f"{format_gain(situation.task, last.value, signed=False)} over all "
                f"rows.{saturated_note(useless)}"
            ),
            gain=calibrate_gain(
                "segment rows", _learning_curve.doublings(there, share, 1.0), situation.outcomes
            ),
            cost=ActionCost(minutes=situation.time.limit_s / 60),
            curve=_learning_curve.group_learning_curve(
                tried, share, partial(segment_way, at), n_own=n_tried, of=f"rows where {name}"
            ),
            page="data",
            collect=RowsToCollect(n_rows=n_own, column=column, value=value),
        )

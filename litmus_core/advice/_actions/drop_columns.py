"""Drop columns that harm the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.advice import _learning_curve
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.advice._trials.uninformative_columns import WITHOUT, useless_names
from litmus_core.builtin_preprocessors import columns_of
from litmus_core.runtime import columns_read
from litmus_core.types import Action, ActionCost, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation


def propose_dropping_columns(situation: Situation, trials: TrialResults, *, n_rows: int) -> Iterator[Action]:
    """Propose dropping columns no more useful than noise, if the surrogate does better without them.

    Columns that a built-in pre- or post-processing step uses stay.
    """
    measured = trials.better(WITHOUT, "single")
    if measured is None or not measured.may_help:
        return
    needed = {name for part in situation.plan.preprocess for name in columns_of(part)}
    needed |= {name for part in situation.plan.postprocess for name in columns_read(part)}
    useless = useless_names(trials.surrogate, seed=situation.task.seed)
    names = tuple(name for name in useless if name not in needed)
    if not names:
        return
    share, _ = _learning_curve.next_doubling_share(trials)
    expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=n_rows)
    yield Action(
        key="columns",
        kind="columns",
        title=Statement.of("columns", "title", columns=names),
        statements=(Statement.of("columns", "do", columns=names),),
        evidence=(
            Statement.of("columns", "tried", gain=float(measured.value), metric=situation.task.metric),
        ),
        gain=calibrate_gain("columns", expected, situation.outcomes),
        cost=ActionCost(minutes=situation.time.limit_s / 60),
        plan=situation.plan,
        leave_out=names,
    )

"""Train on more of the existing rows; the gain is extrapolated from smaller samples."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.advice import _learning_curve
from litmus_core.advice._format import format_gain
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._surrogate import TrialData
from litmus_core.advice._trials.runner import TrialResults, try_sizes
from litmus_core.types import Action, ActionCost, Gain, Statement, Task

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation


def gain_of_doubled_rows(data: TrialData, *, seconds: float, seed: int = 0) -> Gain | None:
    """Return the expected gain from twice the rows, in ``seconds``; None if there are too few rows to tell.

    A quick surrogate model learns from nested subsets of the rows: all, half, a quarter. The learning curve
    is that of the action *collect more rows*.
    """
    trials = try_sizes(data, seconds=seconds, seed=seed)
    last = None if trials is None else trials.better("single", "half")
    if trials is None or last is None:
        return None
    share, unsure = _learning_curve.next_doubling_share(trials)
    measured, spread = _learning_curve.extrapolate_doublings(
        last, trials, share, unsure, n_rows=len(data.frame), n=1.0
    )
    return calibrate_gain("memory", measured, (), more=spread)


def doubled_rows_message(task: Task, gain: Gain) -> str:
    """Describe the gain from twice the rows.

    >>> from types import SimpleNamespace
    >>> of = SimpleNamespace(metric="accuracy")
    >>> doubled_rows_message(of, Gain(value=0.002, low=0.001, high=0.003, measured=0.002))
    'Twice the rows would bring about +0.20 ± 0.10 points, by a quick stand-in on fewer rows.'
    >>> doubled_rows_message(of, Gain(value=-0.002, low=-0.004, high=0.0, measured=0.002))
    'Twice the rows would bring nothing, by a quick stand-in on fewer rows (-0.20 ± 0.20 points).'
    """
    margin = format_gain(task, (gain.high - gain.low) / 2, signed=False)
    value = format_gain(task, gain.value).removesuffix(" points")
    if gain.high <= 0:
        return f"Twice the rows would bring nothing, by a quick stand-in on fewer rows ({value} ± {margin})."
    return f"Twice the rows would bring about {value} ± {margin}, by a quick stand-in on fewer rows."


def propose_larger_sample(situation: Situation, trials: TrialResults, data: TrialData) -> Iterator[Action]:
    """Propose training on rows that did not fit into memory: on twice as many, or on all."""
    last = trials.better("single", "half")
    if last is None:
        return
    share, unsure = _learning_curve.next_doubling_share(trials)
    times = min(2.0, situation.sample.n_there / situation.sample.n_drawn)
    measured, spread = _learning_curve.extrapolate_doublings(
        last, trials, share, unsure, n_rows=len(data.frame), n=math.log2(times)
    )
    plan = situation.sample.larger_plan
    memory_gb = None if plan is None or plan.compute.train is None else plan.compute.train.memory_gb
    sample = situation.sample
    yield Action(
        key="memory",
        kind="memory",
        title=Statement.of("memory", "title"),
        statements=(
            Statement.of(
                "memory",
                "do",
                n_drawn=sample.n_drawn,
                n_there=sample.n_there,
                is_all=times < 2,
                memory_gb=memory_gb,
            ),
        ),
        evidence=(Statement.of("shared", "more rows", gain=float(last.value), metric=situation.task.metric),),
        gain=calibrate_gain("memory", measured, situation.outcomes, more=spread),
        cost=ActionCost(minutes=situation.time.limit_s / 60),
        curve=_learning_curve.learning_curve(trials, share),
        plan=plan,
    )

"""The optimism of a random split: the same quick model scored by a random and by a structured split.

Copies of rows are left out, unless they are the subject: they make any split optimistic. Each comparison is
repeated with other folds until its standard error is small. A harmful difference must be confirmed by a
second model of another kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.order_drift import drift_over_order
from litmus_core.checks._context.quick_model import Floats, Ints, QuickPredictions, Trees, quick_model
from litmus_core.checks._context.whole_groups import are_repeats, rows_of_some_groups
from litmus_core.checks._similarity.expected_duplicates import find_copies
from litmus_core.data import times_of
from litmus_core.types import Statement

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.checks._context.table import CheckContext
    from litmus_core.data import ScoreScale, UnivariateScorer

_FOLDS = 4
_MATERIAL = 0.03  # difference of skills, from 0 (guessing) to 1 (always right)
_ERRORS = 2.5  # standard errors of the difference
# if the target certainly drifts, this many standard errors of the losses suffice
_DRIFT_ERRORS, _DRIFTING_ERRORS = 5.0, 1.0
_FEWEST_TRIES, _MOST_TRIES, _MOST_OF_SECOND, _TRIES_OF_BOTH = 2, 5, 3, 4
_SMALL_ERROR = 0.12  # of the difference: then it is precise enough
_CONFIRMED = 0.5  # of the difference, shown by the second model
_IN_LOSSES = 0.2  # of the difference: with many classes, probabilities must lose as much besides macro-F1
_FEWEST_OF_CLASS = 20  # rows scored: rarer classes do not decide a quoted score
_FEWEST_ROWS = 80
_MOST_ROWS = 5_000
_MOMENT = "\0moment"  # no table has a column of this name
_BLOCKS = 8  # of time: the last ones are predicted from all earlier ones
_TESTED_BLOCKS = 4
_PERIODS_PER_BLOCK = 5
_FAR_ABOVE, _RESAMPLES = 0.1, 20  # skill of all rows above that of late ones; draws for its error
_FEW_ROWS = 1_500  # with fewer, both halves of a block are predicted


@dataclass(frozen=True)
class SplitOptimism:
    """Scores of one quick model under a random and a structured split of the same rows.

    ``difference`` is that of the skills: 0 is none, 1 the maximum; ``error`` is its standard error over
    ``n_tries`` repeats with other folds. ``certainty`` is the rise of the rows' losses in standard errors,
    with the rows of one group (or period) counted as one; ``rise`` is that rise as a share of the loss of
    guessing. ``drift`` is the change of the target over time, in standard errors (groups: 0). ``confirmed``:
    a second model of another kind shows it as well. ``is_backward``: earlier rows were predicted from later
    ones. ``overall`` is the random split's score over all rows, if the late ones differ so much that it says
    little about them.
    """

    scale: ScoreScale
    random: float
    structured: float
    difference: float
    certainty: float
    error: float = 0.0
    rise: float = 1.0
    n_tries: int = 1
    drift: float = 0.0
    confirmed: bool = True
    is_backward: bool = False
    overall: float | None = None

    @property
    def is_likely(self) -> bool:
        """Whether this model shows a difference beyond noise that is large enough to mislead."""
        beyond = self.difference - _ERRORS * self.error >= _MATERIAL / 2
        lost = not self.scale.averages_classes or self.rise >= _IN_LOSSES * self.difference
        errors = _DRIFTING_ERRORS if self.drift >= _DRIFT_ERRORS else _ERRORS
        return self.difference >= _MATERIAL and self.certainty >= errors and beyond and lost

    @property
    def is_material(self) -> bool:
        """Whether the difference is likely, and both models show it."""
        return self.is_likely and self.confirmed

    @property
    def is_doubtful(self) -> bool:
        """Whether the target certainly drifts, and one model loses more by it than the other."""
        return self.is_likely and not self.confirmed and self.drift >= _DRIFT_ERRORS

    @property
    def deserves_warning(self) -> bool:
        """Whether the drift is doubtful, or late rows differ too much for a random split."""
        return self.is_doubtful or self.overall is not None

    @property
    def points(self) -> float:
        """The random split's optimism in hundredths of the score."""
        return 100 * (self.random - self.structured)

    def comparison(self, structured: str, *, columns: Sequence[str] = ()) -> Statement:
        """Return both scores; ``structured`` is the key of the text on the split by ``columns``."""
        noise = float(2 * self.points / self.certainty) if self.certainty > 1 else None
        return Statement.of(
            "comparison", "splits",
            scale=self.scale.name, structured=structured, columns=columns, n_tries=self.n_tries, noise=noise,
            random=float(self.random), apart=float(self.structured), points=float(self.points),
        )  # fmt: skip


@dataclass(frozen=True)
class _Trial:
    """Both results for one draw of folds; ``units`` (m,) are those of ``rows`` (m,), such as groups."""

    random: QuickPredictions
    structured: QuickPredictions
    rows: Ints
    units: Ints

    def scores(self) -> tuple[float, float]:
        return _score(self.random), _score(self.structured)


def optimism_by_group(
    table: CheckContext, groups: Ints, *, of_copies: bool = False, repeats: bool = False
) -> SplitOptimism | None:
    """Compare random folds with folds that keep ``groups`` (one code per row of the sample) together.

    Copies of rows take part only for ``of_copies``: then models also use leaking columns, as a training
    would. With ``repeats`` they also do where groups are little else than one row, three times or more. None
    if there are too few rows or groups.
    """
    codes = np.unique(groups[table.scorer.rows], return_inverse=True)[1]
    n_groups = int(codes.max(initial=-1)) + 1
    if len(codes) < _FEWEST_ROWS or n_groups < 2 * _FOLDS:
        return None
    rows = rows_of_some_groups(codes, _MOST_ROWS, np.random.default_rng([table.seed, 19]), fewest=2 * _FOLDS)
    if not of_copies:
        different = rows[~table.once(find_copies)[rows]]
        if not (repeats and are_repeats(codes[rows], codes[different])):
            rows = different
    fit_quick = partial(_fit_quick, table, sees_leaks=of_copies)

    def run_trial(seed: int, trees: Trees) -> _Trial:
        rng = np.random.default_rng([seed, 37])
        fold_numbers = rng.permutation(np.arange(n_groups) % _FOLDS)[codes[rows]]
        mixed = rng.permutation(np.arange(len(rows)) % _FOLDS)
        random, structured = (
            fit_quick(_as_pairs(rows, folds), seed, trees) for folds in (mixed, fold_numbers)
        )
        return _Trial(random, structured, rows=rows, units=codes[rows])

    return _judge(table, run_trial, memorizes=of_copies)


def time_optimism(
    table: CheckContext, times: Floats, *, time_columns: Sequence[str] = ()
) -> SplitOptimism | None:
    """Predict late rows from all earlier ones, and from as many of any time.

    ``times`` are those of the sample. The model also uses ``time_columns``, and the time that several of them
    form together. If it learns nothing of a target that certainly drifts, but a model of the time alone does
    better at random, that model's scores are returned. If only the early rows vary, those are predicted. None
    if there are too few distinct times.
    """
    drift = drift_over_order(table, times)
    forward = _time_trial(table, times, time_columns)
    if forward is None:
        return None
    optimism = _judge(table, forward, drift=drift)
    if optimism.is_material or drift < _DRIFT_ERRORS or not time_columns:
        return optimism
    by_time = _judge(table, partial(forward, only_structure=True), drift=drift)
    if by_time.is_material and by_time.random > optimism.random:
        return by_time
    backward = _time_trial(table, -times, time_columns)
    early = None if backward is None or optimism.is_likely else _judge(table, backward, drift=drift)
    if early is not None and early.is_material:
        return replace(early, is_backward=True)
    return replace(optimism, overall=_overall(table, forward, times, time_columns))


def _overall(
    table: CheckContext, forward: Callable[..., _Trial], times: Floats, time_columns: Sequence[str]
) -> float | None:
    """Return the random split's score over all rows; None unless late rows certainly score far lower."""
    late = forward(table.seed, "boosted").structured
    rng = np.random.default_rng([table.seed, 47])
    halves = [_score(late, late.tested & (rng.random(len(late.tested)) < 0.5)) for _ in range(_RESAMPLES)]
    folds = rng.permutation(np.arange(len(late.tested)) % _FOLDS)
    everything = np.arange(len(late.tested))
    frame = _frame_of_time(table, times, time_columns)
    of_all = _fit_quick(
        table, _as_pairs(everything, folds), table.seed, "boosted", time_columns=time_columns, frame=frame
    )
    above = late.scorer.skill(of_all.score) - max(0.0, late.scorer.skill(_score(late)))
    error = float(np.std(halves)) / (
        1 - late.scorer.chance
    )  # the spread of halves is the standard error of the whole
    return _score(of_all) if above >= max(_FAR_ABOVE, _ERRORS * error) else None


def _time_trial(
    table: CheckContext, times: Floats, time_columns: Sequence[str]
) -> Callable[..., _Trial] | None:
    """Return a function that predicts the last rows from earlier ones, and from any; None without enough."""
    moments = times[table.scorer.rows]
    rows = np.flatnonzero(~np.isnan(moments) & ~table.once(find_copies))
    if len(rows) < 2 * _FEWEST_ROWS:
        return None
    if len(rows) > _MOST_ROWS:
        drawn = np.random.default_rng([table.seed, 23]).choice(rows, _MOST_ROWS, replace=False)
        rows = np.sort(drawn)
    ordered = rows[np.argsort(moments[rows], kind="stable")]
    blocks = np.array_split(ordered, _BLOCKS)[_BLOCKS - _TESTED_BLOCKS :]
    before = [ordered[moments[ordered] < moments[block[0]]] for block in blocks]
    if min(map(len, before)) < _FEWEST_ROWS // 2:
        return None
    frame = _frame_of_time(table, times, time_columns)
    fit_quick = partial(_fit_quick, table, time_columns=time_columns, frame=frame)

    def run_trial(seed: int, trees: Trees, *, only_structure: bool = False) -> _Trial:
        forward, mixed = _folds_of_time(ordered, blocks, before, np.random.default_rng([seed, 23]))
        blocks_judged = [block for _, block in forward]
        periods = [part for block in blocks_judged for part in np.array_split(block, _PERIODS_PER_BLOCK)]
        units = np.concatenate([np.full(len(part), place) for place, part in enumerate(periods)])
        random, structured = (
            fit_quick(folds, seed, trees, only_structure=only_structure) for folds in (mixed, forward)
        )
        return _Trial(random, structured, rows=np.concatenate(periods), units=units)

    return run_trial


def _folds_of_time(
    ordered: Ints, blocks: Sequence[Ints], before: Sequence[Ints], rng: np.random.Generator
) -> tuple[list[tuple[Ints, Ints]], list[tuple[Ints, Ints]]]:
    """Return folds that train on earlier rows only, and folds that train on any rows.

    The latter also train on half of the block that they test on.
    """
    forward, mixed = [], []
    for block, earlier in zip(blocks, before, strict=True):
        half = rng.permutation(len(block)) < len(block) // 2
        halves = (~half, half) if len(ordered) <= _FEW_ROWS else (~half,)
        forward.append((earlier, block[np.any(halves, axis=0)]))
        for half_of in halves:
            n_others = max(1, len(earlier) - int((~half_of).sum()))
            others = rng.permutation(np.setdiff1d(ordered, block))[:n_others]
            mixed.append((np.concatenate([block[~half_of], others]), block[half_of]))
    return forward, mixed


def _judge(
    table: CheckContext,
    run_trial: Callable[[int, Trees], _Trial],
    *,
    drift: float = 0.0,
    memorizes: bool = False,
) -> SplitOptimism:
    """Repeat until the difference is known; use the second model if it would be harmful.

    ``memorizes``: the first learns no single rows, but the second does, and so does the mean of both.

    The scores are those of the model that is better at random, which is closer to real training. If the
    second one shows a much smaller but clear difference, its scores are returned: both must support the
    claim.
    """
    first = replace(_repeat(table, lambda seed: run_trial(seed, "boosted"), most=_MOST_TRIES), drift=drift)
    if not first.is_likely:
        if not memorizes:
            return first
        both = _repeat(table, partial(_ensemble, run_trial), most=_TRIES_OF_BOTH, fewest=_TRIES_OF_BOTH)
        return both if both.is_likely else first
    second = replace(
        _repeat(table, lambda seed: run_trial(seed, "random"), most=_MOST_OF_SECOND), drift=drift
    )
    confirmed = second.difference >= max(_CONFIRMED * first.difference, _MATERIAL / 2)
    if second.is_likely and (second.random > first.random or not confirmed):
        return second
    return replace(first, confirmed=confirmed)


def _ensemble(run_trial: Callable[[int, Trees], _Trial], seed: int) -> _Trial:
    first, second = (run_trial(seed, trees) for trees in ("boosted", "random"))
    return replace(
        first,
        random=first.random.mean_with(second.random),
        structured=first.structured.mean_with(second.structured),
    )


def _repeat(
    table: CheckContext, run_trial: Callable[[int], _Trial], *, most: int, fewest: int = _FEWEST_TRIES
) -> SplitOptimism:
    trials: list[_Trial] = []
    while True:
        trials.append(run_trial(table.seed + len(trials)))
        if len(trials) < fewest:
            continue
        optimism = _average(trials)
        if len(trials) >= most or _is_certain(optimism):
            return optimism


def _is_certain(optimism: SplitOptimism) -> bool:
    """Return whether more repeats would change nothing: the difference is precise, or too small to matter."""
    if abs(optimism.difference) + _ERRORS * optimism.error < _MATERIAL:
        return True
    return optimism.error <= _SMALL_ERROR * abs(optimism.difference)


def _average(trials: Sequence[_Trial]) -> SplitOptimism:
    """Average over ``trials``."""
    scorer = trials[0].random.scorer
    scores = np.array([trial.scores() for trial in trials])
    at_random, structured = scores.mean(axis=0)
    clipped = np.maximum(scores, scorer.chance)  # below guessing there is no optimism
    skills = (clipped[:, 0] - clipped[:, 1]) / (1 - scorer.chance)
    certainties, rises = zip(*[_rise(trial) for trial in trials], strict=True)
    return SplitOptimism(
        scale=scorer.score_scale,
        random=float(at_random),
        structured=float(structured),
        difference=float(skills.mean()),
        certainty=float(np.mean(certainties)),
        error=float(skills.std(ddof=1) / np.sqrt(len(skills))),
        rise=float(np.mean(rises)) / _loss_of_guessing(scorer),
        n_tries=len(trials),
    )


def _rise(trial: _Trial) -> tuple[float, float]:
    """Return the rise of the rows' losses, in standard errors (of sums over units) and absolutely."""
    rise = trial.structured.losses[trial.rows] - trial.random.losses[trial.rows]
    sums = np.bincount(trial.units, weights=rise - rise.mean())
    error = float(np.sqrt(np.square(sums).sum())) / len(trial.rows)
    return (float(rise.mean()) / error if error else 0.0), float(rise.mean())


def _loss_of_guessing(scorer: UnivariateScorer) -> float:
    if not scorer.n_classes:
        return float(np.var(scorer.target)) or 1.0
    shares = np.bincount(scorer.target, minlength=scorer.n_classes) / len(scorer.target)
    return float(1 - np.square(shares).sum()) or 1.0


def _score(quick: QuickPredictions, inside: NDArray[np.bool_] | None = None) -> float:
    """Return the score over the rows, or those ``inside``; with many classes, over frequent ones."""
    scorer, inside = quick.scorer, quick.tested if inside is None else inside
    if not scorer.score_scale.averages_classes:
        return scorer.score(quick.prediction, inside=inside)
    counts = np.bincount(scorer.target[inside], minlength=scorer.n_classes)
    frequent = counts >= _FEWEST_OF_CLASS
    if frequent.sum() >= 2:
        inside = inside & frequent[scorer.target]
    return scorer.score(quick.prediction, inside=inside)


def _fit_quick(
    table: CheckContext,
    folds: Sequence[tuple[Ints, Ints]],
    seed: int,
    trees: Trees,
    *,
    time_columns: Sequence[str] = (),
    frame: pd.DataFrame | None = None,
    only_structure: bool = False,
    sees_leaks: bool = False,
) -> QuickPredictions:
    hidden = () if sees_leaks else table.once(find_leaks).columns
    names = [] if only_structure else [name for name in table.suggestion.features if name not in hidden]
    columns = [table.version.column(name) for name in names if name not in time_columns]
    columns += [
        replace(table.version.column(name), kind="number") for name in time_columns
    ]  # ids are left out
    if len(time_columns) > 1:
        columns.append(replace(columns[-1], name=_MOMENT))
    frame = table.sample if frame is None else frame
    return quick_model(frame, columns, table.scorer, folds=folds, seed=seed, trees=trees)


def _frame_of_time(table: CheckContext, times: Floats, time_columns: Sequence[str]) -> pd.DataFrame:
    """Return the sample with ``time_columns`` as numbers in time order, and the combined time."""
    numbers = {name: times_of(table.sample[name], name) for name in time_columns}
    return table.sample.assign(**numbers, **({_MOMENT: times} if len(time_columns) > 1 else {}))


def _as_pairs(rows: Ints, folds: Ints) -> list[tuple[Ints, Ints]]:
    return [(rows[folds != index], rows[folds == index]) for index in range(_FOLDS)]

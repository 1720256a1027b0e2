"""Run trials with the surrogate: folds, more rows, rows of classes and segments, settings, families."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from litmus_core.advice._surrogate import (
    Clock,
    Floats,
    Ints,
    Surrogate,
    TrialData,
    mean_of,
    outer_folds,
    parts_of,
)
from litmus_core.advice._trials.class_subsampling import class_way, try_classes
from litmus_core.advice._trials.class_weights import try_balanced
from litmus_core.advice._trials.data_fixes import try_data_fixes
from litmus_core.advice._trials.feature_engineering import try_features
from litmus_core.advice._trials.model_families import family_predictions
from litmus_core.advice._trials.segment_subsampling import segment_way, try_segments
from litmus_core.advice._trials.stacking import try_stacked
from litmus_core.advice._trials.uninformative_columns import try_without

_OUTER = 4  # outer folds; as many as there is time for
_FIRST = 2  # folds in which everything is tried before further folds begin
_MOST_ROWS, _FEWEST_ROWS = 40_000, 60
_FIRST_LOOK_ROWS = 2_000
_FITS = 60  # for which the number of rows is chosen
_MOST_ROWS_ALONE, _FITS_ALONE = 200_000, 12  # if only subsets of the rows are tried
_MOST_CURVES = 2  # for classes, and for segments
_SURE, _EIGHTY = 2.5, 1.2816  # standard deviations
_SETTINGS: tuple[dict[str, Any], ...] = (
    {"num_leaves": 31, "learning_rate": 0.1},
    {
        "num_leaves": 63,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
    },
    {"num_leaves": 15, "feature_fraction": 0.5, "lambda_l2": 5.0},
    {"num_leaves": 31, "min_data_in_leaf": 5, "learning_rate": 0.1, "extra_trees": True},
)
_USUAL = "settings 0"  # a run's usual boosters
OTHER_TREES = f"settings {len(_SETTINGS) - 1}"  # unlike the surrogate's own: each split is at a random value


@dataclass(frozen=True)
class TrialDifference:
    """The difference in score between two trials, (1 + draws,): as measured, then by bootstrap draw."""

    drawn: Floats

    @property
    def value(self) -> float:
        """The difference as measured."""
        return float(self.drawn[0])

    @property
    def spread(self) -> float:
        """The standard deviation over resampled rows."""
        return float(np.nanstd(self.drawn[1:]))

    @property
    def helps(self) -> bool:
        """Whether it is beyond chance, given the number of trials."""
        return self.value > _SURE * self.spread

    @property
    def may_help(self) -> bool:
        """Whether its 80 % interval lies above zero."""
        return self.value > _EIGHTY * self.spread

    @property
    def at_best(self) -> float:
        """The upper end of that interval."""
        return self.value + _EIGHTY * self.spread

    def __add__(self, other: TrialDifference) -> TrialDifference:
        return TrialDifference(self.drawn + other.drawn)

    def about_nothing(self) -> TrialDifference:
        """Return a difference of zero with the same uncertainty."""
        return TrialDifference(self.drawn - self.drawn[0])

    def times(self, factor: float) -> TrialDifference:
        """Return it scaled by ``factor``."""
        return TrialDifference(self.drawn * factor)


def difference_of(drawn: Floats) -> TrialDifference | None:
    """Return the draws as a difference; None if a score is undefined because a class is missing."""
    return None if np.isnan(drawn[0]) else TrialDifference(drawn)


@dataclass
class TrialResults:
    """Predictions of each trial, by the outer fold in which it ran.

    The trials are: ``single``, one model on four fifths of the known rows; ``bag``, the mean of five such
    models; ``half`` and ``quarter``, models on that share of the rows; ``class <k>`` and ``class <k>
    quarter``, models on a half and a quarter of the rows of a class, which keeps its frequency; the same for
    ``segment <i>``; ``settings <i>``, other tree settings; ``forest`` and ``linear``, other families;
    ``counts``, ``pairs`` and ``round dates``, engineered columns; ``stacked``, a bag with a second-level
    model.
    """

    surrogate: Surrogate
    held_out: list[Ints] = field(default_factory=list)
    predictions: list[dict[str, list[Floats]]] = field(default_factory=list)
    _scored: dict[tuple[str, tuple[int, ...]], Floats] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """The number of rows that a single model learned from."""
        return int(len(self.surrogate.data.frame) * (1 - 1 / _OUTER))

    def common_scores(self, ways: Sequence[str]) -> list[Floats] | None:
        """Return scores (1 + draws,) of each trial, averaged over its models, in the folds with all trials.

        None if there are no such folds, or if scores are undefined there because a class is missing.
        """
        at = [
            place
            for place, prediction in enumerate(self.predictions)
            if all(way in prediction for way in ways)
        ]
        gains = [self._score(way, at) for way in ways] if at else []
        return gains if gains and not any(np.isnan(gain[0]) for gain in gains) else None

    def better(self, way: str, than: str) -> TrialDifference | None:
        """Return by how much one trial scored better than another on the same rows; None if unknown."""
        at = [
            place
            for place, prediction in enumerate(self.predictions)
            if way in prediction and than in prediction
        ]
        return difference_of(self._score(way, at) - self._score(than, at)) if at else None

    def learned(self) -> TrialDifference | None:
        """Return by how much one model scored better than the same constant for all rows."""
        at = [place for place, prediction in enumerate(self.predictions) if "single" in prediction]
        if not at:
            return None
        target, n_classes = self.surrogate.target, len(self.surrogate.data.classes)
        shares = np.bincount(target, minlength=n_classes) / len(target) if n_classes else np.mean(target)
        rows = np.concatenate([self.held_out[place] for place in at])
        constant = np.tile(shares, (len(rows), 1) if n_classes else len(rows))
        return difference_of(self._score("single", at) - self.surrogate.replicates(rows, constant))

    def _score(self, way: str, at: Sequence[int]) -> Floats:
        """Return a trial's scores in some folds, computed once for all actions."""
        key = (way, tuple(at))
        if key not in self._scored:
            self._scored[key] = self._scores(way, at)
        return self._scored[key]

    def _scores(self, way: str, at: Sequence[int]) -> Floats:
        rows = np.concatenate([self.held_out[place] for place in at])
        n_models = min(len(self.predictions[place][way]) for place in at)
        scores = [
            self.surrogate.replicates(
                rows, np.concatenate([self.predictions[place][way][model] for place in at])
            )
            for model in range(n_models)
        ]
        return mean_of(scores)


def run_trials(data: TrialData, *, seconds: float, seed: int, others: bool = True) -> TrialResults | None:
    """Run the trials for which there is time, the most informative first; None if there are too few rows.

    ``others`` includes other settings.
    """
    if len(data.frame) < _FEWEST_ROWS:
        return None
    clock = Clock(seconds)
    trials = _empty_results(data, seconds=seconds, n_fits=_FITS, most=_MOST_ROWS, seed=seed)
    surrogate = trials.surrogate
    folds = outer_folds(surrogate.data, _OUTER, seed=seed)
    early, later = (
        ((family_predictions,), ())
        if surrogate.words
        else ((family_predictions, try_features), (_settings, try_stacked, try_without))
    )
    of_rows = (try_classes, try_segments, try_balanced)
    ways = (try_data_fixes, *early, *later, *of_rows) if others else (try_data_fixes, *of_rows)
    for some_folds in (folds[:_FIRST], folds[_FIRST:]):
        begun = len(trials.held_out)
        for learn, validation in some_folds:
            if trials.held_out and not clock.has_time_for(9):
                break
            trials.held_out.append(validation)
            trials.predictions.append(_sizes(surrogate, learn, validation, clock, seed=seed))
        for try_some in ways:
            for (learn, validation), quarter in zip(some_folds, trials.predictions[begun:], strict=False):
                quarter |= try_some(surrogate, learn, validation, clock, seed=seed)
    _try_quarters(trials, folds, clock, seed=seed)
    return trials


def _try_quarters(
    trials: TrialResults, folds: Sequence[tuple[Ints, Ints]], clock: Clock, *, seed: int
) -> None:
    """Also try a quarter of the rows of classes and segments, where halving costs most."""
    data = trials.surrogate.data
    for way_of, try_some, n_parts in (
        (class_way, try_classes, len(data.classes)),
        (segment_way, try_segments, len(data.segments)),
    ):
        quarters = [
            (lost.value, at) for at in range(n_parts) if (lost := trials.better("single", way_of(at)))
        ]
        missed = tuple(at for value, at in sorted(quarters, reverse=True)[:_MOST_CURVES] if value > 0)
        for (learn, rows), quarter in zip(folds, trials.predictions, strict=False):
            quarter |= try_some(trials.surrogate, learn, rows, clock, seed=seed, only=missed, left=4)


def try_sizes(data: TrialData, *, seconds: float, seed: int) -> TrialResults | None:
    """Try subsets of the rows only: all, half and a quarter; None if there are too few rows."""
    if len(data.frame) < _FEWEST_ROWS:
        return None
    clock = Clock(seconds)
    trials = _empty_results(data, seconds=seconds, n_fits=_FITS_ALONE, most=_MOST_ROWS_ALONE, seed=seed)
    surrogate = trials.surrogate
    for learn, validation in outer_folds(surrogate.data, _OUTER, seed=seed):
        if trials.held_out and not clock.has_time_for(9):
            break
        trials.held_out.append(validation)
        trials.predictions.append(_sizes(surrogate, learn, validation, clock, seed=seed))
    return trials


def _empty_results(data: TrialData, *, seconds: float, n_fits: int, most: int, seed: int) -> TrialResults:
    """Return empty results with the better surrogate, on as many rows as there is time for."""
    words, affordable = _pilot_trial(data, seconds=seconds, n_fits=n_fits, seed=seed)
    return TrialResults(Surrogate(data.some(min(most, affordable), seed=seed), seed=seed, words=words))


def _pilot_trial(data: TrialData, *, seconds: float, n_fits: int, seed: int) -> tuple[bool, int]:
    """Return whether words do better than columns, and the number of rows for which there is time."""
    import lightgbm  # noqa: F401  (its import time must not count as a fit's)

    few = data.some(_FIRST_LOOK_ROWS, seed=seed)
    learn, validation = outer_folds(few, _OUTER, seed=seed)[0]
    stop, rest = parts_of(learn, seed=seed)[0], np.concatenate(parts_of(learn, seed=seed)[1:])
    scores: dict[bool, float] = {}
    spent = 0.0
    surrogate = Surrogate(few, seed=seed)
    for words in surrogate.may_read:
        surrogate.words = words
        began = time.monotonic()
        answer = surrogate.fit(rest, stop, validation)
        spent = max(spent, time.monotonic() - began)
        scores[words] = surrogate.value(validation, answer)
    best = max(scores, key=lambda words: scores[words])
    affordable = int(len(few.frame) * seconds / (n_fits * max(spent, 1e-3)))
    return best, max(_FIRST_LOOK_ROWS, affordable)


def _sizes(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    parts = parts_of(learn, seed=seed)
    singles = [
        clock.timed(lambda stop=stop: surrogate.fit(_without(learn, stop), stop, rows))  # type: ignore[misc]
        for stop in parts
    ]
    predictions = {"single": singles, "bag": [mean_of(singles)]}
    for name, share in (("half", 2), ("quarter", 4)):
        predictions[name] = []
        for draw in range(2):
            stop = parts[draw]
            fewer, fewer_stop = (
                _sample_rows(_without(learn, stop), share, draw),
                _sample_rows(stop, share, draw),
            )
            predictions[name].append(
                clock.timed(lambda a=fewer, b=fewer_stop: surrogate.fit(a, b, rows))  # type: ignore[misc]
            )
    return predictions


def _settings(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    values: dict[str, list[Floats]] = {}
    stop = parts_of(learn, seed=seed)[0]
    for place, settings in enumerate(_SETTINGS):
        if not clock.has_time_for(2):
            break
        values[f"settings {place}"] = [
            clock.timed(lambda s=settings: surrogate.fit(_without(learn, stop), stop, rows, settings=s))  # type: ignore[misc]
        ]
    return values


def _without(rows: Ints, some: Ints) -> Ints:
    return np.setdiff1d(rows, some, assume_unique=True)


def _sample_rows(rows: Ints, share: int, draw: int) -> Ints:
    """Return a share of the rows, different ones for each ``draw``."""
    order = np.random.default_rng([draw, 31]).permutation(len(rows))
    return np.sort(rows[order[: max(2, len(rows) // share)]])


def best_setting(trials: TrialResults) -> tuple[str, TrialDifference] | None:
    """Return the best settings in the first half of the folds, and their gain over a run's usual boosters.

    The gain is measured in the other folds. The surrogate's own settings are among those compared. The
    difference is about zero if none did better, None if there was only one fold, whose rows are not halved.
    """
    names = sorted(
        {name for prediction in trials.predictions for name in prediction if name.startswith("settings")}
        - {_USUAL}
    )
    if not names or len(trials.predictions) < 2:
        return None
    half = len(trials.predictions) // 2
    first, second = _at_places(trials, range(half)), _at_places(trials, range(half, len(trials.predictions)))
    gains = {name: first.better(name, _USUAL) for name in ("single", *names)}
    scored = {name: one.value for name, one in gains.items() if one is not None}
    best = max(scored, key=lambda name: scored[name], default="")
    gain = second.better(best, _USUAL) if best else None
    if gain is None:
        return None
    return best, gain if scored[best] > 0 else gain.about_nothing()


def _at_places(trials: TrialResults, places: range) -> TrialResults:
    return TrialResults(
        trials.surrogate, [trials.held_out[at] for at in places], [trials.predictions[at] for at in places]
    )

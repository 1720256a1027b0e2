"""Tuning before the fit: replaces families and algorithms with spaces by ones with values."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.engine._autogluon.trainer_folder import quiet
from litmus_core.engine._catalog.algorithms import is_custom
from litmus_core.engine._catalog.selection import title_of
from litmus_core.engine._fit.request import FitRequest
from litmus_core.engine._run_folder.folder import predictor_path
from litmus_core.engine._tuning._plan import labels_of
from litmus_core.engine._tuning._search import Search, TuningStoppedError
from litmus_core.metrics import get_metric
from litmus_core.text import format_count
from litmus_core.types import Algorithm, ParameterValue, Trial, Tuning

if TYPE_CHECKING:
    from litmus_core.engine._tuning._fitting import Fitting
    from litmus_core.engine._tuning._parallel import ParallelFitting

TUNED = "tuned"
# A trial's share of the time left for later training, all algorithms together: its setting is fitted once
# more then, besides the default and before the ensemble.
_TRIAL_SHARE = 0.5
_FEW_TRIALS_SHARE = 0.1  # of its algorithm's tuning time: at least this allows a few trials, however slow
_MOST_SEARCHED = 3  # algorithms, if Litmus chooses them
_FEWEST_TRIALS = 8  # for which an algorithm that Litmus chooses must have time
OnTrial = Callable[[Trial, Trial | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneRequest:
    """The search on the rows of ``fit``, until ``deadline`` (time.time() seconds).

    It ends earlier if training the results needs the time until the deadline of ``fit``. ``algorithms`` are
    those with spaces (:func:`tunable_algorithms`), ``train_s`` is the time for later training. With
    ``may_choose``, only the most promising of them are searched. ``earlier`` are trials of this very run,
    which continue; ``history`` those of other runs of the same task, whose best settings are tried first.
    """

    fit: FitRequest
    algorithms: tuple[Algorithm, ...]
    tuning: Tuning
    deadline: float
    train_s: float
    may_choose: bool = False
    earlier: tuple[Trial, ...] = ()
    history: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningResult:
    """The fit after tuning: the original settings, and the best ones of the trials.

    ``stopped``: the run was asked to stop meanwhile, so ``fit`` has only the best one. ``missing`` are
    messages about algorithms that were to be tuned and could not be, ``notes`` about those that need not be.
    """

    fit: FitRequest
    stopped: bool = False
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def tune(request: TuneRequest, *, on_trial: OnTrial, should_stop: Callable[[], bool]) -> TuningResult:
    """Try settings of each algorithm in turn, each with an equal share of the remaining time.

    If the request may choose, all defaults are tried first, and then settings of the best algorithms for
    which there is time. On Ray, and if the resources of ``fit`` say ``parallel``, an algorithm's trials run
    in parallel. ``on_trial`` gets each finished trial, and its algorithm's best so far. An algorithm whose
    trials all failed is trained with its defaults, with a message. Raises the errors of preparing a fit of
    the same rows (DataError, UsageError).
    """
    from litmus_core.engine._tuning._parallel import fitting_of

    scratch = predictor_path(request.fit.folder) / "tuning"
    scratch.mkdir(parents=True, exist_ok=True)
    stopped = False
    try:
        with quiet(), fitting_of(request.fit, scratch=scratch) as fitting:
            searches = _searches(request, fitting)
            try:
                _search_all(request, searches, on_trial, should_stop)
            except TuningStoppedError:
                stopped = True
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return _tuning_result(request, searches, stopped=stopped)


def _searches(request: TuneRequest, fitting: Fitting | ParallelFitting) -> list[Search]:
    return [
        Search(
            algorithm,
            label,
            fitting=fitting,
            tuning=request.tuning,
            earlier=request.earlier,
            history=[trial for trial in request.history if _key_of(trial) == algorithm.key],
        )
        for algorithm, label in zip(request.algorithms, labels_of(request.algorithms), strict=True)
    ]


def _key_of(trial: Trial) -> str:
    head, _, number = trial.algorithm.rpartition("-")
    return head if head and number.isdigit() else trial.algorithm


def _search_all(
    request: TuneRequest, searches: Sequence[Search], on_trial: OnTrial, should_stop: Callable[[], bool]
) -> None:
    ends = time.monotonic() + request.deadline - time.time()
    fitted_by = time.monotonic() + request.fit.deadline - time.time()
    affordable = _TRIAL_SHARE * request.train_s / max(1, len(searches))

    def run(some: Sequence[Search], n_trials: int | None) -> None:
        for at, search in enumerate(some):
            now = time.monotonic()
            is_of_algorithm = (ends - now) / (len(some) - at)
            search.run(
                until=now + is_of_algorithm,
                fitted_by=fitted_by - sum(other.train_s for other in searches if other is not search),
                trial_s=min(affordable, max(_FEW_TRIALS_SHARE * is_of_algorithm, 1.0)),
                n_trials=n_trials,
                on_trial=on_trial,
                should_stop=should_stop,
            )

    if request.may_choose and len(searches) > 1:
        run(searches, 1)
        run(_promising(searches, ends - time.monotonic()), request.tuning.n_trials)
    else:
        run(searches, request.tuning.n_trials)


def _promising(searches: Sequence[Search], seconds: float) -> list[Search]:
    """Return the searches with the best defaults for which the time allows some trials, best first.

    If it does so for none, it is the one with the quickest default.
    """
    tried = [(search, trial) for search in searches for trial in search.best() if trial.origin == "default"]
    if not tried:
        return list(searches)
    upward = get_metric(tried[0][1].metric).greater_is_better
    tried.sort(key=lambda entry: entry[1].value or 0.0, reverse=upward)
    chosen: list[tuple[Search, Trial]] = []
    for entry in tried:
        slowest_s = max(trial.seconds for _, trial in (*chosen, entry))
        if len(chosen) < _MOST_SEARCHED and _FEWEST_TRIALS * slowest_s * (len(chosen) + 1) <= seconds:
            chosen.append(entry)
    return [search for search, _ in chosen or [min(tried, key=lambda entry: entry[1].seconds)]]


def _tuning_result(request: TuneRequest, searches: Sequence[Search], *, stopped: bool) -> TuningResult:
    best_trials = list(_best_trials(request, searches))
    notes = tuple(_notes(searches, stopped=stopped))
    missing: tuple[str, ...] = ()
    if not (request.may_choose and any(map(_has_new_trial, searches))):
        missing, notes = notes, ()
    if not stopped:
        fit = _with_algorithms(
            _untuned_fit(request, searches), [_with_values(*entry) for entry in best_trials]
        )
        return TuningResult(fit=fit, missing=missing, notes=notes)
    if best_trials:
        sign = 1.0 if get_metric(request.fit.task.metric).greater_is_better else -1.0
        best = max(best_trials, key=lambda entry: sign * (entry[1].value or 0.0))
        nothing = replace(request.fit, families=(), algorithms=())
        best_fit = _with_algorithms(nothing, [_with_values(*best)])
        n_before = len(request.fit.custom)
        return TuningResult(
            fit=replace(best_fit, custom=best_fit.custom[n_before:]),
            stopped=True,
            missing=missing,
            notes=notes,
        )
    fit = _first_model(_untuned_fit(request, searches))
    return TuningResult(fit=fit, stopped=True, missing=missing, notes=notes)


def _has_new_trial(search: Search) -> bool:
    return any(trial.state == "finished" and trial.origin != "default" for trial in search.trials)


def _best_trials(request: TuneRequest, searches: Sequence[Search]) -> Iterator[tuple[Search, Trial, str]]:
    """Yield the results worth training, each with a unique name for its key."""
    named: Counter[str] = Counter()
    for search in searches:
        key = search.algorithm.key
        for trial in _worth_training(search, request.tuning.keep):
            named[key] += 1
            yield search, trial, TUNED if named[key] == 1 else f"{TUNED}-{named[key]}"


def _untuned_fit(request: TuneRequest, searches: Sequence[Search]) -> FitRequest:
    """Return the fit of the original settings: a family's defaults, an algorithm with only its own values."""
    families = list(request.fit.families)
    algorithms = [algorithm for algorithm in request.fit.algorithms if algorithm not in request.algorithms]
    for search in searches:
        fixed = tuple(parameter for parameter in search.algorithm.hyperparameters if parameter.space is None)
        plain = replace(search.algorithm, hyperparameters=fixed)
        if is_custom(plain):  # already among the fit's custom models, without the searched hyperparameters
            continue
        if not fixed and plain.key not in families:
            families.append(plain.key)
        elif fixed and not any(_is_same(plain, algorithm) for algorithm in algorithms):
            algorithms.append(plain)
    return replace(request.fit, families=tuple(families), algorithms=tuple(algorithms))


def _with_algorithms(fit: FitRequest, algorithms: Sequence[Algorithm]) -> FitRequest:
    """Return the fit with the algorithms found; a custom class is a model with parameters."""
    models = {model.reference: model for model in fit.custom}
    custom_models = [algorithm for algorithm in algorithms if is_custom(algorithm)]
    return replace(
        fit,
        algorithms=(*fit.algorithms, *(algorithm for algorithm in algorithms if not is_custom(algorithm))),
        custom=(
            *fit.custom,
            *(
                replace(models[algorithm.key], parameters=_parameters(algorithm))
                for algorithm in custom_models
            ),
        ),
    )


def _parameters(algorithm: Algorithm) -> tuple[tuple[str, ParameterValue], ...]:
    return tuple((parameter.name, parameter.value) for parameter in algorithm.hyperparameters)


def _first_model(fit: FitRequest) -> FitRequest:
    """Return a fit of a single model, for a stop before any result."""
    if fit.families:
        return replace(fit, families=fit.families[:1], algorithms=(), custom=())
    if fit.algorithms:
        return replace(fit, algorithms=fit.algorithms[:1], custom=())
    return replace(fit, custom=fit.custom[:1])


def _with_values(search: Search, trial: Trial, name: str) -> Algorithm:
    """Return the search's algorithm with values only: its own, and the trial's for the spaces."""
    fixed = tuple(parameter for parameter in search.algorithm.hyperparameters if parameter.space is None)
    tuned_values = tuple(replace(setting, space=None) for setting in trial.settings)
    return replace(search.algorithm, hyperparameters=fixed + tuned_values, name=name)


def _is_same(one: Algorithm, other: Algorithm) -> bool:
    return (one.key, one.hyperparameters) == (other.key, other.hyperparameters)


def _worth_training(search: Search, keep: int) -> list[Trial]:
    """Return the best trials that beat the default: only they are worth another model."""
    better = []
    for trial in search.best():
        if trial.origin == "default":
            break
        better.append(trial)
    return better[:keep]


def _notes(searches: Sequence[Search], *, stopped: bool) -> list[str]:
    notes = []
    for search in searches:
        title = title_of(search.algorithm.key)
        failed = [trial for trial in search.trials if trial.state == "failed"]
        if any(trial.state == "finished" for trial in search.trials):
            if note := _named_values_note(search, failed, stopped=stopped):
                notes.append(note)
        elif failed:
            notes.append(
                f"{title} could not be tuned: all {len(failed)} trials failed, the last with "
                f"{failed[-1].message}. It was trained as it is."
            )
        elif not stopped:
            notes.append(
                f"The time for tuning was too short to try {title} even once, so it was trained as it is. "
                "Allow more time, or give tuning a larger share of it."
            )
    return notes


def _named_values_note(search: Search, failed: Sequence[Trial], *, stopped: bool) -> str:
    """Return the note if a user named values to search, and only the default was tried."""
    has_named_values = any(parameter.space is not None for parameter in search.algorithm.hyperparameters)
    others = [trial for trial in search.trials if trial.origin != "default"]
    if not has_named_values or stopped or len(failed) < len(others):
        return ""
    title = title_of(search.algorithm.key)
    if failed:
        return (
            f"Of the values to try for {title} none worked: {format_count(len(failed), 'trial')} failed, the "
            f"last with {failed[-1].message}. It was trained as it is."
        )
    if not search.is_cut_short:
        return ""
    return (
        f"The time for tuning was too short to try any of the values for {title}, so it was trained as it "
        "is. Allow more time, or give tuning a larger share of it."
    )

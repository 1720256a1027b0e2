"""The search for one algorithm's settings: which to try, for how long, and their results."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.engine._families.registry import search_space
from litmus_core.engine._tuning._plan import searched_hyperparameters
from litmus_core.engine._tuning._study import RUNGS, Settings, Study, TuningSuggestion, fits
from litmus_core.errors import DataError
from litmus_core.metrics import get_metric
from litmus_core.types import Algorithm, Hyperparameter, Trial, TrialOrigin, TrialState, Tuning

if TYPE_CHECKING:
    from litmus_core.engine._tuning._fitting import Fitting, Floats
    from litmus_core.engine._tuning._parallel import ParallelFitting

_FROM_HISTORY = 5
_MOST_KNOWN_AGAIN = 25  # repeated settings in a row before the space counts as exhausted
_MOST_FAILURES = 5  # if none was finished
_LEAST_S = 0.2
_SLOWEST = 3.0  # times the default's time: slower settings could not be trained afterwards
_TIME_FACTOR = 1.2
_SAFETY = 1.3  # a fit takes a little more than its trial: it is bagged, saved and scored
_SLACK_S = 2.0  # for any trial, since three times a very short default is too little
_REMOTE_SLACK_S = 10.0  # its process may be new, or share a processor
_ASK_S = 0.25  # between checks for a stop request
_RESTART_SHARE = 0.8  # of the quickest trial's time must be left to start another one


class TuningStoppedError(Exception):
    """A request to stop the run; the current trial is dropped."""


class _GaveUpError(Exception):
    """A setting did badly on a ``share`` of the rows, or on the first folds."""

    def __init__(self, message: str, *, share: float = 1.0) -> None:
        super().__init__(message)
        self.share = share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """When a search ends (``time.monotonic``), after how many trials, and how long one may take.

    ``fitted_by`` is the deadline for training the settings found.
    """

    until: float
    fitted_by: float
    n_trials: int | None
    trial_s: float


@dataclass(frozen=True, slots=True)
class _Next:
    """The next setting to try. ``suggestion`` is None if the study cannot represent it."""

    origin: TrialOrigin
    settings: Settings
    suggestion: TuningSuggestion | None


class Search:
    """One algorithm's trials: ``earlier`` ones of this run, and new ones."""

    def __init__(
        self,
        algorithm: Algorithm,
        label: str,
        *,
        fitting: Fitting | ParallelFitting,
        tuning: Tuning,
        earlier: Sequence[Trial],
        history: Sequence[Trial],
    ) -> None:
        self.algorithm, self.label, self.tuning = algorithm, label, tuning
        self.trials = [trial for trial in earlier if trial.algorithm == label]
        task = fitting.request.task
        self._fitting = fitting
        self._metric = task.metric
        self._upward = get_metric(task.metric).greater_is_better
        self._searched = searched_hyperparameters(algorithm, task.problem_type)
        self._fixed = {
            parameter.name: parameter.value
            for parameter in algorithm.hyperparameters
            if parameter.space is None
        }
        self._study = Study(
            self._searched,
            tuning,
            greater_is_better=self._upward,
            seed=task.seed,
            at_once=fitting.at_once,
            earlier=self.trials,
        )
        self._planned = self._plan(history)
        self.is_cut_short = False  # time ended it, not the number of trials or the space
        self._ended = False
        self._tried_keys = {_lookup_key(_settings_of(trial)) for trial in self.trials}

    @property
    def default(self) -> Trial | None:
        """The trial of the algorithm's default, if there is one."""
        return next((trial for trial in self.trials if trial.origin == "default"), None)

    def best(self) -> list[Trial]:
        """Return the finished trials, best first; the earlier first among equals."""
        finished = [trial for trial in self.trials if trial.state == "finished" and trial.value is not None]
        sign = -1.0 if self._upward else 1.0
        return sorted(finished, key=lambda trial: (sign * (trial.value or 0.0), trial.number))

    @property
    def train_s(self) -> float:
        """Estimated training time of the default and the kept settings, from their trials.

        A booster may take half of the remaining time (see the families), so the time for the last model
        is counted twice.
        """
        better = [trial.seconds for trial in self.best()[: self.tuning.keep] if trial.origin != "default"]
        default = self.default
        first_s = [default.seconds] if default is not None and default.state == "finished" else []
        return _SAFETY * (sum(first_s) + sum(better) + max([*first_s, *better], default=0.0))

    def run(
        self,
        *,
        until: float,
        fitted_by: float,
        trial_s: float,
        n_trials: int | None,
        on_trial: Callable[[Trial, Trial | None], None],
        should_stop: Callable[[], bool],
    ) -> None:
        """Try settings until ``until`` (``time.monotonic``), or until there are ``n_trials`` trials.

        Ends earlier if training the results by ``fitted_by`` needs the rest of the time. No trial but the
        default's may take longer than ``trial_s`` and a few times the default's time. ``on_trial`` gets each
        trial and the best so far. Raises TuningStoppedError.
        """
        limits = _Limits(until=until, fitted_by=fitted_by, n_trials=n_trials, trial_s=trial_s)
        with closing(self._results(limits, should_stop)) as tried:
            for following, proposal in tried:
                trial = replace(proposal, number=len(self.trials))
                if following.suggestion is not None:
                    following.suggestion.tell(trial)
                self.trials.append(trial)
                best = self.best()
                on_trial(trial, best[0] if best else None)

    def _results(self, limits: _Limits, should_stop: Callable[[], bool]) -> Generator[tuple[_Next, Trial]]:
        """Yield settings and their results as they come, as many at once as the fitting supports."""
        fitting = self._fitting
        if fitting.at_once == 1:  # in this thread: some libraries cannot be called from another one
            while self._may_continue(limits) and (following := self._next()) is not None:
                yield following, self._run_trial(following, limits, should_stop)
            return
        running: dict[Future[Trial], _Next] = {}
        threads = ThreadPoolExecutor(fitting.at_once)
        try:
            while True:
                while len(running) < fitting.at_once and self._may_continue(limits, n_running=len(running)):
                    if (following := self._next()) is None:
                        break
                    running[threads.submit(self._run_trial, following, limits, should_stop)] = following
                if not running:
                    return
                for one in wait(running, timeout=_ASK_S, return_when=FIRST_COMPLETED).done:
                    yield running.pop(one), one.result()
                if should_stop():
                    raise TuningStoppedError
        finally:
            self._ended = bool(running)  # no further part of those trials starts
            threads.shutdown(wait=False, cancel_futures=True)

    def _may_continue(self, limits: _Limits, *, n_running: int = 0) -> bool:
        if limits.n_trials is not None and len(self.trials) + n_running >= limits.n_trials:
            return False
        finished = [trial.seconds for trial in self.trials if trial.state == "finished"]
        if not finished and len(self.trials) >= _MOST_FAILURES:
            return False
        default = self.default
        if default is not None and default.state == "given up":  # the rest would not finish either
            return False
        left = self._until(limits) - time.monotonic()
        self.is_cut_short = left <= max(_LEAST_S, _RESTART_SHARE * min(finished, default=0.0))
        return not self.is_cut_short

    def _until(self, limits: _Limits) -> float:
        return min(limits.until, limits.fitted_by - self.train_s)

    def _plan(self, history: Sequence[Trial]) -> deque[tuple[TrialOrigin, Settings]]:
        """Return the settings to try before the sampler's: the default, earlier good settings, starts.

        If the default is not in the space, it is tried outside the study.
        """
        fixed: Settings = {
            name: parameter.value for name, parameter in self._searched.items() if parameter.value is not None
        }
        planned: deque[tuple[TrialOrigin, Settings]] = deque()
        if self.default is None:
            planned.append(("default", fixed))
        planned += [("history", settings) for settings in self._of_history(history)]
        starts = [fixed | dict(start) for start in search_space(self.algorithm.key).starts]
        planned += [("start", start) for start in starts if fits(start, self._searched)]
        return planned

    def _of_history(self, history: Sequence[Trial]) -> list[Settings]:
        """Return the best settings of earlier runs that are in the current space."""
        sign = -1.0 if self._upward else 1.0
        by_settings: dict[tuple[tuple[str, object], ...], Settings] = {}
        finished = [trial for trial in history if trial.state == "finished" and trial.value is not None]
        for trial in sorted(finished, key=lambda trial: sign * (trial.value or 0.0)):
            settings = _settings_of(trial)
            if fits(settings, self._searched):
                by_settings.setdefault(_lookup_key(settings), settings)
        return list(by_settings.values())[:_FROM_HISTORY]

    def _next(self) -> _Next | None:
        """Return the next setting to try; None if the space has nothing new."""
        while self._planned:
            origin, settings = self._planned.popleft()
            if _lookup_key(settings) not in self._tried_keys:
                self._tried_keys.add(_lookup_key(settings))
                suggestion = self._study.ask(settings) if fits(settings, self._searched) else None
                return _Next(origin, settings, suggestion)
        for _ in range(_MOST_KNOWN_AGAIN):
            suggestion = self._study.ask()
            if _lookup_key(suggestion.settings) not in self._tried_keys:
                self._tried_keys.add(_lookup_key(suggestion.settings))
                return _Next("suggested", suggestion.settings, suggestion)
            self._report_repeated(suggestion)
        return None

    def _report_repeated(self, suggestion: TuningSuggestion) -> None:
        """Report the known result of repeated settings, so that the sampler looks elsewhere."""
        same = _lookup_key(suggestion.settings)
        earlier = next((trial for trial in self.trials if _lookup_key(_settings_of(trial)) == same), None)
        if earlier is None:  # it is being tried
            suggestion.drop()
        else:
            suggestion.tell(earlier)

    def _run_trial(self, following: _Next, limits: _Limits, should_stop: Callable[[], bool]) -> Trial:
        from autogluon.core.utils.exceptions import TimeLimitExceeded

        started = time.monotonic()
        ends = self._deadline(following, limits, started)
        state: TrialState = "given up"
        value, share, message = None, 1.0, ""
        try:
            self._run_rungs(following, ends)
            value, state = self._score_all_parts(following, ends, should_stop), "finished"
        except _GaveUpError as gave_up:
            share, message = gave_up.share, str(gave_up)
        except TimeLimitExceeded:
            message = "The time for it was too short."
        except TuningStoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - someone's setting may break any library in any way
            state, message = "failed", f"{type(error).__name__}: {error}".splitlines()[0]
        return Trial(
            algorithm=self.label,
            number=len(self.trials),
            metric=self._metric,
            state=state,
            settings=self._with_spaces(following.settings),
            value=value,
            seconds=round(time.monotonic() - started, 3),
            share=share,
            origin=following.origin,
            message=message,
        )

    def _deadline(self, following: _Next, limits: _Limits, now: float) -> float:
        """Return the trial's deadline."""
        if following.origin == "default":
            return limits.until
        longest = limits.trial_s
        default = self.default
        if default is not None and default.state == "finished":
            usual = min(longest, _SLOWEST * default.seconds)
            spare_s = _SLACK_S if self._fitting.at_once == 1 else _REMOTE_SLACK_S
            longest = max(spare_s, _TIME_FACTOR * default.seconds, usual)
        return min(self._until(limits), now + longest)

    def _run_rungs(self, following: _Next, ends: float) -> None:
        """Run Hyperband's rungs on the first part: few rows, then more."""
        if self.tuning.pruner != "hyperband":
            return
        for rung in RUNGS[:-1]:
            share = rung / RUNGS[-1]
            predictions = self._fit(following.settings, 0, ends, share=share)
            if self._should_prune(following, {0: predictions}, rung):
                raise _GaveUpError(
                    f"Worse than others on {rung} of {RUNGS[-1]} parts of the rows.", share=share
                )

    def _score_all_parts(self, following: _Next, ends: float, should_stop: Callable[[], bool]) -> float:
        """Fit all parts and return the score of their joint predictions."""
        n_parts = self._fitting.n_parts
        predictions: dict[int, Floats] = {}
        for part in range(n_parts):
            if self._ended or should_stop():
                raise TuningStoppedError
            now = time.monotonic()
            predictions[part] = self._fit(following.settings, part, now + (ends - now) / (n_parts - part))
            if self.tuning.pruner != "median" or part + 1 == n_parts:
                continue
            if self._should_prune(following, predictions, part + 1):
                raise _GaveUpError(f"Worse than most after {part + 1} of {n_parts} folds.")
        return self._fitting.score(predictions)

    def _should_prune(self, following: _Next, predictions: dict[int, Floats], step: int) -> bool:
        """Ask the pruner. The default is never given up: the others are compared with it."""
        if following.suggestion is None:
            return False
        try:
            value = self._fitting.score(predictions)
        except DataError:  # a single part has too few rows to tell
            return False
        return following.suggestion.gives_up(value, step=step) and following.origin != "default"

    def _fit(self, settings: Settings, part: int, ends: float, *, share: float = 1.0) -> Floats:
        from autogluon.core.utils.exceptions import TimeLimitExceeded

        left = ends - time.monotonic()
        if left <= _LEAST_S:
            raise TimeLimitExceeded
        all_settings = self._fixed | settings
        return self._fitting.predict(self.algorithm.key, all_settings, part, limit_s=left, share=share)

    def _with_spaces(self, settings: Settings) -> tuple[Hyperparameter, ...]:
        return tuple(
            Hyperparameter(name=name, value=value, space=self._searched[name].space)
            for name, value in settings.items()
        )


def _settings_of(trial: Trial) -> Settings:
    return {setting.name: setting.value for setting in trial.settings}


def _lookup_key(settings: Settings) -> tuple[tuple[str, object], ...]:
    """Return the settings as a lookup key; 1 and True are different values."""
    return tuple(sorted((name, (type(value).__name__, value)) for name, value in settings.items()))

"""One search as an Optuna study: the next setting, and whether to give one up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from litmus_core.engine._tuning._plan import holds
from litmus_core.types import Hyperparameter, ParameterValue, Space, Trial, Tuning

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler
    from optuna.trial import FrozenTrial

# Other trials come first (the default, good starts, history), so few are random.
_N_BY_CHANCE = 6
_N_TO_COMPARE = 3  # trials before their median is meaningful
RUNGS = (1, 3, 9)  # shares of the training rows in ninths: Hyperband's resource
_REDUCTION = 3
Settings = dict[str, ParameterValue]


class Study:
    """Gets settings in the hyperparameters' spaces from Optuna and reports their results.

    ``earlier`` trials of the same search are added at the start. Values are in the metric's own sign.
    """

    def __init__(
        self,
        hyperparameters: Mapping[str, Hyperparameter],
        tuning: Tuning,
        *,
        greater_is_better: bool,
        seed: int,
        at_once: int = 1,
        earlier: Sequence[Trial] = (),
    ) -> None:
        import optuna

        self._spaces = distributions(hyperparameters)
        with _quiet():
            self._study = optuna.create_study(
                study_name="litmus",  # Hyperband derives a trial's bracket from it and the trial's number
                sampler=_sampler(tuning, seed, at_once=at_once),
                pruner=_pruner(tuning),
                direction="maximize" if greater_is_better else "minimize",
            )
            for trial in earlier:
                if (frozen_trial := frozen(trial, hyperparameters)) is not None:
                    self._study.add_trial(frozen_trial)

    def ask(self, wanted: Settings | None = None) -> TuningSuggestion:
        """Return the next setting to try: ``wanted``, with all names, or the sampler's choice."""
        with _quiet():
            if wanted is not None:
                self._study.enqueue_trial(wanted)
            return TuningSuggestion(self._study, self._study.ask(fixed_distributions=self._spaces))


class TuningSuggestion:
    """A setting that is being tried."""

    def __init__(self, study: Any, trial: Any) -> None:
        self._study, self._trial = study, trial
        self.settings: Settings = dict(trial.params)

    def gives_up(self, value: float, *, step: int) -> bool:
        """Return whether to stop after ``value``, on ``step`` ninths of the rows or that many folds."""
        with _quiet():
            self._trial.report(value, step=step)
            return bool(self._trial.should_prune())

    def drop(self) -> None:
        """Report that there will be no result."""
        from optuna.trial import TrialState

        with _quiet():
            self._study.tell(self._trial, state=TrialState.FAIL)

    def tell(self, trial: Trial) -> None:
        """Report the result."""
        from optuna.trial import TrialState

        state = {"finished": TrialState.COMPLETE, "given up": TrialState.PRUNED, "failed": TrialState.FAIL}
        with _quiet():
            self._study.tell(self._trial, trial.value, state=state[trial.state])


def distributions(hyperparameters: Mapping[str, Hyperparameter]) -> dict[str, BaseDistribution]:
    """Return each hyperparameter's space as an Optuna distribution."""
    return {
        name: _distribution(parameter.space)
        for name, parameter in hyperparameters.items()
        if parameter.space is not None
    }


def _distribution(space: Space) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if space.choices:
        with _quiet():  # a list is no choice that Optuna could store, and nothing stores its studies
            return CategoricalDistribution(cast(Any, space.choices))
    low, high = space.low or 0.0, space.high or 0.0
    if space.integer:
        return IntDistribution(int(low), int(high), log=space.log)
    return FloatDistribution(low, high, log=space.log)


def frozen(trial: Trial, hyperparameters: Mapping[str, Hyperparameter]) -> FrozenTrial | None:
    """Return a trial in Optuna's form; None if it failed, or lacks a searched hyperparameter."""
    from optuna.trial import TrialState, create_trial

    values = {setting.name: setting.value for setting in trial.settings}
    if trial.state == "failed" or not fits(values, hyperparameters):
        return None
    done = trial.state == "finished"
    return create_trial(
        state=TrialState.COMPLETE if done else TrialState.PRUNED,
        value=trial.value if done else None,
        params=values,
        distributions=distributions(hyperparameters),
    )


def fits(settings: Settings, hyperparameters: Mapping[str, Hyperparameter]) -> bool:
    """Return whether ``settings`` are in the hyperparameters' spaces."""
    return set(settings) == set(hyperparameters) and all(
        holds(hyperparameters[name], value) for name, value in settings.items()
    )


def _sampler(tuning: Tuning, seed: int, *, at_once: int) -> BaseSampler:
    from optuna.samplers import GPSampler, RandomSampler, TPESampler

    seed %= 2**32  # what NumPy's generator takes
    if tuning.sampler == "random":
        return RandomSampler(seed=seed)
    if tuning.sampler == "gp":
        return GPSampler(seed=seed, n_startup_trials=_N_BY_CHANCE)
    # It avoids settings that are being tried in parallel.
    return TPESampler(seed=seed, n_startup_trials=_N_BY_CHANCE, multivariate=True, constant_liar=at_once > 1)


def _pruner(tuning: Tuning) -> BasePruner:
    from optuna.pruners import HyperbandPruner, MedianPruner, NopPruner

    if tuning.pruner == "none":
        return NopPruner()
    if tuning.pruner == "median":
        return MedianPruner(n_startup_trials=_N_TO_COMPARE)
    return HyperbandPruner(min_resource=RUNGS[0], max_resource=RUNGS[-1], reduction_factor=_REDUCTION)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Optuna's log lines and its warnings about experimental features."""
    import warnings

    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

"""Hyperparameter importance: Optuna's fANOVA over the trials of one algorithm."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.engine._tuning._study import frozen
from litmus_core.types import Trial

_LEAST_TRIALS = 6  # fewer cannot rank several hyperparameters


def importances(trials: Sequence[Trial], *, seed: int = 0) -> dict[str, float]:
    """Return each hyperparameter's share (0 to 1) of the variation between finished trials, largest first.

    Empty if there is too little to tell: too few finished trials, or all with one value. Trials are those of
    one algorithm.
    """
    finished = [trial for trial in trials if trial.state == "finished" and trial.settings]
    if not finished:
        return {}
    searched = {setting.name: setting for setting in finished[-1].settings}
    frozen_trials = [trial for trial in (frozen(trial, searched) for trial in finished) if trial is not None]
    if len(frozen_trials) < _LEAST_TRIALS or len({trial.value for trial in frozen_trials}) < 2:
        return {}
    import optuna
    from optuna.importance import FanovaImportanceEvaluator, get_param_importances

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study()  # the direction does not matter here
    study.add_trials(frozen_trials)
    importances_of = get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=seed))
    return {name: float(share) for name, share in importances_of.items()}

"""Tuning: search hyperparameters before the fit. The only package that uses Optuna.

Trials are stored in the journal, as facts: a study is rebuilt from them each time. Optuna's own storage would
be a second record of the same, in a file that a killed process may leave half written.
"""

from litmus_core.engine._tuning._check import check_tuning
from litmus_core.engine._tuning._importance import importances
from litmus_core.engine._tuning._plan import has_space, labels_of, tunable_algorithms
from litmus_core.engine._tuning._tune import TuneRequest, TuningResult, tune

__all__ = [
    "TuneRequest",
    "TuningResult",
    "check_tuning",
    "has_space",
    "importances",
    "labels_of",
    "tunable_algorithms",
    "tune",
]

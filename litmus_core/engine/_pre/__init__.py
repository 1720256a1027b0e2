"""Pre-processing of one's own: fitted in a process of its own, traced into the features where it can be."""

from litmus_core.engine._pre._aware import refuse_folds_over, target_learners
from litmus_core.engine._pre._check import check_preprocessing
from litmus_core.engine._pre._fit import Preprocessing, fit_preprocessing
from litmus_core.engine._pre._open import STEPS, open_steps, reason_not_compiled
from litmus_core.engine._pre._pipeline import fit_pipeline

__all__ = [
    "STEPS",
    "Preprocessing",
    "check_preprocessing",
    "fit_pipeline",
    "fit_preprocessing",
    "open_steps",
    "reason_not_compiled",
    "refuse_folds_over",
    "target_learners",
]

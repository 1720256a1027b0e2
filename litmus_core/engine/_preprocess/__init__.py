"""Custom pre-processing: fitted in a process of its own, traced into the features if possible."""

from litmus_core.engine._preprocess._check import check_preprocessing
from litmus_core.engine._preprocess._fit import Preprocessing, fit_preprocessing
from litmus_core.engine._preprocess._monotone import check_monotone_columns
from litmus_core.engine._preprocess._pipeline import fit_pipeline
from litmus_core.engine._preprocess._python_steps import STEPS, open_steps, reason_not_compiled
from litmus_core.engine._preprocess._target_encoders import refuse_folds_over, target_encoder_names

__all__ = [
    "STEPS",
    "Preprocessing",
    "check_monotone_columns",
    "check_preprocessing",
    "fit_pipeline",
    "fit_preprocessing",
    "open_steps",
    "reason_not_compiled",
    "refuse_folds_over",
    "target_encoder_names",
]

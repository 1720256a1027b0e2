"""Training: the only home of AutoGluon. Nothing heavy is imported before a function needs it."""

from litmus_core.engine._cards import (
    Card,
    available_cards,
    cards,
    check_cards,
    choose_cards,
    get_card,
    title_of,
)
from litmus_core.engine._compile import compilable, compile_candidate
from litmus_core.engine._custom import check_models
from litmus_core.engine._fit import FitRequest, finish_models, fit_models
from litmus_core.engine._folder import n_folds
from litmus_core.engine._folds import check_folds, choose_folds
from litmus_core.engine._keep import copy_compiled, keep_compiled
from litmus_core.engine._load import load_libraries
from litmus_core.engine._models import FittedModel, candidate_bytes, list_models, validation_predictions
from litmus_core.engine._native import save_candidate
from litmus_core.engine._onnx import OnnxFile, feed, onnx_file
from litmus_core.engine._open import open_candidate
from litmus_core.engine._out_of_fold import open_for_validation
from litmus_core.engine._pre import check_preprocessing, refuse_folds_over, target_learners
from litmus_core.engine._tuning import (
    Tuned,
    TuneRequest,
    check_tuning,
    importances,
    labels_of,
    to_tune,
    tune,
)

__all__ = [
    "Card",
    "FitRequest",
    "FittedModel",
    "OnnxFile",
    "TuneRequest",
    "Tuned",
    "available_cards",
    "candidate_bytes",
    "cards",
    "check_cards",
    "check_folds",
    "check_models",
    "check_preprocessing",
    "check_tuning",
    "choose_cards",
    "choose_folds",
    "compilable",
    "compile_candidate",
    "copy_compiled",
    "feed",
    "finish_models",
    "fit_models",
    "get_card",
    "importances",
    "keep_compiled",
    "labels_of",
    "list_models",
    "load_libraries",
    "n_folds",
    "onnx_file",
    "open_candidate",
    "open_for_validation",
    "refuse_folds_over",
    "save_candidate",
    "target_learners",
    "title_of",
    "to_tune",
    "tune",
    "validation_predictions",
]

"""Training: the only home of AutoGluon. Nothing heavy is imported before a function needs it."""

from litmus_core.engine._algorithms import algorithm_title, check_algorithms, check_space, is_own, values_of
from litmus_core.engine._cards import Card, available_cards, cards, check_cards, choose_cards, get_card
from litmus_core.engine._compile import compilable, compile_candidate
from litmus_core.engine._custom import (
    bring_models,
    check_models,
    copy_module,
    modules_imported_in,
    start_hosts,
)
from litmus_core.engine._fit import FitRequest, finish_models, fit_models
from litmus_core.engine._folder import n_folds
from litmus_core.engine._folds import (
    check_fold_rows,
    check_folds,
    check_kfold,
    choose_folds,
    column_of,
    kind_of,
)
from litmus_core.engine._keep import copy_compiled, keep_compiled
from litmus_core.engine._load import load_libraries
from litmus_core.engine._models import FittedModel, candidate_bytes, list_models, validation_predictions
from litmus_core.engine._native import save_candidate
from litmus_core.engine._onnx import OnnxFile, feed, onnx_file
from litmus_core.engine._open import open_candidate
from litmus_core.engine._out_of_fold import open_for_validation
from litmus_core.engine._resources import check_resources, has_ray

__all__ = [
    "Card",
    "FitRequest",
    "FittedModel",
    "OnnxFile",
    "algorithm_title",
    "available_cards",
    "bring_models",
    "candidate_bytes",
    "cards",
    "check_algorithms",
    "check_cards",
    "check_fold_rows",
    "check_folds",
    "check_kfold",
    "check_models",
    "check_resources",
    "check_space",
    "choose_cards",
    "choose_folds",
    "column_of",
    "compilable",
    "compile_candidate",
    "copy_compiled",
    "copy_module",
    "feed",
    "finish_models",
    "fit_models",
    "get_card",
    "has_ray",
    "is_own",
    "keep_compiled",
    "kind_of",
    "list_models",
    "load_libraries",
    "modules_imported_in",
    "n_folds",
    "onnx_file",
    "open_candidate",
    "open_for_validation",
    "save_candidate",
    "start_hosts",
    "validation_predictions",
    "values_of",
]

"""Training: the only package that uses AutoGluon. Heavy libraries are imported only when needed."""

from litmus_core.engine._autogluon.native_executor import save_candidate
from litmus_core.engine._autogluon.trainer_folder import load_libraries, restore_signed
from litmus_core.engine._catalog.algorithms import (
    algorithm_of,
    algorithm_title,
    check_algorithms,
    is_custom,
)
from litmus_core.engine._catalog.family_parameters import family_parameters
from litmus_core.engine._catalog.losses import check_learnable, objectives_problem
from litmus_core.engine._catalog.missing_extras import missing_parts
from litmus_core.engine._catalog.monotone_constraints import (
    check_monotone_plan,
    may_be_monotone,
    unconstrained_message,
)
from litmus_core.engine._catalog.search_spaces import check_space
from litmus_core.engine._catalog.second_models import is_variant, second_models
from litmus_core.engine._catalog.selection import (
    are_few_rows,
    available_families,
    check_families,
    choose_families,
    family_hint,
    family_of_algorithm,
    get_model_family,
    model_families,
    title_of,
)
from litmus_core.engine._compile.candidate import compilable, compile_candidate
from litmus_core.engine._custom import CUSTOM_FAMILY, check_models
from litmus_core.engine._explain.candidate import MarginContributions, NoMargin, margin_contributions
from litmus_core.engine._families.family import ModelFamily
from litmus_core.engine._families.registry import counts_categories, model_packages
from litmus_core.engine._final import FinalFit, final_fit_of, fit_final_model, no_final_reason
from litmus_core.engine._fit.clock import write_repeats
from litmus_core.engine._fit.ensembles.stacking import USUAL_FOLDS, check_stack
from litmus_core.engine._fit.executed_plan import (
    executed_plan,
    read_executed_plan,
    trained_second_models,
)
from litmus_core.engine._fit.failures import (
    FitReport,
    NothingFinishedError,
    UnfinishedModel,
    name_model_in_errors,
)
from litmus_core.engine._fit.fit import finish_models, fit_models
from litmus_core.engine._fit.request import FitRequest, FoldKeys
from litmus_core.engine._fit.sample_weights import check_balanced
from litmus_core.engine._fit.target_scale import scale_part
from litmus_core.engine._fit.warm_start import WarmStartSource
from litmus_core.engine._fit.workers import hyperparameters_for
from litmus_core.engine._folds.custom import check_pairs, read_folds, write_folds
from litmus_core.engine._folds.out_of_fold import open_for_validation
from litmus_core.engine._folds.splitters import (
    check_fold_rows,
    check_folds,
    choose_folds,
    columns_of,
    fold_rows,
    folds_duration_s,
    kind_of,
)
from litmus_core.engine._folds.workers import fitting_processes
from litmus_core.engine._intervals.calibrate import GROUP_ROWS, calibrate
from litmus_core.engine._intervals.coverage import count_coverage, coverage_of, measure_coverage
from litmus_core.engine._onnx.feed import feed
from litmus_core.engine._onnx.file import OnnxFile, onnx_file
from litmus_core.engine._postprocess.calibration import label_case
from litmus_core.engine._postprocess.checks import check_post
from litmus_core.engine._postprocess.fit import cross_fit_halves, fit_cross, fit_post, needs_fitting
from litmus_core.engine._postprocess.plugins import check_plugin_steps, plugin_fitter, steps_without_weights
from litmus_core.engine._postprocess.report import abstain_report, decided, step_reports, threshold_report
from litmus_core.engine._postprocess.scored_predictions import ScoredPredictions
from litmus_core.engine._postprocess.storage import (
    open_post,
    post_of,
    post_predictions,
    post_report,
    store_post,
    store_report,
)
from litmus_core.engine._preprocess import check_preprocessing, refuse_folds_over, target_encoder_names
from litmus_core.engine._refine import CompressionSource, check_refinable, compress_models
from litmus_core.engine._resources import check_resources, folds_at_once
from litmus_core.engine._run_folder.compiled_forms import copy_compiled, store_compiled
from litmus_core.engine._run_folder.folder import n_folds, read_model_info
from litmus_core.engine._run_folder.link_models import check_reusable, link_models
from litmus_core.engine._run_folder.models import (
    FittedModel,
    candidate_bytes,
    list_models,
    validation_predictions,
)
from litmus_core.engine._run_folder.open_candidate import open_candidate
from litmus_core.engine._text_encoder import check_encoders, with_absolute_folders
from litmus_core.engine._tuning import (
    TuneRequest,
    TuningResult,
    check_tuning,
    has_space,
    importances,
    labels_of,
    tunable_algorithms,
    tune,
)
from litmus_core.engine._warm_start import check_continuable, fitted_folds, settings_of

__all__ = [
    "CUSTOM_FAMILY",
    "GROUP_ROWS",
    "USUAL_FOLDS",
    "CompressionSource",
    "FinalFit",
    "FitReport",
    "FitRequest",
    "FittedModel",
    "FoldKeys",
    "MarginContributions",
    "ModelFamily",
    "NoMargin",
    "NothingFinishedError",
    "OnnxFile",
    "ScoredPredictions",
    "TuneRequest",
    "TuningResult",
    "UnfinishedModel",
    "WarmStartSource",
    "abstain_report",
    "algorithm_of",
    "algorithm_title",
    "are_few_rows",
    "available_families",
    "calibrate",
    "candidate_bytes",
    "check_algorithms",
    "check_balanced",
    "check_continuable",
    "check_encoders",
    "check_families",
    "check_fold_rows",
    "check_folds",
    "check_learnable",
    "check_models",
    "check_monotone_plan",
    "check_pairs",
    "check_plugin_steps",
    "check_post",
    "check_preprocessing",
    "check_refinable",
    "check_resources",
    "check_reusable",
    "check_space",
    "check_stack",
    "check_tuning",
    "choose_families",
    "choose_folds",
    "columns_of",
    "compilable",
    "compile_candidate",
    "compress_models",
    "copy_compiled",
    "count_coverage",
    "counts_categories",
    "coverage_of",
    "cross_fit_halves",
    "decided",
    "executed_plan",
    "family_hint",
    "family_of_algorithm",
    "family_parameters",
    "feed",
    "final_fit_of",
    "finish_models",
    "fit_cross",
    "fit_final_model",
    "fit_models",
    "fit_post",
    "fitted_folds",
    "fitting_processes",
    "fold_rows",
    "folds_at_once",
    "folds_duration_s",
    "get_model_family",
    "has_space",
    "hyperparameters_for",
    "importances",
    "is_custom",
    "is_variant",
    "kind_of",
    "label_case",
    "labels_of",
    "link_models",
    "list_models",
    "load_libraries",
    "margin_contributions",
    "may_be_monotone",
    "measure_coverage",
    "missing_parts",
    "model_families",
    "model_packages",
    "n_folds",
    "name_model_in_errors",
    "needs_fitting",
    "no_final_reason",
    "objectives_problem",
    "onnx_file",
    "open_candidate",
    "open_for_validation",
    "open_post",
    "plugin_fitter",
    "post_of",
    "post_predictions",
    "post_report",
    "read_executed_plan",
    "read_folds",
    "read_model_info",
    "refuse_folds_over",
    "restore_signed",
    "save_candidate",
    "scale_part",
    "second_models",
    "settings_of",
    "step_reports",
    "steps_without_weights",
    "store_compiled",
    "store_post",
    "store_report",
    "target_encoder_names",
    "threshold_report",
    "title_of",
    "trained_second_models",
    "tunable_algorithms",
    "tune",
    "unconstrained_message",
    "validation_predictions",
    "with_absolute_folders",
    "write_folds",
    "write_repeats",
]

"""Messages for hyperparameters that have another name here, or an invalid value."""

from __future__ import annotations

import math
from collections.abc import Mapping

from litmus_core.engine._families.family import ABOVE, Bounds, FamilyHyperparameters, ModelFamily
from litmus_core.errors import LitmusError, UnknownNameError, UsageError
from litmus_core.task_types import get_task_type
from litmus_core.types import ProblemType, Scalar

# Equivalent names in AutoGluon, LightGBM, XGBoost, CatBoost, scikit-learn and here.
_SAME = (
    *(
        ("n_estimators", "num_boost_round", "iterations", "num_trees", "num_round", "nrounds", "n_iter"),
        ("num_epochs", "epochs", "n_epochs", "max_epochs", "max_iter", "iterations"),
        ("learning_rate", "eta", "lr", "shrinkage_rate", "learning_rate_init", "step_size"),
        ("reg_lambda", "lambda", "lambda_l2", "l2_leaf_reg", "l2_regularization", "weight_decay", "penalty"),
        ("reg_alpha", "alpha", "lambda_l1", "l1_regularization"),
        ("C", "alpha", "reg_lambda", "lambda", "strength"),
        ("max_depth", "depth"),
        ("num_leaves", "max_leaves", "max_leaf_nodes", "num_leaf"),
        ("min_data_in_leaf", "min_child_samples", "min_samples_leaf", "min_child_weight"),
        ("subsample", "bagging_fraction", "max_samples"),
        ("colsample_bytree", "feature_fraction", "rsm", "colsample_bylevel", "max_features"),
        ("random_state", "seed", "random_seed", "seed_value"),
        ("n_jobs", "num_threads", "thread_count", "nthread"),
        ("dropout_prob", "dropout", "drop_rate", "p_dropout"),
        ("hidden_size", "hidden_dim", "hidden_units", "width", "hidden_layer_sizes", "layers"),
        ("num_layers", "n_layers", "depth", "n_blocks"),
        ("batch_size", "max_batch_size", "batch_rows", "batch"),
        ("neighbours", "neighbors", "n_neighbors", "k", "num_neighbors"),
        ("max_tokens", "max_length", "max_len", "max_seq_length"),
        ("max_bin", "max_bins", "border_count"),
        ("booster", "boosting", "boosting_type"),
    ),
)
_WEIGHTS = {
    *("class_weight", "class_weights", "is_unbalance", "unbalance", "auto_class_weights", "balanced"),
    *("scale_pos_weight", "sample_weight", "sample_weights", "weight", "weights", "balance_classes"),
}
# Other libraries' options that are not hyperparameters: how to set them here, in Python and on the command
# line.
_OPTIONS = {
    **dict.fromkeys(("time_limit", "max_runtime_secs", "timeout"), "time_limit_s=60, or --time-limit 60"),
    **dict.fromkeys(("num_bag_folds", "cv", "nfold", "n_folds", "num_bag_sets"), "folds=5, or --folds 5"),
    **dict.fromkeys(("num_stack_levels", "auto_stack", "dynamic_stacking"), "stack=True, or --stack"),
    **dict.fromkeys(
        ("num_cpus", "num_gpus", "n_cpus", "gpus", "n_jobs", "nthread", "thread_count"),
        "resources={'train': {'cpus': 2}}, or --cpus 2",
    ),
    **dict.fromkeys(
        ("eval_metric", "metric", "scoring", "custom_metric", "feval"), "metric='rmse', or --metric"
    ),
    **dict.fromkeys(
        ("holdout_frac", "validation_fraction", "test_size"), "split, validation=FILE or test=FILE"
    ),
    **dict.fromkeys(
        ("tuning_data", "eval_set", "valid_sets", "validation_data"), "validation=FILE, or --validation"
    ),
    **dict.fromkeys(
        ("hyperparameter_tune_kwargs", "param_grid", "n_trials", "num_trials", "searcher"),
        "tuning=Tuning(n_trials=20), or --trials 20, and Integers, Floats or Choices for values",
    ),
    **dict.fromkeys(
        ("monotone_constraints", "monotonic_cst", "monotone_constraint", "monotonic_cons", "mc"),
        "goal=Goal(monotone={'COLUMN': 'increasing'}), or --monotone COLUMN=increasing",
    ),
    **dict.fromkeys(("calibrate", "calibrate_decision_threshold"), "postprocess, or --post"),
}
_OF_AUTOGLUON = ("ag_args", "ag.", "ag_", "hyperparameters", "presets", "verbosity", "warm_start")

_GOAL_NAMES = ("objective", "loss_function")
# Bounds of a name in every family that does not state its own.
_BOUNDS: dict[str, Bounds] = {
    **dict.fromkeys(("learning_rate", "C"), (0, None, ABOVE)),
    **dict.fromkeys(
        ("bagging_fraction", "feature_fraction", "feature_fraction_bynode", "subsample", "colsample_bytree"),
        (0, 1, ABOVE),
    ),
    **dict.fromkeys(("colsample_bylevel", "colsample_bynode", "rsm"), (0, 1, ABOVE)),
    **dict.fromkeys(
        ("lambda_l1", "lambda_l2", "reg_alpha", "reg_lambda", "l2_leaf_reg", "gamma"), (0, None, "")
    ),
    **dict.fromkeys(("weight_decay", "min_child_weight", "min_data_in_leaf", "tol"), (0, None, "")),
    **dict.fromkeys(("num_boost_round", "n_estimators", "iterations", "num_epochs", "epochs"), (1, None, "")),
    **dict.fromkeys(("neighbours", "max_rows", "max_features", "hidden_size", "batch_size"), (1, None, "")),
    "num_leaves": (2, 131_072, ""),
    "depth": (1, 16, ""),
    "max_tokens": (3, None, ""),
    "dropout_prob": (0, 1, ""),
    "num_layers": (1, None, ""),
}


def unknown_hyperparameter(
    key: str, name: str, names: Mapping[str, str], problem_type: ProblemType
) -> LitmusError:
    """Return the error for a hyperparameter that a family does not know, with the likely name as a hint."""
    if name in _WEIGHTS:
        return _weights_elsewhere(key, name, problem_type)
    if name in _OPTIONS or name.startswith(_OF_AUTOGLUON):
        where = (
            f"Ask for it beside the algorithm: {_OPTIONS[name]}."
            if name in _OPTIONS
            else ("Litmus sets what is AutoGluon's own. Give the model's own hyperparameters alone.")
        )
        return UsageError(f"'{name}' is not a hyperparameter of {key}.", hint=where)
    error = UnknownNameError(kind=f"hyperparameter of {key} called", name=name, names=names)
    for same in _SAME:
        name_in_litmus = [one for one in same if one in names and name in same]
        if name_in_litmus:
            inverse = name_in_litmus[0] == "C" and name != "strength"
            error.hint = f"Here it is {'its inverse, ' if inverse else 'called '}'{name_in_litmus[0]}'."
            break
    return error


def _weights_elsewhere(key: str, name: str, problem_type: ProblemType) -> LitmusError:
    message = f"{key} takes no '{name}': Litmus weighs classes for all models alike."
    if not get_task_type(problem_type).has_classes:
        return UsageError(
            f"{key} takes no '{name}': a question of how much has no classes to weigh.", hint="Leave it out."
        )
    return UsageError(message, hint="Ask for balanced=True, or --balanced: each class then weighs the same.")


def invalid_value_message(family: ModelFamily, name: str, value: Scalar, problem_type: ProblemType) -> str:
    """Return what is wrong with a value of the right type, as the rest of a sentence; "" if it is valid."""
    rules = family.hyperparameters
    if rules is None:
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return "is a finite number"
    if problem := rules.problem(name, value, problem_type):
        return problem
    if isinstance(value, str):
        return _wrong_text(rules, name, value, problem_type)
    bounds = rules.bounds[name] if name in rules.bounds else _BOUNDS.get(name)
    if bounds is None or value is None or isinstance(value, bool):
        return ""
    return _out_of_bounds(value, bounds)


def _out_of_bounds(value: float, bounds: Bounds) -> str:
    low, high, above = bounds
    too_low = low is not None and (value <= low if above else value < low)
    if not too_low and (high is None or value <= high):
        return ""
    if high is None:
        return f"is {'above' if above else 'at least'} {low:g}"
    return f"is {'above' if above else 'from'} {low:g} {'and at most' if above else 'to'} {high:g}"


def _wrong_text(rules: FamilyHyperparameters, name: str, value: str, problem_type: ProblemType) -> str:
    if name in _GOAL_NAMES and rules.objectives is not None:
        objectives = rules.objectives.of(problem_type)
        why = " (each row gets one value, and no quantiles)" if "quantile" in value.lower() else ""
        is_listed = rules.objective_name(value) in objectives
        return "" if is_listed else f"is one of {', '.join(sorted(objectives))}{why}"
    choices = rules.choices.get(name, ())
    return "" if not choices or value in choices else f"is one of {', '.join(choices)}"

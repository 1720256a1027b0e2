"""Where tuning looks when it is asked for without spaces: one good space for each production card.

Each space holds the value that the card has without tuning, so that its default is a point of it. Models
must stay what production can carry, so no space has room for larger forests than the card's own. ``STARTS``
are settings that did well on many tables elsewhere: few trials find more when they begin with those.
"""

from __future__ import annotations

from typing import Any

from litmus_core.types import Hyperparameter, ProblemType, Scalar, Space


def _floats(low: float, high: float, *, log: bool = False) -> Space:
    return Space(low=low, high=high, log=log)


def _integers(low: int, high: int, *, log: bool = False) -> Space:
    return Space(low=low, high=high, log=log, integer=True)


def _one_of(*choices: Scalar) -> Space:
    return Space(choices=choices)


_LIGHTGBM = (
    Hyperparameter(name="learning_rate", value=0.1, space=_floats(0.01, 0.3, log=True)),
    Hyperparameter(name="num_leaves", value=31, space=_integers(8, 256, log=True)),
    Hyperparameter(name="min_data_in_leaf", value=20, space=_integers(2, 100, log=True)),
    Hyperparameter(name="feature_fraction", value=1.0, space=_floats(0.4, 1.0)),
    Hyperparameter(name="lambda_l2", value=0.0, space=_one_of(0.0, 0.1, 1.0, 10.0)),
)
_TREES = (
    Hyperparameter(name="max_leaf_nodes", value=1000, space=_integers(100, 1000, log=True)),
    Hyperparameter(name="min_samples_leaf", value=1, space=_integers(1, 20, log=True)),
    Hyperparameter(name="max_features", value="sqrt", space=_one_of("sqrt", 0.25, 0.5, 0.75, 1.0)),
)

# Card -> its hyperparameters that are looked for; ``value`` is the card's own.
SPACES: dict[str, tuple[Hyperparameter, ...]] = {
    "lightgbm": (
        *_LIGHTGBM,
        Hyperparameter(name="extra_trees", value=False, space=_one_of(False, True)),
    ),
    "lightgbm_random": _LIGHTGBM,
    "catboost": (
        Hyperparameter(name="learning_rate", value=0.15, space=_floats(0.01, 0.3, log=True)),
        Hyperparameter(name="depth", value=6, space=_integers(4, 8)),
        Hyperparameter(name="l2_leaf_reg", value=3.0, space=_floats(1.0, 20.0, log=True)),
    ),
    "xgboost": (
        Hyperparameter(name="learning_rate", value=0.2, space=_floats(0.01, 0.3, log=True)),
        Hyperparameter(name="max_depth", value=6, space=_integers(3, 10)),
        Hyperparameter(name="min_child_weight", value=1.0, space=_floats(1.0, 20.0, log=True)),
        Hyperparameter(name="subsample", value=1.0, space=_floats(0.5, 1.0)),
        Hyperparameter(name="colsample_bytree", value=1.0, space=_floats(0.4, 1.0)),
        Hyperparameter(name="reg_lambda", value=1.0, space=_floats(0.1, 10.0, log=True)),
    ),
    "forest": _TREES,
    "extra_trees": _TREES,
    "linear": (Hyperparameter(name="C", value=1.0, space=_floats(0.001, 1000.0, log=True)),),
    "network": (
        Hyperparameter(name="learning_rate", value=3e-4, space=_floats(1e-4, 3e-2, log=True)),
        Hyperparameter(name="weight_decay", value=1e-6, space=_floats(1e-9, 0.1, log=True)),
        Hyperparameter(name="dropout_prob", value=0.1, space=_floats(0.0, 0.5)),
        Hyperparameter(name="num_layers", value=4, space=_integers(2, 4)),
        Hyperparameter(name="hidden_size", value=128, space=_one_of(64, 128, 256)),
    ),
    "text_linear": (
        Hyperparameter(name="use_columns", value=True, space=_one_of(True, False)),
        Hyperparameter(name="max_features", value=200_000, space=_one_of(50_000, 200_000, 500_000)),
    ),
    "text_nearest": (
        Hyperparameter(name="neighbours", value=20, space=_integers(3, 50)),
        Hyperparameter(name="sharpness", value=4.0, space=_floats(1.0, 8.0)),
    ),
    "encoder": (
        Hyperparameter(name="mode", value="frozen", space=_one_of("frozen", "full")),
        Hyperparameter(name="learning_rate", value=1e-4, space=_floats(2e-5, 4e-4, log=True)),
        Hyperparameter(name="epochs", value=4, space=_integers(2, 8)),
    ),
}

# Where the card's own value is another one for numbers, or for several classes.
_OF_TYPES: dict[tuple[ProblemType, str, str], Scalar] = {
    ("regression", "forest", "max_features"): 1.0,
    ("regression", "extra_trees", "max_features"): 1.0,
    ("multiclass", "lightgbm", "learning_rate"): 0.2,
    ("multiclass", "lightgbm_random", "learning_rate"): 0.2,
    ("multiclass", "catboost", "learning_rate"): 0.2,
    ("multiclass", "xgboost", "learning_rate"): 0.3,
}

# What is not named keeps the card's own value.
STARTS: dict[str, tuple[dict[str, Any], ...]] = {
    "lightgbm": (
        {"learning_rate": 0.03, "num_leaves": 16, "feature_fraction": 0.6, "lambda_l2": 1.0},
        {"learning_rate": 0.03, "num_leaves": 128, "feature_fraction": 0.9, "min_data_in_leaf": 3},
        {"extra_trees": True},
    ),
    "lightgbm_random": ({"learning_rate": 0.03, "num_leaves": 128, "feature_fraction": 0.9},),
    "catboost": ({"learning_rate": 0.03, "depth": 8}, {"learning_rate": 0.08, "depth": 4}),
    "xgboost": (
        {"learning_rate": 0.03, "max_depth": 5, "subsample": 0.8, "colsample_bytree": 0.6},
        {"learning_rate": 0.03, "max_depth": 8, "min_child_weight": 5.0, "subsample": 0.8},
    ),
    "forest": ({"max_features": 0.5, "min_samples_leaf": 2},),
    "extra_trees": ({"max_features": 0.75, "min_samples_leaf": 2},),
    "linear": ({"C": 0.1}, {"C": 10.0}),
    "network": ({"learning_rate": 1e-3, "dropout_prob": 0.2, "hidden_size": 256},),
}


def custom_value(key: str, name: str, problem_type: ProblemType) -> Scalar:
    """Return the value that a card has without tuning; None where it is not known."""
    if (problem_type, key, name) in _OF_TYPES:
        return _OF_TYPES[problem_type, key, name]
    return next((each.value for each in SPACES.get(key, ()) if each.name == name), None)

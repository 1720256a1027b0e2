"""LightGBM: boosted trees that compare doubles exactly, and categories by sets of codes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile.trees import Array, ColumnsAndCuts, Link, TreeColumns, TreeMember, Trees
from litmus_core.engine._explain.parts import lightgbm_parts
from litmus_core.engine._families.family import (
    AutoGluonSettings,
    AutomaticChoice,
    BoosterRows,
    CompiledForm,
    FamilyHyperparameters,
    FamilyLibrary,
    ModelFamily,
    SearchSpace,
)
from litmus_core.engine._families.library import LibraryHyperparameter, annotated_types, check_types
from litmus_core.engine._families.spaces import (
    LEAF_ROWS,
    PENALTY,
    TREE_COLUMNS,
    TREE_LEAVES,
    TREE_STEP,
    floats,
    integers,
    one_of,
)
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.errors import NotCompilableError
from litmus_core.task_types import Facet, get_task_type
from litmus_core.types import ProblemType, Scalar

_ZERO, _NAN = 1, 2  # LightGBM's kinds of missing values
_MOST_ROUNDS = 10_000  # added trees at most; early stopping ends training much sooner
_FAR = 1e300  # how LightGBM writes infinity
_LINKS: dict[str, Link] = {
    "binary": "sigmoid",
    "cross_entropy": "sigmoid",
    "multiclass": "softmax",
    "regression": "identity",
    "regression_l1": "identity",
    "huber": "identity",
    "fair": "identity",
    "quantile": "identity",
    "mape": "identity",
    "poisson": "exp",
    "gamma": "exp",
    "tweedie": "exp",
    "lambdarank": "identity",
    "rank_xendcg": "identity",
}


def compile_lightgbm(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model``, which reads ``sources``.

    Raises NotCompilableError for linear trees and for objectives that are not supported.
    """
    facts, trees = _read(model.model.model_to_string())
    n_outputs = int(facts["num_tree_per_iteration"])
    n_rounds = max(1, len(trees) // n_outputs)
    return TreeMember(
        trees=_trees(trees, sources, n_outputs),
        base=np.zeros(n_outputs),
        scale=1.0 / n_rounds if "average_output" in facts else 1.0,
        link=_link(facts["objective"]),
        off_edges=bool(model.normalize_pred_probas) and get_task_type(model.problem_type).has_classes,
        temperature=model.temperature_scalar,
    )


def _link(objective: str) -> Link:
    name, *settings = objective.split(" ")
    odd = [
        setting
        for setting in settings
        if setting == "sqrt" or (setting[:8] == "sigmoid:" and setting[8:] != "1")
    ]
    if name not in _LINKS or odd:
        raise NotCompilableError(f"LightGBM's objective '{objective}' has no compiler")
    return _LINKS[name]


def _read(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the header fields of LightGBM's own text, and those of each tree."""
    head, *trees = text.split("\nend of trees", 1)[0].split("\nTree=")
    return _facts(head), [_facts(tree) for tree in trees]


def _facts(lines: str) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition("=") for line in lines.splitlines())}


def _trees(trees: Sequence[Mapping[str, str]], sources: Sequence[Source], n_outputs: int) -> Trees:
    if any(tree.get("is_linear", "0") != "0" for tree in trees):
        raise NotCompilableError("its leaves hold linear models")

    def all_of(name: str, dtype: Any, default: str = "") -> Array:
        return np.array(" ".join(tree.get(name, default) for tree in trees).split(), dtype=dtype)

    n_leaves = np.array([int(tree["num_leaves"]) for tree in trees])
    n_decisions = n_leaves - 1
    first, first_leaf = np.cumsum(n_decisions) - n_decisions, np.cumsum(n_leaves) - n_leaves
    left, right = (
        np.where(
            branch >= 0, branch + np.repeat(first, n_decisions), branch - np.repeat(first_leaf, n_decisions)
        )
        for branch in (all_of("left_child", np.int64), all_of("right_child", np.int64))
    )
    columns = TreeColumns()
    column, cut = _read_decisions(columns, sources, trees, all_of)
    return Trees(
        columns=columns.all(),
        column=column,
        cut=cut,
        left=left,
        right=right,
        leaves=all_of("leaf_value", np.float64)[:, np.newaxis],
        cover=all_of("leaf_count", np.float64, default="1"),
        roots=np.where(n_decisions > 0, first, ~first_leaf),
        target=np.arange(len(trees)) % n_outputs,
    )


def _read_decisions(
    columns: TreeColumns,
    sources: Sequence[Source],
    trees: Sequence[Mapping[str, str]],
    all_of: Callable[..., Array],
) -> ColumnsAndCuts:
    """Return the columns and cuts of all decisions."""
    feature, kind, cut = (
        all_of("split_feature", np.int64),
        all_of("decision_type", np.int64),
        all_of("threshold", np.float64),
    )
    of_codes, default_left, missing = kind & 1 > 0, kind & 2 > 0, kind >> 2 & 3
    if (missing[~of_codes] == _ZERO).any():
        raise NotCompilableError("it takes zero for missing")
    column, cut = np.zeros(len(feature), dtype=np.int64), np.clip(cut, -_FAR, _FAR)
    for at in np.unique(feature).tolist():
        here = ~of_codes & (feature == at)
        sides = np.where(missing[here] == _NAN, default_left[here], cut[here] >= 0)
        column[here], cut[here] = columns.numbers(sources[at], cut[here], missing_left=sides)
    sets = [set_ for tree in trees for set_ in _sets(tree)]
    owners = np.flatnonzero(of_codes).tolist()
    for place, lefts in zip(owners, sets, strict=True):
        column[place], cut[place] = columns.table(sources[feature[place]], lefts=lefts)
    return column, cut


def _sets(tree: Mapping[str, str]) -> Iterator[list[bool]]:
    """Return, for each decision over codes in its tree's order, which codes go left; last: all others."""
    if tree.get("num_cat", "0") == "0":
        return
    kinds = np.array(tree["decision_type"].split(), dtype=np.int64)
    which = np.array(tree["threshold"].split(), dtype=np.float64)[kinds & 1 > 0].astype(int).tolist()
    edges = [int(bound_text) for bound_text in tree["cat_boundaries"].split()]
    words = np.array(tree["cat_threshold"].split(), dtype=np.uint32)
    for place in which:
        bits_set = words[edges[place] : edges[place + 1]].astype("<u4")
        bits = np.unpackbits(bits_set.view(np.uint8), bitorder="little").astype(bool).tolist()
        highest = max((code for code, left in enumerate(bits) if left), default=-1)
        yield [*bits[: highest + 1], False]


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    import lightgbm

    aliases: Mapping[str, Iterable[str]] = lightgbm.basic._ConfigAliases._get_all_param_aliases()
    main = {alias: name for name, others in aliases.items() for alias in (*others, name)}
    # AutoGluon sets the number of trees, and stops early, by this name.
    main |= {alias: "num_boost_round" for alias, name in main.items() if name == "num_iterations"}
    kinds = annotated_types(lightgbm.LGBMClassifier)
    kinds |= {name: kinds[alias] for alias, name in main.items() if alias in kinds}
    return LibraryHyperparameter(
        main=main, problem=check_types({alias: kinds.get(name) for alias, name in main.items()})
    )


def _fitted_values(booster: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    text = booster.model_to_string(num_iteration=1).partition("\nparameters:\n")[2]
    values = dict(re.findall(r"^\[(\w+): (.*)\]$", text, re.MULTILINE))
    return {**values, "num_boost_round": booster.current_iteration()}


def grow_lightgbm(before: Any, rows: BoosterRows) -> Any:
    """Return a LightGBM booster: the trees of ``before``, and more (``init_model``)."""
    import lightgbm
    from autogluon.tabular.models.lgb.callbacks import early_stopping_custom
    from autogluon.tabular.models.lgb.hyperparameters.parameters import get_lgb_objective

    params = before._get_model_params()
    n_rounds = params.pop("num_boost_round", _MOST_ROUNDS)
    params |= {"num_threads": rows.n_cpus, "verbose": -1}
    params.setdefault("objective", get_lgb_objective(problem_type=before.problem_type))
    if MODEL_OUTPUTS.of(before.problem_type).sums_by_class:
        params.setdefault("num_classes", before.num_classes)
    metric, name = before._get_stopping_metric_internal()
    custom_metric = None if isinstance(metric, str) else metric
    if custom_metric is None:
        params["metric"] = metric
    stop = early_stopping_custom(
        rows.patience,
        metrics_to_use=[("valid_set", name)],
        start_time=time.time(),
        time_limit=rows.limit_s,
        ignore_dart_warning=True,
        verbose=False,
        manual_stop_file=False,
    )
    train = lightgbm.Dataset(rows.X, rows.y)
    return lightgbm.train(
        params,
        train,
        num_boost_round=n_rounds,
        init_model=lightgbm.Booster(model_str=before.model.model_to_string()),  # without unused trees
        valid_sets=[lightgbm.Dataset(rows.X_val, rows.y_val, reference=train)],
        valid_names=["valid_set"],
        feval=custom_metric,
        callbacks=[stop],
    )


def _model_class(settings: Mapping[str, Any]) -> type | None:
    if "monotone_constraints" not in settings:
        return None
    from litmus_core.engine._autogluon.monotone_models import MonotoneLightGBMModel

    return MonotoneLightGBMModel


def _grouped_class() -> type:
    from litmus_core.engine._autogluon.grouped_lightgbm import GroupedLightGBMModel

    return GroupedLightGBMModel


# Otherwise it measures whether histograms by columns or by rows are faster, and other sums give another
# model.
_BY_COLUMNS: dict[str, Any] = {"force_col_wise": True}
_SPACE = (
    floats("learning_rate", 0.01, 0.3, log=True, default=0.1),
    integers("num_leaves", 8, 256, log=True, default=31),
    integers("min_data_in_leaf", 2, 100, log=True, default=20),
    floats("feature_fraction", 0.4, 1.0, default=1.0),
    one_of("lambda_l2", 0.0, 0.1, 1.0, 10.0, default=0.0),
)
_MEANINGS = {
    "learning_rate": TREE_STEP,
    "num_leaves": TREE_LEAVES,
    "min_data_in_leaf": LEAF_ROWS,
    "feature_fraction": TREE_COLUMNS,
    "lambda_l2": PENALTY,
    "extra_trees": "Whether it tries random cuts in place of the best ones.",
}
_DEFAULTS: dict[tuple[ProblemType, str], Scalar] = {("multiclass", "learning_rate"): 0.2}

_TRAINING = AutoGluonSettings(
    model="GBM",
    priority=95,
    many_classes_priority=58,
    seed_name="seed",
    hyperparameters={**_BY_COLUMNS, "ag.max_time_limit_ratio": 0.5},
    learning_schedule={"learning_rate": 0.1, "num_boost_round": 500},
    pace_of_several={"learning_rate": 0.2, "num_boost_round": 250},
    patient_schedule={"learning_rate": 0.05, "num_boost_round": 1500},
    patient_pace_of_several={"learning_rate": 0.1, "num_boost_round": 500},
    few_rows=(
        {
            "num_leaves": 4,
            "min_data_in_leaf": 5,
            "feature_fraction": 0.5,
            "learning_rate": 0.03,
            "num_boost_round": 1000,
        },
        {"learning_rate": 0.1, "num_boost_round": 500, "num_leaves": 31},
    ),
    model_class=_model_class,
    grow=grow_lightgbm,
)

LIGHTGBM = ModelFamily(
    key="lightgbm",
    title="Fast boosted trees (LightGBM)",
    when="A strong first choice for tables; fast to train and to answer.",
    about=(
        "It grows many small decision trees, one after the other. Each tree corrects what the "
        "trees before it got wrong. It reads numbers, categories and gaps as they are."
    ),
    kind="boosting",
    aliases=("gbm", "lgb", "lgbm", "gradientboosting", "histgradientboosting"),
    chosen=AutomaticChoice(rank=20, cells_per_s=40_000),
    training=_TRAINING,
    hyperparameters=FamilyHyperparameters(
        read=_read_hyperparameters,
        losses={"poisson": {"objective": "poisson"}},
        grouped_class=_grouped_class,
        bounds={"max_bin": (2.0, None, "")},
        choices={"boosting": ("gbdt", "gbrt", "rf", "random_forest", "dart")},
        objectives=Facet(
            "objective",
            {
                "binary": {"binary", "cross_entropy", "xentropy"},
                "multiclass": {"multiclass", "softmax", "multiclassova", "multiclass_ova", "ova", "ovr"},
                "regression": {
                    *("regression", "l2", "mse", "mean_squared_error", "rmse", "root_mean_squared_error"),
                    *(
                        "l2_root",
                        "regression_l2",
                        "regression_l1",
                        "l1",
                        "mae",
                        "mean_absolute_error",
                        "huber",
                    ),
                    *("fair", "poisson", "mape", "mean_absolute_percentage_error", "gamma", "tweedie"),
                },
            },
        ),
        # these objectives change leaf values after a tree has grown
        monotone={
            "objective": {
                *("regression_l1", "l1", "mae", "mean_absolute_error"),
                *("mape", "mean_absolute_percentage_error"),
            },
            "linear_tree": {True},
        },
    ),
    space=SearchSpace(
        hyperparameters=(*_SPACE, one_of("extra_trees", False, True, default=False)),
        values=_DEFAULTS,
        meanings=_MEANINGS,
        starts=(
            {"learning_rate": 0.03, "num_leaves": 16, "feature_fraction": 0.6, "lambda_l2": 1.0},
            {"learning_rate": 0.03, "num_leaves": 128, "feature_fraction": 0.9, "min_data_in_leaf": 3},
            {"extra_trees": True},
        ),
    ),
    compiled=CompiledForm(
        contributions=lightgbm_parts,
        compile=compile_lightgbm,
        classes=(
            "autogluon.tabular.models.lgb.lgb_model.LGBModel",
            "litmus_core.engine._autogluon.monotone_models.MonotoneLightGBMModel",
            "litmus_core.engine._autogluon.grouped_lightgbm.GroupedLightGBMModel",
        ),
        trees=True,
    ),
    library=FamilyLibrary(packages=("lightgbm",), module="lightgbm", values=_fitted_values),
)

LIGHTGBM_RANDOM = replace(
    LIGHTGBM,
    key="lightgbm_random",
    title="Fast boosted trees with random cuts (LightGBM)",
    when="When the numbers are noisy: it cuts less exactly and so is fooled less.",
    about=(
        "It grows trees one after the other, and tries one random cut in each column, not the "
        "best one. Each tree is worse for it, and all together follow noise less."
    ),
    aliases=("gbmxt", "lightgbmxt"),
    chosen=AutomaticChoice(rank=80, cells_per_s=25_000, from_s=60, few_rows_from_s=60, heavy=True),
    training=replace(
        _TRAINING,
        priority=60,
        many_classes_priority=54,
        few_rows=_TRAINING.few_rows[:1],
        hyperparameters={**_BY_COLUMNS, "extra_trees": True, "ag.max_time_limit_ratio": 0.6},
    ),
    space=SearchSpace(
        hyperparameters=_SPACE,
        values=_DEFAULTS,
        meanings=_MEANINGS,
        starts=({"learning_rate": 0.03, "num_leaves": 128, "feature_fraction": 0.9},),
    ),
)

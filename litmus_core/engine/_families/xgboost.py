"""XGBoost: trees over float32, where AutoGluon omits zeros and XGBoost reads them as missing."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile.trees import (
    Array,
    ColumnsAndCuts,
    Link,
    TreeColumns,
    TreeMember,
    Trees,
    cuts_of_float32,
    trees_of_nodes,
)
from litmus_core.engine._explain.parts import xgboost_parts
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
from litmus_core.engine._families.library import (
    STEPS,
    LibraryHyperparameter,
    annotated_types,
    check_types,
    constructor_values,
    same_names,
)
from litmus_core.engine._families.spaces import PENALTY, TREE_COLUMNS, TREE_DEPTH, TREE_STEP, floats, integers
from litmus_core.errors import NotCompilableError
from litmus_core.task_types import Facet, get_task_type
from litmus_core.types import ProblemType

_LINKS: dict[str, Link] = {
    "binary:logistic": "sigmoid",
    "multi:softprob": "softmax",
    "multi:softmax": "softmax",
    "reg:squarederror": "identity",
    "reg:absoluteerror": "identity",
    "reg:pseudohubererror": "identity",
    "reg:squaredlogerror": "identity",
    "count:poisson": "exp",
    "reg:gamma": "exp",
    "reg:tweedie": "exp",
}


def compile_xgboost(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model`` over ``sources``.

    Raises NotCompilableError for boosters without plain trees and for objectives that are not supported.
    """
    booster = model.model.get_booster()
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    boosted, link = learner["gradient_booster"], _link(learner["objective"]["name"])
    if boosted["name"] != "gbtree":
        raise NotCompilableError(f"XGBoost's booster '{boosted['name']}' has no compiler")
    if model._ohe:
        columns = _columns(model._ohe_generator, model._features, sources)
    else:
        sizes = model._category_mapping or {}
        columns = [
            _InputColumn(source, n_codes=len(sizes.get(name, ())))
            for name, source in zip(model._features, sources, strict=True)
        ]
    base = _base(learner, link)
    rounds = boosted["model"]["iteration_indptr"]
    best = booster.attr("best_iteration")
    n_trees = rounds[int(best) + 1] if best is not None else rounds[-1]
    target = np.array(boosted["model"]["tree_info"][:n_trees], dtype=np.int64)
    return TreeMember(
        trees=_trees(boosted["model"]["trees"][:n_trees], columns, target=target, zero_is_missing=model._ohe),
        base=base,
        link=link,
        off_edges=bool(model.normalize_pred_probas) and get_task_type(model.problem_type).has_classes,
        temperature=model.temperature_scalar,
        # summing thousands of trees in singles loses more than 1e-5 of a value
        in_singles=link == "identity",
    )


def _link(objective: str) -> Link:
    if objective not in _LINKS:
        raise NotCompilableError(f"XGBoost's objective '{objective}' has no compiler")
    return _LINKS[objective]


def _base(learner: Mapping[str, Any], link: Link) -> Array:
    """Return (n_outputs,) the base of the trees' sums."""
    facts = learner["learner_model_param"]
    n_outputs = max(1, int(facts["num_class"]))
    scores = np.array(json.loads(facts["base_score"]), dtype=np.float64).reshape(-1)
    base = np.resize(scores, n_outputs)
    if link == "sigmoid":
        base = np.log(base / (1.0 - base))
    return np.log(base) if link == "exp" else base


@dataclass(frozen=True, slots=True)
class _InputColumn:
    """One of XGBoost's columns: a number or a category, or whether a category has one of ``codes``."""

    source: Source
    codes: frozenset[int] | None = None
    n_codes: int = 0


def _columns(generator: Any, names: Sequence[str], sources: Sequence[Source]) -> list[_InputColumn]:
    """Return AutoGluon's one-hot encoding of the frame's columns called ``names``."""
    source_of = dict(zip(names, sources, strict=True))
    columns: list[_InputColumn] = []
    if generator.cat_cols:
        encoder = generator.ohe_encs
        for name, categories, rare in zip(
            generator.cat_cols, encoder.categories_, encoder.infrequent_indices_, strict=True
        ):
            codes = [int(code) for code in categories]
            rares = {int(place) for place in rare}
            groups = [frozenset([code]) for place, code in enumerate(codes) if place not in rares]
            groups += [frozenset(codes[place] for place in rares)] if rares else []
            columns += [_InputColumn(source_of[name], group, max(codes) + 1) for group in groups]
    return columns + [_InputColumn(source_of[name]) for name in generator.other_cols]


def _trees(
    trees: Sequence[Mapping[str, Any]],
    inputs: Sequence[_InputColumn],
    *,
    target: Array,
    zero_is_missing: bool,
) -> Trees:
    def all_of(name: str, dtype: Any) -> Array:
        return np.concatenate([np.array(tree[name], dtype=dtype) for tree in trees])

    left, feature = all_of("left_children", np.int64), all_of("split_indices", np.int64)
    limits, missing_left = all_of("split_conditions", np.float32), all_of("default_left", np.bool_)
    in_sets = all_of("split_type", np.int64) > 0
    columns = TreeColumns()
    column, cut = np.zeros(len(left), dtype=np.int64), cuts_of_float32(limits, inclusive=False)
    for at in np.unique(feature[(left >= 0) & ~in_sets]).tolist():
        here = (left >= 0) & (feature == at) & ~in_sets
        if inputs[at].codes is None:
            sides = missing_left[here]
            zeros = sides if zero_is_missing else None
            columns_here = columns.numbers(inputs[at].source, cut[here], missing_left=sides, zero_left=zeros)
        else:
            columns_here = _one_hot(columns, inputs[at], present=limits[here] > 1, absent=missing_left[here])
        column[here], cut[here] = columns_here
    for place, codes in _sets(trees):
        n_codes, missing_side = inputs[feature[place]].n_codes, missing_left[place].item()
        lefts = [code not in codes for code in range(n_codes)]
        column[place], cut[place] = columns.table(inputs[feature[place]].source, lefts=[*lefts, missing_side])
    return trees_of_nodes(
        columns,
        (column, cut),
        left=left,
        right=all_of("right_children", np.int64),
        sizes=np.array([len(tree["left_children"]) for tree in trees]),
        values=limits[:, np.newaxis],
        cover=all_of("sum_hessian", np.float64),
        target=target,
    )


def _sets(trees: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, frozenset[int]]]:
    """Return the decisions over categories, by index among all nodes, and the codes that go right."""
    start = 0
    for tree in trees:
        for node, first, size in zip(
            tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"], strict=True
        ):
            yield start + node, frozenset(tree["categories"][first : first + size])
        start += len(tree["left_children"])


def _one_hot(columns: TreeColumns, input_: _InputColumn, *, present: Array, absent: Array) -> ColumnsAndCuts:
    """Return the columns and cuts that send the codes left where ``present``, all others where ``absent``."""
    column, cut = np.zeros(len(present), dtype=np.int64), np.zeros(len(present))
    for side, others in {*zip(present.tolist(), absent.tolist(), strict=True)}:
        lefts = [side if code in (input_.codes or ()) else others for code in range(input_.n_codes)]
        here = (present == side) & (absent == others)
        column[here], cut[here] = columns.table(input_.source, lefts=[*lefts, others])
    return column, cut


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    import xgboost

    kinds = annotated_types(xgboost.XGBModel)
    return LibraryHyperparameter(main=same_names(kinds), problem=check_types(kinds))


def _fitted_values(model: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    n_trees = model.get_booster().num_boosted_rounds()
    return {**constructor_values(model), "n_estimators": n_trees, STEPS: "n_estimators"}


def _model_class(settings: Mapping[str, Any]) -> type | None:
    if "monotone_constraints" in settings:
        from litmus_core.engine._autogluon.monotone_models import MonotoneXGBoostModel

        return MonotoneXGBoostModel
    if not settings.get("enable_categorical"):
        return None
    from litmus_core.engine._autogluon.xgboost_categories import XGBoostCategoriesModel

    return XGBoostCategoriesModel


def grow_xgboost(before: Any, rows: BoosterRows) -> Any:
    """Return a scikit-learn style XGBoost model: the trees of ``before``, and more (``xgb_model``)."""
    from autogluon.tabular.models.xgboost.callbacks import EarlyStoppingCustom

    grown = copy.deepcopy(before.model)
    metric = before.get_eval_metric()
    stop = EarlyStoppingCustom(
        rows.patience,
        start_time=time.time(),
        time_limit=rows.limit_s,
        metric_name=metric if isinstance(metric, str) else metric.__name__,
        data_name="validation_0",
    )
    grown.set_params(n_jobs=rows.n_cpus, eval_metric=metric, callbacks=[stop])
    grown.fit(
        rows.X, rows.y, eval_set=[(rows.X_val, rows.y_val)], verbose=False, xgb_model=used_trees(before.model)
    )
    grown.set_params(eval_metric=None, callbacks=None)
    return grown


def used_trees(model: Any) -> Any:
    """Return the booster of a scikit-learn style XGBoost model without the rounds after its best one."""
    booster = model.get_booster()
    best = booster.attr("best_iteration")
    return booster if best is None else booster[: int(best) + 1]


XGBOOST = ModelFamily(
    key="xgboost",
    title="Boosted trees (XGBoost)",
    when="A second opinion beside LightGBM; good in ensembles.",
    about=(
        "It grows trees one after the other; each corrects what the trees before it got wrong. It "
        "errs in other places than LightGBM, so both together are often better."
    ),
    kind="boosting",
    aliases=("xgb", "xgbt"),
    chosen=AutomaticChoice(rank=30, cells_per_s=30_000, from_s=30, few_rows_from_s=10),
    training=AutoGluonSettings(
        model="XGB",
        priority=80,
        seed_name="seed",
        hyperparameters={"ag.max_time_limit_ratio": 0.5},
        learning_schedule={"learning_rate": 0.2, "n_estimators": 400},
        pace_of_several={"learning_rate": 0.3, "n_estimators": 200},
        patient_schedule={"learning_rate": 0.08, "n_estimators": 1200},
        patient_pace_of_several={"learning_rate": 0.15, "n_estimators": 400},
        few_rows=({"max_depth": 3, "colsample_bytree": 0.6},),
        model_class=_model_class,
        grow=grow_xgboost,
    ),
    hyperparameters=FamilyHyperparameters(
        read=_read_hyperparameters,
        losses={"poisson": {"objective": "count:poisson"}},
        refused={"n_jobs"},
        bounds={"max_depth": (0.0, None, "")},
        choices={"booster": ("gbtree", "dart")},
        objectives=Facet(
            "objective",
            {
                "binary": {"binary:logistic"},
                "multiclass": {"multi:softprob"},
                "regression": {
                    *("reg:squarederror", "reg:absoluteerror", "reg:pseudohubererror", "reg:squaredlogerror"),
                    *("reg:gamma", "reg:tweedie", "count:poisson"),
                },
            },
        ),
        monotone={"objective": {"reg:absoluteerror"}},
    ),
    space=SearchSpace(
        meanings={
            "learning_rate": TREE_STEP,
            "max_depth": TREE_DEPTH,
            "min_child_weight": (
                "How much its rows weigh that a leaf holds at least. Higher values make steadier answers."
            ),
            "subsample": "The share of the rows that each tree learns from.",
            "colsample_bytree": TREE_COLUMNS,
            "reg_lambda": PENALTY,
        },
        hyperparameters=(
            floats("learning_rate", 0.01, 0.3, log=True, default=0.2),
            integers("max_depth", 3, 10, default=6),
            floats("min_child_weight", 1.0, 20.0, log=True, default=1.0),
            floats("subsample", 0.5, 1.0, default=1.0),
            floats("colsample_bytree", 0.4, 1.0, default=1.0),
            floats("reg_lambda", 0.1, 10.0, log=True, default=1.0),
        ),
        values={("multiclass", "learning_rate"): 0.3},
        starts=(
            {"learning_rate": 0.03, "max_depth": 5, "subsample": 0.8, "colsample_bytree": 0.6},
            {"learning_rate": 0.03, "max_depth": 8, "min_child_weight": 5.0, "subsample": 0.8},
        ),
    ),
    compiled=CompiledForm(
        contributions=xgboost_parts,
        compile=compile_xgboost,
        classes=(
            "autogluon.tabular.models.xgboost.xgboost_model.XGBoostModel",
            "litmus_core.engine._autogluon.xgboost_categories.XGBoostCategoriesModel",
            "litmus_core.engine._autogluon.monotone_models.MonotoneXGBoostModel",
        ),
        trees=True,
    ),
    library=FamilyLibrary(packages=("xgboost", "xgboost-cpu"), module="xgboost", values=_fitted_values),
)

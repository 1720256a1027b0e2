"""XGBoost's trees: float32 inputs, where AutoGluon leaves zeros out and XGBoost takes them for missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile._trees import Array, Link, TreeMember, TreesBuilder, cuts_of_float32
from litmus_core.errors import NotCompilableError

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
    """Return the trees of AutoGluon's ``model``, which reads ``sources``.

    Raises NotCompilableError for boosters without plain trees and for objectives that are not known here.
    """
    if not model._ohe:
        raise NotCompilableError("XGBoost reads the categories itself")
    booster = model.model.get_booster()
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    boosted, link = learner["gradient_booster"], _link(learner["objective"]["name"])
    if boosted["name"] != "gbtree":
        raise NotCompilableError(f"XGBoost's booster '{boosted['name']}' has no compiler")
    columns = _columns(model._ohe_generator, model._features, sources)
    base = _base(learner, link)
    builder = TreesBuilder()
    rounds = boosted["model"]["iteration_indptr"]
    best = booster.attr("best_iteration")
    n_trees = rounds[int(best) + 1] if best is not None else rounds[-1]
    for tree, target in zip(boosted["model"]["trees"][:n_trees], boosted["model"]["tree_info"], strict=False):
        _add_tree(builder, tree, columns, target=target)
    return TreeMember(
        trees=builder.trees(),
        base=base,
        link=link,
        off_edges=bool(model.normalize_pred_probas) and model.problem_type != "regression",
        temperature=model.temperature_scalar,
    )


def _link(objective: str) -> Link:
    if objective not in _LINKS:
        raise NotCompilableError(f"XGBoost's objective '{objective}' has no compiler")
    return _LINKS[objective]


def _base(learner: Mapping[str, Any], link: Link) -> Array:
    """Return (n_outputs,) what the trees' sums are added to."""
    facts = learner["learner_model_param"]
    n_outputs = max(1, int(facts["num_class"]))
    given = np.array(json.loads(facts["base_score"]), dtype=np.float64).reshape(-1)
    base = np.resize(given, n_outputs)
    if link == "sigmoid":
        base = np.log(base / (1.0 - base))
    return np.log(base) if link == "exp" else base


@dataclass(frozen=True, slots=True)
class _Given:
    """One of XGBoost's columns: a number, or whether a category has one of ``codes``."""

    source: Source
    codes: frozenset[int] | None = None
    n_codes: int = 0


def _columns(generator: Any, names: Sequence[str], sources: Sequence[Source]) -> list[_Given]:
    """Return what AutoGluon's one-hot encoding makes of the frame's columns called ``names``."""
    source_of = dict(zip(names, sources, strict=True))
    columns: list[_Given] = []
    if generator.cat_cols:
        encoder = generator.ohe_encs
        for name, known, rare in zip(
            generator.cat_cols, encoder.categories_, encoder.infrequent_indices_, strict=True
        ):
            codes = [int(code) for code in known]
            rares = {int(place) for place in rare}
            groups = [frozenset([code]) for place, code in enumerate(codes) if place not in rares]
            groups += [frozenset(codes[place] for place in rares)] if rares else []
            columns += [_Given(source_of[name], group, max(codes) + 1) for group in groups]
    return columns + [_Given(source_of[name]) for name in generator.other_cols]


def _add_tree(
    builder: TreesBuilder, tree: Mapping[str, Any], columns: Sequence[_Given], *, target: int
) -> None:
    left, right = tree["left_children"], tree["right_children"]
    if any(tree["split_type"]):
        raise NotCompilableError("XGBoost reads the categories itself")
    limits = np.array(tree["split_conditions"], dtype=np.float32)
    cuts = cuts_of_float32(limits, inclusive=False).tolist()
    places = []
    for at, branch in enumerate(left):
        if branch < 0:
            places.append(builder.leaf([tree["split_conditions"][at]], tree["sum_hessian"][at]))
            continue
        given, missing_left = columns[tree["split_indices"][at]], bool(tree["default_left"][at])
        if given.codes is None:
            told = builder.number(given.source, cuts[at], missing_left=missing_left, zero_left=missing_left)
        else:
            told = _one_hot(builder, given, given.codes, present=limits[at] > 1, absent=missing_left)
        places.append(builder.decision(told))
    for at, branch in enumerate(left):
        if branch >= 0:
            builder.branch(places[at], left=places[branch], right=places[right[at]])
    builder.tree(places[0], target=target)


def _one_hot(
    builder: TreesBuilder, given: _Given, codes: frozenset[int], *, present: bool, absent: bool
) -> tuple[int, float]:
    """Return the column and cut that send the codes left if ``present``, all others if ``absent``."""
    lefts = [bool(present) if code in codes else absent for code in range(given.n_codes)]
    return builder.table(given.source, lefts=[*lefts, absent])

"""LightGBM's trees: doubles compared as they are, categories by sets of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile._trees import Link, TreeMember, TreesBuilder
from litmus_core.errors import NotCompilableError

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
}


def compile_lightgbm(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model``, which reads ``sources``.

    Raises NotCompilableError for linear trees and for objectives that are not known here.
    """
    dump = model.model.dump_model()
    reader = _Reader(sources)
    n_outputs = int(dump["num_tree_per_iteration"])
    for at, tree in enumerate(dump["tree_info"]):
        reader.read(tree["tree_structure"], target=at % n_outputs)
    n_rounds = max(1, len(dump["tree_info"]) // n_outputs)
    return TreeMember(
        trees=reader.builder.trees(),
        base=np.zeros(n_outputs),
        scale=1.0 / n_rounds if dump["average_output"] else 1.0,
        link=_link(dump["objective"]),
        off_edges=bool(model.normalize_pred_probas) and model.problem_type != "regression",
        temperature=model.temperature_scalar,
    )


def _link(objective: str) -> Link:
    name, *settings = objective.split(" ")
    odd = [each for each in settings if each == "sqrt" or (each[:8] == "sigmoid:" and each[8:] != "1")]
    if name not in _LINKS or odd:
        raise NotCompilableError(f"LightGBM's objective '{objective}' has no compiler")
    return _LINKS[name]


class _Reader:
    def __init__(self, sources: Sequence[Source]) -> None:
        self.builder = TreesBuilder()
        self._sources = sources

    def read(self, root: Mapping[str, Any], *, target: int) -> None:
        """Add one tree."""
        self.builder.tree(self._branch(root), target=target)

    def _branch(self, node: Mapping[str, Any]) -> int:
        if "leaf_value" in node:
            if "leaf_features" in node:
                raise NotCompilableError("its leaves hold linear models")
            return self.builder.leaf([node["leaf_value"]], float(node.get("leaf_count", 1)))
        decide = self._number if node["decision_type"] == "<=" else self._category
        place = self.builder.decision(decide(self._sources[node["split_feature"]], node))
        left, right = self._branch(node["left_child"]), self._branch(node["right_child"])
        self.builder.branch(place, left=left, right=right)
        return place

    def _number(self, source: Source, node: Mapping[str, Any]) -> tuple[int, float]:
        cut, default, missing = float(node["threshold"]), bool(node["default_left"]), node["missing_type"]
        if missing == "Zero":
            raise NotCompilableError("it takes zero for missing")
        return self.builder.number(source, cut, missing_left=default if missing == "NaN" else cut >= 0)

    def _category(self, source: Source, node: Mapping[str, Any]) -> tuple[int, float]:
        members = {int(each) for each in str(node["threshold"]).split("||")}
        lefts = [code in members for code in range(max(members) + 2)]
        return self.builder.table(source, lefts=lefts)

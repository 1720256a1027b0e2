"""Trees as an ONNX graph: one input of whole numbers, one output of sums of leaves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from litmus_core.engine._compile._tree_shape import Shape
from litmus_core.engine._compile._trees import Array

# Trees that many rows walk together should fit the processor's cache; each part costs one row a microsecond.
_DECISIONS_PER_PART = 50_000
_ML = "ai.onnx.ml"


class GraphWriter:
    """Collects the trees of several models and writes one graph over them.

    ``wide`` says whether leaves hold several values: the operator for them is of an older version, and a
    graph cannot have both.
    """

    def __init__(self, *, wide: bool) -> None:
        self._write, self._version = (_wide, 3) if wide else (_narrow, 5)
        self._nodes: list[Any] = []
        self._parts: list[str] = []

    def add(self, shape: Shape, *, leaves: Array, target: Sequence[int], n_outputs: int) -> None:
        """Add a model's (n, ``n_outputs``) outputs: sums of float32 leaves (m, w)."""
        from onnx import helper

        names = []
        for part in _parts(shape):
            names.append(f"part{len(self._nodes)}")
            attributes = self._write(_Part(shape, part), leaves, target, n_outputs)
            kind = attributes.pop("op")
            self._nodes.append(helper.make_node(kind, ["x"], names[-1:], domain=_ML, **attributes))
        if len(names) > 1:
            total = f"sum{len(self._nodes)}"
            self._nodes.append(helper.make_node("Sum", names, [total]))
            names = [total]
        self._parts += names

    def graph(self, *, n_columns: int) -> bytes:
        """Return the serialised model, whose input is (n, ``n_columns``)."""
        from onnx import TensorProto, helper

        nodes = [*self._nodes, helper.make_node("Concat", self._parts, ["y"], axis=1)]
        graph = helper.make_graph(
            nodes,
            "trees",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, n_columns])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, None])],
        )
        imports = [helper.make_opsetid("", 18), helper.make_opsetid(_ML, self._version)]
        model = helper.make_model(graph, opset_imports=imports, ir_version=9, producer_name="litmus")
        content: bytes = model.SerializeToString()
        return content


def _parts(shape: Shape) -> list[range]:
    """Return runs of trees of about equal size; decisions of a tree lie together, in the trees' order."""
    n_parts = max(1, round(len(shape.column) / _DECISIONS_PER_PART))
    edges = np.linspace(0, len(shape.roots), n_parts + 1).astype(int).tolist()
    return [range(start, stop) for start, stop in pairwise(edges) if stop > start]


class _Part:
    """A run of trees whose decisions and leaves are counted anew, from 0."""

    def __init__(self, shape: Shape, trees: range) -> None:
        self.roots: list[int] = []
        self.decisions: list[int] = []  # places in the shape
        self.leaf: list[int] = []  # places among the leaves
        self.tree: list[int] = []  # of each leaf, among all trees
        self.yes: list[int] = []
        self.no: list[int] = []
        self.column: list[int] = []
        self.cut: list[int] = []
        for tree in trees:
            self._add(shape, tree)

    def _add(self, shape: Shape, tree: int) -> None:
        root = shape.roots[tree]
        if root < 0:  # a lone leaf: a decision with the same two ends
            self.roots.append(self._decision(0, -1, ~self._leaf(~root, tree), ~self._leaf(~root, tree)))
            return
        place_of: dict[int, int] = {}
        open_ = [root]
        order = []
        while open_:
            at = open_.pop()
            place_of[at] = self._decision(shape.column[at], shape.cut[at], 0, 0)
            order.append(at)
            open_ += [branch for branch in (shape.yes[at], shape.no[at]) if branch >= 0]
        for at in order:
            here = place_of[at]
            yes, no = shape.yes[at], shape.no[at]
            self.yes[here] = place_of[yes] if yes >= 0 else ~self._leaf(~yes, tree)
            self.no[here] = place_of[no] if no >= 0 else ~self._leaf(~no, tree)
        self.roots.append(place_of[root])

    def _decision(self, column: int, cut: int, yes: int, no: int) -> int:
        self.column.append(column)
        self.cut.append(cut)
        self.yes.append(yes)
        self.no.append(no)
        return len(self.column) - 1

    def _leaf(self, place: int, tree: int) -> int:
        self.leaf.append(place)
        self.tree.append(tree)
        return len(self.leaf) - 1


def _narrow(part: _Part, leaves: Array, target: Sequence[int], n_outputs: int) -> dict[str, Any]:
    """Return the attributes of trees with one value a leaf."""
    from onnx import numpy_helper

    yes, no = np.array(part.yes), np.array(part.no)
    weights = leaves[part.leaf, 0].astype(np.float32)
    return {
        "op": "TreeEnsemble",
        "n_targets": n_outputs,
        "aggregate_function": 1,
        "post_transform": 0,
        "tree_roots": part.roots,
        "nodes_featureids": part.column,
        "nodes_splits": numpy_helper.from_array(np.array(part.cut, dtype=np.float32)),
        "nodes_modes": numpy_helper.from_array(np.zeros(len(yes), dtype=np.uint8)),
        "nodes_truenodeids": np.where(yes < 0, ~yes, yes).tolist(),
        "nodes_falsenodeids": np.where(no < 0, ~no, no).tolist(),
        "nodes_trueleafs": (yes < 0).astype(int).tolist(),
        "nodes_falseleafs": (no < 0).astype(int).tolist(),
        "leaf_targetids": [target[tree] for tree in part.tree],
        "leaf_weights": numpy_helper.from_array(weights),
    }


def _wide(part: _Part, leaves: Array, target: Sequence[int], n_outputs: int) -> dict[str, Any]:
    """Return the attributes of trees with several values a leaf, which only the older operator has."""
    n_decisions, width = len(part.column), leaves.shape[1]
    yes, no = np.array(part.yes), np.array(part.no)
    n_leaves = len(part.leaf)
    tree_of = np.zeros(n_decisions, dtype=np.int64)
    tree_of[part.roots] = 1
    tree_of = np.cumsum(tree_of) - 1  # a tree's root is its first decision
    leaf_tree = np.zeros(n_leaves, dtype=np.int64)
    for ends in (yes, no):
        leaf_tree[~ends[ends < 0]] = tree_of[ends < 0]
    leaf_ids = n_decisions + np.arange(n_leaves)
    zeros = np.zeros(n_leaves, dtype=np.int64)
    # A tree begins where the tree's number changes: its leaves follow its decisions.
    order = np.argsort(np.concatenate([tree_of, leaf_tree]), kind="stable")

    def nodes(of_decisions: Any, of_leaves: Array) -> list[Any]:
        together: list[Any] = np.concatenate([of_decisions, of_leaves])[order].tolist()
        return together

    return {
        "op": "TreeEnsembleRegressor",
        "n_targets": n_outputs,
        "aggregate_function": "SUM",
        "post_transform": "NONE",
        "nodes_treeids": nodes(tree_of, leaf_tree),
        "nodes_nodeids": nodes(np.arange(n_decisions), leaf_ids),
        "nodes_featureids": nodes(part.column, zeros),
        "nodes_values": nodes(np.array(part.cut, dtype=np.float64), zeros),
        "nodes_modes": nodes(np.full(n_decisions, "BRANCH_LEQ"), np.full(n_leaves, "LEAF")),
        "nodes_truenodeids": nodes(np.where(yes < 0, n_decisions + ~yes, yes), zeros),
        "nodes_falsenodeids": nodes(np.where(no < 0, n_decisions + ~no, no), zeros),
        "target_treeids": np.repeat(leaf_tree, width).tolist(),
        "target_nodeids": np.repeat(leaf_ids, width).tolist(),
        "target_ids": np.add.outer([target[tree] for tree in part.tree], np.arange(width)).ravel().tolist(),
        "target_weights": leaves[part.leaf].astype(np.float32).ravel().tolist(),
    }

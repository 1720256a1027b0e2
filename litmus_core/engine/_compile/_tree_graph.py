"""Large trees as an ONNX graph: integers in, leaf values out."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any, cast

import numpy as np

from litmus_core.engine._compile._packed_trees import pack_trees
from litmus_core.engine._compile._tree_inputs import Axes
from litmus_core.engine._compile._tree_shape import RunSources, TreeShape, shape_of
from litmus_core.engine._compile.trees import Array, Number, TreeMember, Trees
from litmus_core.errors import NotCompilableError

GRAPH = "trees.onnx.zlib"
_ML, _ML_VERSION = "ai.onnx.ml", 5
_TREES_PER_LANE = 32  # for boosted values: a lane's leaves are added up in float32, lanes in doubles
_MOST_LEAVES = 2**24  # integers that float32, in which the graph outputs leaves, can represent


class GraphWriter:
    """Collects walked members, their outputs side by side, those with one value a leaf first.

    See ``compiled._tree_graph`` for the result.
    """

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._places: RunSources = {}
        self._nodes: list[Any] = []
        self._arrays: dict[str, Array] = {}
        self._lanes: list[int] = []
        self._wide: list[list[int]] = []
        self._n_lanes = 0
        self._outputs: list[int] = []
        self._packed: dict[str, Array] = {}

    def add(self, member: TreeMember) -> Array:
        """Add a member; return (outputs,) the base values of its leaves.

        Raises NotCompilableError for more leaves than the graph can represent.
        """
        trees = cast("Trees", member.trees)
        order = np.argsort(trees.target, kind="stable")
        trees = replace(trees, roots=trees.roots[order], target=trees.target[order])
        shape = shape_of(trees, self._axes, self._places)
        is_exact = is_wide(member) and member.is_read
        leaves, means = _leaf_table(trees, shape) if is_exact else _centre_leaves(trees, shape)
        offset = np.zeros(member.n_outputs)
        for place in range(means.shape[1]):
            np.add.at(offset, trees.target + place, means[:, place])
        if is_wide(member):  # a lane gives the leaf that each tree reached
            if len(leaves) > _MOST_LEAVES:
                raise NotCompilableError(f"its trees have {len(leaves):,} leaves, more than {_MOST_LEAVES:,}")
            lane, weights = np.arange(len(trees.roots)), np.arange(len(leaves))
            self._wide.append([self._n_lanes, len(lane)])
            self._arrays[f"leaves{len(self._wide) - 1}"] = np.ascontiguousarray(
                leaves.T, dtype=np.float64 if is_exact else np.float32
            )
        else:
            boosted_values = member.link in ("identity", "exp") and member.scale == 1
            lane = _lanes(trees.target, _TREES_PER_LANE if boosted_values else len(trees.roots))
            weights = leaves[:, 0]
            starts = np.flatnonzero(np.diff(lane, prepend=-1))
            firsts = np.searchsorted(trees.target[starts], range(member.n_outputs))
            self._lanes += (firsts + self._n_lanes).tolist()
        self._pack(shape, trees, None if is_wide(member) else leaves, n_outputs=member.n_outputs)
        self._nodes.append(_node(_attributes(shape, weights, lane), f"part{len(self._nodes)}"))
        self._n_lanes += int(lane[-1]) + 1
        return offset

    def _pack(self, shape: TreeShape, trees: Trees, narrow: Array | None, *, n_outputs: int) -> None:
        """Also store a member's trees for machine code; if some do not fit, none are."""
        self._outputs.append(n_outputs)
        pair = pack_trees(shape)
        if pair is None:
            return
        at = len(self._nodes)
        self._packed[f"nodes{at}"], self._packed[f"roots{at}"] = pair
        self._packed[f"target{at}"] = trees.target.astype(np.int32)
        if narrow is not None:
            self._packed[f"values{at}"] = narrow[:, 0].astype(np.float32)

    def step(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return settings and arrays."""
        columns: list[list[Any]] = []
        entries = [np.empty(0, dtype=np.int64)]
        for column, negative in self._places:
            number: list[int | None] | None = None
            axis = 0 if column is None else self._axes.axis_of(column)
            if isinstance(column, Number):
                number = [self._axes.side(column, column.missing), None, None]
                if column.zero is not None:
                    number[1:] = [self._axes.zero_rank(column), self._axes.side(column, column.zero)]
            elif column is None:
                entries.append(np.zeros(self._axes.n_ranks[0], dtype=np.int64))
            else:
                entries.append(self._axes.values(column))
            columns.append([axis, negative, number])
        settings: dict[str, Any] = {"columns": columns, "wide": self._wide}
        more: dict[str, Array] = {}
        if all(f"nodes{at}" in self._packed for at in range(len(self._outputs))):
            settings["outputs"], more = self._outputs, self._packed
        arrays: dict[str, Array] = {
            "lanes": np.array(self._lanes, dtype=np.int64),
            "entries": np.concatenate(entries).astype(np.int32),
        }
        return settings, arrays | self._arrays | more

    def file(self) -> bytes:
        """Return the packed graph, whose input is (n, columns)."""
        from onnx import TensorProto, helper

        parts = [node.output[0] for node in self._nodes]
        nodes = [*self._nodes, helper.make_node("Concat", parts, ["y"], axis=1)]
        graph = helper.make_graph(
            nodes,
            "trees",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, len(self._places)])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, None])],
        )
        imports = [helper.make_opsetid("", 18), helper.make_opsetid(_ML, _ML_VERSION)]
        model = helper.make_model(graph, opset_imports=imports, ir_version=9, producer_name="litmus")
        return zlib.compress(model.SerializeToString(), 1)


def is_wide(member: TreeMember) -> bool:
    """Return whether the graph outputs the leaf that each tree reached: if leaves have several values.

    This applies to forests, and to others with one output, whose sums have to be exact.
    """
    trees = cast("Trees", member.trees)
    n_leaves = len(trees.leaves) + len(trees.roots)  # at most
    can_be = member.n_outputs == 1 and not member.in_singles and n_leaves <= _MOST_LEAVES
    return trees.leaves.shape[1] > 1 or (member.is_read and can_be)


def _lanes(target: Array, size: int) -> Array:
    """Return (t,) each tree's lane, for lanes of ``size`` trees; each target's follow the previous one's."""
    lanes, n_lanes = [], 0
    for n_trees in np.bincount(target).tolist():
        block = np.arange(n_trees) // size
        lanes.append(block + n_lanes)
        n_lanes += int(block[-1]) + 1
    return np.concatenate(lanes)


def _leaf_table(trees: Trees, shape: TreeShape) -> tuple[Array, Array]:
    """Return the shape's leaves unchanged, and no base values."""
    leaves = trees.leaves[shape.leaf]
    return leaves, np.zeros((len(trees.roots), leaves.shape[1]))


def _centre_leaves(trees: Trees, shape: TreeShape) -> tuple[Array, Array]:
    """Return the shape's (m, w) leaves minus their tree's mean, and (t, w) means (less rounding)."""
    n_trees, leaves = len(trees.roots), trees.leaves[shape.leaf]
    weight = np.maximum(trees.cover[shape.leaf], 1e-9)
    total = np.bincount(shape.leaf_tree, weight, minlength=n_trees)
    means = np.stack(
        [np.bincount(shape.leaf_tree, weight * values, minlength=n_trees) / total for values in leaves.T],
        axis=1,
    )
    return leaves - means[shape.leaf_tree], means


def _attributes(shape: TreeShape, weights: Array, lane: Array) -> dict[str, Any]:
    yes, no = shape.yes, shape.no
    return {
        "n_targets": int(lane.max()) + 1,
        "aggregate_function": 1,
        "post_transform": 0,
        "tree_roots": np.flatnonzero(np.diff(shape.tree, prepend=-1)),
        "nodes_featureids": shape.column,
        "nodes_splits": shape.cut.astype(np.float32),
        "nodes_modes": np.zeros(len(yes), dtype=np.uint8),
        "nodes_truenodeids": np.where(yes < 0, ~yes, yes),
        "nodes_falsenodeids": np.where(no < 0, ~no, no),
        "nodes_trueleafs": (yes < 0).astype(np.int64),
        "nodes_falseleafs": (no < 0).astype(np.int64),
        "leaf_targetids": lane[shape.leaf_tree],
        "leaf_weights": weights.astype(np.float32),
    }


def _node(attributes: dict[str, Any], output: str) -> Any:
    """Return an operator; its many integers are passed together, which is faster to write."""
    from onnx import AttributeProto, helper, numpy_helper

    node = helper.make_node("TreeEnsemble", ["x"], [output], domain=_ML)
    for name, value in attributes.items():
        new_node = node.attribute.add(name=name)
        if isinstance(value, int):
            new_node.type, new_node.i = AttributeProto.INT, value
        elif value.dtype == np.int64:
            new_node.type = AttributeProto.INTS
            new_node.ints.extend(value.tolist())
        else:
            new_node.type = AttributeProto.TENSOR
            new_node.t.CopyFrom(numpy_helper.from_array(value))
    return node

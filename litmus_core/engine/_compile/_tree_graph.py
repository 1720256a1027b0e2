"""Trees as an ONNX graph: one input of whole numbers, one output of what leaves hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from litmus_core.engine._compile._tree_shape import Shape
from litmus_core.engine._compile._trees import Array

_ML, _ML_VERSION = "ai.onnx.ml", 5


class GraphWriter:
    """Collects the trees of several models and writes one graph over them."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []

    def add(self, shape: Shape, *, weights: Array, lane: Array) -> None:
        """Add the outputs of a model's trees: (n, lanes) float32 sums of ``weights`` of leaves.

        Each tree adds to its ``lane`` (t,).
        """
        self._nodes.append(_node(_attributes(shape, weights, lane), f"part{len(self._nodes)}"))

    def graph(self, *, n_columns: int) -> bytes:
        """Return the serialised model, whose input is (n, ``n_columns``)."""
        from onnx import TensorProto, helper

        parts = [node.output[0] for node in self._nodes]
        nodes = [*self._nodes, helper.make_node("Concat", parts, ["y"], axis=1)]
        graph = helper.make_graph(
            nodes,
            "trees",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, n_columns])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, None])],
        )
        imports = [helper.make_opsetid("", 18), helper.make_opsetid(_ML, _ML_VERSION)]
        model = helper.make_model(graph, opset_imports=imports, ir_version=9, producer_name="litmus")
        content: bytes = model.SerializeToString()
        return content


def _attributes(shape: Shape, weights: Array, lane: Array) -> dict[str, Any]:
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
    """Return an operator; its many whole numbers are given at once, which makes them quick to write."""
    from onnx import AttributeProto, helper, numpy_helper

    node = helper.make_node("TreeEnsemble", ["x"], [output], domain=_ML)
    for name, value in attributes.items():
        own = node.attribute.add(name=name)
        if isinstance(value, int):
            own.type, own.i = AttributeProto.INT, value
        elif value.dtype == np.int64:
            own.type = AttributeProto.INTS
            own.ints.extend(value.tolist())
        else:
            own.type = AttributeProto.TENSOR
            own.t.CopyFrom(numpy_helper.from_array(value))
    return node

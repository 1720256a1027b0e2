"""Trees of every family as TreeEnsembleRegressor, which compares doubles exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile.trees import Number, Symmetric, TreeMember, Trees, TreeTable
from litmus_core.engine._onnx.columns import OnnxColumns
from litmus_core.engine._onnx.writer import ML, Array, OnnxWriter


def margins(writer: OnnxWriter, member: TreeMember, columns: OnnxColumns) -> str:
    """Return (n, n_outputs) doubles: the sums of the leaves, scaled, plus the base."""
    trees = member.trees
    walked = _without_fixed_decisions(_binary(trees) if isinstance(trees, Symmetric) else trees)
    base = member.base.astype(np.float64).copy()
    lone = walked.roots < 0
    _add_leaves(base, walked, lone, member.scale)
    offset = writer.constant(base[np.newaxis])
    if lone.all():  # without decisions every row gets the same
        nothing = writer.op("Mul", columns.zeros(), writer.constant(0.0))
        return writer.op("Add", nothing, offset)
    walked = replace(walked, roots=walked.roots[~lone], target=walked.target[~lone])
    nodes = _lay_out(walked)
    encoded = _encode_inputs(
        writer, walked, np.unique(walked.column[nodes.ref[nodes.ref >= 0]]).tolist(), columns
    )
    sums = _ensemble(writer, encoded, walked, nodes, n_outputs=member.n_outputs)
    return writer.op("Add", writer.op("Mul", writer.double(sums), writer.constant(member.scale)), offset)


def _add_leaves(base: Array, trees: Trees, lone: Array, scale: float) -> None:
    """Add the leaves of trees without a decision to ``base``."""
    for root, target in zip(trees.roots[lone].tolist(), trees.target[lone].tolist(), strict=True):
        leaf = trees.leaves[~root]
        base[target : target + leaf.size] += scale * leaf


def _binary(trees: Symmetric) -> Trees:
    """Return symmetric trees as ordinary ones: a level's decision at each of its nodes."""
    sizes = np.diff([*trees.first.tolist(), len(trees.leaves)])
    column: list[Array] = []
    cut: list[Array] = []
    left: list[Array] = []
    right: list[Array] = []
    roots: list[int] = []
    n_nodes = 0
    for tree, size in enumerate(sizes.tolist()):
        depth, first = size.bit_length() - 1, int(trees.first[tree])
        place = np.arange(1, size)  # as in a heap: the root is 1, its branches are twice it and one more
        level = depth - 1 - (np.log2(place).astype(np.int64) if depth else place)
        column.append(trees.column[tree][level])
        cut.append(trees.cut[tree][level])
        for branch, into in ((2 * place, left), (2 * place + 1, right)):
            into.append(np.where(branch < size, branch - 1 + n_nodes, ~(branch - size + first)))
        roots.append(n_nodes if depth else ~first)
        n_nodes += size - 1
    return Trees(
        columns=trees.columns,
        column=np.concatenate(column),
        cut=np.concatenate(cut),
        left=np.concatenate(left),
        right=np.concatenate(right),
        leaves=trees.leaves,
        cover=np.ones(len(trees.leaves)),
        roots=np.array(roots, dtype=np.int64),
        target=np.zeros(len(roots), dtype=np.int64),
    )


def _without_fixed_decisions(trees: Trees) -> Trees:
    """Return the trees without the decisions whose outcome is fixed."""
    if not len(trees.cut):
        return trees
    goes = np.arange(len(trees.cut))
    goes = np.where(trees.cut == np.inf, trees.left, np.where(trees.cut == -np.inf, trees.right, goes))
    while True:
        further = np.where(goes >= 0, goes[np.maximum(goes, 0)], goes)
        if np.array_equal(further, goes):
            break
        goes = further

    def followed(branch: Array) -> Array:
        return np.where(branch >= 0, goes[np.maximum(branch, 0)], branch)

    return replace(trees, left=followed(trees.left), right=followed(trees.right), roots=followed(trees.roots))


def _encode_inputs(
    writer: OnnxWriter, trees: Trees, used: list[int], columns: OnnxColumns
) -> tuple[str, Array]:
    """Return the values that decisions compare, as (n, k) doubles, and the index of each of the trees'
    columns.
    """
    order = [at for at in used if isinstance(trees.columns[at], Number)]
    parts = [_numbers(writer, [cast("Number", trees.columns[at]) for at in order], columns)] if order else []
    tables: dict[Source, list[int]] = {}
    for at in used:
        if isinstance(trees.columns[at], TreeTable):
            tables.setdefault(trees.columns[at].source, []).append(at)
    for source, places in tables.items():
        entries = [cast("TreeTable", trees.columns[at]).entries for at in places]
        n_codes = max(map(len, entries))
        block = np.stack([np.pad(entry, (0, n_codes - len(entry)), mode="edge") for entry in entries], axis=1)
        code = writer.op("Min", writer.flat(columns.codes(source)), writer.integer_constant(n_codes - 1))
        parts.append(writer.op("Gather", writer.constant(block), code, axis=0))
        order += places
    place_of = np.zeros(len(trees.columns), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    return writer.concatenate(parts), place_of


def _numbers(writer: OnnxWriter, numbers: list[Number], columns: OnnxColumns) -> str:
    """Return numbers, with missing ones (and zero, if it has its own side) beyond all cuts."""
    values = columns.doubles([number.source for number in numbers])
    sides = writer.constant([[_end(number.missing) for number in numbers]])
    filled = writer.op("Where", writer.op("IsNaN", values), sides, values)
    has_zero = [number.zero is not None for number in numbers]
    if not any(has_zero):
        return filled
    zero = writer.op("Equal", values, writer.constant(0.0))
    zero = writer.op("And", zero, writer.constant([has_zero], np.bool_))
    ends = writer.constant([[0.0 if number.zero is None else _end(number.zero) for number in numbers]])
    return writer.op("Where", zero, ends, filled)


def _end(side: str) -> float:
    return -np.inf if side == "low" else np.inf


@dataclass(frozen=True, slots=True)
class _Nodes:
    """All decisions and leaves, tree by tree, roots first; ``ref`` is what Trees calls a branch."""

    tree: Array
    id: Array
    ref: Array
    true: Array
    false: Array


def _lay_out(trees: Trees) -> _Nodes:
    refs, owners, firsts = [], [], []
    ref, owner, n_before = trees.roots, np.arange(len(trees.roots)), 0
    while ref.size:
        inner = ref >= 0
        first = np.full(ref.size, -1)  # the index of the left branch; the right one is next to it
        n_before += ref.size
        first[inner] = n_before + 2 * np.arange(inner.sum())
        refs.append(ref)
        owners.append(owner)
        firsts.append(first)
        below = ref[inner]
        ref = np.stack([trees.left[below], trees.right[below]], axis=1).ravel()
        owner = np.repeat(owner[inner], 2)
    ref, owner, first = np.concatenate(refs), np.concatenate(owners), np.concatenate(firsts)
    order = np.argsort(owner, kind="stable")
    new = np.empty(order.size, dtype=np.int64)
    new[order] = np.arange(order.size)
    starts = np.searchsorted(owner[order], np.arange(len(trees.roots)))
    tree = owner[order]
    id_of = (new - starts[owner]).astype(np.int64)
    left = np.where(first >= 0, id_of[first], 0)[order]
    right = np.where(first >= 0, id_of[np.minimum(first + 1, first.size - 1)], 0)[order]
    return _Nodes(tree=tree, id=id_of[order], ref=ref[order], true=left, false=right)


def _ensemble(
    writer: OnnxWriter, source: tuple[str, Array], trees: Trees, nodes: _Nodes, *, n_outputs: int
) -> str:
    """Return (n, n_outputs) float32 sums, added up in doubles."""
    from onnx import numpy_helper

    values, place_of = source
    inner = nodes.ref >= 0
    decision = np.maximum(nodes.ref, 0)
    leaf = ~nodes.ref[~inner]
    width = trees.leaves.shape[1]
    targets = trees.target[nodes.tree[~inner]][:, np.newaxis] + np.arange(width)
    return writer.op(
        "TreeEnsembleRegressor",
        values,
        domain=ML,
        n_targets=n_outputs,
        aggregate_function="SUM",
        post_transform="NONE",
        nodes_treeids=nodes.tree.tolist(),
        nodes_nodeids=nodes.id.tolist(),
        nodes_featureids=np.where(inner, place_of[trees.column[decision]], 0).tolist(),
        nodes_modes=np.where(inner, "BRANCH_LEQ", "LEAF").tolist(),
        nodes_values_as_tensor=numpy_helper.from_array(np.where(inner, trees.cut[decision], 0.0)),
        nodes_truenodeids=nodes.true.tolist(),
        nodes_falsenodeids=nodes.false.tolist(),
        target_treeids=np.repeat(nodes.tree[~inner], width).tolist(),
        target_nodeids=np.repeat(nodes.id[~inner], width).tolist(),
        target_ids=targets.ravel().tolist(),
        target_weights_as_tensor=numpy_helper.from_array(
            np.ascontiguousarray(trees.leaves[leaf].ravel(), dtype=np.float64)
        ),
    )

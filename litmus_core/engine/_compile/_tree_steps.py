"""The members of one level as steps: one that walks all trees, and a light one for each member."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from litmus_core.compiled import Source, Step
from litmus_core.engine._compile._tree_graph import GraphWriter
from litmus_core.engine._compile._tree_shape import Encoding, Shape, padded, shape_of, whole_cuts
from litmus_core.engine._compile._trees import Array, Number, Symmetric, Table, TreeMember, Trees

_LINKS = ("identity", "exp", "softmax", "sigmoid")
GRAPH = "trees.onnx.zlib"
_TREES_PER_LANE = 32  # of boosted values: a lane's leaves are added up in float32, lanes in doubles
_BLOCKS = ("number", "token", "category")


def tree_steps(members: Sequence[tuple[str, TreeMember]]) -> list[Step]:
    """Return a step that answers for all ``members`` (id, model) at once, then one of each member's id.

    A member's answer is (n,) probabilities of the second class, (n, k) probabilities, or (n,) values.
    ``members`` must read features and answers of steps before, never each other.
    """
    ordered = sorted(members, key=lambda member: _order(member[1]))
    encoding = _sorted(Encoding.of([member.trees for _, member in ordered]))
    name = f"{members[0][0]}.trees"
    writer = _Writer(encoding)
    steps: list[Step] = []
    for each, member in ordered:
        steps += _light(each, name, member, len(writer.base))
        writer.add(member)
    walk = Step(
        id=name,
        kind="trees",
        of=tuple(sorted({column.source[0] for column in encoding.columns} - set(_BLOCKS))),
        settings={
            "links": _spans([member for _, member in ordered]),
            "wide": writer.wide,
            **_layout(encoding),
        },
        arrays={**_arrays(encoding), **writer.arrays()},
        files=writer.files(),
    )
    return [walk, *steps]


def _order(member: TreeMember) -> tuple[int, int, int]:
    """Return what sorts members as a runner takes them: by how they are run, one link's side by side."""
    trees, link = member.trees, _LINKS.index(member.link)
    if isinstance(trees, Symmetric):
        return 2, -link, member.n_outputs
    return int(_is_wide(trees)), link, member.n_outputs


def _is_wide(trees: Trees) -> bool:
    return bool(trees.leaves.shape[1] > 1)


class _Writer:
    """Collects members, their outputs side by side: those that a graph walks, then symmetric trees.

    ``runs`` says how the graph's lanes become outputs: [lanes, outputs, place of leaves or -1].
    """

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._graph: GraphWriter | None = None
        self._mirrored: dict[int, int] = {}
        self._arrays: dict[str, Array] = {}
        self._lanes: list[int] = []
        self._n_symmetric = 0
        self.base: list[float] = []
        self._scale: list[float] = []
        self.wide: list[list[int]] = []
        self.n_lanes = 0

    def add(self, member: TreeMember) -> None:
        """Add a member; its leaves are counted from the mean of their tree."""
        if isinstance(member.trees, Symmetric):
            offset = self._add_symmetric(member.trees)
        else:
            offset = self._add_walked(member)
        self.base += (member.base + member.scale * offset).tolist()
        self._scale += [member.scale] * member.n_outputs

    def arrays(self) -> dict[str, Array]:
        """Return the arrays of the trees' step, but for the encoding's."""
        mirrored = np.array(list(self._mirrored), dtype=np.int64)
        lanes = np.array(self._lanes, dtype=np.int64)
        own = {"scale": np.array(self._scale), "base": np.array(self.base), "mirrored": mirrored}
        return own | {"lanes": lanes} | self._arrays

    def files(self) -> dict[str, bytes]:
        """Return the graph, where there is one."""
        if self._graph is None:
            return {}
        n_columns = max(1, len(self._encoding.columns) + len(self._mirrored))
        return {GRAPH: zlib.compress(self._graph.graph(n_columns=n_columns), 1)}

    def _add_walked(self, member: TreeMember) -> Array:
        """Return what the leaves' means add to the outputs."""
        trees, n_outputs = cast("Trees", member.trees), member.n_outputs
        boosted_values = member.link in ("identity", "exp") and member.scale == 1
        order = np.argsort(trees.target, kind="stable")
        trees = replace(trees, roots=trees.roots[order], target=trees.target[order])
        shape = shape_of(trees, self._encoding, self._mirrored)
        leaves, means = _centred(trees, shape)
        offset = np.zeros(n_outputs)
        for place in range(means.shape[1]):
            np.add.at(offset, trees.target + place, means[:, place])
        self._graph = self._graph or GraphWriter()
        if leaves.shape[1] > 1:  # a lane says which leaf each tree came to
            lane, weights = np.arange(len(trees.roots)), np.arange(len(leaves))
            self.wide.append([self.n_lanes, len(lane)])
            self._arrays[f"leaves{len(self.wide) - 1}"] = np.ascontiguousarray(leaves.T, dtype=np.float32)
        else:
            size = _TREES_PER_LANE if boosted_values else len(trees.roots)
            lane, weights = _lanes(trees.target, size), leaves[:, 0]
            firsts = np.searchsorted(
                trees.target[np.flatnonzero(np.diff(lane, prepend=-1))], range(n_outputs)
            )
            self._lanes += (firsts + self.n_lanes).tolist()
        self._graph.add(shape, weights=weights, lane=lane)
        self.n_lanes += int(lane[-1]) + 1
        return offset

    def _add_symmetric(self, trees: Symmetric) -> Array:
        place_of = {column: place for place, column in enumerate(self._encoding.columns)}
        places = np.array([place_of[column] for column in trees.columns] or [0], dtype=np.int32)
        sizes = np.diff([*trees.first.tolist(), len(trees.leaves)])
        means = np.add.reduceat(trees.leaves, trees.first, axis=0) / sizes[:, np.newaxis]
        leaves = trees.leaves - np.repeat(means, sizes, axis=0)
        name = f"symmetric{self._n_symmetric}"
        self._arrays |= {
            f"{name}.column": places[trees.column],
            f"{name}.cut": whole_cuts(trees, self._encoding).astype(np.float32),
            f"{name}.first": trees.first.astype(np.int32),
            f"{name}.leaves": np.ascontiguousarray(_summable(leaves, trees.first).T),
        }
        self._n_symmetric += 1
        offset: Array = means.sum(axis=0)
        return offset


def _summable(leaves: Array, first: Array) -> Array:
    """Return leaves as float32 whose sums over trees are exact in doubles, in whatever order."""
    leaves = leaves.astype(np.float32)
    largest = np.maximum.reduceat(np.abs(leaves).max(axis=1), first).sum(dtype=np.float64)
    unit = 2.0 ** (np.ceil(np.log2(max(largest, 1e-30))) - 50)
    whole: Array = (np.round(leaves / unit) * unit).astype(np.float32)
    return whole


def _lanes(target: Array, size: int) -> Array:
    """Return (t,) the lane of each tree, of ``size`` trees; a target's follow those of the one before."""
    lanes, n_lanes = [], 0
    for n_trees in np.bincount(target).tolist():
        own = np.arange(n_trees) // size
        lanes.append(own + n_lanes)
        n_lanes += int(own[-1]) + 1
    return np.concatenate(lanes)


def _centred(trees: Trees, shape: Shape) -> tuple[Array, Array]:
    """Return the shape's (m, w) leaves less their tree's mean, and (t, w) means: small numbers round less."""
    n_trees, leaves = len(trees.roots), trees.leaves[shape.leaf]
    weight = np.maximum(trees.cover[shape.leaf], 1e-9)
    total = np.bincount(shape.leaf_tree, weight, minlength=n_trees)
    means = np.stack(
        [np.bincount(shape.leaf_tree, weight * values, minlength=n_trees) / total for values in leaves.T],
        axis=1,
    )
    return leaves - means[shape.leaf_tree], means


def _sorted(encoding: Encoding) -> Encoding:
    """Return the encoding with columns in the order that a runner lays them out."""
    numbers = sorted(encoding.cuts, key=lambda source: (source[0] != "number", source))
    plain = [Number(source) for source in numbers]
    variants = [each for each in encoding.columns if isinstance(each, Number) and each != Number(each.source)]
    variants.sort(key=lambda each: numbers.index(each.source))
    tables = [each for each in encoding.columns if isinstance(each, Table)]
    tables.sort(key=lambda each: (_BLOCKS.index(each.source[0]), each.source[1]))
    cuts = {source: encoding.cuts[source] for source in numbers}
    return Encoding(columns=(*plain, *variants, *tables), cuts=cuts, n_codes=encoding.n_codes)


def _layout(encoding: Encoding) -> dict[str, Any]:
    """Return the columns as a runner is told of them."""
    numbers = list(encoding.cuts)
    variants = [
        [numbers.index(each.source), each.missing, each.zero]
        for each in encoding.columns[len(numbers) :]
        if isinstance(each, Number)
    ]
    coded = [each.source for each in encoding.columns if isinstance(each, Table)]
    return {
        "numbers": [list(source) for source in numbers],
        "variants": variants,
        "tables": [list(source) for source in dict.fromkeys(coded)],
    }


def _arrays(encoding: Encoding) -> dict[str, Array]:
    cuts = list(encoding.cuts.values())
    arrays = {
        "cuts": np.concatenate([*cuts, np.empty(0)]),
        "n_cuts": np.array([len(each) for each in cuts], dtype=np.int64),
    }
    tables: dict[Source, list[Array]] = {}
    for column in encoding.columns:
        if isinstance(column, Table):
            tables.setdefault(column.source, []).append(padded(column, encoding.n_codes[column.source]))
    for place, parts in enumerate(tables.values()):
        block = np.stack(parts, axis=1)
        arrays[f"table{place}"] = block.astype(np.uint8 if block.max() < 256 else np.uint16)
    return arrays


def _spans(members: Sequence[TreeMember]) -> list[list[Any]]:
    """Return [link, first column, columns, outputs a member] for each run of members of one link and size."""
    spans: list[list[Any]] = []
    start = 0
    for member in members:
        last = spans[-1] if spans else None
        if last and last[0] == member.link and (member.link != "softmax" or last[3] == member.n_outputs):
            last[2] += member.n_outputs
        else:
            spans.append([member.link, start, member.n_outputs, member.n_outputs])
        start += member.n_outputs
    return [span for span in spans if span[0] != "identity"]


def _light(name: str, walk: str, member: TreeMember, start: int) -> list[Step]:
    """Return the step that picks a member's answer, and those that set it right; the last has ``name``."""
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("trees_part", {"start": start, "columns": member.n_outputs}),
    ]
    if member.off_edges:
        kinds.append(("off_edges", {}))
    if member.temperature is not None:
        kinds.append(("temperature", {"temperature": member.temperature}))
    steps: list[Step] = []
    for at, (kind, settings) in enumerate(kinds):
        own = name if at == len(kinds) - 1 else f"{name}.{kind}"
        steps.append(Step(id=own, kind=kind, of=(steps[-1].id if steps else walk,), settings=settings))
    return steps

"""The members of one level as steps: one that walks all trees, and a light one for each member."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from litmus_core.compiled import Source, Step
from litmus_core.engine._compile._tree_graph import GraphWriter
from litmus_core.engine._compile._tree_shape import Encoding, Shaper, padded, whole_cuts
from litmus_core.engine._compile._trees import Array, Number, Symmetric, Table, TreeMember, Trees

_LINKS = ("identity", "exp", "softmax", "sigmoid")
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
        settings={"links": _spans([member for _, member in ordered]), **_layout(encoding)},
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
    """Collects members, their outputs side by side: those that graphs walk, then symmetric trees."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._graphs: dict[bool, GraphWriter] = {}
        self._mirrored: dict[int, int] = {}
        self._symmetric: dict[str, Array] = {}
        self._n_symmetric = 0
        self.base: list[float] = []
        self._scale: list[float] = []

    def add(self, member: TreeMember) -> None:
        """Add a member; its leaves are counted from the mean of their tree."""
        if isinstance(member.trees, Symmetric):
            offset = self._add_symmetric(member.trees)
        else:
            offset = self._add_walked(member.trees, n_outputs=member.n_outputs)
        self.base += (member.base + member.scale * offset).tolist()
        self._scale += [member.scale] * member.n_outputs

    def arrays(self) -> dict[str, Array]:
        """Return the arrays of the trees' step, but for the encoding's."""
        mirrored = np.array(list(self._mirrored), dtype=np.int64)
        own = {"scale": np.array(self._scale), "base": np.array(self.base), "mirrored": mirrored}
        return own | self._symmetric

    def files(self) -> dict[str, bytes]:
        """Return the graphs, that of wide leaves last."""
        n_columns = max(1, len(self._encoding.columns) + len(self._mirrored))
        return {
            f"{'wide' if wide else 'narrow'}.onnx.zlib": zlib.compress(graph.graph(n_columns=n_columns), 6)
            for wide, graph in self._graphs.items()
        }

    def _add_walked(self, trees: Trees, *, n_outputs: int) -> Array:
        """Return what the leaves' means add to the outputs."""
        leaves, means = _centred(trees)
        trees, means = _small_first(trees, leaves, means)
        offset = np.zeros(n_outputs)
        width = trees.leaves.shape[1]
        for mean, target in zip(means, trees.target.tolist(), strict=True):
            offset[target : target + width] += mean
        shape = Shaper(trees, self._encoding, self._mirrored).shape()
        wide = _is_wide(trees)
        graph = self._graphs.setdefault(wide, GraphWriter(wide=wide))
        graph.add(shape, leaves=leaves, target=trees.target.tolist(), n_outputs=n_outputs)
        return offset

    def _add_symmetric(self, trees: Symmetric) -> Array:
        place_of = {column: place for place, column in enumerate(self._encoding.columns)}
        places = np.array([place_of[column] for column in trees.columns] or [0], dtype=np.int32)
        cuts = whole_cuts(trees, self._encoding)
        sizes = np.diff([*trees.first.tolist(), len(trees.leaves)])
        means = np.add.reduceat(trees.leaves, trees.first, axis=0) / sizes[:, np.newaxis]
        leaves = trees.leaves - np.repeat(means, sizes, axis=0)
        name = f"symmetric{self._n_symmetric}"
        self._symmetric |= {
            f"{name}.column": places[trees.column],
            f"{name}.cut": cuts.astype(np.float32),
            f"{name}.first": trees.first.astype(np.int32),
            f"{name}.leaves": np.ascontiguousarray(leaves.T, dtype=np.float32),
        }
        self._n_symmetric += 1
        offset: Array = means.sum(axis=0)
        return offset


def _centred(trees: Trees) -> tuple[Array, Array]:
    """Return (m, w) leaves less their tree's mean, and (t, w) means: float32 sums then stay exact enough."""
    tree_of = _tree_of_leaves(trees)
    n_trees = len(trees.roots)
    weight = np.maximum(trees.cover, 1e-9)
    total = np.bincount(tree_of, weight, minlength=n_trees)
    means = np.stack(
        [
            np.bincount(tree_of, weight * values, minlength=n_trees) / np.maximum(total, 1e-300)
            for values in trees.leaves.T
        ],
        axis=1,
    )
    return trees.leaves - means[tree_of], means


def _small_first(trees: Trees, leaves: Array, means: Array) -> tuple[Trees, Array]:
    """Return the trees whose leaves matter least first: what is added to a small sum is rounded less."""
    spread = np.zeros(len(trees.roots))
    np.maximum.at(spread, _tree_of_leaves(trees), np.abs(leaves).max(axis=1))
    order = np.argsort(spread, kind="stable")
    return replace(trees, roots=trees.roots[order], target=trees.target[order]), means[order]


def _tree_of_leaves(trees: Trees) -> Array:
    """Return (m,) which tree each leaf is of."""
    tree_of = np.zeros(len(trees.leaves), dtype=np.int64)
    left, right = trees.left.tolist(), trees.right.tolist()
    for tree, root in enumerate(trees.roots.tolist()):
        open_ = [root]
        while open_:
            at = open_.pop()
            if at < 0:
                tree_of[~at] = tree
            else:
                open_ += (left[at], right[at])
    return tree_of


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

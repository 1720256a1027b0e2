"""The members of one level as steps: one that walks all trees, and a light one for each member."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import Source, Step
from litmus_core.engine._compile._tree_graph import GraphWriter
from litmus_core.engine._compile._tree_shape import Encoding, Shaper, padded
from litmus_core.engine._compile._trees import Array, Number, Table, TreeMember, Trees

_LINKS = ("sigmoid", "softmax", "identity", "exp")
_BLOCKS = ("number", "token", "category")


def tree_steps(members: Sequence[tuple[str, TreeMember]]) -> list[Step]:
    """Return a step that answers for all ``members`` (id, model) at once, then one of each member's id.

    A member's answer is (n,) probabilities of the second class, (n, k) probabilities, or (n,) values.
    ``members`` must read features and answers of steps before, never each other.
    """
    ordered = sorted(members, key=lambda member: (_LINKS.index(member[1].link), member[1].n_outputs))
    encoding = _sorted(Encoding.of([member.trees for _, member in ordered]))
    name = f"{members[0][0]}.trees"
    n_columns = len(encoding.columns)
    mirrored: dict[int, int] = {}
    graph = GraphWriter()
    scale: list[float] = []
    base: list[float] = []
    steps: list[Step] = []
    for each, member in ordered:
        offset = _write(graph, member, encoding, mirrored)
        start = len(base)
        base += (member.base + member.scale * offset).tolist()
        scale += [member.scale] * member.n_outputs
        steps += _light(each, name, member, start)
    spans = _spans([member for _, member in ordered])
    walk = Step(
        id=name,
        kind="trees",
        of=tuple(sorted({source[0] for source in _sources(encoding)} - set(_BLOCKS))),
        settings={"links": spans, **_layout(encoding)},
        arrays={"mirrored": np.array(list(mirrored), dtype=np.int64), "scale": np.array(scale), "base": np.array(base), **_arrays(encoding)},
        files={"onnx.zlib": zlib.compress(graph.graph(n_columns=max(1, n_columns + len(mirrored))), 6)},
    )
    return [walk, *steps]


def _write(
    graph: GraphWriter, member: TreeMember, encoding: Encoding, mirrored: dict[int, int]
) -> Array:
    """Write a member's trees, their leaves counted from each tree's mean; return the sum of the means.

    Columns whose negatives it reads are added to ``mirrored``, with the place of the negative.
    """
    trees = member.trees
    shape = Shaper(trees, encoding, mirrored).shape()
    leaves, means = _centred(trees)
    offset = np.zeros(member.n_outputs)
    width = trees.leaves.shape[1]
    for mean, target in zip(means, trees.target.tolist(), strict=True):
        offset[target : target + width] += mean
    graph.add(shape, leaves=leaves, target=trees.target.tolist(), n_outputs=member.n_outputs)
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
    variants = [
        each for each in encoding.columns if isinstance(each, Number) and each != Number(each.source)
    ]
    variants.sort(key=lambda each: numbers.index(each.source))
    tables = [each for each in encoding.columns if isinstance(each, Table)]
    tables.sort(key=lambda each: (_BLOCKS.index(each.source[0]), each.source[1]))
    cuts = {source: encoding.cuts[source] for source in numbers}
    return Encoding(columns=(*plain, *variants, *tables), cuts=cuts, n_codes=encoding.n_codes)


def _sources(encoding: Encoding) -> list[Source]:
    return [column.source for column in encoding.columns]


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

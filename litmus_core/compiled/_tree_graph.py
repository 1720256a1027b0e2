"""Large trees, evaluated by one ONNX Runtime graph over whole numbers, which float32 holds exactly."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from litmus_core.compiled._native import NativeFacts, check_within, field

Array = np.ndarray[Any, Any]
GRAPH = "trees.onnx.zlib"
_OUTPUT = ["y"]
_MANY = 10_000
COLUMN_BITS = 14  # COLUMN_BITS of rows.c


class TreeGraph:
    """Sums of all trees' leaves by output; trees with one value a leaf come before those with several.

    ``settings["columns"]`` say what the graph reads: [axis, whether negative, columns of a number]. A
    number's column is its rank, except for missing values and zeros: [missing, rank of zero or None, zero].
    Any other column has an entry for each rank, one after the other in ``arrays["entries"]``, and None here.
    ``lanes`` are the first of the graph's outputs that add up to one of ours. ``settings["wide"]`` [[first
    lane, trees], ...] give the leaf that each tree reached; its values are in ``leaves<i>`` (k, m), in
    doubles where the model's own library adds up doubles.
    """

    def __init__(
        self, settings: Mapping[str, Any], arrays: Mapping[str, Array], graph: bytes, n_ranks: Array
    ) -> None:
        self._graph = graph
        self._arrays = arrays
        self._outputs: list[int] = settings.get("outputs", [])
        self._axis: Array = np.array([axis for axis, _, _ in settings["columns"]], dtype=np.intp)
        self._tables = _tables(settings["columns"], arrays["entries"], n_ranks.tolist())
        sizes = [table.size for table in self._tables]
        self._start: Array = np.cumsum(sizes, dtype=np.intp) - np.array(sizes, dtype=np.intp)
        self._flat = np.concatenate(self._tables)
        self._tables = np.split(self._flat, self._start[1:])
        self._lanes = arrays["lanes"].astype(np.intp)
        self._wide = [
            (slice(start, start + n_trees), np.ascontiguousarray(arrays[f"leaves{at}"].T))
            for at, (start, n_trees) in enumerate(settings["wide"])
        ]
        self._n_narrow = self._wide[0][0].start if self._wide else None

    def facts(self, n_ranks: Sequence[int]) -> NativeFacts | None:
        """Return what machine code needs to evaluate the trees; None if it cannot."""
        if not self._outputs:
            return None
        firsts = np.cumsum([0, *self._outputs]).tolist()
        check_within(self._outputs, 2**31)
        check_within(self._axis, len(n_ranks))
        check_within(self._start + np.array(n_ranks)[self._axis], self._flat.size + 1)
        packed = [self._pack_member(at) for at in range(len(self._outputs))]
        for tree, first in zip(packed, firsts, strict=False):
            tree.check(self._axis.size, n_outputs=firsts[-1] - first - tree.leaves.shape[1] + 1)
        members = [
            (part.roots.size, part.leaves.shape[1], first)
            for part, first in zip(packed, firsts, strict=False)
        ]
        n_columns = self._axis.size
        return NativeFacts(
            len(n_ranks),
            n_columns + 1,
            len(members),
            field(self._axis, np.int64, n_columns),
            field(self._start, np.int64, n_columns),
            field(self._flat, np.int32, self._flat.size),
            field(members, np.int64, len(members), 3),
            [part.nodes for part in packed],
            [part.roots for part in packed],
            [part.target for part in packed],
            [part.leaves for part in packed],
            np.array([part.leaves.dtype == np.float64 for part in packed], dtype=np.int64),
        )

    def _pack_member(self, at: int) -> _PackedTrees:
        """Return a member's trees; those with one value a leaf come first."""
        n_narrow = len(self._outputs) - len(self._wide)
        wide = None if at < n_narrow else self._wide[at - n_narrow][1]
        return _PackedTrees.of(self._arrays, at, wide)

    @property
    def n_columns(self) -> int:
        """The number of columns that trees compare."""
        return self._axis.size

    @property
    def n_outputs(self) -> int:
        """The number of sums; 0 if machine code cannot evaluate the trees."""
        return sum(self._outputs)

    @cached_property
    def _session(self) -> Any:
        return _session(zlib.decompress(self._graph))

    @property
    def n_leaves(self) -> int:
        """The number of leaves looked up for a row: large trees are always worth a thread."""
        return _MANY

    def sum_few_rows(self, ranks: Array) -> Array:
        """Return (n, outputs) sums for (n, axes) ranks of few rows."""
        return self._run_graph(self._flat.take(ranks.take(self._axis, axis=1) + self._start))

    def sum_many_rows(self, ranks: Sequence[Array]) -> Array:
        """Return (n, outputs) sums for (n,) ranks of each axis."""
        values = np.empty((len(ranks[0]), self._axis.size), dtype=np.float32)
        for at, (axis, table) in enumerate(zip(self._axis.tolist(), self._tables, strict=True)):
            values[:, at] = table.take(ranks[axis])
        return self._run_graph(values)

    def _run_graph(self, values: Array) -> Array:
        (lanes,) = self._session.run(_OUTPUT, {"x": values})
        sums: list[Array] = []
        if self._lanes.size:
            narrow = lanes[:, : self._n_narrow].astype(np.float64)
            sums.append(np.add.reduceat(narrow, self._lanes, axis=1))
        for trees, leaves in self._wide:
            leaf = lanes[:, trees].astype(np.intp)
            sums.append(np.ones(leaf.shape[1]) @ leaves.take(leaf, axis=0).astype(np.float64, copy=False))
        return np.concatenate(sums, axis=1) if len(sums) > 1 else sums[0]


@dataclass(frozen=True, slots=True, eq=False)
class _PackedTrees:
    """A member's trees as machine code reads them: see ``Node`` and ``Walk`` in rows.c."""

    nodes: Array
    roots: Array
    target: Array
    leaves: Array  # (leaves, values)

    @classmethod
    def of(cls, arrays: Mapping[str, Array], at: int, wide: Array | None) -> _PackedTrees:
        """Return the packed trees of the member at ``at``; raises BundleError for invalid shapes."""
        nodes, roots = arrays[f"nodes{at}"], arrays[f"roots{at}"]
        leaves = arrays[f"values{at}"].reshape(-1, 1) if wide is None else wide
        check_within(leaves.ndim, 3, start=2)
        return cls(
            field(nodes, np.int32, len(nodes), 2),
            field(roots, np.int32, roots.size),
            field(arrays[f"target{at}"], np.int32, roots.size),
            field(leaves, np.float64 if leaves.dtype == np.float64 else np.float32, *leaves.shape),
        )

    def check(self, n_columns: int, *, n_outputs: int) -> None:
        """Raise BundleError for a node, column, leaf or output that does not exist."""
        cut, to = self.nodes[:, 0], self.nodes[:, 1].astype(np.uint32)
        column, far = to & (2**COLUMN_BITS - 1), (to >> COLUMN_BITS).astype(np.int64)
        is_leaf, place = column == 0, np.arange(len(cut))
        check_within(column, n_columns + 1)
        check_within(far[is_leaf], 1)
        check_within(cut[is_leaf], len(self.leaves))
        check_within(far[~is_leaf], 2**32, start=1)
        check_within((place + far)[~is_leaf], len(cut))
        check_within(self.roots, len(cut))
        check_within(self.target, n_outputs)


def _tables(columns: Sequence[Any], entries: Array, n_ranks: Sequence[int]) -> list[Array]:
    """Return each column's values by the rank on its axis."""
    tables: list[Array] = []
    n_used = 0
    for axis, negative, number in columns:
        size = n_ranks[axis]
        if number is None:
            table = entries[n_used : n_used + size].astype(np.float32)
            n_used += size
        else:
            missing, zero_rank, zero = number
            table = np.arange(size, dtype=np.float32)
            table[-1] = missing
            if zero_rank is not None:
                table[zero_rank] = zero
        tables.append(-table if negative else table)
    return tables


def _session(graph: bytes) -> Any:
    """Return a session that runs in the calling thread only."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

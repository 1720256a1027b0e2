"""Large trees, walked by one graph of ONNX Runtime over whole numbers, which float32 holds exactly."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
GRAPH = "trees.onnx.zlib"
_OUTPUT = ["y"]
_MANY = 10_000


class TreeGraph:
    """Sums of leaves of all trees by output, those of one value a leaf before those of several.

    ``settings["columns"]`` say what the graph reads: [axis, whether negative, what is told of a number].
    A number's column is its rank, but for missing ones and zeros: [missing, rank of zero or None, zero]. Any
    other column has an entry for each rank, one after the other in ``arrays["entries"]``, and is told None.
    ``lanes`` are the first of the graph's outputs that add up to one of ours. ``settings["wide"]`` [[first
    lane, trees], ...] tell which leaf each tree came to, whose values are in ``leaves<i>`` (k, m).
    """

    def __init__(
        self, settings: Mapping[str, Any], arrays: Mapping[str, Array], graph: bytes, n_ranks: Array
    ) -> None:
        self._session = _session(zlib.decompress(graph))
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

    @property
    def n_leaves(self) -> int:
        """How many leaves are looked up of a row: large trees are always worth a thread."""
        return _MANY

    def few(self, ranks: Array) -> Array:
        """Return (n, outputs) sums for (n, axes) ranks of few rows."""
        return self._walked(self._flat.take(ranks.take(self._axis, axis=1) + self._start))

    def many(self, ranks: Sequence[Array]) -> Array:
        """Return (n, outputs) sums for (n,) ranks of each axis."""
        told = np.empty((len(ranks[0]), self._axis.size), dtype=np.float32)
        for at, (axis, table) in enumerate(zip(self._axis.tolist(), self._tables, strict=True)):
            told[:, at] = table.take(ranks[axis])
        return self._walked(told)

    def _walked(self, told: Array) -> Array:
        (lanes,) = self._session.run(_OUTPUT, {"x": told})
        sums: list[Array] = []
        if self._lanes.size:
            narrow = lanes[:, : self._n_narrow].astype(np.float64)
            sums.append(np.add.reduceat(narrow, self._lanes, axis=1))
        for trees, leaves in self._wide:
            leaf = lanes[:, trees].astype(np.intp)
            sums.append(np.ones(leaf.shape[1]) @ leaves.take(leaf, axis=0).astype(np.float64))
        return np.concatenate(sums, axis=1) if len(sums) > 1 else sums[0]


def _tables(columns: Sequence[Any], entries: Array, n_ranks: Sequence[int]) -> list[Array]:
    """Return what each column is by its axis's rank."""
    tables: list[Array] = []
    taken = 0
    for axis, negative, number in columns:
        size = n_ranks[axis]
        if number is None:
            table = entries[taken : taken + size].astype(np.float32)
            taken += size
        else:
            missing, zero_rank, zero = number
            table = np.arange(size, dtype=np.float32)
            table[-1] = missing
            if zero_rank is not None:
                table[zero_rank] = zero
        tables.append(-table if negative else table)
    return tables


def _session(graph: bytes) -> Any:
    """Return a session that works in the calling thread alone."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

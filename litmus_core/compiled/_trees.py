"""Trees of several models at once: every input becomes a small whole number, one graph walks all trees."""

from __future__ import annotations

import os
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np

from litmus_core.compiled._plan import Step
from litmus_core.compiled._trees_symmetric import SymmetricTrees
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
_FEW_ROWS, _CHUNK_ROWS = 64, 4_000  # what one thread looks up at a time
_CHUNK_CELLS = 400_000  # and what it walks, so that it stays in its cache
_GRAPH = "trees.onnx.zlib"
_OUTPUT = ["y"]


class TreesWalk:
    """Answers (n, outputs) float32: all members' outputs side by side, after their links.

    A number becomes its rank: how many of its column's ``cuts`` lie below it. ``variants`` of a rank put
    missing numbers (and zeros) below or above all others. A code becomes its row of a table. Behind all
    these columns come their negatives. The graph compares whole numbers, which float32 holds exactly.
    """

    def __init__(self, step: Step) -> None:
        self._encoder = _Encoder(step)
        graph = step.files.get(_GRAPH)
        self._session = None if graph is None else _session(zlib.decompress(graph))
        self._lanes = step.arrays["lanes"].astype(np.intp)
        self._wide = [
            (slice(start, start + n_trees), list(step.arrays[f"leaves{at}"]))
            for at, (start, n_trees) in enumerate(step.settings["wide"])
        ]
        self._n_narrow = self._wide[0][0].start if self._wide else None
        n_symmetric = sum(name.endswith(".leaves") for name in step.arrays)
        self._symmetric = [SymmetricTrees(step.arrays, f"symmetric{at}") for at in range(n_symmetric)]
        self._scale = np.asarray(step.arrays["scale"], dtype=np.float64)
        self._base = np.asarray(step.arrays["base"], dtype=np.float64)
        self._links = [
            (_LINKS[link], slice(start, start + columns), size)
            for link, start, columns, size in step.settings["links"]
        ]

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return all members' outputs; many rows are shared out among the processors."""
        n_rows = features.n_rows
        if n_rows == 1:
            return self._linked(self._encoder.row(features, answers))
        if n_rows <= _FEW_ROWS:
            return self._linked(self._encoder.rows(features, answers))

        def chunk(start: int) -> Array:
            stop = start + _CHUNK_ROWS
            own = {name: answers[name][start:stop] for name in self._encoder.reads}
            return self._many(features.rows(start, stop), own)

        if n_rows <= _CHUNK_ROWS:
            return chunk(0)
        return np.concatenate(list(_threads().map(chunk, range(0, n_rows, _CHUNK_ROWS))))

    def _linked(self, encoded: Array) -> Array:
        sums = self._walked(encoded)
        for each in self._symmetric:
            sums += each.sums(encoded)
        return self._link(sums)

    def _many(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the outputs of many rows: some at a time are encoded and walk, all are looked up at once."""
        walked: list[list[Array]] = []
        asked: list[list[Array]] = [[] for _ in self._symmetric]
        size = self._encoder.chunk_rows
        for start in range(0, features.n_rows, size):
            own = {name: answer[start : start + size] for name, answer in answers.items()}
            encoded = self._encoder.rows(features.rows(start, min(start + size, features.n_rows)), own)
            walked.append(self._walked(encoded))
            for each, parts in zip(self._symmetric, asked, strict=True):
                parts.append(each.asked(encoded))
        sums = [np.concatenate(parts) for parts in zip(*walked, strict=True)]
        for each, parts in zip(self._symmetric, asked, strict=True):
            sums += each.sums_of_many(np.concatenate(parts))
        return self._link(sums)

    def _walked(self, encoded: Array) -> list[Array]:
        sums: list[Array] = []
        if self._session is not None:
            (lanes,) = self._session.run(_OUTPUT, {"x": encoded})
            if self._lanes.size:
                narrow = lanes[:, : self._n_narrow].astype(np.float64)
                sums.append(np.add.reduceat(narrow, self._lanes, axis=1))
            for trees, leaves in self._wide:
                leaf = lanes[:, trees].astype(np.intp)
                each = [own.take(leaf).sum(axis=1, dtype=np.float64) for own in leaves]
                sums.append(np.stack(each, axis=1))
        return sums

    def _link(self, sums: Sequence[Array]) -> Array:
        margins = (np.concatenate(sums, axis=1) if len(sums) > 1 else sums[0]) * self._scale
        margins += self._base
        for link, columns, size in self._links:
            margins[:, columns] = link(margins[:, columns], size)
        return margins.astype(np.float32)


class TreesPart:
    """One member's answer: ``settings["columns"]`` columns from ``start`` on; (n,) where it is one."""

    def __init__(self, step: Step) -> None:
        (self._of,) = step.of
        start, columns = step.settings["start"], step.settings["columns"]
        self._columns: Any = start if columns == 1 else slice(start, start + columns)

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the columns."""
        picked: Array = answers[self._of][:, self._columns]
        return picked


class _Encoder:
    def __init__(self, step: Step) -> None:
        self.reads = step.of
        settings, arrays = step.settings, step.arrays
        ends = np.cumsum(arrays["n_cuts"]).tolist()
        self._sources: list[tuple[str, int]] = [(block, place) for block, place in settings["numbers"]]
        self._places = [place for block, place in self._sources if block == "number"]
        self._answered = [source for source in self._sources if source[0] != "number"]
        self._cuts = [arrays["cuts"][start:end] for start, end in zip([0, *ends], ends, strict=False)]
        self._lists = [array("d", cuts) for cuts in self._cuts]
        self._pick = _picker(self._places)
        n_numbers = len(self._cuts)
        self._of_variants = _picker([number for number, _, _ in settings["variants"]])
        self._variants = [
            (n_numbers + at, number, _rank(missing, self._lists[number]), _rank(zero, self._lists[number]))
            for at, (number, missing, zero) in enumerate(settings["variants"])
        ]
        self._ranked = n_numbers + len(self._variants)
        self._lay_tables(settings["tables"], arrays)
        self.chunk_rows = min(_CHUNK_ROWS, max(100, _CHUNK_CELLS // self.width))

    def _lay_tables(self, sources: Sequence[Any], arrays: Mapping[str, Array]) -> None:
        self._tables: list[tuple[int, Array, int, slice]] = []  # place, table, last code, columns
        self._tokens: list[tuple[int, Array, slice]] = []
        column = self._ranked
        for at, (block, place) in enumerate(sources):
            table = arrays[f"table{at}"]
            columns = slice(column, column + table.shape[1])
            column = columns.stop
            if block == "token":
                self._tokens.append((place, table, columns))
            else:
                self._tables.append((place, table, len(table) - 1, columns))
        self.n_columns = column
        self._mirrored = arrays["mirrored"].astype(np.intp)
        self.width = max(1, column + self._mirrored.size)
        self._plain_tokens()

    def _plain_tokens(self) -> None:
        """Lay out 0/1 columns at once: x or 1 - x."""
        places = [place for place, table, _ in self._tokens for _ in range(table.shape[1])]
        flags = [entry for _, table, _ in self._tokens for entry in table[0].tolist()]
        self._token_places = np.array(places, dtype=np.intp)
        self._token_flips = np.array(flags, dtype=np.uint8)
        self._token_columns = slice(self._ranked, self._ranked + len(places))

    def row(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return (1, width) of one row, by the quickest way that Python has."""
        encoded = np.empty((1, self.width), dtype=np.float32)
        row = encoded[0]
        if self._ranked:
            values = self._pick(features.numbers[0].tolist())
            if self._answered:
                values = [*values, *(_float32(answers[name], 0, at).item() for name, at in self._answered)]
            ranks = list(map(bisect_left, self._lists, values))
            ranks += self._of_variants(ranks)
            for column, number, missing, zero in self._variants:
                value = values[number]
                if value != value:
                    ranks[column] = missing
                elif zero is not None and value == 0.0:
                    ranks[column] = zero
            row[: self._ranked] = ranks
        if self._token_places.size:
            row[self._token_columns] = features.tokens[0].take(self._token_places) ^ self._token_flips
        if self._tables:
            codes = features.categories[0].tolist()
            for place, table, last, columns in self._tables:
                code = codes[place]
                row[columns] = table[code if code < last else last]
        n_columns = self.n_columns
        np.negative(row.take(self._mirrored), out=row[n_columns : n_columns + self._mirrored.size])
        return encoded

    def rows(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return (n, width) of many rows."""
        encoded = np.empty((features.n_rows, self.width), dtype=np.float32)
        doubles: list[Array] = []
        for at, (block, place) in enumerate(self._sources):
            values = (
                features.numbers[:, place]
                if block == "number"
                else _float32(answers[block], slice(None), place).astype(np.float64)
            )
            encoded[:, at] = np.searchsorted(self._cuts[at], values)
            encoded[np.isnan(values), at] = 0
            doubles.append(values)
        for column, number, missing, zero in self._variants:
            values = doubles[number]
            encoded[:, column] = encoded[:, number]
            encoded[np.isnan(values), column] = missing
            if zero is not None:
                encoded[values == 0.0, column] = zero
        if self._token_places.size:
            tokens = features.tokens.take(self._token_places, axis=1)
            encoded[:, self._token_columns] = tokens ^ self._token_flips
        for place, table, last, columns in self._tables:
            encoded[:, columns] = table[np.minimum(features.categories[:, place], last)]
        mirrored = slice(self.n_columns, self.n_columns + self._mirrored.size)
        np.negative(encoded.take(self._mirrored, axis=1), out=encoded[:, mirrored])
        return encoded


def _float32(answer: Array, row: Any, column: int) -> Array:
    """Return an earlier step's answer in the precision in which AutoGluon passes it on."""
    picked = answer[row] if answer.ndim == 1 else answer[row, column]
    return np.asarray(picked, dtype=np.float32)


def _rank(side: str | None, cuts: Sequence[float]) -> Any:
    return None if side is None else 0 if side == "low" else len(cuts)


def _picker(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what picks ``places`` of a list."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: [values[place] for place in places]


def _sigmoid(margins: Array, size: int) -> Array:
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-margins))


def _softmax(margins: Array, size: int) -> Array:
    members = margins.reshape(len(margins), -1, size)
    raised = np.exp(members - members.max(axis=2, keepdims=True))
    raised /= raised.sum(axis=2, keepdims=True)
    shares: Array = raised.reshape(margins.shape)
    return shares


def _exp(margins: Array, size: int) -> Array:
    return np.exp(margins)


_LINKS: dict[str, Callable[[Array, int], Array]] = {"sigmoid": _sigmoid, "softmax": _softmax, "exp": _exp}


def _session(graph: bytes) -> Any:
    """Return a session that works in the calling thread alone."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Return as many threads as this process may use processors."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ThreadPoolExecutor(usable, thread_name_prefix="litmus-trees")

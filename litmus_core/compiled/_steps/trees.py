"""Trees of several models together: ranks, tables for small trees, a graph for large ones, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, reduce
from operator import add
from typing import Any

import numpy as np

from litmus_core.cluster import n_threads
from litmus_core.compiled._native import Function, NativeFacts, check_within, field, function
from litmus_core.compiled._plan import PlanStep
from litmus_core.compiled._tree_graph import GRAPH, TreeGraph
from litmus_core.compiled._tree_inputs import TreeInputs
from litmus_core.compiled._tree_tables import TreeTables
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
_FAR = 700.0  # beyond it exp() overflows a double
_FEW_ROWS, _CHUNK_ROWS = 8, 500  # looked up together, to stay in the processor's cache
_ROWS = 64  # ROWS of rows.c
_PAIRS = 8  # from this many on NumPy no longer adds in sequence
_THREADS_FROM = 100_000  # leaves; fewer are looked up before a thread has started


class AllTrees:
    """Outputs (n, outputs): all members' outputs side by side, after their links.

    In float32, unless ``settings["in_doubles"]``: models that read them may cut them anywhere.

    First the outputs of members looked up in tables, then of those walked. ``arrays`` and ``settings`` are
    those of :class:`TreeInputs`; with the prefix ``tables.`` or ``walk.`` those of :class:`TreeTables` and
    :class:`TreeGraph`; ``scale`` and ``base`` (outputs,); ``links`` [[link, first output, outputs, outputs a
    member], ...].
    """

    def __init__(self, step: PlanStep) -> None:
        self._reads = step.of
        self._inputs = TreeInputs(step.settings, step.arrays)
        n_ranks = self._inputs.n_ranks
        self._parts: list[TreeTables | TreeGraph] = []
        if "tables" in step.settings:
            self._parts.append(TreeTables(step.settings["tables"], _part_arrays(step, "tables"), n_ranks))
        if GRAPH in step.files:
            self._parts.append(
                TreeGraph(step.settings["walk"], _part_arrays(step, "walk"), step.files[GRAPH], n_ranks)
            )
        self._n_leaves = sum(part.n_leaves for part in self._parts)
        self._scale = np.asarray(step.arrays["scale"], dtype=np.float64)
        self._base = np.asarray(step.arrays["base"], dtype=np.float64)
        self._linear = list(zip(self._scale.tolist(), self._base.tolist(), strict=True))
        self._dtype = np.float64 if step.settings.get("in_doubles") else np.float32
        spans = step.settings["links"]
        self._check(spans)
        self._shares = [
            place
            for link, start, columns, _ in spans
            if link == "sigmoid"
            for place in range(start, start + columns)
        ]
        self._members = [
            slice(place, place + size)
            for link, start, columns, size in spans
            if link == "softmax"
            for place in range(start, start + columns, size)
        ]
        self._plain = all(
            link == "sigmoid" or (link == "softmax" and size < _PAIRS) for link, *_, size in spans
        )
        self._links = [
            (_LINKS[link], slice(start, start + columns), size) for link, start, columns, size in spans
        ]
        self._native = self._machine_code(spans)

    def _check(self, spans: Sequence[Sequence[Any]]) -> None:
        """Raise ValueError if a link names outputs that no member has, before memory is allocated."""
        n_outputs = sum(part.n_outputs for part in self._parts)
        for link, first, columns, size in spans:
            check_within(size, 2**31, start=1)
            check_within([first, first + columns - 1], n_outputs)
            check_within(columns % size if link == "softmax" else 0, 1)

    def _machine_code(self, spans: Sequence[Sequence[Any]]) -> Function | None:
        """Return the machine code for all of this, if there is a build."""
        n_ranks = self._inputs.n_ranks.tolist()
        parts = {
            type(part): part.facts() if isinstance(part, TreeTables) else part.facts(n_ranks)
            for part in self._parts
        }
        if None in parts.values():
            return None
        tables = next((part for part in self._parts if isinstance(part, TreeTables)), None)
        walked = sum(part.n_outputs for part in self._parts)
        links = [(list(_LINKS).index(link), *span) for link, *span in spans]
        facts = NativeFacts(
            self._inputs.facts(),
            parts.get(TreeTables),
            parts.get(TreeGraph),
            tables.n_outputs if tables else 0,
            walked,
            len(links),
            int(self._dtype is np.float64),
            field(self._scale, np.float64, walked),
            field(self._base, np.float64, walked),
            np.array(links, dtype=np.int64),
        )
        n_axes = self._inputs.n_ranks.size
        n_scratch = max(
            3 * n_axes + part.n_singles + 1 if isinstance(part, TreeTables) else part.n_columns + 1
            for part in self._parts
        )
        return function(
            "litmus_trees",
            facts,
            n_outputs=walked,
            n_scratch=_ROWS * (walked + n_axes + n_scratch),
            dtype=self._dtype,
            reads=self._inputs.widths(),
            n_answers=self._inputs.n_answered,
        )

    def run(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return all members' outputs; much work is divided among the processors."""
        n_rows = features.n_rows
        if self._native is not None and n_rows <= _CHUNK_ROWS:
            return self._native(features, self._inputs.outputs_read(predictions))
        if n_rows <= _FEW_ROWS:
            ranks = self._inputs.rank_few_rows(features, predictions)
            sums = [part.sum_few_rows(ranks) for part in self._parts]
            return self._apply_links_to_row(sums) if n_rows == 1 and self._plain else self._apply_links(sums)

        def chunk(start: int) -> Array:
            stop = start + _CHUNK_ROWS
            chunk_outputs = {name: predictions[name][start:stop] for name in self._reads}
            if self._native is not None:
                return self._native(features.rows(start, stop), self._inputs.outputs_read(chunk_outputs))
            ranks = self._inputs.rank_many_rows(features.rows(start, stop), chunk_outputs)
            return self._apply_links([part.sum_many_rows(ranks) for part in self._parts])

        if n_rows <= _CHUNK_ROWS:
            return chunk(0)
        spread = map if n_rows * self._n_leaves < _THREADS_FROM else _threads().map
        return np.concatenate(list(spread(chunk, range(0, n_rows, _CHUNK_ROWS))))

    def _apply_links(self, sums: list[Array]) -> Array:
        margins = (np.concatenate(sums, axis=1) if len(sums) > 1 else sums[0]) * self._scale
        margins += self._base
        for link, columns, size in self._links:
            margins[:, columns] = link(margins[:, columns], size)
        return margins.astype(self._dtype)

    def _apply_links_to_row(self, sums: list[Array]) -> Array:
        """Return one row's outputs mostly without arrays: a NumPy call takes as long as 20 products."""
        (margins,) = sums[0].tolist()
        for more in sums[1:]:
            margins += more[0].tolist()
        margins = [margin * scale + base for margin, (scale, base) in zip(margins, self._linear, strict=True)]
        powers = [-max(margins[place], -_FAR) for place in self._shares]
        for member in self._members:
            most = max(margins[member])
            powers += [margin - most for margin in margins[member]]
        raised: list[float] = np.exp(powers).tolist() if powers else []
        for place, power in zip(self._shares, raised, strict=False):
            margins[place] = 1.0 / (1.0 + power)
        at = len(self._shares)
        for member in self._members:
            slice_of = raised[at : at + member.stop - member.start]
            total = reduce(add, slice_of)  # in NumPy's order: sum() of newer Pythons compensates rounding
            margins[member] = [margin / total for margin in slice_of]
            at += len(slice_of)
        return np.array([margins], dtype=self._dtype)


def _part_arrays(step: PlanStep, part: str) -> dict[str, Array]:
    return {
        name.split(".", 1)[1]: array for name, array in step.arrays.items() if name.startswith(f"{part}.")
    }


def _sigmoid(margins: Array, size: int) -> Array:
    return 1.0 / (1.0 + np.exp(-np.maximum(margins, -_FAR)))


def _softmax(margins: Array, size: int) -> Array:
    members = margins.reshape(len(margins), -1, size)
    raised = np.exp(members - members.max(axis=2, keepdims=True))
    raised /= raised.sum(axis=2, keepdims=True)
    shares: Array = raised.reshape(margins.shape)
    return shares


def _exp(margins: Array, size: int) -> Array:
    return np.exp(margins)


_LINKS: dict[str, Callable[[Array, int], Array]] = {"sigmoid": _sigmoid, "softmax": _softmax, "exp": _exp}


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Return a pool with one thread for each processor that this process may use."""
    return ThreadPoolExecutor(n_threads(), thread_name_prefix="litmus-trees")


RUNNER = AllTrees

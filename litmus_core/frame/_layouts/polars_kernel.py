"""Hand runs of text operations to a kernel that computes all of them in one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from litmus_core.frame._graph import Graph
from litmus_core.frame._layouts.polars_values import PolarsValues

LEAST_STEPS = 2  # fewer are not worth converting to Arrow and back
_PIECE_ROWS = 20_000  # for each thread


class TextKernel(Protocol):
    """Computes graphs from text columns to texts and numbers."""

    def why_not(self, graph: Graph) -> str | None:
        """Return why it does not accept ``graph``; None if it does."""
        ...

    def compile_chain(self, graph: Graph) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """Return ``graph`` as a function of Arrow arrays by the sources' names.

        Outputs are Arrow arrays for texts, and the columns layout's values for others. Several threads may
        call it.
        """
        ...


class InKernel:
    """The steps at ``places``, computed by a kernel; large frames in pieces, one for each Polars thread."""

    def __init__(self, graph: Graph, places: list[int], kernel: TextKernel) -> None:
        self.places = places
        n_sources = len(graph.sources)
        inner = set(places)
        others = [step for at, step in enumerate(graph.steps, n_sources) if at not in inner]
        uses = {operand for step in others for operand in step.inputs}
        self._made = [place for place in places if place in uses or place in graph.outputs]
        self._takes = sorted(
            {
                operand
                for place in places
                for operand in graph.steps[place - n_sources].inputs
                if operand < n_sources
            }
        )
        self._names = [graph.sources[place].name for place in self._takes]
        moved = {place: at for at, place in enumerate([*self._takes, *places])}
        steps = [
            step.at([moved[operand] for operand in step.inputs])
            for step in (graph.steps[place - n_sources] for place in places)
        ]
        self._run = kernel.compile_chain(
            Graph(
                sources=tuple(graph.sources[place] for place in self._takes),
                steps=tuple(steps),
                outputs=tuple(moved[place] for place in self._made),
            )
        )

    def run(self, values: PolarsValues) -> None:
        """Compute the steps and store what others need in ``values``."""
        import polars as pl

        texts = [values.series(place) for place in self._takes]
        n_pieces = max(1, min(pl.thread_pool_size(), values.n_rows // _PIECE_ROWS))
        if n_pieces == 1:
            results = [self._piece(texts)]
        else:
            size = -(-values.n_rows // n_pieces)
            pieces = [[text.slice(at * size, size) for text in texts] for at in range(n_pieces)]
            with ThreadPoolExecutor(n_pieces) as threads:
                results = list(threads.map(self._piece, pieces))
        for place, parts in zip(self._made, zip(*results, strict=True), strict=True):
            if isinstance(parts[0], np.ndarray):
                values.take(place, np.concatenate(parts) if len(parts) > 1 else parts[0])
            else:
                series = [pl.Series(part, dtype=pl.String) for part in parts]
                values.take(place, pl.concat(series) if len(parts) > 1 else series[0])

    def _piece(self, texts: Sequence[Any]) -> tuple[Any, ...]:
        oldest = _oldest()
        arrays = [text.to_arrow(compat_level=oldest) for text in texts]
        return self._run(dict(zip(self._names, arrays, strict=True)))


def in_kernel(graph: Graph, kernel: TextKernel) -> InKernel | None:
    """Return the steps that ``kernel`` accepts, on columns or its own results; None if too few."""
    n_sources = len(graph.sources)
    texts = {at for at, source in enumerate(graph.sources) if source.dtype == "text"}
    places = []
    for place, step in enumerate(graph.steps, start=n_sources):
        if step.inputs and texts.issuperset(step.inputs) and kernel.why_not(graph.only(place)) is None:
            places.append(place)
            if step.operation.gives == "text":
                texts.add(place)
    return InKernel(graph, places, kernel) if len(places) >= LEAST_STEPS else None


@lru_cache(maxsize=1)
def has_kernel() -> bool:
    """Return whether the kernel's compiler is installed, without loading it."""
    return find_spec("llvmlite") is not None


def text_kernel() -> TextKernel:
    """Return Litmus' kernel; if it cannot run, it accepts nothing."""
    from litmus_core.frame import _kernel

    return _kernel


def _oldest() -> Any:
    import polars as pl

    return pl.CompatLevel.oldest()

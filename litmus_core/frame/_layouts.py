"""Layouts: ways to run a graph. Each compiles it once, and all give the same values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, Protocol

from litmus_core.frame._graph import Graph

# By source: what turns a raw value (record) or a raw column (others) into one of the source's type.
Readers = Mapping[str, Callable[[Any], Any]]
Compiled = Callable[[Any], tuple[Any, ...]]


class Layout(Protocol):
    """A way to hold rows and compute on them.

    ``compile`` returns a function from rows, in the form that the layout has, to the graph's outputs in
    their order. It holds no state that changes: several threads may call it at once. What a reader raises
    passes through, as does KeyError for a source that the rows do not have.
    """

    name: str

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return ``graph`` as a function of rows; ``read`` has a reader for each source."""
        ...


class RecordLayout:
    """One row as a dict: the graph becomes the source of one Python function.

    Only the registry's expressions become source. Whatever a user or a data set said (names, words,
    numbers) is bound to a name that is made here.
    """

    name = "record"

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return a function from one row (name to raw value) to its values."""
        constants: dict[str, Any] = {}

        def bind(value: Any) -> str:
            name = f"c{len(constants)}"
            constants[name] = value
            return name

        lines = ["def compute(row):"]
        for place, each in enumerate(graph.sources):
            lines.append(f"    v{place} = {bind(read[each.name])}(row[{bind(each.name)}])")
        for place, step in enumerate(graph.steps, start=len(graph.sources)):
            bound = {name: bind(value) for name, value in step.operation.bind(**step.settings).items()}
            code = step.operation.record.format(*(f"v{each}" for each in step.inputs), **bound)
            lines.append(f"    v{place} = {code}")
        lines.append(f"    return ({''.join(f'v{place}, ' for place in graph.outputs)})")
        exec(_code("\n".join(lines)), constants)  # noqa: S102 - see above: nothing in it comes from outside
        compute: Compiled = constants["compute"]
        return compute


@lru_cache(maxsize=256)
def _code(source: str) -> CodeType:
    """Return compiled source; what only differs in its constants, as a fit made again does, has the same."""
    return compile(source, "<record>", "exec")


class ColumnsLayout:
    """Many rows as lists of texts and NumPy arrays, by name."""

    name = "columns"

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return a function from raw columns (name to n values) to computed ones."""
        sources = [(each.name, read[each.name]) for each in graph.sources]
        steps = [
            (each.operation.columns, each.inputs, dict(each.operation.bind(**each.settings)))
            for each in graph.steps
        ]
        return _one_after_the_other(sources, steps, graph.outputs)


class PandasLayout:
    """Many rows as pandas Series: the plain meaning of each operation, which the others are held against."""

    name = "pandas"

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return a function from a frame of raw values to Series (``marks``: arrays)."""
        sources = [(each.name, read[each.name]) for each in graph.sources]
        steps = [(each.operation.pandas, each.inputs, dict(each.settings)) for each in graph.steps]
        return _one_after_the_other(sources, steps, graph.outputs)


def _one_after_the_other(
    sources: list[tuple[str, Callable[[Any], Any]]],
    steps: list[tuple[Callable[..., Any], tuple[int, ...], dict[str, Any]]],
    outputs: tuple[int, ...],
) -> Compiled:
    def compute(rows: Any) -> tuple[Any, ...]:
        values = [read(rows[name]) for name, read in sources]
        for operation, inputs, settings in steps:
            values.append(operation(*(values[place] for place in inputs), **settings))
        return tuple(values[place] for place in outputs)

    return compute

"""Layouts: ways to run a graph. Each compiles it once, and all give the same values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, Protocol

from litmus_core.frame._graph import Graph

# By source: what turns a raw value (record) or a raw column (others) into one of the source's type.
Readers = Mapping[str, Callable[[Any], Any]]
Compiled = Callable[[Any], tuple[Any, ...]]
Settings = Mapping[str, Any]


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
        return RecordCode(graph, read).compiled({})


class RecordCode:
    """The source of a graph's function, compiled once, for graphs that differ in settings alone.

    The function returns a tuple, or a dict of ``names`` where they are given.
    """

    def __init__(self, graph: Graph, read: Readers, *, names: Sequence[str] = ()) -> None:
        self._constants: list[Any] = []
        self._operations = [each.operation for each in graph.steps]
        self._first: list[int] = []  # of each step's constants
        lines = ["    def compute(row):"]
        for place, each in enumerate(graph.sources):
            lines.append(f"        v{place} = {self._bind(read[each.name])}(row[{self._bind(each.name)}])")
        for place, step in enumerate(graph.steps, start=len(graph.sources)):
            self._first.append(len(self._constants))
            bound = {name: self._bind(value) for name, value in step.operation.bind(**step.settings).items()}
            code = step.operation.record.format(*(f"v{each}" for each in step.inputs), **bound)
            lines.append(f"        v{place} = {code}")
        made = [f"v{place}, " for place in graph.outputs]
        if names:
            named = [f"{self._bind(name)}: {each}" for name, each in zip(names, made, strict=True)]
            lines.append(f"        return {{{''.join(named)}}}")
        else:
            lines.append(f"        return ({''.join(made)})")
        given = ", ".join(f"c{at}" for at in range(len(self._constants)))
        defined: dict[str, Any] = {}
        # Nothing in it comes from outside: see RecordLayout.
        exec(_code("\n".join([f"def make({given}):", *lines, "    return compute"])), defined)  # noqa: S102
        self._make = defined["make"]

    def _bind(self, value: Any) -> str:
        self._constants.append(value)
        return f"c{len(self._constants) - 1}"

    def compiled(self, settings: Mapping[int, Settings]) -> Callable[[Any], Any]:
        """Return the function, with other settings for the steps at these places among the graph's."""
        constants = self._constants.copy()
        for at, given in settings.items():
            bound = self._operations[at].bind(**given)
            constants[self._first[at] : self._first[at] + len(bound)] = bound.values()
        compute: Callable[[Any], Any] = self._make(*constants)
        return compute


@lru_cache(maxsize=256)
def _code(source: str) -> CodeType:
    """Return compiled source; graphs that differ in their constants alone have the same."""
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

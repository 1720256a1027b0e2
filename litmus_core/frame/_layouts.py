"""Layouts: ways to run a graph. Each compiles it once, and all give the same values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, Protocol

from litmus_core.frame._graph import Graph, Step

# By source: what turns a raw value (record) or a raw column (others) into one of the source's type.
Readers = Mapping[str, Callable[[Any], Any]]
Compiled = Callable[[Any], tuple[Any, ...]]
Settings = Mapping[str, Any]
_BoundStep = tuple[Callable[..., Any], tuple[int, ...], dict[str, Any]]


def as_they_are(graph: Graph) -> Readers:
    """Return readers for sources that have their types already."""
    return {each.name: _as_it_is for each in graph.sources}


def _as_it_is(values: Any) -> Any:
    return values


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
    """The source of a graph's function, compiled once, for graphs that differ in ``learned`` steps alone.

    These are places among the graph's steps; only their settings are others. The function returns a tuple, or
    a dict of ``names`` where they are given.
    """

    def __init__(
        self, graph: Graph, read: Readers, *, names: Sequence[str] = (), learned: Collection[int] = ()
    ) -> None:
        self._learned = [(at, graph.steps[at].operation) for at in sorted(learned)]
        fixed = _Constants("c")
        lines = []
        for place, each in enumerate(graph.sources):
            lines += _reading(f"v{place}", f"row[{fixed.bind(each.name)}]", read[each.name], fixed)
        own = _Constants("d")
        for place, step in enumerate(graph.steps, start=len(graph.sources)):
            constants = own if place - len(graph.sources) in learned else fixed
            settings = step.operation.bind(**step.settings)
            bound = {name: constants.bind(value) for name, value in settings.items()}
            code = step.operation.record.format(*(f"v{each}" for each in step.inputs), **bound)
            lines.append(f"v{place} = {code}")
        made = [f"v{place}, " for place in graph.outputs]
        if names:
            named = [f"{fixed.bind(name)}: {each}" for name, each in zip(names, made, strict=True)]
            lines.append(f"return {{{''.join(named)}}}")
        else:
            lines.append(f"return ({''.join(made)})")
        body = "".join(f"            {line}\n" for line in lines)
        source = f"def fixed({fixed.names}):\n    def learned({own.names}):\n        def compute(row):\n"
        source += f"{body}        return compute\n    return learned\n"
        defined: dict[str, Any] = {}
        # Nothing in it comes from outside: see RecordLayout.
        exec(_code(source), defined)  # noqa: S102
        self._make = defined["fixed"](*fixed.values)

    def compiled(self, settings: Mapping[int, Settings]) -> Callable[[Any], Any]:
        """Return the function, with these settings of each learned step."""
        constants: list[Any] = []
        for at, operation in self._learned:
            constants += operation.bind(**settings[at]).values()
        compute: Callable[[Any], Any] = self._make(*constants)
        return compute


def _reading(value: str, raw: str, read: Callable[[Any], Any], constants: _Constants) -> list[str]:
    """Return lines that read a raw value, which call ``read`` for no more than it is needed for."""
    call, plain = constants.bind(read), getattr(read, "plain", None)
    if plain is None:
        return [f"{value} = {call}({raw})"]
    return [f"{value} = {raw}", f"if not ({plain.format(value)}): {value} = {call}({value})"]


class _Constants:
    """What source needs and does not spell, and the names made for it."""

    def __init__(self, letter: str) -> None:
        self._letter, self.values = letter, list[Any]()

    @property
    def names(self) -> str:
        return ", ".join(f"{self._letter}{at}" for at in range(len(self.values)))

    def bind(self, value: Any) -> str:
        self.values.append(value)
        return f"{self._letter}{len(self.values) - 1}"


@lru_cache(maxsize=256)
def _code(source: str) -> CodeType:
    """Return compiled source; graphs that differ in their constants alone have the same."""
    return compile(source, "<record>", "exec")


class ColumnsLayout:
    """Many rows as lists of texts and NumPy arrays, by name."""

    name = "columns"

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return a function from raw columns (name to n values) to computed ones."""
        return ColumnsCode(graph, read).compiled({})


class ColumnsCode:
    """The steps of a graph's function, bound once, for graphs that differ in ``learned`` steps alone."""

    def __init__(self, graph: Graph, read: Readers, *, learned: Collection[int] = ()) -> None:
        self._sources = [(each.name, read[each.name]) for each in graph.sources]
        self._steps = [_in_columns(each, each.settings) for each in graph.steps]
        self._learned = [(at, graph.steps[at]) for at in learned]
        self._outputs = graph.outputs

    def compiled(self, settings: Mapping[int, Settings]) -> Compiled:
        """Return the function, with these settings of each learned step."""
        steps = self._steps.copy()
        for at, step in self._learned:
            steps[at] = _in_columns(step, settings[at])
        return _one_after_the_other(self._sources, steps, self._outputs)


def _in_columns(step: Step, settings: Settings) -> _BoundStep:
    return step.operation.columns, step.inputs, dict(step.operation.bind(**settings))


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
    steps: list[_BoundStep],
    outputs: tuple[int, ...],
) -> Compiled:
    def compute(rows: Any) -> tuple[Any, ...]:
        values = [read(rows[name]) for name, read in sources]
        for operation, inputs, settings in steps:
            values.append(operation(*(values[place] for place in inputs), **settings))
        return tuple(values[place] for place in outputs)

    return compute

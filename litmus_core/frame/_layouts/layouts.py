"""Layouts: ways to run a graph. Each compiles it once, and all give the same values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import CodeType
from typing import Any, Protocol

from litmus_core.frame._graph import Graph, GraphStep
from litmus_core.frame._layouts.whole_numbers import expression
from litmus_core.frame._series.number_kinds import Wholeness

# By source: a function from a raw value (record) or raw column (others) to the source's type.
Readers = Mapping[str, Callable[[Any], Any]]
Compiled = Callable[[Any], tuple[Any, ...]]
# Values that a fit learned, by name: floats, and dicts of texts and floats.
Learned = Mapping[str, Any]
# By a step's index: its learned settings, and their names.
Learning = Mapping[int, Mapping[str, str]]
_NOTHING: Learning = {}
_BoundStep = tuple[Callable[..., Any], tuple[int, ...], dict[str, Any]]


def as_they_are(graph: Graph) -> Readers:
    """Return readers for sources that have their types already."""
    return {source.name: _as_it_is for source in graph.sources}


def _as_it_is(values: Any) -> Any:
    return values


class Layout(Protocol):
    """A way to store rows and compute on them.

    ``compile`` returns a function from rows, in the layout's form, to the graph's outputs in order. It keeps
    no changing state: several threads may call it at once. Errors of readers are passed on, and so is
    KeyError for a source that the rows lack.
    """

    name: str

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return ``graph`` as a function of rows; ``read`` has a reader for each source."""
        ...


class RecordLayout:
    """One row as a dict: the graph becomes the source of one Python function.

    Only the registry's expressions become source. Everything that comes from users or data (names, words,
    numbers) is bound to a generated name.
    """

    name = "record"

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return a function from one row (name to raw value) to its values."""
        return RecordCode(graph, read).compiled({})


class RecordCode:
    """The source of a graph's function, compiled once for all learned values of the steps in ``learning``.

    The function returns a tuple, or a dict if ``names`` are given; ``wholeness`` is of their numbers.
    """

    def __init__(
        self,
        graph: Graph,
        read: Readers,
        *,
        names: Sequence[str] = (),
        wholeness: Sequence[Wholeness] = (),
        learning: Learning = _NOTHING,
    ) -> None:
        constants = _Constants()
        lines, arguments = [], list[str]()
        dates = _dates(graph, read)
        for place, other in enumerate(graph.sources):
            raw, reader = f"row[{constants.bind(other.name)}]", read[other.name]
            if place in dates:
                lines += _dating(place, raw, reader, constants, only=dates[place])
            else:
                lines += _reading(f"v{place}", raw, reader, constants)
        for place, step in enumerate(graph.steps, start=len(graph.sources)):
            constants_of = learning.get(place - len(graph.sources), {})
            bound = _constant_names(step, constants_of, f"d{place}", constants, arguments)
            code = step.operation.record.format(*(f"v{operand}" for operand in step.inputs), **bound)
            if step.operation.of_datetime and step.inputs[0] in dates:
                of_datetime = step.operation.of_datetime.format(f"r{step.inputs[0]}")
                code = f"{of_datetime} if p{step.inputs[0]} else {code}"
            lines.append(f"v{place} = {code}")
        outputs = [f"v{place}, " for place in graph.outputs]
        if names:
            kinds = zip(graph.outputs, wholeness or ["no"] * len(names), strict=True)
            outputs = [f"{expression(f'v{place}', kind)}, " for place, kind in kinds]
            named = [f"{constants.bind(name)}: {output}" for name, output in zip(names, outputs, strict=True)]
            lines.append(f"return {{{''.join(named)}}}")
        else:
            lines.append(f"return ({''.join(outputs)})")
        source = f"def fixed({constants.names}):\n    def compiled(learned):\n"
        source += "".join(f"        {line}\n" for line in [*arguments, "def compute(row):"])
        source += "".join(f"            {line}\n" for line in lines)
        source += "        return compute\n    return compiled\n"
        defined: dict[str, Any] = {}
        # Nothing in it comes from outside: see RecordLayout.
        exec(_code(source), defined)  # noqa: S102
        self.compiled: Callable[[Learned], Callable[[Any], Any]] = defined["fixed"](*constants.values)
        """Return the compiled function for learned values."""


def _constant_names(
    step: GraphStep, settings_of: Mapping[str, str], name: str, constants: _Constants, lines: list[str]
) -> dict[str, str]:
    """Return names for a step's constants; ``lines`` get those that read a learned value."""
    operation, settings = step.operation, step.settings
    if not settings_of:
        return {setting: constants.bind(value) for setting, value in operation.bind(**settings).items()}
    names_of = {
        setting: f"learned[{constants.bind(settings_of[setting])}]"
        if setting in settings_of
        else constants.bind(value)
        for setting, value in settings.items()
    }
    bound = {setting: f"{name}_{setting}" for setting in operation.bind(**settings)}
    if operation.bind is dict:
        lines += [f"{bound[setting]} = {value}" for setting, value in names_of.items()]
    else:
        call = ", ".join(f"{setting}={value}" for setting, value in names_of.items())
        lines.append(f"{', '.join(bound.values())}, = {constants.bind(operation.bind)}({call}).values()")
    return bound


def _reading(value: str, raw: str, read: Callable[[Any], Any], constants: _Constants) -> list[str]:
    """Return lines that read a raw value, calling ``read`` only if necessary."""
    call, plain = constants.bind(read), getattr(read, "plain", None)
    if plain is None:
        return [f"{value} = {call}({raw})"]
    return [f"{value} = {raw}", f"if not ({plain.format(value)}): {value} = {call}({value})"]


def _dates(graph: Graph, read: Readers) -> dict[int, bool]:
    """Return the moments of which steps read datetime fields, and whether they read nothing else."""
    asking: dict[int, list[bool]] = {}
    for step in graph.steps:
        for place in step.inputs:
            asking.setdefault(place, []).append(bool(step.operation.of_datetime))
    return {
        place: all(asking[place]) and place not in graph.outputs
        for place, source in enumerate(graph.sources)
        if getattr(read[source.name], "takes_datetimes", False) and any(asking.get(place, ()))
    }


def _dating(
    place: int, raw: str, read: Callable[[Any], Any], constants: _Constants, *, only: bool
) -> list[str]:
    """Return lines that keep a raw value, test whether it is a plain datetime, and read it if necessary."""
    value = f"r{place}"
    return [
        f"{value} = {raw}",
        f"p{place} = {value}.__class__ is {constants.bind(datetime)} and {value}.tzinfo is None",
        f"{f'if not p{place}: ' if only else ''}v{place} = {constants.bind(read)}({value})",
    ]


class _Constants:
    """Values that the source refers to, and the names generated for them."""

    def __init__(self) -> None:
        self.values = list[Any]()

    @property
    def names(self) -> str:
        return ", ".join(f"c{at}" for at in range(len(self.values)))

    def bind(self, value: Any) -> str:
        self.values.append(value)
        return f"c{len(self.values) - 1}"


@lru_cache(maxsize=256)
def _code(source: str) -> CodeType:
    """Return compiled source; graphs that differ only in constants share it."""
    return compile(source, "<record>", "exec")


class ColumnsLayout:
    """Many rows as lists of texts and NumPy arrays, by name."""

    name = "columns"

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return a function from raw columns (name to n values) to computed ones."""
        return ColumnsCode(graph, read).compiled({})


class ColumnsCode:
    """The steps of a graph's function, bound once for all learned values of those in ``learning``."""

    def __init__(self, graph: Graph, read: Readers, *, learning: Learning = _NOTHING) -> None:
        self._sources = [(source.name, read[source.name]) for source in graph.sources]
        self._steps = [_in_columns(step, step.settings) for step in graph.steps]
        self._learning = [(at, graph.steps[at], settings) for at, settings in learning.items()]
        self._outputs = graph.outputs

    def compiled(self, learned: Learned) -> Compiled:
        """Return the function with learned values."""
        steps = self._steps.copy()
        for at, step, settings in self._learning:
            constants = {setting: learned[name] for setting, name in settings.items()}
            steps[at] = _in_columns(
                step, constants if len(constants) == len(step.settings) else {**step.settings, **constants}
            )
        return _in_sequence(self._sources, steps, self._outputs)


def _in_columns(step: GraphStep, settings: Mapping[str, Any]) -> _BoundStep:
    operation = step.operation
    return (
        operation.columns,
        step.inputs,
        dict(settings if operation.bind is dict else operation.bind(**settings)),
    )


class PandasLayout:
    """Many rows as pandas Series: the reference that the other layouts are tested against."""

    name = "pandas"

    def compile(self, graph: Graph, read: Readers) -> Compiled:
        """Return a function from a frame of raw values to Series (``marks``: arrays)."""
        sources = [(source.name, read[source.name]) for source in graph.sources]
        steps = [(step.operation.pandas, step.inputs, dict(step.settings)) for step in graph.steps]
        return _in_sequence(sources, steps, graph.outputs)


def _in_sequence(
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

"""The polars layout: many rows as a Polars frame. Texts run as expressions, numbers as NumPy on its buffers.

Polars' own arithmetic differs from Python's in the last bit (it divides by a constant by multiplying, and
keeps the sign of a zero that adding 0 removes), so numbers, flags and moments go to the columns layout's
functions, which read the same buffers. Text operations that no expression computes exactly are passed there
as lists, for that step only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from litmus_core.frame._graph import Graph, GraphStep
from litmus_core.frame._layouts.layouts import ColumnsLayout, Compiled, Readers, as_they_are
from litmus_core.frame._layouts.polars_kernel import InKernel, TextKernel, in_kernel
from litmus_core.frame._layouts.polars_values import (
    PolarsValues,
    as_column,
    as_series,
    joined,
    name_of,
    polars_type,
    series_or_objects,
)
from litmus_core.frame._layouts.regex_translation import ODD, has_lone_surrogate, has_unknown_letters
from litmus_core.frame._operations.operation import Dtype

if TYPE_CHECKING:
    import polars as pl

STREAMED_ROWS = 50_000  # from this many rows on, Polars' streaming engine splits rows among its threads

How = Literal["polars", "numpy", "python", "kernel", "constant", "function", "pandas"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way a step is computed: by Polars, NumPy on its buffers, Python lists, or the text kernel.

    Or by a user's function, value by value, or by pandas.
    """

    operation: str
    how: How


class PolarsLayout:
    """Many rows as a Polars frame of raw values."""

    name = "polars"

    def __init__(self, *, kernel: TextKernel | None = None) -> None:
        self._kernel = kernel

    def compile(self, graph: Graph, read: Readers) -> PolarsPlan:
        """Return a function from a frame to Series, with null for missing values."""
        return PolarsPlan(graph, read, kernel=self._kernel)


class PolarsPlan:
    """A graph compiled for Polars: call it with a frame. Safe to use from several threads.

    Only rows with a letter that Python's Unicode version does not know, or with half of a surrogate pair, are
    computed by the columns layout.
    """

    def __init__(self, graph: Graph, read: Readers, *, kernel: TextKernel | None = None) -> None:
        self._graph = graph
        self._read = [read[source.name] for source in graph.sources]
        self._dtypes: list[Dtype] = [
            *(source.dtype for source in graph.sources),
            *(step.operation.gives for step in graph.steps),
        ]
        self._always_by_columns = any(map(_gives_odd_texts, graph.steps))
        self._constants = _constants(graph)
        self._kernel = None if kernel is None or self._always_by_columns else in_kernel(graph, kernel)
        places = self._kernel.places if self._kernel else ()
        expressions = {} if self._always_by_columns else _expressions(graph, but=places)
        self._guarded = _reached_from(graph, expressions)
        self._in_polars = frozenset(expressions)
        self._segments = list(self._cut(expressions))
        self._known_outputs = [place for place in graph.outputs if place in self._constants]

    @cached_property
    def _by_columns(self) -> Compiled:
        return ColumnsLayout().compile(self._graph, as_they_are(self._graph))

    def __call__(self, frame: pl.DataFrame) -> tuple[pl.Series, ...]:
        """Return the graph's outputs; raises KeyError for a source that ``frame`` lacks."""
        raw, names = [], frozenset(frame.columns)
        for source, read in zip(self._graph.sources, self._read, strict=True):
            if source.name not in names:
                raise KeyError(source.name)
            raw.append(read(frame.get_column(source.name)))
        try:
            sources = [as_series(values, dtype) for values, dtype in zip(raw, self._dtypes, strict=False)]
        except UnicodeEncodeError:
            return self._in_columns(raw, frame.height)
        values = PolarsValues(dict(enumerate(sources)), {}, frame.height, self._dtypes)
        if self._always_by_columns:
            return self._in_columns(sources, frame.height)
        odd = self._odd_rows(values)
        return self._run(values).outputs(self._graph.outputs) if odd is None else self._split(values, odd)

    def of_columns(self, typed: Mapping[str, Any], n_rows: int) -> Sequence[Any]:
        """Return the outputs as the columns layout has them, for sources in its form."""
        if self._always_by_columns:
            return self._by_columns(typed)
        series, columns = {}, {}
        try:
            for place, source in enumerate(self._graph.sources):
                typed_values = typed[source.name]
                if source.dtype == "text":
                    series[place] = as_series(typed_values, "text")
                else:
                    columns[place] = typed_values
        except UnicodeEncodeError:
            return self._by_columns(typed)
        values = PolarsValues(series, columns, n_rows, self._dtypes)
        odd = self._odd_rows(values)
        if odd is None:
            return list(map(self._run(values).column, self._graph.outputs))
        outputs = zip(self._split(values, odd), self._graph.outputs, strict=True)
        return [as_column(one, self._dtypes[place]) for one, place in outputs]

    @property
    def ways(self) -> tuple[Way, ...]:
        """The way each step is computed, in the graph's order."""
        return tuple(map(self._way, self._steps_places()))

    def frame_of(self, frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
        """Return the outputs under ``names`` as a frame; a lazy one computes and writes piece by piece."""
        import polars as pl

        if isinstance(frame, pl.DataFrame):
            return pl.DataFrame([series.alias(name) for name, series in zip(names, self(frame), strict=True)])
        schema = {
            name: polars_type(self._dtypes[place], width=self._width(place))
            for name, place in zip(names, self._graph.outputs, strict=True)
        }

        def of_piece(piece: pl.DataFrame) -> pl.DataFrame:
            return self.frame_of(piece, names)

        return frame.map_batches(of_piece, schema=schema, streamable=True)

    def _steps_places(self) -> range:
        return range(len(self._graph.sources), len(self._dtypes))

    def _step(self, place: int) -> GraphStep:
        return self._graph.steps[place - len(self._graph.sources)]

    def _width(self, place: int) -> int:
        return len(self._step(place).settings["phrases"]) if self._dtypes[place] == "marks" else 0

    def _way(self, place: int) -> Way:
        step = self._step(place)
        dtypes = {self._dtypes[operand] for operand in step.inputs} | {self._dtypes[place]}
        how: How = "python" if dtypes & {"text", "marks"} or self._always_by_columns else "numpy"
        if step.operation.runs != "here":
            how = step.operation.runs
        elif place in self._constants:
            how = "constant"
        elif place in self._in_polars:
            how = "polars"
        elif self._kernel and place in self._kernel.places:
            how = "kernel"
        return Way(operation=step.operation.name, how=how)

    def _cut(self, expressions: Mapping[int, Any]) -> Iterator[_InPolars | _InColumns | InKernel]:
        """Yield runs of steps for one engine each, as long as possible; the kernel's come first."""
        available = {*range(len(self._graph.sources)), *self._constants}
        if self._kernel:
            available.update(self._kernel.places)
            yield self._kernel
        waiting = [place for place in self._steps_places() if place not in available]
        runs: list[tuple[bool, list[int]]] = []
        in_polars = True
        while waiting and not self._always_by_columns:
            run = []
            for place in waiting:
                if (place in expressions) == in_polars and available.issuperset(self._step(place).inputs):
                    run.append(place)
                    available.add(place)
            waiting = [place for place in waiting if place not in available]
            runs += [(in_polars, run)] if run else []
            in_polars = not in_polars
        for at, (by_polars, run) in enumerate(runs):
            later = {
                operand
                for _, places in runs[at + 1 :]
                for place in places
                for operand in self._step(place).inputs
            }
            needed = later | set(self._graph.outputs)
            if by_polars:
                yield _InPolars(self._graph, run, expressions, needed)
            else:
                yield _InColumns(self._graph, run, self._constants, self._dtypes)

    def _run(self, values: PolarsValues) -> PolarsValues:
        for segment in self._segments:
            segment.run(values)
        for place in self._known_outputs:
            values.take(place, as_series([self._constants[place]] * values.n_rows, self._dtypes[place]))
        return values

    def _in_columns(self, raw: Sequence[Any], n_rows: int) -> tuple[pl.Series, ...]:
        """Return the columns layout's results; texts that Polars cannot hold are objects."""
        import polars as pl

        columns = {
            source.name: as_column(values, source.dtype) if isinstance(values, pl.Series) else values
            for source, values in zip(self._graph.sources, raw, strict=True)
        }
        result = self._by_columns(columns)
        return tuple(
            series_or_objects([value] * n_rows if place in self._constants else value, self._dtypes[place])
            for value, place in zip(result, self._graph.outputs, strict=True)
        )

    def _odd_rows(self, values: PolarsValues) -> pl.Series | None:
        """Return where a text has a letter that Python and Polars may treat differently; None if nowhere."""
        import polars as pl

        if not self._guarded:
            return None
        texts = values.frame(self._guarded)
        is_ascii = texts.select(pl.all().str.len_bytes().sum() == pl.all().str.len_chars().sum()).row(0)
        names = [name for name, is_plain in zip(texts.columns, is_ascii, strict=True) if not is_plain]
        if not names:
            return None
        odd_rows = texts.select(
            pl.any_horizontal(pl.col(names).str.contains(ODD).fill_null(False))
        ).to_series()
        return odd_rows if odd_rows.any() else None

    def _split(self, values: PolarsValues, odd: pl.Series) -> tuple[pl.Series, ...]:
        import polars as pl

        sources = [values.series(place) for place in range(len(self._graph.sources))]
        plain, rest = ([source.filter(mask) for source in sources] for mask in (~odd, odd))
        n_rest = int(odd.sum())
        values_of = PolarsValues(dict(enumerate(plain)), {}, len(odd) - n_rest, self._dtypes)
        parts = (
            self._run(values_of).outputs(self._graph.outputs),
            self._in_columns(rest, n_rest),
        )
        rows = pl.int_range(len(odd), eager=True)
        order = pl.concat([rows.filter(~odd), rows.filter(odd)]).arg_sort()
        return tuple(joined(pair, order) for pair in zip(*parts, strict=True))


class _InPolars:
    """Steps computed by Polars, in stages: a result that several steps need is a column, the rest one
    expression.
    """

    def __init__(
        self, graph: Graph, run: Sequence[int], expressions: Mapping[int, Any], needed: Collection[int]
    ) -> None:
        import polars as pl

        n_sources = len(graph.sources)
        inputs = {place: graph.steps[place - n_sources].inputs for place in run}
        uses = [use for place in run for use in expressions[place].uses]
        stored = {place for place in run if place in needed or uses.count(place) > 1}
        self._takes = sorted({step_place for places in inputs.values() for step_place in places} - set(run))
        self._stages: list[list[pl.Expr]] = []
        ready: dict[int, tuple[int, Any]] = {one: (0, pl.col(name_of(one))) for one in self._takes}
        for place in run:
            stage = max((ready[operand][0] for operand in inputs[place]), default=0)
            expression = expressions[place].of([ready[operand][1] for operand in inputs[place]])
            if place in stored:
                self._stages += [[]] if len(self._stages) <= stage else []
                self._stages[stage].append(expression.alias(name_of(place)))
                ready[place] = (stage + 1, pl.col(name_of(place)))
            else:
                ready[place] = (stage, expression)
        self._needed = [place for place in run if place in needed]

    def run(self, values: PolarsValues) -> None:
        import polars as pl

        lazy = values.frame(self._takes).lazy()
        for stage in self._stages:
            lazy = lazy.with_columns(stage)
        lazy = lazy.select(list(map(name_of, self._needed)))
        engine: Any = "streaming" if values.n_rows >= STREAMED_ROWS else "in-memory"
        frame = lazy.collect(engine=engine, optimizations=pl.QueryOptFlags.none())
        for place, column in zip(self._needed, frame.get_columns(), strict=True):
            values.take(place, column)


class _InColumns:
    """Steps computed by the columns layout's functions, one after the other."""

    def __init__(
        self, graph: Graph, run: Sequence[int], constants: Mapping[int, Any], dtypes: Sequence[Dtype]
    ) -> None:
        self._constants, self._dtypes = constants, dtypes
        steps = [graph.steps[place - len(graph.sources)] for place in run]
        self._steps = [
            (place, step.operation.columns, step.inputs, dict(step.operation.bind(**step.settings)))
            for place, step in zip(run, steps, strict=True)
        ]

    def run(self, values: PolarsValues) -> None:
        for place, compute, inputs, settings in self._steps:
            arguments = [
                self._constants[operand] if operand in self._constants else values.column(operand)
                for operand in inputs
            ]
            values.take(place, compute(*arguments, **settings))


@dataclass(frozen=True, slots=True)
class _Expression:
    """One step's expression from its inputs' expressions; ``uses`` are its inputs, repeated if read twice."""

    meaning: Callable[..., Any]
    settings: Mapping[str, Any]
    uses: tuple[int, ...]

    def of(self, inputs: Sequence[Any]) -> Any:
        return self.meaning(*inputs, **self.settings)


def _expressions(graph: Graph, *, but: Collection[int]) -> dict[int, _Expression]:
    """Return the steps that Polars computes exactly, by index, without those in ``but``."""
    import polars as pl

    expressions: dict[int, _Expression] = {}
    for place, step in enumerate(graph.steps, start=len(graph.sources)):
        polars = step.operation.polars
        if place in but or polars is None or any(map(has_lone_surrogate, _texts_in(step.settings))):
            continue
        expression = polars(*(pl.col(name_of(operand)) for operand in step.inputs), **step.settings)
        if expression is not None:
            names = expression.meta.root_names()  # "" is an element of a list
            uses = tuple(int(name[1:]) for name in names if name)
            expressions[place] = _Expression(polars, step.settings, uses)
    return expressions


def _reached_from(graph: Graph, places: Collection[int]) -> list[int]:
    """Return the text sources that the steps at ``places`` read, directly or not."""
    reached = set(places)
    for place in reversed(range(len(graph.sources), len(graph.sources) + len(graph.steps))):
        if place in reached:
            reached.update(graph.steps[place - len(graph.sources)].inputs)
    return [at for at, source in enumerate(graph.sources) if source.dtype == "text" and at in reached]


def _constants(graph: Graph) -> dict[int, Any]:
    """Return the values of steps that read no source, by index."""
    constants: dict[int, Any] = {}
    for place, step in enumerate(graph.steps, start=len(graph.sources)):
        if constants.keys() >= set(step.inputs):
            settings = step.operation.bind(**step.settings)
            constants[place] = step.operation.columns(
                *(constants[operand] for operand in step.inputs), **settings
            )
    return constants


def _gives_odd_texts(step: GraphStep) -> bool:
    return step.operation.gives == "text" and has_unknown_letters("".join(_texts_in(step.settings)))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts_in(tuple(value.values()))
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts_in(item)

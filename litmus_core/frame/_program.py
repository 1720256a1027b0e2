"""What pandas-shaped code does to columns, without what a fit learned: traced once, settled by each fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.frame._choice import Chooser, default_lines
from litmus_core.frame._graph import Graph, Node, Step
from litmus_core.frame._layouts import ColumnsCode, Compiled, RecordCode, Settings, as_they_are
from litmus_core.frame._learned import Parameter
from litmus_core.frame._names import check_names, known_columns
from litmus_core.frame._operation import Dtype
from litmus_core.frame._polars_kernel import has_kernel
from litmus_core.frame._rewrites import rewritten
from litmus_core.frame._row_readers import row_reader
from litmus_core.frame._scalable import ScalableDataFrame
from litmus_core.frame._terms import FOR_BUNDLES, Terms
from litmus_core.frame._unsupported import not_a_function
from litmus_core.types import Column


class Program:
    """Code, traced on ``columns``; settings of its ``graph`` may be parameters, which :meth:`settled` fills.

    UsageError for code that returns no frame, and by name for what cannot be traced. ``terms``: what else may
    be said; functions of values see what was learned, and not what stands in for it.
    """

    def __init__(
        self, columns: Sequence[Column], code: Callable[[Any], Any], terms: Terms = FOR_BUNDLES
    ) -> None:
        columns = known_columns(columns)
        if not callable(code):
            raise not_a_function(code)
        frame = ScalableDataFrame.of(columns, terms)
        sources = list(frame.nodes.values())
        made = code(frame)
        if not isinstance(made, ScalableDataFrame) or not made.nodes:
            raise UsageError(
                "The code returned no frame with columns.",
                hint="Return the frame, or one made of its columns.",
            )
        self._take(columns, sources, made.nodes)

    @classmethod
    def of_nodes(
        cls, columns: Sequence[Column], sources: Sequence[Node], made: Mapping[str, Node]
    ) -> Program:
        """Return the program of columns to be by name, made of ``columns``, which are ``sources``."""
        program = cls.__new__(cls)
        program._take(tuple(columns), sources, made)
        return program

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a pickle holds: what was said, without rows that it was said of."""
        sources = tuple(replace(each, terms=None) for each in self.graph.sources)
        return _of_graph, (self.columns, self.names, replace(self.graph, sources=sources), self.dtypes)

    def _take(self, columns: tuple[Column, ...], sources: Sequence[Node], made: Mapping[str, Node]) -> None:
        check_names(list(made))
        graph = rewritten(Graph.of(sources, list(made.values())))
        self._keep(columns, tuple(made), graph, [each.dtype for each in made.values()])

    def _keep(
        self, columns: tuple[Column, ...], names: tuple[str, ...], graph: Graph, dtypes: list[Dtype]
    ) -> None:
        self.columns, self.names, self.graph, self.dtypes = columns, names, graph, dtypes
        self.readers = {each.name: row_reader(each) for each in columns}
        has_texts = any("text" in (each.operation.gives, *each.operation.takes) for each in self.graph.steps)
        self.chooser = Chooser(default_lines(has_texts=has_texts, has_kernel=has_kernel()))
        self._learning = {at: found for at, step in enumerate(self.graph.steps) if (found := _learned(step))}
        self._record: RecordCode | None = None
        self._columns: ColumnsCode | None = None

    def settings(self, values: Mapping[str, Any]) -> dict[int, Settings]:
        """Return the settings of the steps that have what a fit learned, by their place, with ``values``."""
        found: dict[int, Settings] = {}
        steps = self.graph.steps
        for at, names in self._learning.items():
            settings = found[at] = {**steps[at].settings}
            for setting, name in names:
                value = values[name]
                settings[setting] = _pairs(value) if type(value) is dict else value
        return found

    def settled(self, settings: Mapping[int, Settings]) -> Graph:
        """Return the graph with these settings of steps, by their place."""
        steps = list(self.graph.steps)
        for at, given in settings.items():
            steps[at] = replace(steps[at], settings=given)
        return replace(self.graph, steps=tuple(steps))

    def record(self, settings: Mapping[int, Settings]) -> Callable[[Any], Any]:
        """Return the graph, with these settings of steps, as a function from one dict to another."""
        if self._record is None:
            graph = self.settled(settings)
            self._record = RecordCode(graph, self.readers, names=self.names, learned=self._learning)
        return self._record.compiled(settings)

    def in_columns(self, settings: Mapping[int, Settings]) -> Compiled:
        """Return the graph, with these settings of steps, as a function of typed columns."""
        if self._columns is None:
            graph = self.settled(settings)
            self._columns = ColumnsCode(graph, as_they_are(graph), learned=self._learning)
        return self._columns.compiled(settings)


def _of_graph(*kept: Any) -> Program:
    """Return the program that a pickle holds."""
    program = Program.__new__(Program)
    program._keep(*kept)
    return program


def _pairs(table: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(zip(table, map(float, table.values()), strict=True))


def _learned(step: Step) -> list[tuple[str, str]]:
    """Return the settings of a step that a fit has for itself, and what they are learned as."""
    return [(setting, value.name) for setting, value in step.settings.items() if type(value) is Parameter]

"""Pandas-shaped code as a graph without learned values: traced once, completed by each fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.frame._functions.patches import traced_functions
from litmus_core.frame._graph import FOR_BUNDLES, Capabilities, Graph, GraphNode, GraphStep
from litmus_core.frame._layouts.layouts import ColumnsCode, Compiled, Learned, RecordCode, as_they_are
from litmus_core.frame._layouts.polars_kernel import has_kernel
from litmus_core.frame._layouts.selection import Chooser, default_lines
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._rewrites import rewritten
from litmus_core.frame._series.number_kinds import Wholeness, wholeness
from litmus_core.frame._symbolic.errors import not_a_function
from litmus_core.frame._symbolic.fit_parameters import FitParameter
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._values.column_names import check_names, checked_columns
from litmus_core.frame._values.row_readers import row_reader
from litmus_core.types import Column


class Program:
    """Code traced on ``columns``; its ``graph`` may have parameters, which :meth:`with_learned` fills in.

    ``terms`` are the capabilities of the code. Functions of values get learned values, not their stand-ins.
    Raises UsageError for code that returns no frame, and names the call that cannot be traced.
    """

    def __init__(
        self, columns: Sequence[Column], code: Callable[[Any], Any], terms: Capabilities = FOR_BUNDLES
    ) -> None:
        columns = checked_columns(columns)
        if not callable(code):
            raise not_a_function(code)
        frame = SymbolicDataFrame.of(columns, terms)
        sources = list(frame.nodes.values())
        with traced_functions():
            result = code(frame)
        if not isinstance(result, SymbolicDataFrame) or not result.nodes:
            raise UsageError(
                "The code returned no frame with columns.",
                hint="Return the frame, or one made of its columns.",
            )
        self._restore(columns, sources, result.nodes)

    @classmethod
    def of_nodes(
        cls, columns: Sequence[Column], sources: Sequence[GraphNode], nodes: Mapping[str, GraphNode]
    ) -> Program:
        """Return the program of symbolic columns, computed from ``columns``, which are ``sources``."""
        program = cls.__new__(cls)
        program._restore(tuple(columns), sources, nodes)
        return program

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a pickle stores: the recorded steps, without the rows."""
        sources = tuple(replace(source, terms=None) for source in self.graph.sources)
        return _of_graph, (
            self.columns,
            self.names,
            replace(self.graph, sources=sources),
            self.dtypes,
            self.kinds,
        )

    def _restore(
        self, columns: tuple[Column, ...], sources: Sequence[GraphNode], nodes: Mapping[str, GraphNode]
    ) -> None:
        check_names(list(nodes))
        graph = rewritten(Graph.of(sources, list(nodes.values())))
        dtypes = [node.dtype for node in nodes.values()]
        self._keep(columns, tuple(nodes), graph, dtypes, [wholeness(node) for node in nodes.values()])

    def _keep(
        self,
        columns: tuple[Column, ...],
        names: tuple[str, ...],
        graph: Graph,
        dtypes: list[Dtype],
        kinds: list[Wholeness],
    ) -> None:
        self.columns, self.names, self.graph, self.dtypes, self.kinds = columns, names, graph, dtypes, kinds
        self.readers = {column.name: row_reader(column, exact=True) for column in columns}
        has_texts = any(
            "text" in (step.operation.gives, *step.operation.input_types) for step in self.graph.steps
        )
        self.chooser = Chooser(default_lines(has_texts=has_texts, has_kernel=has_kernel()))
        self._learning = {
            at: constants for at, step in enumerate(self.graph.steps) if (constants := _learned(step))
        }
        self._names = list(
            dict.fromkeys(
                name for setting_names in self._learning.values() for name in setting_names.values()
            )
        )
        self._record: RecordCode | None = None
        self._columns: ColumnsCode | None = None

    def learned(self, values: Mapping[str, Any]) -> Learned:
        """Return the learned values that steps use, in the form in which they use them."""
        return {name: _floats(values[name]) for name in self._names}

    def with_learned(self, learned: Learned) -> Graph:
        """Return the graph with learned values."""
        steps = list(self.graph.steps)
        for at, setting_names in self._learning.items():
            settings = {setting: _constant(learned[name]) for setting, name in setting_names.items()}
            steps[at] = replace(steps[at], settings={**steps[at].settings, **settings})
        return replace(self.graph, steps=tuple(steps))

    def record(self, learned: Learned) -> Callable[[Any], Any]:
        """Return the graph, with learned values, as a function from one dict to another."""
        if self._record is None:
            graph = self.with_learned(learned)
            self._record = RecordCode(
                graph, self.readers, names=self.names, wholeness=self.kinds, learning=self._learning
            )
        return self._record.compiled(learned)

    def in_columns(self, learned: Learned) -> Compiled:
        """Return the graph, with learned values, as a function of typed columns."""
        if self._columns is None:
            graph = self.with_learned(learned)
            self._columns = ColumnsCode(graph, as_they_are(graph), learning=self._learning)
        return self._columns.compiled(learned)


def _of_graph(*learned: Any) -> Program:
    """Return the program that a pickle stores."""
    program = Program.__new__(Program)
    program._keep(*learned)
    return program


def _floats(value: Any) -> Any:
    return dict(zip(value, map(float, value.values()), strict=True)) if type(value) is dict else value


def _constant(value: Any) -> Any:
    return tuple(value.items()) if type(value) is dict else value


def _learned(step: GraphStep) -> dict[str, str]:
    """Return a step's learned settings, and the names of their values."""
    return {setting: value.name for setting, value in step.settings.items() if type(value) is FitParameter}

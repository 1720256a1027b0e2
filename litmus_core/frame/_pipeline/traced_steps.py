"""Traced pre-processing: code as a graph that JSON can store and rows can run through."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litmus_core.errors import BundleError, UsageError
from litmus_core.frame._functions.patches import traced_functions
from litmus_core.frame._graph import Graph, GraphNode, GraphStep, apply, source
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._symbolic.errors import with_article
from litmus_core.frame._symbolic.frame import SymbolicDataFrame, reading_of
from litmus_core.types import Column, from_plain, to_plain

_DAMAGED = "Copy the bundle again from where it was exported, or export the model again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One pre-processor as a graph from columns to columns.

    ``columns`` are the outputs, in order; the caller, who knows the training rows, decides their kinds.
    """

    graph: Graph
    columns: tuple[Column, ...]

    def express(self, sources_by_name: Mapping[str, GraphNode]) -> dict[str, GraphNode]:
        """Return how each output column is computed from the input columns, by name."""
        nodes = [read_as(sources_by_name[one.name], one.dtype) for one in self.graph.sources]
        for step in self.graph.steps:
            inputs = [nodes[place] for place in step.inputs]
            nodes.append(apply(step.operation.name, *inputs, **step.settings))
        return {
            column.name: nodes[place] for column, place in zip(self.columns, self.graph.outputs, strict=True)
        }

    def state(self) -> dict[str, Any]:
        """Return the pre-processor as JSON values."""
        return {
            "reads": [[one.name, one.dtype] for one in self.graph.sources],
            "steps": [_step_plain(step) for step in self.graph.steps],
            "makes": [
                {"column": to_plain(column), "place": place}
                for column, place in zip(self.columns, self.graph.outputs, strict=True)
            ],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Traced:
        """Restore what :meth:`state` returned; raises BundleError for an invalid state."""
        try:
            nodes = [source(name, _dtype(dtype)) for name, dtype in state["reads"]]
            n_sources = len(nodes)
            for step_state in state["steps"]:
                inputs = [nodes[_place(place, len(nodes))] for place in step_state["of"]]
                nodes.append(
                    _checked(apply(step_state["do"], *inputs, **_settings(step_state.get("with", {}))))
                )
            outputs = [nodes[_place(output["place"], len(nodes))] for output in state["makes"]]
            columns = tuple(from_plain(Column, output["column"]) for output in state["makes"])
        except (LookupError, TypeError, ValueError, UsageError) as error:
            raise BundleError("The traced pre-processing is damaged.", hint=_DAMAGED) from error
        return cls(graph=Graph.of(nodes[:n_sources], outputs), columns=columns)


def trace(transform: Callable[[Any], Any], columns: Sequence[Column]) -> Traced:
    """Run pandas-shaped code once, on symbolic columns, and return its graph.

    Output columns have the plainest kind of their type. Raises UsageError that names the call that cannot be
    traced; passes on the code's own errors.
    """
    frame = SymbolicDataFrame.of(columns)
    sources = list(frame.nodes.values())
    with traced_functions():
        result = transform(frame)
    if not isinstance(result, SymbolicDataFrame):
        raise UsageError(
            f"It returned {with_article(type(result).__name__)}, not the frame that was traced.",
            hint="Return the frame, or one made of its columns.",
        )
    if not result.nodes:
        raise UsageError("It returned a frame without columns.", hint="Keep at least one column.")
    by_name = {column.name: column for column in columns}
    graph = Graph.of(sources, list(result.nodes.values()))
    out = []
    for name, place in zip(result.nodes, graph.outputs, strict=True):
        if place < len(sources):
            out.append(named(by_name[sources[place].name], name))
        else:
            out.append(derived_column(name, graph.steps[place - len(sources)].operation.gives))
    return Traced(graph=graph, columns=tuple(out))


def named(column: Column, name: str) -> Column:
    """Return a column renamed to ``name``, or itself if that is its name."""
    if column.name == name:
        return column
    return from_plain(Column, {**to_plain(column), "name": name, "original_name": name})


def derived_column(name: str, dtype: Dtype) -> Column:
    """Return a computed column of the plainest kind that its type has."""
    kind, storage = _PLAIN[dtype]
    return from_plain(Column, {"name": name, "original_name": name, "kind": kind, "storage": storage})


_PLAIN: dict[Dtype, tuple[str, str]] = {
    "number": ("number", "DOUBLE"),
    "flag": ("boolean", "BOOLEAN"),
    "text": ("category", "VARCHAR"),
    "moment": ("date", "TIMESTAMP"),
}


def read_as(node: GraphNode, dtype: Dtype) -> GraphNode:
    """Return a node with the type that a column of it would be read as: conditions become numbers."""
    return apply("flag as number", node) if (node.dtype, dtype) == ("flag", "number") else node


def traced_nodes(
    columns: Sequence[Column], parts: Sequence[Traced]
) -> tuple[list[GraphNode], dict[str, GraphNode]]:
    """Return the sources of raw ``columns``, and the results of all ``parts`` in turn."""
    sources = [source(column.name, reading_of(column)) for column in columns]
    nodes = {one.name: one for one in sources}
    for part in parts:
        nodes = part.express(nodes)
    return sources, nodes


def _step_plain(step: GraphStep) -> dict[str, Any]:
    plain: dict[str, Any] = {"do": step.operation.name, "of": list(step.inputs)}
    if step.settings:
        plain["with"] = {name: _plain(value) for name, value in step.settings.items()}
    return plain


def _plain(value: Any) -> Any:
    """Return a setting for JSON, which has neither NaN nor infinity."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    return value


def _settings(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _hashable(value) for name, value in plain.items()}


def _hashable(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_hashable(item) for item in value)
    if isinstance(value, dict):
        return float(value["float"])
    return value


def _checked(node: GraphNode) -> GraphNode:
    if node.operation is None or node.operation.runs != "here":
        raise ValueError(node)  # bundles call nothing else
    return node


def _place(value: Any, n_places: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < n_places:
        raise ValueError(value)
    return value


def _dtype(value: Any) -> Dtype:
    if value not in ("number", "moment", "text"):
        raise ValueError(value)
    dtype: Dtype = value
    return dtype

"""Expression graphs: the computation on a row, recorded once and compiled for each layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.frame._operations.operation import Dtype, Operation
from litmus_core.frame._operations.registry import OPERATIONS

# Details of a raw column beyond its type. "whole": all numbers are whole. "mixed": some may be, and pandas'
# formatting depends on the others. "integer": all present values are whole. "boolean": they are True
# and False beside missing ones. "missing": the column has no values at all, so it may be of any type.
SourceKind = Literal["whole", "mixed", "integer", "boolean", "missing"]


class RowContext(Protocol):
    """Answers aggregations over all rows while code is traced."""

    def aggregate(
        self, node: GraphNode, method: str, arguments: Sequence[Any], named: Mapping[str, Any]
    ) -> Any:
        """Return pandas' result of an aggregation over a column, such as ``median``, with these options."""
        ...

    def some(self, node: GraphNode, n_values: int) -> Sequence[Any]:
        """Return the first ``n_values`` non-missing values of a column."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Capabilities:
    """Features that code may use beyond the operations that a bundle can hold.

    ``functions``: Python functions may be called on each value. ``pandas``: methods unknown here run in
    pandas, if they treat each row separately. ``rows`` answers aggregations. ``kinds`` has the kinds of raw
    columns, by name. ``examples`` only has values to try functions on.
    """

    functions: bool = False
    pandas: bool = False
    rows: RowContext | None = None
    examples: RowContext | None = None
    kinds: Mapping[str, SourceKind] = field(default_factory=dict)


FOR_BUNDLES = Capabilities()


@dataclass(slots=True, eq=False)
class GraphNode:
    """A value to compute: a named source (no ``operation``), or an operation on other nodes.

    ``settings`` are hashable constants. Create nodes with :func:`source` and :func:`apply`, and do not change
    them: frozen ones take twice as long to create, and a fit of one row creates dozens.
    """

    dtype: Dtype
    name: str = ""
    operation: Operation | None = None
    inputs: tuple[GraphNode, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    terms: Capabilities | None = None


def capabilities_of(node: GraphNode) -> Capabilities:
    """Return the capabilities of the columns that a node is computed from."""
    while node.terms is None and len(node.inputs) == 1:  # most have one input
        [node] = node.inputs
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.terms is not None:
            return one.terms
        waiting += one.inputs
    return FOR_BUNDLES


def source(name: str, dtype: Dtype, terms: Capabilities | None = None) -> GraphNode:
    """Return the node of a raw column read as ``dtype``; ``terms`` are its code's capabilities."""
    return GraphNode(name=name, dtype=dtype, terms=terms)


def apply(name: str, *inputs: GraphNode, **settings: Any) -> GraphNode:
    """Return the node of operation ``name``; raises UsageError for inputs of the wrong types."""
    operation = OPERATIONS.get(name)
    if operation is None:
        raise UnknownNameError(kind="operation", name=name, names=sorted(OPERATIONS))
    dtypes = tuple([operand.dtype for operand in inputs])
    if dtypes != operation.input_types:
        inputs = _converted(operation, inputs)
    # positional: keywords take twice as long
    return GraphNode(operation.gives, "", operation, inputs, settings)


def as_type(node: GraphNode, dtype: Dtype) -> GraphNode:
    """Return an all-missing raw column with another type; any other node unchanged."""
    if dtype == "moment" and is_all_missing(node):
        return apply("missing as moment", node)
    if dtype == "text" and is_all_missing(node):
        return apply("choose", apply("number is missing", node), yes=None, no=None)
    return node


def is_all_missing(node: GraphNode) -> bool:
    """Return whether a node is an all-missing raw column, which may be of any type."""
    if node.operation is not None or node.terms is None:
        return False
    return node.terms.kinds.get(node.name) == "missing"


def _converted(operation: Operation, inputs: tuple[GraphNode, ...]) -> tuple[GraphNode, ...]:
    """Return inputs with the types that an operation takes; raises UsageError for others."""
    nodes = inputs
    if len(inputs) == len(operation.input_types):
        nodes = tuple(
            as_type(operand, dtype) for operand, dtype in zip(inputs, operation.input_types, strict=True)
        )
    dtypes = tuple(node.dtype for node in nodes)
    if dtypes != operation.input_types:
        raise operation.unfit(dtypes)
    return nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStep:
    """One operation of a graph; ``inputs`` are indexes into sources and steps, in that order."""

    operation: Operation
    inputs: tuple[int, ...]
    settings: Mapping[str, Any]

    def at(self, inputs: Sequence[int]) -> GraphStep:
        """Return the same step with other inputs."""
        return GraphStep(operation=self.operation, inputs=tuple(inputs), settings=self.settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Sources and steps in an order in which they can be computed; ``outputs`` are indexes into them.

    Steps that no output needs are left out, and equal steps appear once. All sources given to :meth:`of`
    stay: reading a value also checks it.
    """

    sources: tuple[GraphNode, ...]
    steps: tuple[GraphStep, ...]
    outputs: tuple[int, ...]

    def only(self, place: int) -> Graph:
        """Return the single step at ``place``, on sources of the types that it takes."""
        step = self.steps[place - len(self.sources)]
        sources = [source(f"input {at}", dtype) for at, dtype in enumerate(step.operation.input_types)]
        single_step = step.at(range(len(sources)))
        return Graph(sources=tuple(sources), steps=(single_step,), outputs=(len(sources),))

    @classmethod
    def of(cls, sources: Sequence[GraphNode], outputs: Sequence[GraphNode]) -> Graph:
        """Return the graph from ``sources`` to ``outputs``."""
        places = {id(node): place for place, node in enumerate(sources)}
        steps: list[GraphStep] = []
        equal_nodes: dict[Any, list[int]] = {}
        for output in outputs:
            waiting = [output]
            while waiting:
                node = waiting[-1]
                missing = [operand for operand in node.inputs if id(operand) not in places]
                if missing:
                    waiting += missing
                    continue
                waiting.pop()
                if id(node) in places:
                    continue
                if node.operation is None:
                    raise _not_among(node.name, [other.name for other in sources])
                inputs = tuple(places[id(operand)] for operand in node.inputs)
                equal = equal_nodes.setdefault(
                    (node.operation.name, inputs, tuple(node.settings.items())), []
                )
                equal_places = [at for at in equal if _has_same_settings(node, steps[at - len(sources)])]
                if not equal_places:
                    equal_places.append(len(sources) + len(steps))
                    equal += equal_places
                    steps.append(GraphStep(operation=node.operation, inputs=inputs, settings=node.settings))
                places[id(node)] = equal_places[0]
        return cls(
            sources=tuple(sources),
            steps=tuple(steps),
            outputs=tuple(places[id(item)] for item in outputs),
        )


def _not_among(name: str, names: list[str]) -> UsageError:
    if name in names:
        return UsageError(
            f"The column '{name}' is one of other rows.",
            hint="Take all columns from one frame: one that left rows out is another.",
        )
    return UnknownNameError(kind="column", name=name, names=names)


def _has_same_settings(node: GraphNode, step: GraphStep) -> bool:
    """Return whether equal settings are identical: 0.0 equals -0.0, and True equals 1."""
    return node.settings is step.settings or repr(node.settings) == repr(step.settings)

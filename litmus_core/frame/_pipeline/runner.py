"""From raw rows to features: the pipeline's graph, compiled for one row and for many."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from litmus_core.errors import RowError
from litmus_core.frame._encoders.encoder import Encoder, encoding_of
from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._encoders.text import TextEncoder
from litmus_core.frame._graph import Graph, GraphNode
from litmus_core.frame._layouts.layouts import ColumnsLayout, Compiled, RecordLayout
from litmus_core.frame._pipeline.features import Features
from litmus_core.frame._pipeline.traced_steps import Traced, read_as, traced_nodes
from litmus_core.frame._values import raw_values
from litmus_core.frame._values.coercion import read_rows
from litmus_core.frame._values.row_readers import gathered, row_reader
from litmus_core.types import Column

FEW_ROWS = 60  # up to here the record layout is faster: docs/adr/0006


class FeatureRunner:
    """Computes :class:`Features` of rows; safe to use from several threads.

    ``columns`` are the raw ones, from which ``before`` computes those that ``encoders`` take. ``kept`` are,
    for numbers, tokens, categories and texts, the indexes of the outputs that are kept. ``unread`` columns
    may be absent; their outputs are 0, or "".
    """

    def __init__(
        self,
        columns: Sequence[Column],
        encoders: Sequence[Encoder],
        places: Sequence[Sequence[int]],
        before: Sequence[Traced] = (),
        unread: Collection[str] = (),
    ) -> None:
        self._columns = tuple(column for column in columns if column.name not in unread)
        self._readers = {column.name: row_reader(column, blanks=False) for column in self._columns}
        sources, ready = traced_nodes(columns, before)
        lazies = [Lazy(read_as(ready[encoder.column.name], encoder.reads)) for encoder in encoders]
        outputs = self._made = _express(encoders, lazies, places)
        self._whole: _FullOutputs | None = None
        if unread:
            sources = [source for source in sources if source.name not in unread]
            outputs, self._whole = _without(outputs, unread)
        self.graph = Graph.of(
            sources, [*outputs.numbers, *outputs.categories, *outputs.texts, *outputs.marks]
        )
        self._n_numbers, self._n_codes = len(outputs.numbers), len(outputs.categories)
        self._codes_end = self._n_numbers + self._n_codes
        self._texts_end = self._codes_end + len(outputs.texts)
        self._starts = tuple(np.cumsum([0, *outputs.widths])[:-1].tolist())
        self._n_tokens = sum(outputs.widths)

    def reads(self) -> list[set[str]]:
        """Return the raw columns behind each output: numbers, tokens, categories, texts."""
        outputs = self._made
        marks = [
            node for node, width in zip(outputs.marks, outputs.widths, strict=True) for _ in range(width)
        ]
        reads_of: dict[int, set[str]] = {}
        return [
            _reads(node, reads_of) for node in (*outputs.numbers, *marks, *outputs.categories, *outputs.texts)
        ]

    @cached_property
    def _row(self) -> Compiled:
        return RecordLayout().compile(self.graph, self._readers)

    @cached_property
    def _many(self) -> Compiled:
        return ColumnsLayout().compile(
            self.graph, {column.name: column_reader(column, blanks=False) for column in self._columns}
        )

    def of_rows(self, rows: Sequence[Any]) -> Features:
        """Return the features of dicts from a request; raises RowError as :func:`read_rows` does."""
        try:
            for row in rows:
                if row.__class__ is not dict and not isinstance(row, Mapping):
                    raise TypeError
            if len(rows) > FEW_ROWS:
                return self.of_columns(gathered(rows, self._columns, self._readers))
            features = self._of_few(rows)
            return features if self._whole is None else self._whole.of(features)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            read_rows(rows, self._columns)  # raises the error with its place
            raise

    def of_columns(self, columns: Any) -> Features:
        """Return the features of n values by name; raises RowError if one is missing or unreadable."""
        check_columns(columns, self._columns)
        n_rows = len(columns[self._columns[0].name]) if self._columns else 0
        values = self._many(columns)
        features = Features(
            _block(values[: self._n_numbers], n_rows, np.float64),
            _stack_columns(values[self._texts_end :], n_rows),
            _block(values[self._n_numbers : self._codes_end], n_rows, np.int32),
            tuple(values[self._codes_end : self._texts_end]),
        )
        return features if self._whole is None else self._whole.of(features)

    def _of_few(self, rows: Sequence[Any]) -> Features:
        rows_here = [self._row(row) for row in rows]
        n, numbers, codes, texts = len(rows_here), self._n_numbers, self._codes_end, self._texts_end
        if n == 1:
            only = rows_here[0]
            doubles, places = array("d", only[:numbers]), array("i", only[numbers:codes])
        else:
            doubles = array("d", chain.from_iterable(row_[:numbers] for row_ in rows_here))
            places = array("i", chain.from_iterable(row_[numbers:codes] for row_ in rows_here))
        return Features(
            np.frombuffer(doubles, np.float64).reshape(n, numbers) if doubles else np.empty((n, numbers)),
            self._marked([row_[texts:] for row_ in rows_here]),
            np.frombuffer(places, np.int32).reshape(n, self._n_codes)
            if places
            else np.empty((n, self._n_codes), np.int32),
            tuple([row_[at] for row_ in rows_here] for at in range(codes, texts)),
        )

    def _marked(self, marks: Sequence[Sequence[Sequence[int]]]) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Return (n, tokens) with ones at each row's positions for each text column."""
        width = self._n_tokens
        if not width or not marks:
            return np.zeros((len(marks), width), np.uint8)
        flags = bytearray(len(marks) * width)
        for at, row in enumerate(marks):
            for start, places in zip(self._starts, row, strict=True):
                first = at * width + start
                for place in places:
                    flags[first + place] = 1
        return np.frombuffer(flags, np.uint8).reshape(len(marks), width)


def check_columns(table: Any, columns: Sequence[Column]) -> None:
    """Raise RowError unless ``table`` (by column name) has all ``columns``."""
    for column in columns:
        if column.name not in table:
            raise RowError(
                f"The column '{column.name}' is not there.",
                field=column.name,
                hint="Give every column of the model; leave a value empty where it is missing.",
            )


def n_in_columns(table: Mapping[str, Any], names: Sequence[str]) -> int:
    """Return the number of values in each column; raises RowError if they differ or one is not a list."""
    n_rows = None
    for name in names:
        values = table[name]
        if isinstance(values, str) or not hasattr(values, "__len__") or getattr(values, "ndim", 1) != 1:
            raise RowError(
                f"The column '{name}' is {type(values).__name__}, not one value for each row.",
                field=name,
                hint="Give a list, an array or a Series; one row is a list with one dict: [{…}].",
            )
        n_rows = len(values) if n_rows is None else n_rows
        if len(values) != n_rows:
            raise RowError(
                f"The column '{name}' has {len(values):,} values, and '{names[0]}' has {n_rows:,}.",
                field=name,
                hint="Give each column one value for each row; null says that one is missing.",
            )
    return n_rows or 0


@dataclass(slots=True)
class _Outputs:
    """The kept outputs, not computed yet, by type; ``marks`` one block per text column, ``widths`` columns
    wide.
    """

    numbers: list[GraphNode]
    categories: list[GraphNode]
    texts: list[GraphNode]
    marks: list[GraphNode]
    widths: list[int]


@dataclass(slots=True)
class _FullOutputs:
    """Puts computed outputs in their places among all outputs.

    ``blocks`` are indexes of numbers, tokens and categories among ``sizes``, ``texts`` among ``n_texts``.
    """

    blocks: list[np.ndarray[Any, Any]]
    sizes: list[int]
    texts: list[int]
    n_texts: int

    def of(self, part: Features) -> Features:
        """Return all outputs; those that were not computed are 0, or ""."""
        blocks: list[np.ndarray[Any, Any]] = [part.numbers, part.tokens, part.categories]
        numbers, tokens, categories = map(_spread, blocks, self.blocks, self.sizes)
        texts, nothing = dict(zip(self.texts, part.texts, strict=True)), [""] * part.n_rows
        return Features(
            numbers, tokens, categories, tuple(texts.get(at, nothing) for at in range(self.n_texts))
        )


def _spread(block: np.ndarray[Any, Any], places: np.ndarray[Any, Any], size: int) -> np.ndarray[Any, Any]:
    if not size or len(places) == size:
        return block
    full = np.zeros((len(block), size), block.dtype)
    full[:, places] = block
    return full


def _without(outputs: _Outputs, unread: Collection[str]) -> tuple[_Outputs, _FullOutputs]:
    """Return the outputs that do not depend on ``unread`` columns, and where they belong."""
    reads_of: dict[int, set[str]] = {}
    blocks = (outputs.numbers, outputs.marks, outputs.categories, outputs.texts)
    used_places = [
        [at for at, node in enumerate(nodes) if _reads(node, reads_of).isdisjoint(unread)] for nodes in blocks
    ]
    starts = np.cumsum([0, *outputs.widths]).tolist()
    tokens = [place for at in used_places[1] for place in range(starts[at], starts[at + 1])]
    full = _FullOutputs(
        blocks=[np.array(places, dtype=np.intp) for places in (used_places[0], tokens, used_places[2])],
        sizes=[len(outputs.numbers), starts[-1], len(outputs.categories)],
        texts=used_places[3],
        n_texts=len(outputs.texts),
    )
    numbers, marks, categories, texts = (
        [nodes[at] for at in places] for nodes, places in zip(blocks, used_places, strict=True)
    )
    return _Outputs(numbers, categories, texts, marks, [outputs.widths[at] for at in used_places[1]]), full


def _reads(node: GraphNode, reads_of: dict[int, set[str]]) -> set[str]:
    """Return the raw columns that a node is computed from; ``reads_of`` caches earlier results."""
    if id(node) not in reads_of:
        reads_of[id(node)] = (
            {node.name}
            if node.operation is None
            else set().union(*(_reads(operand, reads_of) for operand in node.inputs))
        )
    return reads_of[id(node)]


def _express(
    encoders: Sequence[Encoder], raw: Sequence[Lazy], places_of: Sequence[Sequence[int]]
) -> _Outputs:
    """Trace the encoders on their raw columns and keep the outputs at the indexes ``places_of``."""
    numbers: list[GraphNode] = []
    categories: list[GraphNode] = []
    texts: list[GraphNode] = []
    outputs = _Outputs([], [], [], [], [])
    first = 0
    for encoder, lazy in zip(encoders, raw, strict=True):
        expressed = encoder.express(lazy)
        numbers += [number.node for number in expressed.numbers]
        categories += [expressed.category.node] if expressed.category is not None else []
        texts += [expressed.text.node] if expressed.text is not None else []
        if isinstance(encoder, TextEncoder):
            places = [at - first for at in places_of[1] if first <= at < first + len(encoder.phrases)]
            first += len(encoder.phrases)
            outputs.widths.append(len(places))
            outputs.marks.append(encoder.marks(lazy, places).node)
    outputs.numbers, outputs.categories, outputs.texts = (
        [nodes[at] for at in places]
        for nodes, places in zip((numbers, categories, texts), (places_of[0], *places_of[2:]), strict=True)
    )
    return outputs


def column_reader(column: Column, *, exact: bool = False, blanks: bool = True) -> Any:
    """Return the reader of a raw column of a table.

    ``exact``: infinite numbers are missing as in a single row, and a whole number that a double cannot
    represent exactly raises InexactError. Without ``blanks`` a blank text is missing, as at import.
    """
    readers: dict[str, Any] = {
        "number": _exact_numbers if exact else raw_values.numbers,
        "boolean": raw_values.booleans,
        "date": raw_values.moments,
        "text": raw_values.texts if blanks else raw_values.prose,
    }
    read = readers.get(encoding_of(column), raw_values.texts)
    return lambda raw: read(raw, column)


def _exact_numbers(raw: Any, column: Column) -> Any:
    doubles = raw_values.numbers(raw, column)
    if (np.abs(doubles) >= raw_values.MOST_WHOLE).any():
        raw_values.check_exact(raw, column)
    return raw_values.finite_numbers(doubles, column)


def _block(columns: Sequence[Any], n_rows: int, dtype: Any) -> np.ndarray[Any, Any]:
    return np.column_stack(columns) if columns else np.empty((n_rows, 0), dtype)


def _stack_columns(blocks: Sequence[Any], n_rows: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.hstack(blocks) if blocks else np.empty((n_rows, 0), np.uint8)

"""A graph of operations on texts as one function of Arrow columns."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._graph import Graph
from litmus_core.frame._kernel import _compiler, _program
from litmus_core.frame._kernel._letters import classes
from litmus_core.frame._kernel._machine import WIDTH
from litmus_core.frame._layouts.layouts import ColumnsLayout, Compiled

_SPARE = 32  # bytes after the texts: eight are read and written even if fewer are left


def why_not(graph: Graph) -> str | None:
    """Return why the kernel cannot run ``graph``, as the end of a sentence; None if it can."""
    return _program.why_not(graph) or _compiler.why_not()


def can(graph: Graph) -> bool:
    """Return whether :func:`compile_chain` accepts ``graph``."""
    return why_not(graph) is None


def compile_chain(graph: Graph) -> Chain:
    """Return ``graph`` as one compiled pass over texts.

    Raises UsageError for a graph with operations that the kernel does not know, and MissingExtraError if
    there is no compiler; :func:`why_not` tells in advance.
    """
    reason = _program.why_not(graph)
    if reason:
        raise UsageError(f"The text kernel cannot run this: {reason}.", hint="Use another layout for it.")
    return Chain(graph)


class Chain:
    """A compiled graph from text columns to texts and numbers, exactly as the registry defines it.

    Rows with letters outside the tables, such as a capital sigma, are computed by Python one by one. It keeps
    no changing state and does not hold Python's lock while it runs: several threads may call it at once.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names = [source.name for source in graph.sources]
        self._program = _program.program_of(graph)
        self._code = np.array(self._program.code, dtype=np.int64)
        self._constants = np.frombuffer(bytes(self._program.constants) + b"\0", np.uint8)
        self._run = _compiler.compiled()

    @cached_property
    def _python(self) -> Compiled:
        return ColumnsLayout().compile(self._graph, dict.fromkeys(self._names, lambda raw: raw))

    def of_lists(self, columns: Mapping[str, Sequence[str | None]]) -> tuple[Any, ...]:
        """Return lists and (n,) float64 for lists by name; lone surrogates send all rows to Python."""
        import pyarrow as pa

        try:
            arrays = {name: pa.array(columns[name], pa.large_string()) for name in self._names}
        except UnicodeEncodeError:
            return self._python(columns)
        built = self(arrays)
        return tuple(array if isinstance(array, np.ndarray) else array.to_pylist() for array in built)

    def __call__(self, columns: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the outputs in the graph's order: ``large_string`` arrays, and (n,) float64 with NaN.

        ``columns`` has a pyarrow array of strings, whole or in chunks, for each source by name.
        """
        sources = [_Text(source.name, columns[source.name]) for source in self._graph.sources]
        n_rows = sources[0].n_rows
        if any(source.n_rows != n_rows for source in sources):
            raise UsageError(
                f"The columns have {' and '.join(str(source.n_rows) for source in sources)} rows.",
                hint="Give columns of one table.",
            )
        gone, results = self._pass(sources, n_rows)
        places = np.flatnonzero(gone)
        if places.size:
            by_hand = self._python(
                {
                    name: source.array.take(places).to_pylist()
                    for name, source in zip(self._names, sources, strict=True)
                }
            )
            for place, values in zip(self._graph.outputs, by_hand, strict=True):
                results[place] = _with_values(results[place], places, values)
        return tuple(results[place] for place in self._graph.outputs)

    def _pass(self, sources: Sequence[_Text], n_rows: int) -> tuple[Any, dict[int, Any]]:
        """Run the machine; return which rows are left to Python, and the results by index in the graph."""
        program = self._program
        rooms = program.rooms
        largest, total = [source.largest for source in sources], [source.total for source in sources]
        scratch = np.empty(sum(capacity.for_bytes(largest) for capacity in rooms.values()) + _SPARE, np.uint8)
        gone = np.zeros(n_rows, np.uint8)
        texts = [
            (np.empty(rooms[place].for_bytes(total, n_rows), np.uint8), np.empty(n_rows, np.uint8))
            for place in program.texts
        ]
        ends = [np.zeros(n_rows + 1, np.int64) for _ in texts]
        registers = np.zeros((3, len(self._graph.sources) + len(self._graph.steps)), np.int64)
        numbers = np.full((len(program.numbers), n_rows), np.nan)
        lookup_places = np.empty((len(program.lookups), n_rows), np.int64)
        buffers = [scratch, self._constants, classes(), gone]
        buffers += [buffer for source in sources for buffer in (source.data, source.present)]
        buffers += [buffer for text in texts for buffer in text]
        ends_of_words = np.empty(len(scratch), np.int64)
        wholes = [
            *registers,
            ends_of_words,
            *(source.offsets for source in sources),
            *program.sets,
            *ends,
            *lookup_places,
        ]
        addresses = [_addresses(list(group)) for group in (buffers, wholes, program.tables, numbers)]
        self._run(_addresses([self._code])[0], len(self._code) // WIDTH, n_rows, *addresses)
        results: dict[int, Any] = dict(zip(program.numbers, numbers, strict=True))
        for (place, (_, _, lookup)), values in zip(program.lookups.items(), lookup_places, strict=True):
            results[place] = lookup.as_column(values)
        for place, (data, present), end in zip(program.texts, texts, ends, strict=True):
            data.resize(int(end[-1]), refcheck=False)  # release what was not needed
            results[place] = _array(data, present, end)
        return gone, results


class _Text:
    """A source as the machine reads it: bytes, where each row starts, and whether it is missing."""

    def __init__(self, name: str, column: Any) -> None:
        import pyarrow as pa

        if not any(is_one(column.type) for is_one in _strings()):  # the usual type is tried first
            raise UsageError(
                f"The column '{name}' is of {column.type}.", hint="Give a pyarrow array of strings."
            )
        column_chunk = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        self.array = (
            column_chunk
            if pa.types.is_large_string(column_chunk.type)
            else column_chunk.cast(pa.large_string())
        )
        self.n_rows = len(self.array)
        valid, offsets, data = self.array.buffers()
        first = self.array.offset
        self.offsets = np.zeros(1, np.int64)
        if self.n_rows:
            self.offsets = np.frombuffer(offsets, np.int64)[first : first + self.n_rows + 1]
        self.data = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
        self.present = _present(valid, first, self.n_rows)
        self.total = int(self.offsets[-1] - self.offsets[0])
        self.largest = int((self.offsets[1:] - self.offsets[:-1]).max(initial=0))


def _present(bits: Any, first: int, n_rows: int) -> Any:
    """Return an array's validity bits for these rows, eight in a byte; None: all are valid."""
    if bits is None:
        return np.full(n_rows + 7 >> 3, 255, np.uint8)
    bits_here = np.frombuffer(bits, np.uint8)[first >> 3 :]
    if not first & 7:
        return bits_here
    return np.packbits(np.unpackbits(bits_here, bitorder="little")[first & 7 :], bitorder="little")


def _strings() -> tuple[Any, ...]:
    from pyarrow import types

    return types.is_large_string, types.is_string, types.is_string_view, types.is_null


def _addresses(buffers: Sequence[Any]) -> Any:
    from pyarrow import py_buffer

    return (ctypes.c_void_p * len(buffers))(*[py_buffer(buffer).address for buffer in buffers])


def _array(data: Any, present: Any, ends: Any) -> Any:
    """Return the machine's output as an Arrow array, without copying the texts."""
    import pyarrow as pa

    validity = None if present.all() else pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.Array.from_buffers(
        pa.large_string(), len(present), [validity, pa.py_buffer(ends), pa.py_buffer(data)]
    )


def _with_values(array: Any, places: Any, values: Any) -> Any:
    """Return an output with other ``values`` (in the columns layout's form) at ``places``."""
    if isinstance(array, np.ndarray):
        array[places] = values
        return array
    import pyarrow as pa
    import pyarrow.compute as pc

    is_replaced = np.zeros(len(array), dtype=bool)
    is_replaced[places] = True
    return pc.replace_with_mask(array, pa.array(is_replaced), pa.array(values, pa.large_string()))

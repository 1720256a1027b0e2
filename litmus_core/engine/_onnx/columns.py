"""Features computed by ONNX from raw columns, each written when a model reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._onnx._input import Input, input_of
from litmus_core.engine._onnx._operations import OPERATIONS, code
from litmus_core.engine._onnx.writer import OnnxWriter
from litmus_core.frame import FeaturePipeline


class OnnxColumns:
    """The features of a fitted pipeline, and models' outputs once they exist.

    ``inputs`` are the raw columns in use. ``unsupported`` are columns that a model reads in a way ONNX
    cannot express; their placeholders in the graph are invalid.
    """

    def __init__(self, writer: OnnxWriter, pipeline: FeaturePipeline) -> None:
        self._writer, self._graph = writer, pipeline.graph
        self._raw = {column.name: column for column in pipeline.columns}
        numbers, codes = len(pipeline.number_outputs), len(pipeline.category_outputs)
        outputs = self._graph.outputs
        self._numbers, self._codes = outputs[:numbers], outputs[numbers : numbers + codes]
        self._texts = outputs[numbers + codes : numbers + codes + len(pipeline.text_outputs)]
        self._marks = outputs[numbers + codes + len(pipeline.text_outputs) :]
        self._values: dict[int, str] = {}
        self._blocks: dict[tuple[Source, ...], str] = {}
        self._zeros = ""
        self.inputs: dict[str, Input] = {}
        self.unsupported: dict[str, None] = {}
        self.step_outputs: dict[str, tuple[str, int]] = {}  # by step: a value of (n, k) doubles, and k

    def doubles(self, sources: Sequence[Source]) -> str:
        """Return (n, columns) doubles, NaN where missing; category codes become numbers."""
        key = tuple(sources)
        if key not in self._blocks:
            self._blocks[key] = self._writer.concatenate([self._double(source) for source in sources])
        return self._blocks[key]

    def codes(self, source: Source) -> str:
        """Return (n, 1) integers: a category's codes."""
        block, place = source
        if block != "category":
            return self._writer.integer(self._double(source))
        return self._value(self._codes[place])

    def refuse_text(self, place: int) -> None:
        """Record that a model reads a raw text."""
        self._refuse(self._texts[place])

    def zeros(self) -> str:
        """Return (n, 1) zeros."""
        if not self._zeros:
            if not self.inputs:
                self._read(self._graph.sources[0].name, ())
            shape = self._writer.op("Shape", next(iter(self.inputs)))
            self._zeros = self._writer.double(self._writer.op("ConstantOfShape", shape))
        return self._zeros

    def _double(self, source: Source) -> str:
        block, place = source
        if block == "number":
            return self._value(self._numbers[place])
        if block == "category":
            return self._writer.double(self._value(self._codes[place]))
        if block == "token":
            self._refuse(self._block_of(place))
            return self.zeros()
        answer, n_columns = self.step_outputs[block]
        return answer if n_columns == 1 else self._writer.column(answer, place)

    def _block_of(self, token: int) -> int:
        """Return the index in the graph of the block that contains a 0/1 column."""
        widths = [len(self._step(place).settings["phrases"]) for place in self._marks]
        return self._marks[int(np.searchsorted(np.cumsum(widths), token, side="right"))]

    def _step(self, place: int) -> Any:
        return self._graph.steps[place - len(self._graph.sources)]

    def _value(self, place: int) -> str:
        """Return the value at an index of the graph, written at its first use."""
        if place not in self._values:
            self._values[place] = self._written(place)
        return self._values[place]

    def _written(self, place: int) -> str:
        if place < len(self._graph.sources):
            return self._read(self._graph.sources[place].name)
        step = self._step(place)
        if step.operation.name == "code" and step.inputs[0] < len(self._graph.sources):
            return self._encode_category(
                self._graph.sources[step.inputs[0]].name, step.settings["vocabulary"]
            )
        write = OPERATIONS.get(step.operation.name)
        if write is None:
            self._refuse(place)
            return self.zeros()
        return write(self._writer, *(self._value(input_) for input_ in step.inputs), **step.settings)

    def _encode_category(self, name: str, vocabulary: Sequence[str]) -> str:
        raw = self._read(name, vocabulary)
        return code(self._writer, raw, vocabulary=vocabulary, numeric=self.inputs[name].type == "double")

    def _read(self, name: str, vocabulary: Sequence[str] | None = None) -> str:
        column = self._raw[name]
        self.inputs.setdefault(name, input_of(column, vocabulary))
        raw = name
        if self.inputs[name].type == "double" and column.stores_numbers:
            size = self._writer.op("Abs", raw)
            infinite = self._writer.op("Equal", size, self._writer.constant(np.inf))
            return self._writer.op("Where", infinite, self._writer.constant(np.nan), raw)
        return raw

    def _refuse(self, place: int) -> None:
        """Record the raw columns that the index depends on."""
        if place < len(self._graph.sources):
            self.unsupported[self._graph.sources[place].name] = None
        else:
            for input_ in self._step(place).inputs:
                self._refuse(input_)

"""Litmus' own text encoder: its graph in ONNX's operators, and the linear model after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep
from litmus_core.engine._compile.first_layer import Array, FirstLayer
from litmus_core.engine._compile.inputs import Inputs, compact
from litmus_core.engine._families.family import (
    AutoGluonSettings,
    CompiledForm,
    FamilyHyperparameters,
    FamilyLibrary,
    FamilyNeeds,
    ModelFamily,
    SearchSpace,
)
from litmus_core.engine._families.library import LibraryHyperparameter, read_defaults
from litmus_core.engine._families.spaces import WEIGHT_STEP, floats, integers, one_of
from litmus_core.engine._text_encoder import DEFAULTS, EncoderShape, Pretrained, out_of_range
from litmus_core.engine._text_models.linear_losses import LossValues
from litmus_core.types import ProblemType

_OPSET, _IR_VERSION = 17, 8
_FLOAT = 1  # ONNX's number for float32


def compile_encoder(name: str, model: Any, inputs: Inputs) -> list[PlanStep]:
    """Return the steps of an :class:`EncoderModel`: the embedding of texts, and the model on it.

    Models with the same weights, such as the folds of a frozen encoder, share the first step.
    """
    fit = model.model
    encoder: Pretrained = fit.encoder
    texts = [place for _, place in inputs.sources(fit.texts)]
    reads = f"encoder-{encoder.digest}-{'-'.join(map(str, texts))}"
    settings = {
        "texts": texts,
        "most_tokens": encoder.most_tokens,
        "lower": encoder.lower,
    }
    files = {
        "graph.onnx": encoder_graph(encoder),
        "vocabulary.txt": "\n".join(encoder.vocabulary).encode("utf-8"),
    }
    layer = FirstLayer(fit.head.offsets)
    width = encoder.shape.hidden
    nothing = np.zeros(width)
    layer.numbers(
        [(reads, place) for place in range(width)],
        fit.head.weights,
        center=nothing,
        scale=np.ones(width),
        fill=nothing,
    )
    head = {**layer.settings, "link": _link(model)}
    return [
        PlanStep(id=reads, kind="encoder", settings=settings, files=files),
        PlanStep(id=name, kind="dense", of=(reads,), settings=head, arrays=compact(layer.arrays)),
    ]


def _link(model: Any) -> dict[str, Any]:
    goal = model.model.goal
    if isinstance(goal, LossValues):
        return {"kind": "clipped", "low": goal.low, "high": goal.high}
    return {"kind": "logistic" if goal.n_classes == 2 else "softmax"}


def encoder_graph(encoder: Pretrained) -> bytes:
    """Return an ONNX model from ``ids`` (b, t), rows of one length, to ``y`` (b, hidden) float32.

    Weights are stored as float16 and read as float32, in which everything is computed, as in torch.
    """
    from onnx import TensorProto, helper

    writer = _Graph(encoder.weights)
    values = writer.embedded(encoder.shape)
    for layer in range(encoder.shape.n_layers):
        values = writer.layer(f"layers.{layer}", values, encoder.shape)
    writer.op("ReduceMean", values, name="y", axes=[1], keepdims=0)
    graph = helper.make_graph(
        writer.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "tokens"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", encoder.shape.hidden])],
        writer.constants,
    )
    opset = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=_IR_VERSION, producer_name="litmus")
    content: bytes = model.SerializeToString()
    return content


class _Graph:
    """Collects operators, each with one output; see ``_encoder._network`` for what they compute."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._weights = weights
        self._written: set[str] = set()

    def op(self, kind: str, *inputs: str, name: str = "", **settings: Any) -> str:
        """Add an operator and return its output's name."""
        from onnx import helper

        name = name or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **settings))
        return name

    def embedded(self, shape: EncoderShape) -> str:
        """Return (b, t, hidden): the sum of token and position embeddings."""
        words = self._single(self.op("Gather", self._constant("word", self._weights["word.weight"]), "ids"))
        n_tokens = self.op("Slice", self.op("Shape", "ids"), self._integers(1), self._integers(2))
        places = self._constant("place", self._weights["place.weight"])
        first = self._single(self.op("Slice", places, self._integers(0), n_tokens, self._integers(0)))
        return self._normal("norm", self.op("Add", words, first), shape)

    def layer(self, name: str, values: str, shape: EncoderShape) -> str:
        """Return (b, t, hidden) after the layer whose weights' names start with ``name``."""
        attended = self._linear(f"{name}.attention_output", self._add_attention(name, values, shape))
        values = self._normal(f"{name}.attention_norm", self.op("Add", values, attended), shape)
        wide = self._linear(f"{name}.wide", values)
        share = self.op("Erf", self.op("Mul", wide, self._number(0.5**0.5)))
        bent = self.op("Mul", wide, self.op("Add", share, self._number(1.0)))
        narrow = self._linear(f"{name}.narrow", self.op("Mul", bent, self._number(0.5)))
        return self._normal(f"{name}.narrow_norm", self.op("Add", values, narrow), shape)

    def _add_attention(self, name: str, values: str, shape: EncoderShape) -> str:
        size = shape.hidden // shape.n_heads
        projected = self.op(
            "Reshape",
            self._linear(f"{name}.query_key_value", values),
            self._integers(0, 0, 3, shape.n_heads, size),
        )
        split = self.op("Transpose", projected, perm=[2, 0, 3, 1, 4])
        query, key, value = (
            self.op("Gather", split, self._constant(f"at {at}", np.array(at)), axis=0) for at in range(3)
        )
        near = self.op("MatMul", query, self.op("Transpose", key, perm=[0, 1, 3, 2]))
        shares = self.op("Softmax", self.op("Mul", near, self._number(size**-0.5)), axis=-1)
        heads = self.op("Transpose", self.op("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self.op("Reshape", heads, self._integers(0, 0, shape.hidden))

    def _linear(self, name: str, values: str) -> str:
        weight = self._single(self._constant(name, self._weights[f"{name}.weight"].T))  # (out, in) in torch
        return self.op("Add", self.op("MatMul", values, weight), self._bias(name))

    def _normal(self, name: str, values: str, shape: EncoderShape) -> str:
        gain = self._single(self._constant(name, self._weights[f"{name}.weight"]))
        return self.op("LayerNormalization", values, gain, self._bias(name), axis=-1, epsilon=shape.eps)

    def _bias(self, name: str) -> str:
        return self._single(self._constant(f"{name}.bias", self._weights[f"{name}.bias"]))

    def _single(self, half: str) -> str:
        return self.op("Cast", half, to=_FLOAT)

    def _integers(self, *values: int) -> str:
        return self._constant(f"whole {values}", np.array(values, dtype=np.int64))

    def _number(self, value: float) -> str:
        return self._constant(f"number {value}", np.array(value, dtype=np.float32))

    def _constant(self, name: str, values: Array) -> str:
        from onnx import numpy_helper

        if name not in self._written:
            self._written.add(name)
            self.constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    defaults = read_defaults(DEFAULTS)
    return LibraryHyperparameter(
        main=defaults.main,
        problem=lambda name, value: defaults.problem(name, value) or out_of_range(name, value),
    )


def _model_class(settings: Mapping[str, Any]) -> type:
    from litmus_core.engine._text_encoder.model import EncoderModel

    return EncoderModel


ENCODER = ModelFamily(
    key="encoder",
    title="Text encoder, pretrained",
    when="When a text's meaning counts more than its words; reads text alone, larger and slower.",
    about=(
        "A language model that has read many texts turns each text into numbers that hold its "
        "meaning. A small model learns from these numbers."
    ),
    kind="encoder",
    needs=FamilyNeeds(extra="torch", text=True, weights=True),
    training=AutoGluonSettings(
        priority=40, seed_name="random_state", model_class=_model_class, reads_once=True
    ),
    hyperparameters=FamilyHyperparameters(read=_read_hyperparameters),
    space=SearchSpace(
        meanings={
            "mode": (
                "frozen leaves the language model as it is; full trains it, too, which takes much longer."
            ),
            "learning_rate": WEIGHT_STEP,
            "epochs": "How often it reads all texts.",
        },
        hyperparameters=(
            one_of("mode", "frozen", "full", default="frozen"),
            floats("learning_rate", 2e-5, 4e-4, log=True, default=1e-4),
            integers("epochs", 2, 8, default=4),
        ),
    ),
    compiled=CompiledForm(
        compile=compile_encoder,
        classes=("litmus_core.engine._text_encoder.model.EncoderModel",),
        onnx={"encoder": "it cuts texts into word pieces, which standard ONNX has no operators for"},
    ),
    library=FamilyLibrary(packages=("torch",)),
)

"""AutoGluon's own neural network (torch)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep, Source
from litmus_core.engine._compile.first_layer import Array, FirstLayer, add_skewed, imputed
from litmus_core.engine._compile.inputs import Inputs, compact
from litmus_core.engine._families.family import (
    AutoGluonSettings,
    AutomaticChoice,
    CompiledForm,
    FamilyHyperparameters,
    FamilyLibrary,
    FamilyNeeds,
    ModelFamily,
    SearchSpace,
)
from litmus_core.engine._families.library import LibraryHyperparameter, read_defaults
from litmus_core.engine._families.spaces import WEIGHT_STEP, floats, integers, one_of
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.errors import NotCompilableError
from litmus_core.types import ProblemType

_ACTIVATIONS = {"ReLU": "relu", "ELU": "elu", "Tanh": "tanh", "Identity": "identity"}
Layer = tuple[Array, Array]
Table = tuple[Source, Array]  # a category and its (codes, h) weights


def compile_network(name: str, model: Any, inputs: Inputs) -> PlanStep:
    """Return the step of an AutoGluon ``TabularNeuralNetTorchModel``, with batch norms folded in."""
    layers, activation = _layers(model.model.main_block)
    if MODEL_OUTPUTS.of(model.problem_type).link == "logistic":  # of the difference of two: their softmax
        weights, offset = layers[-1]
        layers[-1] = weights[:, 1:] - weights[:, :1], offset[1:] - offset[:1]
    first = _first_layer(model, layers[0], inputs)
    arrays = dict(first.arrays)
    for place, (weights, offset) in enumerate(layers[1:]):
        arrays |= {f"weights{place}": weights, f"offset{place}": offset}
    settings = {
        **first.settings,
        "activation": activation,
        "n_layers": len(layers) - 1,
        "link": _link(model),
    }
    return PlanStep(id=name, kind="dense", settings=settings, arrays=compact(arrays))


def _layers(block: Any) -> tuple[list[Layer], str]:
    """Return (weights (in, out), offset (out,)) of each linear layer in doubles, and the activation."""
    layers: list[Layer] = []
    kinds: set[str] = set()
    norm: Layer | None = None
    for module in block:
        kind = type(module).__name__
        if kind == "Linear":
            weights, offset = _array(module.weight).T, _array(module.bias)
            if norm is not None:
                weights, offset = norm[0][:, np.newaxis] * weights, offset + norm[1] @ weights
            layers.append((weights, offset))
            norm = None
        elif kind == "BatchNorm1d":
            gain = _array(module.weight) / np.sqrt(_array(module.running_var) + module.eps)
            norm = gain, _array(module.bias) - _array(module.running_mean) * gain
        elif kind in _ACTIVATIONS:
            kinds.add(_ACTIVATIONS[kind])
        elif kind != "Dropout":
            raise NotCompilableError(f"its network has a layer of the kind '{kind}'")
    return layers, kinds.pop()


def _first_layer(model: Any, layer: Layer, inputs: Inputs) -> FirstLayer:
    """Return the first layer over the columns; the network's input is the vector, then embeddings."""
    weights, offset = layer
    first = FirstLayer(offset)
    vectors = _vector_places(model)
    n_vector = sum(map(len, vectors.values()))
    tables: list[Table] = []
    start = 0
    for part, transformer, columns in model.processor.transformers_:
        names = _names(model, part, columns)
        if not names:
            continue
        if part == "ordinal":
            tables += _embedding_tables(model, transformer, names, weights[n_vector:], inputs)
            continue
        stop = start + sum(len(vectors[name]) for name in names)
        if part == "onehot":
            tables += _one_hot(first, transformer, names, weights[start:stop], vectors, inputs)
        else:
            _add(first, part, transformer, names, weights[start:stop], inputs)
        start = stop
    if tables:
        first.categories([source for source, _ in tables], [table for _, table in tables])
    return first


def _vector_places(model: Any) -> dict[str, list[int]]:
    """Return the array columns of each name in the network's vector, in the vector's order."""
    kinds = model.feature_type_map
    return {name: places for name, places in model.feature_arraycol_map.items() if kinds[name] == "vector"}


def _names(model: Any, part: str, columns: Sequence[Any]) -> list[str]:
    if part == "remainder":
        names_in = list(model.processor.feature_names_in_)
        return [column if isinstance(column, str) else names_in[column] for column in columns]
    return list(columns)


def _add(
    first: FirstLayer, part: str, transformer: Any, names: Sequence[str], weights: Array, inputs: Inputs
) -> None:
    if part == "continuous":
        scaler = transformer.named_steps["scaler"]
        column_names, fill = imputed(transformer.named_steps["imputer"], names)
        first.numbers(
            inputs.sources(column_names), weights, center=scaler.mean_, scale=scaler.scale_, fill=fill
        )
    elif part == "skewed":
        add_skewed(first, transformer, names, weights, inputs)
    elif part == "remainder":
        plain = np.zeros(len(names)), np.ones(len(names))
        first.flags(inputs.sources(names), weights, center=plain[0], scale=plain[1])
    else:
        raise NotCompilableError(f"its columns go through a step called '{part}'")


def _one_hot(
    first: FirstLayer,
    transformer: Any,
    names: Sequence[str],
    weights: Array,
    vectors: Mapping[str, Sequence[int]],
    inputs: Inputs,
) -> list[Table]:
    """Return the tables of categories; numbers with two values go into ``first``, value by value.

    An unknown or missing value is a row of zeros, as in the network.
    """
    encoder = transformer.named_steps["onehot"]
    categories_of = {
        name: np.asarray(category) for name, category in zip(names, encoder.categories_, strict=True)
    }
    hot = np.asarray(encoder.transform(inputs.trial(names, values=categories_of)), dtype=np.float64)
    tables: list[Table] = []
    sources: list[Source] = []
    values: list[float] = []
    rows: list[Array] = []
    start = 0
    for name, source in zip(names, inputs.sources(names), strict=True):
        stop = start + len(vectors[name])
        block = hot[:, start:stop] @ weights[start:stop]
        start = stop
        if source[0] == "category":
            tables.append((source, block[: inputs.n_codes(name)]))
            continue
        for value, row in zip(categories_of[name].tolist(), block, strict=False):
            sources.append(source)
            values.append(value)
            rows.append(row)
    if sources:
        first.values(sources, np.array(rows), values=np.array(values, dtype=np.float64))
    return tables


def _embedding_tables(
    model: Any, transformer: Any, names: Sequence[str], weights: Array, inputs: Inputs
) -> list[Table]:
    """Return each category's table: its code's embedding times the weights (after those of the vector)."""
    levels = np.asarray(transformer.named_steps["ordinal"].transform(inputs.trial(names))).astype(np.int64)
    tables: list[Table] = []
    start = 0
    for place, (name, block) in enumerate(zip(names, model.model.embed_blocks, strict=True)):
        embedding = _array(block.weight)
        stop = start + embedding.shape[1]
        product = embedding[levels[: inputs.n_codes(name), place]] @ weights[start:stop]
        tables.append((inputs.sources([name])[0], product))
        start = stop
    return tables


def _link(model: Any) -> dict[str, Any]:
    """Return the link; a regression's network stays within its given range."""
    output = MODEL_OUTPUTS.of(model.problem_type)
    if output.link != "identity":
        return {"kind": output.link}
    network = model.model
    kind = {None: "identity", "nonnegative": "above", "nonpositive": "below", "bounded": "between"}
    bounds = {} if network.y_constraint is None else {"low": network.y_lower, "high": network.y_upper}
    finite = {name: float(value) for name, value in bounds.items() if np.isfinite(value)}
    return {"kind": kind[network.y_constraint], **finite}


def _array(tensor: Any) -> Array:
    array: Array = tensor.detach().cpu().numpy().astype(np.float64)
    return array


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    from autogluon.tabular.models.tabular_nn.hyperparameters.parameters import get_default_param

    return read_defaults(get_default_param(problem_type, "pytorch"))


# Learns in a third of the time of AutoGluon's own settings, and is as good or better: docs/adr/0047.
_QUICK: dict[str, Any] = {
    "use_batchnorm": True,
    "learning_rate": 1e-3,
    "num_layers": 2,
    "hidden_size": 256,
    "dropout_prob": 0.2,
    "epochs_wo_improve": 8,
}

NETWORK = ModelFamily(
    key="network",
    title="Neural network",
    when="When many numbers work together smoothly; slower to train, small to keep.",
    about=(
        "Layers of simple units pass numbers on, and learn smooth combinations of columns. It "
        "needs many rows and time, and then finds what trees miss."
    ),
    kind="network",
    aliases=("nntorch", "nn", "mlp", "fastai", "neuralnet", "neuralnetwork"),
    needs=FamilyNeeds(extra="torch"),
    chosen=AutomaticChoice(
        rank=90,
        from_s=45,
        few_rows_from_s=30,
        several_classes_from_s=120,
        many_classes_from_s=30,
        heavy=True,
    ),
    training=AutoGluonSettings(
        model="NN_TORCH",
        priority=50,
        many_classes_priority=88,
        seed_name="seed_value",
        hyperparameters=_QUICK,
        takes_weights=False,
    ),
    hyperparameters=FamilyHyperparameters(
        read=_read_hyperparameters,
        bounds={"batch_size": None},
        choices={
            "activation": ("relu", "elu", "tanh"),
            "optimizer": ("adam", "sgd", "adamw"),
            "proc.impute_strategy": ("median", "mean", "most_frequent"),
        },
    ),
    space=SearchSpace(
        meanings={
            "learning_rate": WEIGHT_STEP,
            "weight_decay": "How strongly weights are pulled to zero.",
            "dropout_prob": "The share of the units that are left out at random while it learns.",
            "num_layers": "How many layers it has.",
            "hidden_size": "How many units a layer has.",
        },
        hyperparameters=(
            floats("learning_rate", 1e-4, 3e-2, log=True, default=1e-3),
            floats("weight_decay", 1e-9, 0.1, log=True, default=1e-6),
            floats("dropout_prob", 0.0, 0.5, default=0.2),
            integers("num_layers", 2, 4, default=2),
            one_of("hidden_size", 64, 128, 256, default=256),
        ),
        starts=({"learning_rate": 3e-4, "dropout_prob": 0.1, "num_layers": 4, "hidden_size": 128},),
    ),
    compiled=CompiledForm(
        compile=compile_network,
        classes=("autogluon.tabular.models.tabular_nn.torch.tabular_nn_torch.TabularNeuralNetTorchModel",),
    ),
    library=FamilyLibrary(packages=("torch",)),
)

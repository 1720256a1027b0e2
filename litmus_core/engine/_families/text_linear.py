"""Litmus' own model of words and letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep
from litmus_core.engine._compile.first_layer import Array, FirstLayer
from litmus_core.engine._compile.inputs import Inputs, compact
from litmus_core.engine._families.family import (
    AutoGluonSettings,
    AutomaticChoice,
    CompiledForm,
    FamilyHyperparameters,
    FamilyNeeds,
    ModelFamily,
    SearchSpace,
)
from litmus_core.engine._families.library import LibraryHyperparameter, read_defaults
from litmus_core.engine._families.spaces import one_of
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.engine._onnx.dense import write_columns
from litmus_core.engine._text_models.columns import CHARACTERS, SPREAD, TextAndColumns
from litmus_core.types import ProblemType


def compile_text(name: str, model: Any, inputs: Inputs) -> PlanStep:
    """Return the step of a :class:`TextLinearModel`; the calibration's slope is folded into the weights."""
    fit = model.model
    slope = fit.settings.get("slope", 1.0)
    weights = np.asarray(fit.weights) * slope
    first = FirstLayer(fit.offsets * slope + fit.settings.get("offset", 0.0))
    vectors: TextAndColumns = fit.vectors
    facts: list[dict[str, Any]] = []
    arrays: dict[str, Array] = {}
    start = 0
    for part, (cut, weight) in enumerate((("char", 1.0), ("word", fit.settings["word_weight"]))):
        for text, (_, place) in zip(vectors.texts_, inputs.sources(vectors.texts_), strict=True):
            learned = vectors.vectors_[text][part]
            stop = start + learned.keys_.size
            name_here = f"{cut}{place}"
            cutter: Any = learned.cut  # a partial
            orders = list(cutter.keywords["orders"])
            facts.append(
                {"name": name_here, "text": place, "cut": cut, "orders": orders, "characters": CHARACTERS}
            )
            arrays[f"{name_here}.keys"], arrays[f"{name_here}.idf"] = learned.keys_, learned.idf_
            arrays[f"{name_here}.weights"] = weights[start:stop] * weight
            start = stop
    _add_columns(first, vectors, weights[start:], inputs)
    settings = {**first.settings, "vocabularies": facts, "link": _link(model)}
    return PlanStep(
        id=name, kind="text_linear", settings=settings, arrays=compact({**first.arrays, **arrays})
    )


def _add_columns(first: FirstLayer, vectors: TextAndColumns, weights: Array, inputs: Inputs) -> None:
    numbers, categories = vectors.numbers_, vectors.categories_
    if numbers:
        first.numbers(
            inputs.sources(numbers),
            weights[: len(numbers)] / np.sqrt(len(numbers)),
            center=vectors.mean_,
            scale=vectors.scale_,
            fill=vectors.mean_,
            limit=SPREAD,
        )
    start, tables = len(numbers), []
    for name in categories:
        stop = start + inputs.n_codes(name)
        tables.append(weights[start:stop] / np.sqrt(len(categories)))
        start = stop
    if categories:
        first.categories(inputs.sources(categories), tables)


def _link(model: Any) -> dict[str, Any]:
    output = MODEL_OUTPUTS.of(model.problem_type)
    if output.link == "identity":
        return {"kind": "clipped", "low": model.model.goal.low, "high": model.model.goal.high}
    return {"kind": output.link}


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    from litmus_core.engine._text_models.linear import SETTINGS, TextLinearModel

    return read_defaults({**TextLinearModel.defaults, **dict.fromkeys(SETTINGS, 1.0)})


def _model_class(settings: Mapping[str, Any]) -> type:
    from litmus_core.engine._text_models.linear import TextLinearModel

    return TextLinearModel


TEXT_LINEAR = ModelFamily(
    key="text_linear",
    title="Words and letters, linear",
    when="When the answer is in a text, such as a title: quick, small and hard to beat there.",
    about=(
        "It counts words and groups of letters in texts, and gives each a weight. Other columns "
        "are read, too, unless you turn that off."
    ),
    kind="text",
    needs=FamilyNeeds(text=True),
    chosen=AutomaticChoice(rank=10, in_place_of="linear"),
    training=AutoGluonSettings(priority=100, seed_name="random_state", model_class=_model_class),
    hyperparameters=FamilyHyperparameters(read=_read_hyperparameters),
    space=SearchSpace(
        meanings={
            "use_columns": "Whether it also reads the columns that are not texts.",
            "max_features": "How many words and groups of letters it counts at most.",
        },
        hyperparameters=(
            one_of("use_columns", True, False, default=True),
            one_of("max_features", 50_000, 200_000, 500_000, default=200_000),
        ),
    ),
    compiled=CompiledForm(
        compile=compile_text,
        classes=("litmus_core.engine._text_models.linear.TextLinearModel",),
        onnx={"text_linear": write_columns},
    ),
)

"""Litmus' own model of nearest texts: its fitted form is a step already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litmus_core.compiled import PlanStep
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
from litmus_core.engine._families.spaces import floats, integers
from litmus_core.types import ProblemType


def compile_nearest(name: str, model: Any, inputs: Inputs) -> PlanStep:
    """Return the step of a :class:`TextNearestModel`, with the positions of the pipeline's texts."""
    fitted: PlanStep = model.model
    places = [place for _, place in inputs.sources(model._texts)]
    texts = [{**facts, "text": place} for facts, place in zip(fitted.settings["texts"], places, strict=True)]
    settings = {**fitted.settings, "texts": texts}
    return PlanStep(id=name, kind=fitted.kind, settings=settings, arrays=compact(fitted.arrays))


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    from litmus_core.engine._text_models.nearest import TextNearestModel

    return read_defaults(TextNearestModel.defaults)


def _model_class(settings: Mapping[str, Any]) -> type:
    from litmus_core.engine._text_models.nearest import TextNearestModel

    return TextNearestModel


TEXT_NEAREST = ModelFamily(
    key="text_nearest",
    title="Nearest texts",
    when="When texts repeat with small changes, as offers of one product do; an ensemble's gain.",
    about=("It looks for the most similar texts that it has learned, and answers as they were answered."),
    kind="neighbours",
    needs=FamilyNeeds(text=True),
    chosen=AutomaticChoice(rank=50, from_s=30),
    training=AutoGluonSettings(priority=98, seed_name="random_state", model_class=_model_class),
    hyperparameters=FamilyHyperparameters(read=_read_hyperparameters),
    space=SearchSpace(
        meanings={
            "neighbours": "How many similar texts decide the answer.",
            "sharpness": "How much more the most similar texts count.",
        },
        hyperparameters=(
            integers("neighbours", 3, 50, default=20),
            floats("sharpness", 1.0, 8.0, default=4.0),
        ),
    ),
    compiled=CompiledForm(
        compile=compile_nearest,
        classes=("litmus_core.engine._text_models.nearest.TextNearestModel",),
        onnx={
            "text_nearest": "it compares texts with known ones by their words, which standard ONNX has no "
            "operators for"
        },
    ),
)

"""Litmus' own model of nearest texts: what it has fitted is a step already."""

from __future__ import annotations

from typing import Any

from litmus_core.compiled import PlanStep
from litmus_core.engine._compile._inputs import Inputs, compact


def compile_nearest(name: str, model: Any, inputs: Inputs) -> PlanStep:
    """Return the step of a :class:`TextNearestModel`, told where the pipeline's texts are."""
    fitted: PlanStep = model.model
    places = [place for _, place in inputs.sources(model._texts)]
    texts = [{**facts, "text": place} for facts, place in zip(fitted.settings["texts"], places, strict=True)]
    settings = {**fitted.settings, "texts": texts}
    return PlanStep(id=name, kind=fitted.kind, settings=settings, arrays=compact(fitted.arrays))

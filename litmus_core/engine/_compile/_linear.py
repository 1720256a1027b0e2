"""AutoGluon's linear model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep
from litmus_core.engine._compile._encoded import Array, FirstLayer
from litmus_core.engine._compile._inputs import Inputs, compact
from litmus_core.errors import NotCompilableError


def compile_linear(name: str, model: Any, inputs: Inputs) -> PlanStep:
    """Return the step of an AutoGluon ``LinearModel``."""
    learned = model.model
    weights = np.atleast_2d(learned.coef_).T
    layer = FirstLayer(np.atleast_1d(learned.intercept_))
    transformers = model._pipeline.transformers_
    for part, transformer, columns in transformers:
        own = weights[model._pipeline.output_indices_[part]]
        if len(columns) and part not in ("remainder",):
            _add(layer, part, transformer, list(columns), own, inputs)
    link = {"regression": "identity", "binary": "logistic"}.get(model.problem_type, "softmax")
    settings = {**layer.settings, "link": {"kind": link}}
    return PlanStep(id=name, kind="dense", settings=settings, arrays=compact(layer.arrays))


def _add(
    layer: FirstLayer, part: str, transformer: Any, columns: Sequence[str], weights: Array, inputs: Inputs
) -> None:
    if part == "cats":
        _add_categories(layer, transformer.named_steps["generator"].encoder_, columns, weights, inputs)
    elif part == "cont":
        imputer, scaler = transformer.named_steps["imputer"], transformer.named_steps["scaler"]
        kept, fill = imputed(imputer, columns)
        layer.numbers(inputs.sources(kept), weights, center=scaler.mean_, scale=scaler.scale_, fill=fill)
    elif part == "bool":
        scaler = transformer.named_steps["scaler"]
        layer.flags(inputs.sources(columns), weights, center=scaler.mean_, scale=scaler.scale_)
    elif part == "skew":
        add_skewed(layer, transformer, columns, weights, inputs)
    else:
        raise NotCompilableError(f"its columns go through a step called '{part}'")


def imputed(imputer: Any, columns: Sequence[str]) -> tuple[list[str], Array]:
    """Return the columns that the imputer keeps (it drops those that fit saw empty), and what it fills in."""
    fill = np.asarray(imputer.statistics_, dtype=np.float64)
    kept = ~np.isnan(fill)
    return [name for name, keep in zip(columns, kept, strict=True) if keep], fill[kept]


def add_skewed(
    layer: FirstLayer, transformer: Any, columns: Sequence[str], weights: Array, inputs: Inputs
) -> None:
    """Add an imputer and a quantile transformer to the normal distribution."""
    kept, fill = imputed(transformer.named_steps["imputer"], columns)
    quantile = transformer.named_steps["quantile"]
    layer.skewed(
        inputs.sources(kept),
        weights,
        quantiles=quantile.quantiles_,
        references=quantile.references_,
        fill=fill,
    )


def _add_categories(
    layer: FirstLayer, encoder: Any, columns: Sequence[str], weights: Array, inputs: Inputs
) -> None:
    """Ask the encoder what it makes of every code, rather than repeat how it does it."""
    hot = np.asarray(encoder.transform_ohe(inputs.trial(columns)).todense(), dtype=np.float64)
    tables, start = [], 0
    for name, values in zip(columns, encoder._ohe.categories_, strict=True):
        stop = start + len(values)
        tables.append(hot[: inputs.n_codes(name), start:stop] @ weights[start:stop])
        start = stop
    layer.categories(inputs.sources(columns), tables)

"""A candidate's margin as a sum over its raw columns, if it has one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._autogluon.trainer_folder import quiet, trainer_of
from litmus_core.engine._compile.candidate import columns_of
from litmus_core.engine._compile.classes import compiler_of, is_ensemble
from litmus_core.engine._explain.parts import Array, MarginParts, MarginScale
from litmus_core.engine._fit.refit import FULL
from litmus_core.engine._fit.target_scale import SCALE
from litmus_core.engine._run_folder.folder import read_model_info

if TYPE_CHECKING:
    import pandas as pd

_ADDS_UP: tuple[MarginScale, ...] = ("value", "probability")  # scales that averages of models stay on
_LARGEST_ERROR = 1e-4  # relative to the margin: allows for a library's rounding only


@dataclass(frozen=True, eq=False, kw_only=True)
class MarginContributions:
    """Contributions of raw columns to the margin of n rows and k outputs.

    ``added`` is (n, columns, k), ``base`` (k,). ``margin`` (n, k) is the model's own, on the scale
    ``scale``.
    """

    added: Array
    base: Array
    margin: Array
    columns: tuple[str, ...]
    scale: MarginScale

    @property
    def error(self) -> float:
        """The largest difference between a margin and the sum of its contributions."""
        return float(np.abs(self.base + self.added.sum(axis=1) - self.margin).max(initial=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMargin:
    """Why a candidate's margin is not a sum over columns, as the rest of a sentence."""

    why: str


def margin_contributions(
    folder: Path, model: str, rows: pd.DataFrame, background: pd.DataFrame
) -> MarginContributions | NoMargin:
    """Return the raw columns' contributions to the margin of ``model`` in a run's folder, or why it has none.

    ``rows`` and ``background`` are raw rows; a linear model's contributions are from the background's mean.
    Raises NotFoundError if there is no such model.
    """
    from litmus_core.frame import FeaturePipeline

    if (folder / SCALE).exists():
        return NoMargin(why="its numbers are learned on a scale of their own")
    state = json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))
    if "encoders" not in state:
        return NoMargin(why="pre-processing runs as Python")
    pipeline, trainer = FeaturePipeline.from_state(state), trainer_of(folder, model)
    names = [column.name for column in pipeline.columns]
    with quiet():
        parts = _of_model(
            trainer, model, pipeline.transform(rows[names]), pipeline.transform(background[names])
        )
    if isinstance(parts, NoMargin):
        return parts
    raw_columns_of = {name: tuple(read) for name, read in pipeline.raw_columns_of().items()}
    if derived := next((name for name in parts.columns if len(raw_columns_of.get(name, ())) != 1), None):
        return NoMargin(why=f"it reads '{derived}', which is made of several columns")
    by_column = _by_raw_column(parts, {name: read[0] for name, read in raw_columns_of.items() if read}, names)
    if by_column.error > _LARGEST_ERROR * max(1.0, float(np.abs(parts.margin).max(initial=0.0))):
        return NoMargin(why="its library's contributions do not add up to its margin")
    return _in_classes(by_column, read_model_info(folder)["classes"])


def _of_model(trainer: Any, name: str, features: Any, background: Any) -> MarginParts | NoMargin:
    model = trainer.load_model(name)
    children = [model.load_child(item) for item in model.models] if hasattr(model, "models") else [model]
    if is_ensemble(type(children[0])):
        weights = [float(weight) for weight in children[0].weights_]
        needed = trainer.get_minimum_model_set(name)
        bases = (base if base in needed else f"{base}{FULL}" for base in children[0].base_model_names)
        parts = [_of_model(trainer, base, features, background) for base in bases]
        return _average_parts(parts, weights)
    of_children = [_of_child(child, features, background) for child in children]
    return _average_parts(of_children, [1.0 / len(children)] * len(children))


def _of_child(model: Any, features: Any, background: Any) -> MarginParts | NoMargin:
    form = compiler_of(type(model))
    if form is None or form.contributions is None:
        kind = getattr(model, "ag_name", None) or type(model).__name__
        return NoMargin(why=f"models of the kind '{kind}' have no sum over columns")
    if model._model_specific_feature_generators not in ("NOTSET", None):
        return NoMargin(why="it makes columns of its own")
    parts: MarginParts = form.contributions(model, features, background, columns_of(model))
    return parts


def _average_parts(
    parts: Sequence[MarginParts | NoMargin], weights: Sequence[float]
) -> MarginParts | NoMargin:
    """Return the weighted sum of several models' contributions, if their outputs add up."""
    of_models: list[MarginParts] = []
    for one in parts:
        if isinstance(one, NoMargin):
            return one
        of_models.append(one)
    if len(of_models) == 1 and weights[0] == 1.0:
        return of_models[0]
    if len({one.scale for one in of_models}) > 1 or of_models[0].scale not in _ADDS_UP:
        return NoMargin(why="it averages the answers of several models")
    names = tuple(dict.fromkeys(name for one in of_models for name in one.columns))
    aligned = [weight * _align_columns(one, names) for one, weight in zip(of_models, weights, strict=True)]
    pairs = list(zip(of_models, weights, strict=True))
    return replace(
        of_models[0],
        added=np.sum(aligned, axis=0),
        base=np.sum([weight * one.base for one, weight in pairs], axis=0),
        margin=np.sum([weight * one.margin for one, weight in pairs], axis=0),
        columns=names,
    )


def _align_columns(parts: MarginParts, names: Sequence[str]) -> Array:
    added = np.zeros((len(parts.added), len(names), parts.added.shape[2]))
    for place, name in enumerate(parts.columns):
        added[:, names.index(name)] += parts.added[:, place]
    return added


def _by_raw_column(parts: MarginParts, raw_of: dict[str, str], names: Sequence[str]) -> MarginContributions:
    renamed = replace(parts, columns=tuple(raw_of[name] for name in parts.columns))
    return MarginContributions(
        added=_align_columns(renamed, names),
        base=parts.base,
        margin=parts.margin,
        columns=tuple(names),
        scale=parts.scale,
    )


def _in_classes(parts: MarginContributions, classes: Sequence[Any]) -> MarginContributions:
    """Return the contributions with an output for each of two classes: the first's mirror the second's."""
    if len(classes) != 2 or parts.added.shape[2] != 1:
        return parts
    shift = 1.0 if parts.scale == "probability" else 0.0
    return replace(
        parts,
        added=np.concatenate([-parts.added, parts.added], axis=2),
        base=np.concatenate([shift - parts.base, parts.base]),
        margin=np.concatenate([shift - parts.margin, parts.margin], axis=1),
    )

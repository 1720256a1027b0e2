"""Ensembles with fixed weights: of a compression run's variants, or a final model's members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litmus_core.engine._autogluon.trainer_folder import quiet
from litmus_core.engine._resources import hide_gpus
from litmus_core.engine._run_folder.variants import ChosenVariant, plain_name


def add_fixed_ensembles(trainer: Any, chosen: ChosenVariant) -> list[str]:
    """Add the chosen ensembles whose members all exist, if missing; return the new models' names."""
    trainer.reset_callbacks()
    names = trainer.get_model_names()
    wanted = {plain_name(name) for name in names}
    added: list[str] = []
    for weighing in chosen.weighings:
        if weighing.name in wanted:
            continue
        members = {plain_name(name): name for name in trainer.get_model_names() if not name.endswith("_FULL")}
        if all(name in members for name, _ in weighing.weights):
            weights = {members[name]: weight for name, weight in weighing.weights}
            added += add_with_weights(trainer, weights, suffix=f"_{weighing.name}")
    trainer.save()
    return added


def add_with_weights(trainer: Any, weights: Mapping[str, float], *, suffix: str = "") -> list[str]:
    """Add an ensemble of the trainer's models with these ``weights``; return the new model's name."""
    bagged = trainer.bagged_mode
    X, y = (trainer.load_X(), trainer.load_y()) if bagged else (trainer.load_X_val(), trainer.load_y_val())
    with quiet(4), hide_gpus(None):  # weights take no GPU
        added: list[str] = trainer.stack_new_level_aux(
            X=X,
            y=y,
            base_model_names=list(weights),
            fit=bagged,
            name_suffix=suffix,
            child_cls="SIMPLE_ENS_WEIGHTED",
            child_hyperparameters={"weights": list(weights.values())},
            ag_args_ensemble={"max_base_models_per_type": 0},  # to AutoGluon all are variants
        )
    return added

"""Ensembles with fixed weights, made of a compression run's variants."""

from __future__ import annotations

from typing import Any

from litmus_core.engine._autogluon.load import quiet
from litmus_core.engine._run_folder.variants import ChosenVariant, Weighing, plain_name


def add_weighed(trainer: Any, chosen: ChosenVariant) -> list[str]:
    """Add the chosen ensembles whose members all exist, if missing; return the new models' names."""
    trainer.reset_callbacks()
    names = trainer.get_model_names()
    there = {plain_name(name) for name in names}
    added: list[str] = []
    for weighing in chosen.weighings:
        if weighing.name in there:
            continue
        members = {plain_name(name): name for name in trainer.get_model_names() if not name.endswith("_FULL")}
        if all(name in members for name, _ in weighing.weights):
            added += _add(trainer, weighing, members)
    trainer.save()
    return added


def _add(trainer: Any, weighing: Weighing, members: dict[str, str]) -> list[str]:
    bagged = trainer.bagged_mode
    X, y = (trainer.load_X(), trainer.load_y()) if bagged else (trainer.load_X_val(), trainer.load_y_val())
    with quiet(4):
        added: list[str] = trainer.stack_new_level_aux(
            X=X,
            y=y,
            base_model_names=[members[name] for name, _ in weighing.weights],
            fit=bagged,
            name_suffix=f"_{weighing.name}",
            child_cls="SIMPLE_ENS_WEIGHTED",
            child_hyperparameters={"weights": [weight for _, weight in weighing.weights]},
            ag_args_ensemble={"max_base_models_per_type": 0},  # to AutoGluon all are variants
        )
    return added

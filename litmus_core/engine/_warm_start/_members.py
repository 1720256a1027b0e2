"""A candidate's members: which of them can grow when training continues, and with which settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litmus_core.engine._autogluon.trainer_folder import trainer_of
from litmus_core.engine._catalog.selection import (
    ENSEMBLE_FAMILY,
    GROWN,
    KEPT,
    Hyperparameters,
    family_kind,
    family_of_algorithm,
    get_model_family,
    hyperparameters_of,
    model_families,
    reads_labels,
    title_of,
)
from litmus_core.engine._custom import CUSTOM_FAMILY
from litmus_core.engine._fit.executed_plan import read_executed_plan
from litmus_core.engine._fit.warm_start import WarmStartSource
from litmus_core.engine._preprocess import STEPS
from litmus_core.engine._run_folder.folder import predictor_path, read_model_info, read_rows, read_target
from litmus_core.engine._target import Label
from litmus_core.engine._warm_start._growth import grower_of, obstacle_to_growing
from litmus_core.errors import UsageError
from litmus_core.types import Algorithm, Hyperparameter, Scalar

_ON_ALL_ROWS = "_FULL"  # AutoGluon's suffix
_SHARE = 0.5  # of the remaining time, as boosters get: the folds after the first need theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One model of a candidate: AutoGluon's ``name``, the fitted ``model`` (of a bag its first fold).

    ``obstacle`` says why no trees can be added to it; "" if they can.
    """

    name: str
    model: Any
    obstacle: str


def members_of(folder: Path, model: str) -> list[Member]:
    """Return the models that ``model`` of a run's folder consists of, without the ensemble over them."""
    trainer = trainer_of(folder, model)
    members = []
    for name in sorted(trainer.get_minimum_model_set(model)):
        if family_of_algorithm(name) == ENSEMBLE_FAMILY:
            continue
        loaded = trainer.load_model(name)
        inner = loaded.load_child(loaded.models[0]) if hasattr(loaded, "models") else loaded
        members.append(Member(name=name, model=inner, obstacle=_obstacle(name, inner)))
    return members


def _obstacle(name: str, model: Any) -> str:
    if grower_of(type(model)) is None:
        return f"{family_kind(family_of_algorithm(name))} models are fitted in one step"
    return obstacle_to_growing(model)


def check_continuable(folder: Path, model: str) -> tuple[Label, ...]:
    """Raise UsageError if the training of ``model`` in a run's folder cannot continue.

    Returns the classes that it knows; none for numbers.
    """
    members = members_of(folder, model)
    retrain_hint = "Retrain on the new version of the table."
    if any(reads_labels(member.name) for member in members):
        raise UsageError(
            f"'{title_of(model)}' reads other models' answers, which would change under it.",
            hint=retrain_hint,
        )
    if all(member.obstacle for member in members):
        can = ", ".join(family.title for family in model_families() if family.kind == "boosting")
        obstacles = "; ".join(dict.fromkeys(member.obstacle for member in members))
        raise UsageError(
            f"'{title_of(model)}' cannot go on learning: {obstacles}. These can: {can}.", hint=retrain_hint
        )
    if any(family_of_algorithm(member.name) == CUSTOM_FAMILY for member in members):
        raise UsageError(
            f"'{title_of(model)}' holds a model of your own code, which cannot be carried over.",
            hint=f"Continue one of its boosted trees alone. {retrain_hint}",
        )
    if any(member.name.endswith(_ON_ALL_ROWS) for member in members):
        raise UsageError(
            f"'{title_of(model)}' was trained on all rows, so none is left to say when to stop adding trees.",
            hint=f"Continue the model of its folds. {retrain_hint}",
        )
    if (folder / STEPS).is_dir():
        raise UsageError(
            "Its pre-processing runs as Python of your own, which cannot be carried over.", hint=retrain_hint
        )
    if not read_rows(folder).scored.all():
        raise UsageError(
            "It was trained in folds in order of time, which new rows would put out of order.",
            hint=retrain_hint,
        )
    return read_target(read_model_info(folder)).classes


def warm_start_settings(source: WarmStartSource) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` for the continued members."""
    from litmus_core.engine._warm_start.reused_member import ReusedMember

    models = predictor_path(source.folder) / "models"
    return {
        ReusedMember: [
            {
                "before": str((models / member.name).absolute()),
                "grows": not member.obstacle,
                "ag.max_time_limit_ratio": _SHARE,
                "ag_args": {"name": _member_name(member), "priority": 90 if member.obstacle else 100},
            }
            for member in members_of(source.folder, source.model)
        ]
    }


def _member_name(member: Member) -> str:
    plain = member.name.split("_BAG_")[0]
    for suffix in (GROWN, KEPT):
        plain = plain.removesuffix(f", {suffix}").removesuffix(f"-{suffix}")
    suffix = KEPT if member.obstacle else GROWN
    return f"{plain}, {suffix}" if "-" in plain else f"{plain}-{suffix}"


def settings_of(folder: Path, model: str) -> tuple[tuple[str, ...], tuple[Algorithm, ...]]:
    """Return the families and algorithms that train ``model``'s members from scratch.

    The run's own seed is not one of their values; a requested one is.
    """
    keys: dict[str, None] = {}
    algorithms = []
    seed = read_executed_plan(folder)["seed"]
    for member in members_of(folder, model):
        key = family_of_algorithm(member.name)
        values = () if get_model_family(key).stock else _chosen_values(key, member.model, seed)
        if values:
            algorithms.append(Algorithm(key=key, hyperparameters=values))
        else:
            keys[key] = None
    return tuple(keys), tuple(algorithms)


def _chosen_values(key: str, model: Any, seed: int) -> tuple[Hyperparameter, ...]:
    """Return a model's values besides its family's."""
    settings: Sequence[dict[str, Any]] = next(
        iter(hyperparameters_of((key,), problem_type=model.problem_type, seed=seed).values())
    )
    first = settings[0]
    initial = model.get_hyperparameters_init()
    seeds = {model.seed_name, *model.seed_name_alt}
    return tuple(
        Hyperparameter(name=name, value=value)
        for name, value in initial.items()
        if isinstance(value, Scalar)
        and not name.startswith("ag")
        and not (name in seeds and value == seed)
        and first.get(name) != value
    )


def fitted_folds(folder: Path) -> int:
    """Return the requested number of folds (of one repeat) of a run's models; 0: one validation part."""
    return read_rows(folder).folds

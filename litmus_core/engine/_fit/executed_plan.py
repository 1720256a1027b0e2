"""The executed plan of a fit: models, their folds, times and weights.

``carried_out.json`` in a run's folder, beside the clock of each fit (``fits/``). A run that repeats another
reads it, and decides nothing again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.engine._catalog.algorithms import has_name_of
from litmus_core.engine._catalog.second_models import is_second_model
from litmus_core.engine._catalog.selection import ENSEMBLE_FAMILY, family_of_algorithm
from litmus_core.engine._fit.clock import fits_of, repeated_folder
from litmus_core.engine._run_folder.folder import versions, write_json
from litmus_core.errors import NotFoundError, reading
from litmus_core.types import Algorithm, CustomModel, Folds, ProblemType, from_plain, to_plain

if TYPE_CHECKING:
    from litmus_core.engine._fit.request import FitRequest

CARRIED_OUT = "carried_out.json"


def write_executed_plan(request: FitRequest, trainer: Any) -> None:
    """Record the outcome of ``request``'s fit, with the trainer's models in order."""
    fits = fits_of(request.folder)
    plan = {
        "seed": request.task.seed,
        "metric": request.task.metric,
        "families": list(request.families),
        "algorithms": to_plain(list(request.algorithms)),
        "custom": to_plain(list(request.custom)),
        "folds": to_plain(request.folds),
        "n_rows": len(request.train),
        "models": [_model(trainer, name, fits) for name in trainer.get_model_names()],
        "versions": versions(),
    }
    write_json(request.folder / CARRIED_OUT, plan)


def _model(trainer: Any, name: str, fits: dict[str, dict[str, Any]]) -> dict[str, Any]:
    model_fits = {key: fit for key, fit in fits.items() if key == name or key.startswith(f"{name}/")}
    return {
        "model": name,
        "fits": {
            key.partition("/")[2]: {part: fit[part] for part in ("time_limit_s", "cpus", "trained")}
            for key, fit in model_fits.items()
        },
        "weights": _weights(trainer, name),
    }


def _weights(trainer: Any, name: str) -> dict[str, float]:
    """Return the weight of each member of an ensemble; nothing for any other model."""
    if family_of_algorithm(name) != ENSEMBLE_FAMILY:
        return {}
    model = trainer.load_model(name)
    weights: dict[str, float] = model._get_model_weights()
    return {member: float(weight) for member, weight in weights.items()}


def read_executed_plan(folder: Path) -> dict[str, Any]:
    """Return the executed plan of the run in ``folder``; raises NotFoundError if there is none."""
    path = folder / CARRIED_OUT
    if not path.exists():
        raise NotFoundError(
            kind="plan that was carried out in",
            id=folder.name,
            hint="It has no trained model, or its files were removed. Train again in place of repeating it.",
        )
    with reading(path):
        plan: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return plan


def trained_second_models(folder: Path, problem_type: ProblemType) -> tuple[Algorithm, ...]:
    """Return the second models that Litmus added to the run in ``folder`` by itself, and trained.

    Nothing for a run that was killed before its plan was recorded. Settings that tuning found are left out.
    """
    if not (folder / CARRIED_OUT).exists():
        return ()
    plan = read_executed_plan(folder)
    trained = {fit["model"].partition("_BAG_")[0] for fit in plan["models"]}
    return tuple(
        algorithm
        for algorithm in from_plain(tuple[Algorithm, ...], plan["algorithms"])
        if is_second_model(algorithm, problem_type) and any(has_name_of(name, algorithm) for name in trained)
    )


def executed_plan(request: FitRequest) -> FitRequest:
    """Return the request with the repeated run's decisions in place of choices and tuning."""
    plan = _read_repeated_plan(request)
    return replace(
        request,
        families=tuple(plan["families"]),
        algorithms=from_plain(tuple[Algorithm, ...], plan["algorithms"]),
        custom=from_plain(tuple[CustomModel, ...], plan["custom"]),
        folds=from_plain(Folds, plan["folds"]),
        deadline=float("inf"),
    )


def repeated_models(request: FitRequest) -> frozenset[str] | None:
    """Return AutoGluon's names of the repeated run's models; None if no run is repeated."""
    if repeated_folder(request.folder) is None:
        return None
    return frozenset(fit["model"] for fit in _read_repeated_plan(request)["models"])


def _read_repeated_plan(request: FitRequest) -> dict[str, Any]:
    source = repeated_folder(request.folder)
    return read_executed_plan(source if source is not None else request.folder)

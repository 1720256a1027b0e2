"""Export a trained candidate as a bundle."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from litmus_core.deploy._bundles.model_card import Origin
from litmus_core.deploy._bundles.weights import NATIVE, Form, weights_of
from litmus_core.deploy._bundles.write import refuse_existing, write_bundle
from litmus_core.errors import writing
from litmus_core.runtime import (
    FORMAT,
    KIND,
    MODULES,
    PLAIN_FORMAT,
    BundleOrigin,
    BundleResults,
    Manifest,
    ModelInfo,
    current_versions,
    executor_kind,
    is_custom_step,
    portable,
)
from litmus_core.store import new_id, utc_now
from litmus_core.types import BundleRecord, Candidate, Experiment, PluginRef, Task, Verdict, to_plain

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Calibration

T = TypeVar("T")
TRUST = (
    "The model folder holds Python pickles. Opening them runs code, so load this bundle only if you trust "
    "where it came from. The hashes show damage, not who wrote it."
)
_TRUST_COMPILED = (
    "The model folder holds arrays, graphs and JSON, no pickles: opening it runs no code from it. "
    "Its wheel is the base package as it was at export; installing it runs that code."
)
_TRUST_OWN_STEPS = (
    "The model itself holds no pickles, but the steps after it are someone's own code. Each answer runs what "
    "is in the modules and postprocess folders. Use this bundle only if you trust where it came from."
)
_LIBRARIES = ("numpy", "pandas")  # besides the libraries that fit models


def export_bundle(
    run_folder: Path,
    candidate: Candidate,
    experiment: Experiment,
    *,
    golden: pd.DataFrame,
    to: Path,
    zipped: bool,
    verdict: Verdict | None = None,
    form: Form = "auto",
    origin: Origin | None = None,
    calibration: Calibration | None = None,
) -> BundleRecord:
    """Write the candidate as a bundle, a folder or a zip, to ``to``, with its ``calibration`` if it has one.

    ``golden`` (n rows of raw features, preferably 20 or more) are real rows the model was not trained on;
    they go into the bundle with the model's predictions. ``form`` ``auto`` compiles what can be compiled and
    otherwise keeps AutoGluon's own weights and the reason. Raises UsageError if ``to`` exists, BundleError if
    the written copy does not predict as the candidate does, or cannot be compiled as requested; then nothing
    is left behind.
    """
    from litmus_core.engine import scale_part

    target = to.expanduser().absolute()
    refuse_existing(target)
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        chosen = weights_of(run_folder, candidate, form=form, rows=golden, neighbour=target.parent)
        with chosen as weights:
            return write_bundle(
                weights.predictor,
                draft_manifest(
                    signature_of(weights.predictor.info, origin),
                    candidate,
                    experiment,
                    scale=scale_part(run_folder),
                    verdict=verdict,
                    executor=weights.executor,
                    native_reason=weights.native_reason,
                ),
                save_weights=weights.move,
                golden=golden,
                to=target,
                zipped=zipped,
                origin=origin,
                modules=run_folder / MODULES,
                calibration=calibration,
            )


def signature_of(info: ModelInfo, origin: Origin | None) -> ModelInfo:
    """Return ``info`` with the target's column, whose spelling and fixes say how to read outcomes."""
    columns = () if origin is None or origin.dataset is None else origin.dataset.columns
    target = next((column for column in columns if column.name == info.target), None)
    return replace(info, target_column=target and replace(target, examples=()))


def draft_manifest(
    signature: ModelInfo,
    candidate: Candidate,
    experiment: Experiment,
    *,
    verdict: Verdict | None,
    executor: str = "autogluon",
    native_reason: str = f"{NATIVE}.",
    scale: PluginRef | None = None,
) -> Manifest:
    """Return the manifest of a new bundle without the files' hashes.

    ``scale`` is the task type that converts predictions back from the model's scale.
    """
    steps = (*(() if scale is None else (scale,)), *map(portable, candidate.postprocess))
    return Manifest(
        format=FORMAT if steps else PLAIN_FORMAT,
        kind=KIND,
        id=new_id("bd"),
        name=f"{experiment.name}: {candidate.name}",
        created_at=utc_now(),
        executor=executor,
        signature=signature,
        versions={**_installed_versions(), **current_versions(executor_kind(executor))},
        files={},
        native_reason=native_reason,
        trust=_trust(executor, trusts_steps=any(map(is_custom_step, steps))),
        origin=BundleOrigin(
            experiment_id=experiment.id,
            run_id=candidate.run_id,
            candidate_id=candidate.id,
            model=candidate.model,
            family_kind=candidate.family_kind,
        ),
        task=_portable(experiment.task),
        results=BundleResults(
            validation=_json_value(candidate.validation),
            test=_json_value(candidate.test),
            verdict=_json_value(verdict),
            latency=candidate.latency,
            final=candidate.final if candidate.is_final_used else None,
        ),
        postprocess=steps,
    )


def _portable(task: Task) -> Task:
    kind = task.task_type
    return task if kind is None else replace(task, task_type=portable(kind))


def _trust(executor: str, *, trusts_steps: bool) -> str:
    if executor != "compiled":
        return TRUST
    return _TRUST_OWN_STEPS if trusts_steps else _TRUST_COMPILED


def _installed_versions() -> dict[str, str]:
    from litmus_core.engine import model_packages

    versions = {}
    for package in (*_LIBRARIES, *model_packages()):
        try:
            versions[package.removesuffix(".tabular")] = metadata.version(package)
        except metadata.PackageNotFoundError:  # an optional package
            continue
    return versions


def _json_value(value: T) -> T | None:
    """Return ``value`` unless it has a number that JSON cannot hold."""
    try:
        json.dumps(to_plain(value), allow_nan=False)
    except ValueError:
        return None
    return value

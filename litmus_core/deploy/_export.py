"""From a trained candidate to a bundle."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from litmus_core.deploy._write import write_bundle
from litmus_core.runtime import FORMAT, KIND, Manifest, ModelInfo, current_versions, executor_kind
from litmus_core.store import new_id, utc_now
from litmus_core.types import BundleRecord, Candidate, Experiment, Verdict, to_plain

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
TRUST = (
    "The model folder holds Python pickles. Opening them runs code, so load this bundle only if you trust "
    "where it came from. The hashes show damage, not who wrote it."
)
_NATIVE = "The weights are kept as AutoGluon wrote them: this version of Litmus compiles no models yet."
_LIBRARIES = ("numpy", "pandas", "scikit-learn", "lightgbm", "catboost", "xgboost", "xgboost-cpu", "torch")


def export_bundle(
    run_folder: Path,
    candidate: Candidate,
    experiment: Experiment,
    *,
    golden: pd.DataFrame,
    to: Path,
    zipped: bool,
    verdict: Verdict | None = None,
) -> BundleRecord:
    """Write the candidate as a bundle, a folder or a zip, at ``to``.

    ``golden`` (n rows of raw features, 20 or more are wanted) are real rows the model was not trained on;
    they go into the bundle with the model's answers. Raises UsageError when ``to`` is taken, BundleError
    when the written copy does not answer as the candidate does; nothing is left behind then.
    """
    from litmus_core.engine import open_candidate, save_candidate

    predictor = open_candidate(run_folder, candidate.model, threshold=candidate.threshold)
    return write_bundle(
        predictor,
        draft_manifest(predictor.info, candidate, experiment, verdict=verdict),
        save_weights=lambda folder: save_candidate(run_folder, candidate.model, folder),
        golden=golden,
        to=to,
        zipped=zipped,
    )


def draft_manifest(
    signature: ModelInfo,
    candidate: Candidate,
    experiment: Experiment,
    *,
    verdict: Verdict | None,
    executor: str = "autogluon",
) -> Manifest:
    """Return the manifest of a bundle to be: all but the files' hashes."""
    return Manifest(
        format=FORMAT,
        kind=KIND,
        id=new_id("bd"),
        name=f"{experiment.name}: {candidate.name}",
        created_at=utc_now(),
        executor=executor,
        signature=signature,
        versions={**_installed(), **current_versions(executor_kind(executor))},
        files={},
        native_reason=_NATIVE,
        trust=TRUST,
        experiment_id=experiment.id,
        run_id=candidate.run_id,
        candidate_id=candidate.id,
        model=candidate.model,
        family=candidate.family,
        task=experiment.task,
        validation=_speakable(candidate.validation),
        test=_speakable(candidate.test),
        verdict=_speakable(verdict),
        latency=candidate.latency,
    )


def _installed() -> dict[str, str]:
    versions = {}
    for package in _LIBRARIES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:  # an optional part
            continue
    return versions


def _speakable(value: T) -> T | None:
    """Return ``value`` unless it has a figure that JSON cannot hold."""
    try:
        json.dumps(to_plain(value), allow_nan=False)
    except ValueError:
        return None
    return value

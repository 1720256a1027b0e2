"""A candidate as one plain ONNX file, from raw columns to its prediction."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.deploy._bundles.write import put, refuse_existing
from litmus_core.errors import BundleError, NotCompilableError, UsageError, writing
from litmus_core.runtime import json_rows, parts_message
from litmus_core.types import Candidate, Experiment

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.engine import OnnxFile
    from litmus_core.runtime import Predictor

_LARGEST_DIFFERENCE = (
    1e-5  # absolute for a probability; relative for a value, to the mean if the value is small
)


def export_onnx(
    run_folder: Path, candidate: Candidate, experiment: Experiment, *, rows: pd.DataFrame, to: Path
) -> Path:
    """Write the candidate as a plain ONNX file to ``to``, which must end in ``.onnx``, and return the path.

    It must predict ``rows`` (n raw rows) as the candidate does. Raises UsageError for another name or if
    ``to`` exists, BundleError with the reason if standard ONNX cannot hold the model. Then nothing is left
    behind.
    """
    target = to.expanduser().absolute()
    if target.suffix.lower() != ".onnx":
        raise UsageError(f"'{target.name}' is not a name for an ONNX file.", hint="End it with .onnx.")
    refuse_existing(target)
    file = _file(run_folder, candidate, experiment)
    _check(file, run_folder, candidate, rows)
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work:
            staged = Path(work) / "model.onnx"
            staged.write_bytes(file.content)
            put(staged, target)
    return target


def _file(run_folder: Path, candidate: Candidate, experiment: Experiment) -> OnnxFile:
    from litmus_core.engine import onnx_file, scale_part

    if candidate.postprocess:
        plain = candidate.parents[0]
        raise BundleError(
            f"A plain ONNX file holds a model only, and would leave out what comes after this one: "
            f"{parts_message(candidate.postprocess)}.",
            hint=f"Nothing was written. A bundle holds the steps: litmus export {candidate.id}. Without "
            f"them: litmus export {plain} --as onnx --to model.onnx",
        )
    scale = scale_part(run_folder)
    if scale is not None:
        kind = scale.name or scale.reference
        raise _refusal(candidate, f"'{kind}' takes its answers back to numbers of '{experiment.task.target}'")
    if candidate.native_reason:
        raise _refusal(candidate, candidate.native_reason)
    facts = {
        "name": f"{experiment.name}: {candidate.name}",
        "candidate_id": candidate.id,
        "run_id": candidate.run_id,
        "experiment_id": experiment.id,
    }
    try:
        return onnx_file(run_folder, candidate.model, threshold=candidate.threshold, facts=facts)
    except NotCompilableError as error:
        raise _refusal(candidate, error.reason) from error


def _refusal(candidate: Candidate, reason: str) -> BundleError:
    return BundleError(
        f"The model cannot be written as plain ONNX: {reason.rstrip('.')}.",
        hint=f"Nothing was written. A bundle can hold it: litmus export {candidate.id}",
    )


def _check(file: OnnxFile, run_folder: Path, candidate: Candidate, rows: pd.DataFrame) -> None:
    """Raise BundleError unless the file predicts ``rows`` as the candidate does."""
    import onnxruntime

    from litmus_core.engine import feed, open_candidate

    predictor = open_candidate(run_folder, candidate.model, threshold=candidate.threshold)
    plain = json_rows(rows[[column.name for column in predictor.columns]])
    session = onnxruntime.InferenceSession(file.content, providers=["CPUExecutionProvider"])
    *_, answer = session.run(list(file.outputs), feed(plain, predictor.columns, file.inputs))
    n_other = _n_other(predictor, plain, answer)
    if n_other:
        raise _refusal(candidate, f"the file answered {n_other:,} of {len(plain):,} real rows otherwise")


def _n_other(predictor: Predictor, rows: list[dict[str, Any]], answer: Any) -> int:
    values = predictor.predict_raw(rows)
    if values.ndim == 1:
        off = np.abs(answer - values) / np.maximum(np.abs(values), max(np.abs(values).mean(), 1e-300))
    else:
        off = np.abs(answer - values).max(axis=1)
    return int((~(off <= _LARGEST_DIFFERENCE)).sum())  # NaN counts as different

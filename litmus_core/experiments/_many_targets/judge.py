"""Judge the runs of many targets together, on test rows that all of them share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.experiments._context import Context
from litmus_core.experiments._many_targets.record import TargetsRequest, ThresholdCounts
from litmus_core.experiments._runs.diagnosis import open_predictor, run_data
from litmus_core.many_targets import JointPredictions, TargetsReport, choose_thresholds, judge_targets

if TYPE_CHECKING:
    from litmus_core.jobs import RunData
    from litmus_core.many_targets import JointTarget
    from litmus_core.runtime import Predictor
    from litmus_core.types import Run

Array = NDArray[Any]


def judged_report(context: Context, request: TargetsRequest, *, n_evaluations: int) -> TargetsReport:
    """Return the verdict on the chosen models of all runs, which must have ended."""
    from litmus_core.data import read_rows

    spec, runs = request.spec, [context.run(run_id) for run_id in request.run_ids]
    parts = [run_data(context, run) for run in runs]
    train, test = context.dataset(request.train_version_id), context.dataset(request.test_version_id)
    index, blocks = _shared_rows(parts, n_train=train.n_rows)
    frame = read_rows(context.workspace, test).iloc[index].reset_index(drop=True)
    chosen = [context.chosen(run.id) for run in runs]
    predictions = []
    for target, candidate in zip(spec.targets, chosen, strict=True):
        predictor = open_predictor(context, candidate.id, judged=True)
        predictions.append(_yes_or_value(target, predictor, predictor.predict_raw(frame)))
    joint = JointPredictions(
        truth=spec.truth(frame),
        predictions=np.column_stack(predictions),
        models=tuple((candidate.name, candidate.run_id) for candidate in chosen),
        thresholds=_thresholds(context, request, runs) if spec.kind == "labels" else (),
        blocks=blocks,
    )
    learned = spec.truth(read_rows(context.workspace, train, columns=spec.columns))
    return judge_targets(spec, joint, learned, n_evaluations=n_evaluations)


def _shared_rows(parts: list[RunData], *, n_train: int) -> tuple[NDArray[np.int64], Array | None]:
    """Return the places in the test table of the rows that judge every run, and the bootstrap's units."""
    places = [part.places_of(part.index("test")) for part in parts]
    shared = reduce(np.intersect1d, places)
    blocks = parts[0].blocks_of(parts[0].index("test"))
    if blocks is not None:
        blocks = blocks[np.isin(places[0], shared)]
    return shared - n_train, blocks


def _yes_or_value(target: JointTarget, predictor: Predictor, raw: Array) -> Array:
    return raw if target.positive is None else raw[:, predictor.info.positive_index]


def _thresholds(context: Context, request: TargetsRequest, runs: list[Run]) -> tuple[float, ...]:
    """Return each label's decision threshold, by the rows that the chosen models were validated on."""
    validated = _all_validated(context, request, runs)
    shared = reduce(np.intersect1d, [index for index, _, _ in validated])
    if len(shared) >= min(len(index) for index, _, _ in validated) / 2:  # then each row has all labels
        validated = [
            (shared, truth[rows], chance[rows])
            for index, truth, chance in validated
            for rows in [np.searchsorted(index, shared)]
        ]
    truths, chances = [truth for _, truth, _ in validated], [chance for _, _, chance in validated]
    return choose_thresholds(request.spec.metric, truths, chances)


def label_counts(
    context: Context, request: TargetsRequest, thresholds: Sequence[float]
) -> list[ThresholdCounts]:
    """Return what each label's threshold does to the rows that its model was validated on."""
    runs = [context.run(run_id) for run_id in request.run_ids]
    counts = []
    for (_, truth, chance), threshold in zip(_all_validated(context, request, runs), thresholds, strict=True):
        yes = chance >= threshold
        hits = int((yes & truth).sum())
        counts.append(
            ThresholdCounts(n=len(truth), flagged=int(yes.sum()), hits=hits, n_yes=int(truth.sum()))
        )
    return counts


def _all_validated(
    context: Context, request: TargetsRequest, runs: list[Run]
) -> list[tuple[Array, Array, Array]]:
    return [_validated(context, run, target) for run, target in zip(runs, request.spec.targets, strict=True)]


def _validated(context: Context, run: Run, target: JointTarget) -> tuple[Array, Array, Array]:
    """Return the validated rows (n,), ascending: their places, whether they are yes, and the chance."""
    from litmus_core.jobs import read_validated
    from litmus_core.runtime import ModelInfo

    folder = context.workspace.run_dir(run.id)
    stored = read_validated(folder)
    info = ModelInfo.of(json.loads((folder / "model.json").read_text(encoding="utf-8")))
    order = np.argsort(stored.index)
    positive = str(target.positive).lower()
    truth = np.array([str(label).lower() == positive for label in stored.truth[order]])
    return stored.index[order], truth, stored.predictions[order, info.positive_index]

"""One outer fold in its own process: train without its rows as the run does, choose, and predict them."""

from __future__ import annotations

import pickle
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.jobs._context import RunContext
from litmus_core.jobs._outer.predictions import OUTER, FoldPredictions, fold_folder, write_fold
from litmus_core.jobs._run_data import RunData
from litmus_core.jobs._time_gap import with_gap, without_gap
from litmus_core.runtime import MODULES
from litmus_core.store import Journal, Workspace
from litmus_core.trust import begin_writing
from litmus_core.types import Algorithm, Candidate, Experiment, RunPlan

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext

TASK, STOP = "task.pickle", "stop"
_LEAST_ROWS = 8  # enough to train and validate a fold, since the run's own rows were enough
# Files of a fold's folder that stay after it is done.
_FILES_THAT_STAY = ("carried_out.json", "fits", "answers.npz", "choice.json")


@dataclass(frozen=True, eq=False, kw_only=True)
class OuterTask:
    """The task of all outer folds of a run: the run, its rows, and its ``candidates`` with their figures.

    ``plan`` has the run's own decisions about folds and families, ``second_models`` those that Litmus added
    to them. ``classes`` are the run's, in its order.
    ``repeats`` is the folder of the run that it repeats, if any.
    """

    workspace: Path
    run_id: str
    number: int
    experiment: Experiment
    plan: RunPlan
    folder: Path
    data: RunData
    candidates: tuple[Candidate, ...]
    second_models: tuple[Algorithm, ...]
    classes: tuple[Any, ...]
    repeats: Path | None = None


def answer(worker: WorkerContext, *, folder: str, fold: int, seconds: float) -> dict[str, Any]:
    """Train outer fold ``fold`` of the run in ``folder`` within ``seconds``, and store its predictions."""
    from contextlib import closing

    del worker
    task: OuterTask = pickle.loads((Path(folder) / OUTER / TASK).read_bytes())  # noqa: S301 - the parent process wrote it
    fold_dir = fold_folder(task.folder, fold)
    shutil.rmtree(fold_dir, ignore_errors=True)
    begin_writing(fold_dir)
    _copy_modules(task.folder, fold_dir)
    workspace = Workspace(task.workspace)
    with closing(Journal(workspace)) as journal:
        context = RunContext(
            workspace=workspace,
            journal=journal,
            run_id=task.run_id,
            number=task.number,
            experiment=task.experiment,
            plan=task.plan,
            folder=fold_dir,
            stop_requested=(Path(folder) / OUTER / STOP).exists,
            report=lambda _: None,
            started=time.time(),
            outer_fold=fold,
        )
        predictions = _train_and_predict(context, task, without(task.data, fold, context), seconds=seconds)
    write_fold(fold_dir, predictions)
    for path in fold_dir.iterdir():
        if path.name not in _FILES_THAT_STAY:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return {}


def _copy_modules(folder: Path, fold_dir: Path) -> None:
    """Copy the run's custom code to the fold's folder, if this user trusts it."""
    from litmus_core.plugins import check_signed, sign_modules

    if not (folder / MODULES).is_dir():
        return
    check_signed(folder)
    shutil.copytree(folder / MODULES, fold_dir / MODULES)
    sign_modules(fold_dir / MODULES)


def without(data: RunData, fold: int, context: RunContext) -> RunData:
    """Return the rows with outer fold ``fold`` as the test set, and the rest split again.

    With rows in time order, later rows are set aside, and so are those that a gap excludes.
    """
    from litmus_core.data import split

    outer, part = np.asarray(data.outer), without_gap(data.part)
    tested = outer == fold
    usable = part <= 1
    if context.experiment.task.split.kind == "time":
        usable &= tested | (outer < fold)
    places = np.flatnonzero(usable)
    task = replace(context.experiment.task, split=replace(context.experiment.task.split, grown_from=()))
    rows, test = data.frame.iloc[places], np.flatnonzero(tested[places]).tolist()
    parts = split(rows, task, test=test, least=_LEAST_ROWS, is_complete=False)
    codes = np.full(len(part), 3, dtype=part.dtype)
    for code, of_part in enumerate((parts.train, parts.validation, parts.test)):
        codes[places[of_part]] = code
    codes = with_gap(codes, data.frame, context.experiment.task, context.plan.folds)
    return replace(data, part=codes, outer=None)


def _train_and_predict(
    context: RunContext, task: OuterTask, data: RunData, *, seconds: float
) -> FoldPredictions:
    from litmus_core.advice import choose
    from litmus_core.engine import executed_plan, fit_models, write_repeats
    from litmus_core.jobs._stages.candidates import candidates_of
    from litmus_core.jobs._stages.evaluate import evaluate
    from litmus_core.jobs._stages.fit_request import request_of
    from litmus_core.jobs._stages.postprocess import add_postprocessing, for_choice
    from litmus_core.jobs._stages.tuning import tuned

    deadline = time.time() + seconds
    request = request_of(context, data, deadline=deadline)
    request = replace(request, algorithms=(*request.algorithms, *task.second_models))
    if task.repeats is not None:
        write_repeats(context.folder, fold_folder(task.repeats, context.outer_fold or 0))
        request = executed_plan(request)
    elif (tuning := tuned(context, request, say=lambda *_: None)) is not None:
        request = replace(tuning.fit, deadline=deadline)
    fit_models(
        request,
        on_model=lambda _: None,
        on_start=lambda _: None,
        should_stop=context.stop_requested,
    )
    plain = evaluate(context, data, candidates_of(context))
    stepped, _ = add_postprocessing(context, data, plain)
    measured = {candidate.id: candidate for candidate in task.candidates}
    candidates = [_with_figures(candidate, measured.get(candidate.id)) for candidate in (*plain, *stepped)]
    comparable = [candidate for candidate in candidates if candidate.id in measured] or candidates
    offered, _ = for_choice(context.folder, comparable)
    chosen, _ = choose(offered, context.experiment.task)
    return _predict_fold(context, task, data, candidates, chosen=chosen)


def _with_figures(candidate: Candidate, measured: Candidate | None) -> Candidate:
    """Return a candidate of a fold with the latency and size that the run measured for the same model."""
    if measured is None:
        return candidate
    return replace(
        candidate, latency=measured.latency, size_bytes=measured.size_bytes, in_budget=measured.in_budget
    )


def _predict_fold(
    context: RunContext, task: OuterTask, data: RunData, candidates: list[Candidate], *, chosen: str
) -> FoldPredictions:
    from litmus_core.engine import open_candidate, post_of
    from litmus_core.jobs._stages.postprocess import answered_rows

    index = data.index("test")
    rows = data.frame.iloc[index][[column.name for column in data.columns]]
    predictions, answered, thresholds = {}, {}, {}
    for candidate in candidates:
        predictor = open_candidate(
            context.folder,
            candidate.model,
            threshold=candidate.threshold,
            post=post_of(context.folder, candidate),
        )
        raw = predictor.predict_raw(rows)
        answered_mask = np.zeros(len(index), dtype=bool)
        answered_mask[
            answered_rows(raw, predictor.info, threshold=candidate.threshold, below=predictor.abstain_below)
        ] = True
        key = candidate.id.removeprefix(context.run_id)
        predictions[key] = _in_class_order(raw, list(predictor.classes), task.classes)
        answered[key], thresholds[key] = answered_mask, candidate.threshold
    return FoldPredictions(
        index=index,
        predictions=predictions,
        answered=answered,
        thresholds=thresholds,
        chosen=chosen.removeprefix(context.run_id),
    )


def _in_class_order(raw: np.ndarray, classes: list[Any], wanted: tuple[Any, ...]) -> np.ndarray:
    """Return (m, k) probabilities in the order of the run's classes; those that the fold lacks are 0."""
    if raw.ndim == 1 or tuple(classes) == wanted:
        return raw
    ordered = np.zeros((len(raw), len(wanted)))
    for at, label in enumerate(classes):
        ordered[:, wanted.index(label)] = raw[:, at]
    return ordered

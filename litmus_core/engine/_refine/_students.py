"""Students: small models that learn a candidate's predictions from all or the important columns."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmus_core.engine._catalog.selection import title_of
from litmus_core.engine._fit.failures import failures
from litmus_core.engine._fit.fit import prepare, run_autogluon
from litmus_core.engine._fit.request import FitRequest, with_members
from litmus_core.engine._fit.warm_start import WarmStartSource
from litmus_core.engine._folds.workers import FoldWorkers
from litmus_core.engine._refine._columns import important_column_sets
from litmus_core.engine._refine._distillation_set import build_distillation_set
from litmus_core.engine._refine._pool import Student
from litmus_core.engine._warm_start import warm_start_state
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import MODULES
from litmus_core.trust import begin_writing

_FOLDER = "students"
_SHARE = 0.6  # of the remaining time, for all students
# of that: deadlines of their teacher, and of the student of all columns
_TEACHING_SHARE, _WHOLE_SHARE = 0.2, 0.6
_NAME = "lightgbm-distilled"
_SMALL = {"num_leaves": 31, "num_threads": 1}  # threads with so little work wait for each other
_LEARNING = {**_SMALL, "learning_rate": 0.15, "num_boost_round": 100}
_QUICKLY = {**_SMALL, "learning_rate": 0.2, "num_boost_round": 50}


def fit_students(
    request: FitRequest,
    source: WarmStartSource,
    workers: FoldWorkers | None,
    *,
    on_start: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> tuple[list[Student], tuple[str, ...]]:
    """Fit students of the reused candidate below the request's folder, with the same folds.

    One reads all columns, others the important ones. Returns the finished ones, and a sentence for each that
    failed. :func:`drop_students` removes them.
    """
    pipeline, _ = warm_start_state(source)
    if not isinstance(pipeline, FeaturePipeline):  # check_refinable gives the reason
        return [], ()
    drop_students(request.folder)
    home, began = request.folder / _FOLDER, time.time()
    seconds = _SHARE * (request.deadline - began)
    distillation_set = _write_distillation_set(
        request, source, pipeline, home, seconds=_TEACHING_SHARE * seconds
    )

    def fitted(
        name: str, settings: Sequence[dict[str, Any]], *, until: float
    ) -> tuple[list[str], tuple[str, ...]]:
        options = [
            {**setting, "distillation_set": distillation_set, "seed": request.task.seed}
            for setting in settings
        ]
        student_request = replace(request, folder=home / name, deadline=began + until * seconds)
        return _fit_students_in_folder(
            student_request, options, workers, on_start=on_start, should_stop=should_stop
        )

    with_all_columns, failed = fitted("all", [{**_LEARNING, "ag_args": {"name": _NAME}}], until=_WHOLE_SHARE)
    if not with_all_columns:
        return [], failed
    sources_of = pipeline.raw_columns_of()
    narrowed = important_column_sets(home / "all", with_all_columns[0], sources_of, seed=request.task.seed)
    settings = [
        _of_columns(column_names, sources_of, n_all=len(pipeline.columns)) for column_names in narrowed
    ]
    narrow, failed_too = fitted("fewer", settings, until=1.0) if settings else ([], ())
    students = [Student(folder=home / "all", model=student) for student in with_all_columns]
    students += [Student(folder=home / "fewer", model=student, narrow=True) for student in narrow]
    return students, (*failed, *failed_too)


def drop_students(folder: Path) -> None:
    """Remove the students fitted in a run's folder."""
    shutil.rmtree(folder / _FOLDER, ignore_errors=True)


def _write_distillation_set(
    request: FitRequest, source: WarmStartSource, pipeline: FeaturePipeline, home: Path, *, seconds: float
) -> str:
    """Predict with the reused candidate, and return the path of the stored distillation set."""
    from autogluon.common.savers import save_pkl

    distillation_set = build_distillation_set(
        source.folder,
        source.model,
        request.train[[column.name for column in request.columns]],
        features_of=pipeline.transform,
        seconds=seconds,
        seed=request.task.seed,
    )
    path = str(home / "distillation_set.pkl")
    save_pkl.save(path=path, object=distillation_set, verbose=False)
    return path


def _of_columns(
    column_names: Sequence[str], sources_of: Mapping[str, set[str]], *, n_all: int
) -> dict[str, Any]:
    """Return the settings of a student of the raw columns ``column_names``."""
    columns = [name for name, raw in sources_of.items() if raw <= set(column_names)]
    name = f"{_NAME}, {len(column_names)} of {n_all} columns"
    return {**_QUICKLY, "columns": columns, "ag_args": {"name": name}}


def _fit_students_in_folder(
    request: FitRequest,
    settings: Sequence[dict[str, Any]],
    workers: FoldWorkers | None,
    *,
    on_start: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> tuple[list[str], tuple[str, ...]]:
    """Fit students in the request's folder; return their names, and a sentence for each failure."""
    from litmus_core.engine._refine.student import StudentModel

    begin_writing(request.folder)
    modules = request.folder.parents[1] / MODULES
    if modules.exists():  # of a custom metric or task type
        shutil.copytree(modules, request.folder / MODULES)
    trainer = run_autogluon(
        with_members(request, {StudentModel: settings}),
        prepare(request),
        workers,
        started=lambda model: on_start(title_of(model)),
        finished=lambda trainer, _: trainer.save(),
        should_stop=should_stop,
    )
    return list(trainer.get_model_names()), tuple(failure.sentence for failure in failures(trainer))

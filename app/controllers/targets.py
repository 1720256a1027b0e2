"""The page of many targets: ask which, train them, and show what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st

from app import navigation, services, state
from app.components import empty_state, waiting
from app.controllers import live_service
from app.controllers.train import tables
from app.downloads import csv_bytes, zip_bytes
from app.errors import guard
from app.presenters.home import present_sample
from app.presenters.many_targets.result import (
    AnsweredRowView,
    effect_sentence,
    line_details,
    moved_sentence,
    present_answered,
    present_lines,
    present_result,
)
from app.presenters.many_targets.setup import (
    first_way,
    present_metrics,
    present_outlook,
    remedy_label,
    time_choices,
)
from app.presenters.results.what_if import InputFieldView, present_fields
from app.presenters.work.problems import present_problem
from app.presenters.work.records import TrainingView, present_earlier, present_ended, present_training
from app.slow_results import error_of
from app.views.home import draw_sample
from app.views.many_targets.result import (
    MoveThreshold,
    ThresholdView,
    draw_grade,
    draw_lines,
    draw_thresholds,
    draw_use,
)
from app.views.many_targets.setup import (
    adopt,
    ask_columns,
    ask_goal,
    ask_leave_out,
    ask_start,
    ask_tags,
    ask_time,
    ask_way,
    choose,
    draw_outlook,
)
from app.views.work import (
    DeleteWork,
    StopWork,
    TrainAgain,
    draw_delete,
    draw_earlier,
    draw_ended,
    draw_problem,
    watch_training,
)
from litmus_core.experiments import (
    Data,
    TargetsRecord,
    TargetsSample,
    TrainingRequest,
    start_targets,
    start_targets_sample,
    targets_samples,
)
from litmus_core.many_targets import TagColumn, TargetsOutlook, TargetsPredictor, TargetsReport
from litmus_core.types import Compute, DatasetVersion, ExperimentSummary

__all__ = ["derived_tables", "draw", "lone_experiments", "samples", "start_sample"]

_TABLE = "targets.table"
_FEWEST_COLUMNS = 2


def draw() -> None:
    """Draw the targets in the address, otherwise the questions of new ones; then the others."""
    studio, opened = services.studio(), state.targets()
    if opened is None:
        with guard():
            _ask()
        _draw_samples()
    else:
        _draw_record(studio.targets.get(opened))
    lines = present_earlier(studio.targets.list(), line_details, now=datetime.now(UTC))
    draw_earlier(lines, opened=opened, page="targets", title="Trained before")


def samples() -> tuple[TargetsSample, ...]:
    """Return the samples with many targets."""
    return targets_samples()


def start_sample(name: str) -> None:
    """Import a sample, start training its targets, and go to them."""
    with guard(safe="Nothing was changed."), st.spinner("Reading the table and starting the training…"):
        started = start_targets_sample(services.studio(), name)
        navigation.go("targets", targets=started.id)


def _draw_samples() -> None:
    """Offer the samples that were not tried yet."""
    names = {version.name for version in services.studio().datasets.list()}
    for sample in samples():
        if sample.title not in names:
            with st.container(border=True, key=f"begin-{sample.name}"):
                wish = draw_sample(present_sample(sample), is_primary=False)
            if wish is not None:
                start_sample(wish.name)


def _ask() -> None:
    """Ask which targets to train, and start the training."""
    derived = derived_tables()
    fitting = {
        version.id: version
        for version in services.studio().datasets.list()
        if version.id not in derived and len(version.columns) > _FEWEST_COLUMNS
    }
    if not fitting:
        empty_state(
            "No table has several targets yet",
            "It needs a column of tags, several yes/no columns or several numbers, and columns to tell from.",
            to="data",
            label="Add a table",
        )
    else:
        with st.container(border=True, key="targets-setup"):
            _ask_about(_picked_table(fitting))


def lone_experiments() -> list[ExperimentSummary]:
    """Return the experiments but those of one target of many, whose joint verdict says more."""
    studio = services.studio()
    joint = {run_id for request in studio.targets.requests() for run_id in request.run_ids}
    return [summary for summary in studio.experiments.summaries() if summary.latest_run_id not in joint]


def derived_tables() -> set[str]:
    """Return the tables that a training made of another one: nobody asks about them."""
    return {
        id_
        for request in services.studio().targets.requests()
        for id_ in (request.columns_version_id, request.train_version_id, request.test_version_id)
        if id_ != request.dataset_version_id
    }


def _picked_table(fitting: dict[str, DatasetVersion]) -> DatasetVersion:
    titles = {id_: title for id_, title in tables() if id_ in fitting}
    selected = state.selected("dataset")
    state.follow(_TABLE, selected if selected in titles else next(iter(titles)))
    if st.session_state[_TABLE] not in titles:  # it was deleted meanwhile
        st.session_state[_TABLE] = next(iter(titles))
    return fitting[st.selectbox("Table", list(titles), format_func=titles.__getitem__, key=_TABLE)]


def _ask_about(version: DatasetVersion) -> None:
    studio = services.studio()
    proposed = _later(("propose", version.id), lambda: studio.targets.propose(version))
    if not services.exists(proposed):
        waiting(proposed.done, "Reading the table…")
        return
    proposal = proposed.result()
    if first_way(proposal) is None:
        st.info("This table has one possible target. Target trains it.", icon=":material/info:")
        navigation.link("target", "Open Target", dataset=version.id)
        return
    way = ask_way(proposal, version.id)
    columns: tuple[str, ...] = ()
    tags: TagColumn | None = None
    if way == "tags":
        tags = ask_tags(proposal, version.id)
    else:
        columns = ask_columns(proposal, way, version.id)
        if len(columns) < _FEWEST_COLUMNS:
            st.caption("Choose two or more columns.")
            return
    read = _later(
        ("outlook", version.id, columns, tags), lambda: studio.targets.outlook(version, columns, tags)
    )
    if not services.exists(read):
        waiting(read.done, "Reading the targets…")
    elif (problem := error_of(read)) is not None:
        view = present_problem(problem, remedy_label)
        draw_problem(view, partial(choose, way=way, version_id=version.id), page="targets")
    else:
        _ask_goal(version, columns, tags, read.result())


def _ask_goal(
    version: DatasetVersion, columns: Sequence[str], tags: TagColumn | None, outlook: TargetsOutlook
) -> None:
    """Ask what counts and how long it may take, once the targets are read."""
    draw_outlook(present_outlook(outlook))
    goal = ask_goal(present_metrics(outlook), version.id)
    used = {*columns, *([] if tags is None else [tags.column])}
    others = [column.name for column in version.columns if column.name not in used]
    leave_out = ask_leave_out(others, version.id)
    seconds = ask_time(*time_choices(len(outlook.targets)), version.id)
    if ask_start():
        with guard(safe="Nothing was started."), st.spinner("Splitting the rows and starting the training…"):
            data, compute = Data(version, leave_out=leave_out), Compute(time_limit_s=seconds)
            request = TrainingRequest(data, None, None, None, None, None, compute)
            started = start_targets(services.studio(), request, columns, tags=tags, goal=goal)
            navigation.go("targets", targets=started.id)


def _later(key: tuple[Any, ...], work: Callable[[], Any]) -> Future[Any]:
    return services.later().ask(("targets", str(services.studio().workspace.path), *key), work)


def _draw_record(record: TargetsRecord) -> None:
    navigation.link("targets", "New targets", icon=":material/add:")
    if record.state == "running":
        watch_training(partial(_training, record.id), partial(_act, record), page="targets")
        return
    if record.report is None:
        _act(record, draw_ended(present_ended(record), page="targets"))
    else:
        _draw_result(record, record.report)
        with st.container(horizontal=True, gap="small"):
            if st.button("Train again with other choices", key="targets.again", icon=":material/tune:"):
                _act(record, TrainAgain())
    label = "Delete this training with the folder that answers, for good"
    _act(
        record,
        draw_delete(record.id, label, stays="The table and the run of each target stay.", page="targets"),
    )


def _draw_result(record: TargetsRecord, report: TargetsReport) -> None:
    draw_grade(present_result(record, report), name=record.request.name)
    draw_lines(present_lines(record, report))
    if record.thresholds:
        views = [
            ThresholdView(label=line.name, now=now, chosen=float(line.threshold or 0.0))
            for line, now in zip(report.lines, record.thresholds, strict=True)
        ]
        moved = moved_sentence(list(record.moved))
        draw_thresholds(views, partial(_effect, record), partial(_act, record), key=record.id, moved=moved)
    with guard():
        targets = services.studio().targets
        model, open_model = targets.model, targets.open  # what is not permitted is said here
        opened = _later(
            ("open", record.id, record.thresholds),
            lambda: _Desk(model(record.id), open_model(record.id)),
        )
        if services.exists(opened):
            desk = opened.result()
            draw_use(desk, key=record.id)
            live_service.draw(record, "targets", desk.model, {"rows": desk.rows})
        else:
            waiting(opened.done, "Putting the models together…")


def _effect(record: TargetsRecord, label: str, threshold: float) -> str:
    names = record.request.spec.names
    cuts = [threshold if name == label else 0.5 for name in names]
    counts = services.studio().targets.counts(record.id, cuts)
    return effect_sentence(counts[names.index(label)])


def _training(targets_id: str) -> TrainingView | None:
    return present_training(services.studio().targets.get(targets_id))


def _act(record: TargetsRecord, wish: StopWork | TrainAgain | DeleteWork | MoveThreshold | None) -> None:
    targets = services.studio().targets
    with guard(safe="Nothing was changed."):
        match wish:
            case StopWork():
                targets.stop(record.id)
                st.rerun()
            case TrainAgain():
                version_id = record.request.dataset_version_id
                adopt(version_id, record.request)
                st.session_state[_TABLE] = version_id
                navigation.go("targets", dataset=version_id)
            case DeleteWork():
                targets.remove(record.id)
                navigation.go("targets")
            case MoveThreshold():
                chosen = {line.name: line.threshold for line in record.report.lines} if record.report else {}
                moved = record.moved | {wish.label: wish.threshold}
                targets.move(record.id, {name: at for name, at in moved.items() if at != chosen.get(name)})
                st.rerun()
            case None:
                pass


class _Desk:
    """What answers all targets; one thread asks it at a time."""

    def __init__(self, model: Path, predictor: TargetsPredictor) -> None:
        self.model, self._predictor, self._lock = model, predictor, Lock()
        rows = predictor.examples
        self.rows = rows[:1]
        examples = {column.name: [row[column.name] for row in rows] for column in predictor.columns}
        self.fields: Sequence[InputFieldView] = present_fields(
            predictor.columns, rows[0] if rows else {}, examples=examples
        )

    def answer(self, row: dict[str, Any]) -> AnsweredRowView:
        with self._lock:
            return present_answered(self._predictor.predict_records([row])[0])

    def score(self, file: Path) -> tuple[bytes, int, tuple[str, ...]]:
        import pandas as pd

        with self._lock:
            rows, notes = self._predictor.with_notes(self._predictor.flat_rows, file)
        return csv_bytes(pd.DataFrame(rows)), len(rows), notes

    def zipped(self) -> bytes:
        return zip_bytes(self.model)

"""The Forecast page: ask what to forecast, train it, and show what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from app import navigation, services, state
from app.components import empty_state, waiting
from app.controllers import live_service
from app.controllers.train import tables
from app.downloads import csv_bytes, zip_bytes
from app.errors import guard
from app.presenters.forecasting.past import (
    PlotView,
    origin_names,
    present_future,
    present_origin,
    row_table,
)
from app.presenters.forecasting.result import line_details, present_result
from app.presenters.forecasting.setup import (
    finding_texts,
    present_bar,
    present_facts,
    remedy_label,
)
from app.presenters.home import present_sample
from app.presenters.markdown import literal
from app.presenters.work.problems import present_problem
from app.presenters.work.records import TrainingView, present_earlier, present_ended, present_training
from app.slow_results import error_of
from app.views.forecasting.result import draw_grade, draw_series
from app.views.forecasting.setup import (
    ColumnChoices,
    adopt,
    ask_bar,
    ask_columns,
    ask_helpful,
    ask_horizon,
    ask_level,
    ask_rules,
    ask_start,
    choose,
)
from app.views.home import draw_sample
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
from litmus_core.errors import DataError, LitmusError, MissingExtraError
from litmus_core.experiments import ForecastRecord, ForecastSample, time_columns, value_columns
from litmus_core.forecasting import (
    Forecaster,
    ForecastSpec,
    PastForecasts,
    SeriesColumns,
    SeriesRules,
    check_statsforecast,
    step_noun,
)
from litmus_core.text import format_count
from litmus_core.types import DatasetVersion

__all__ = ["draw", "samples", "start_sample"]

_TABLE = "forecast.table"
_MOST_OPEN = 8  # forecasts that stay in memory


def draw() -> None:
    """Draw the forecast in the address, otherwise the questions of a new one; then the others."""
    studio, opened = services.studio(), state.forecast()
    if opened is None:
        with guard():
            _ask()
        _draw_samples()
    else:
        _draw_record(studio.forecasts.get(opened))
    lines = present_earlier(studio.forecasts.list(), line_details, now=datetime.now(UTC))
    draw_earlier(lines, opened=opened, page="forecast", title="Forecasts")


def samples() -> tuple[ForecastSample, ...]:
    """Return the samples of series that can be tried here; none without the optional part."""
    try:
        check_statsforecast()
    except MissingExtraError:
        return ()
    return services.studio().forecast_samples.list()


def start_sample(name: str) -> None:
    """Import a sample of series, start its forecast, and go to it."""
    with guard(safe="Nothing was changed."), st.spinner("Reading the table and starting the training…"):
        started = services.studio().forecast_samples.start(name)
        navigation.go("forecast", forecast=started.id)


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
    """Ask what to forecast, and start the training."""
    studio = services.studio()
    try:
        check_statsforecast()
    except MissingExtraError as error:
        st.info(error.hint, title=error.message, icon=":material/extension:")
        return
    fitting = {version.id: version for version in studio.datasets.list() if _fits(version)}
    if not fitting:
        empty_state(
            "No table has a column of times yet",
            "A forecast needs a row for each time, such as a month, and a column of numbers.",
            to="data",
            label="Add a table",
        )
    else:
        with st.container(border=True, key="forecast-setup"):
            _ask_about(_picked_table(fitting))


def _fits(version: DatasetVersion) -> bool:
    times = time_columns(version)
    return bool(times) and any(name != times[0] for name in value_columns(version))


def _picked_table(fitting: dict[str, DatasetVersion]) -> DatasetVersion:
    titles = {id_: title for id_, title in tables() if id_ in fitting}
    selected = state.selected("dataset")
    state.follow(_TABLE, selected if selected in titles else next(iter(titles)))
    if st.session_state[_TABLE] not in titles:  # it was deleted meanwhile
        st.session_state[_TABLE] = next(iter(titles))
    return fitting[st.selectbox("Table", list(titles), format_func=titles.__getitem__, key=_TABLE)]


def _ask_about(version: DatasetVersion) -> None:
    studio = services.studio()
    proposed = _later(("propose", version.id), lambda: studio.forecasts.propose(version))
    if not services.exists(proposed):
        waiting(proposed.done, "Reading the table…")
        return
    proposal = proposed.result()
    if proposal is None:
        st.info("Litmus finds no column of numbers to forecast here.", icon=":material/info:")
        return
    choices = ColumnChoices(
        version_id=version.id,
        times=time_columns(version),
        values=value_columns(version),
        columns=[column.name for column in version.columns],
        proposal=proposal,
    )
    columns = ask_columns(choices)
    goal = st.container()  # above what is folded, which it depends on
    columns, rules = ask_helpful(choices, columns), ask_rules(version.id)
    with goal:
        _ask_how_far(version, columns, rules)


def _ask_how_far(version: DatasetVersion, columns: SeriesColumns, rules: SeriesRules) -> None:
    """Say what the series are, and ask how far ahead; or say why they cannot be forecast."""
    studio = services.studio()
    read = _later(
        ("facts", version.id, columns, rules), lambda: studio.forecasts.facts(version, columns, rules)
    )
    if not services.exists(read):
        waiting(read.done, "Reading the series…")
    elif (problem := error_of(read)) is not None:
        _draw_problem(problem, version, frequency="")
    else:
        _ask_goal(version, columns, rules, read)


def _ask_goal(version: DatasetVersion, columns: SeriesColumns, rules: SeriesRules, read: Future[Any]) -> None:
    """Ask how far ahead and how good is good enough, once the series are read."""
    studio, facts = services.studio(), read.result()
    view = present_facts(facts)
    st.markdown(f":material/timeline: {literal(view.sentence)}")
    left, right = st.columns(2)
    with left:
        horizon = ask_horizon(view, version.id)
    with right:
        level = ask_level(version.id)
    spec = ForecastSpec(columns=columns, rules=rules, horizon=horizon)
    outlook = _later(("outlook", version.id, spec), lambda: studio.forecasts.outlook(version, spec))
    if not services.exists(outlook):
        waiting(outlook.done, "Trying the simple forecasts…")
    elif (problem := error_of(outlook)) is not None:
        _draw_problem(problem, version, frequency=facts.frequency)
    else:
        for note in finding_texts(outlook.result().findings):
            st.caption(f":material/info: {note}")
        bar = ask_bar(present_bar(outlook.result()), version.id)
        if ask_start():
            with guard(safe="Nothing was started."):
                started = studio.forecasts.start(version, replace(spec, bar=bar, level=level))
                navigation.go("forecast", forecast=started.id)


def _draw_problem(problem: LitmusError, version: DatasetVersion, *, frequency: str) -> None:
    noun = step_noun(frequency) if frequency else "step"
    view = present_problem(problem, partial(remedy_label, noun=noun))
    draw_problem(view, partial(choose, frequency=frequency, version_id=version.id), page="forecast")


def _later(key: tuple[Any, ...], work: Callable[[], Any]) -> Future[Any]:
    return services.later().ask(("forecast", str(services.studio().workspace.path), *key), work)


def _draw_record(record: ForecastRecord) -> None:
    studio = services.studio()
    navigation.link("forecast", "New forecast", icon=":material/add:")
    if record.state == "running":
        watch_training(partial(_training, record.id), partial(_act, record), page="forecast")
        return
    if record.report is None:
        _act(record, draw_ended(present_ended(record), page="forecast"))
    else:
        draw_grade(present_result(record.report), name=_title(record))
        desk = _open_desk(str(services.studio().workspace.path), record.id)
        draw_series(desk, key=record.id)
        with st.container(horizontal=True, gap="small"):
            if st.button("Forecast again with other choices", key="forecast.again", icon=":material/tune:"):
                _act(record, TrainAgain())
        live_service.draw(record, "forecast", studio.forecasts.model(record.id), desk.request())
    _act(
        record,
        draw_delete(
            record.id,
            "Delete this forecast with its model, for good",
            stays="The table stays.",
            page="forecast",
        ),
    )


def _title(record: ForecastRecord) -> str:
    spec, report = record.request.spec, record.report
    ahead = format_count(spec.horizon, step_noun(report.frequency if report else ""))
    return f"{record.request.name}: {spec.columns.value}, {ahead} ahead"


def _training(forecast_id: str) -> TrainingView | None:
    return present_training(services.studio().forecasts.get(forecast_id))


def _act(record: ForecastRecord, wish: StopWork | TrainAgain | DeleteWork | None) -> None:
    studio = services.studio()
    with guard(safe="Nothing was changed."):
        match wish:
            case StopWork():
                studio.forecasts.stop(record.id)
                st.rerun()
            case TrainAgain():
                version_id = record.request.dataset_version_id
                frequency = record.report.frequency if record.report else ""
                adopt(version_id, record.request.spec, frequency)
                st.session_state[_TABLE] = version_id
                navigation.go("forecast", dataset=version_id)
            case DeleteWork():
                studio.forecasts.remove(record.id)
                navigation.go("forecast")
            case None:
                pass


class _Desk:
    """A finished forecast: its series, what was forecast of them before, and what answers."""

    def __init__(
        self, record: ForecastRecord, model: Path, forecaster: Forecaster, past: Sequence[PastForecasts]
    ) -> None:
        self._model, self._forecaster = model, forecaster
        self._past = {one.name: one for one in past}
        self._column = record.request.spec.columns.value

    @property
    def names(self) -> Sequence[str]:
        return tuple(self._past)

    def request(self) -> dict[str, Any]:
        """Return a request for the next values of the first series."""
        names = self._forecaster.names
        return {"new": []} | ({"series": names[0]} if len(names) > 1 else {})

    def origins(self, series: str) -> Sequence[str]:
        return origin_names(self._past[series])

    def plot(self, series: str, place: int | None, *, is_long: bool) -> PlotView:
        past = self._past[series]
        if place is not None:
            return present_origin(past, place, column=self._column, is_long=is_long)
        try:
            forecast = self._forecaster.forecast(series)
        except DataError:  # columns known ahead end before the horizon: the table of next values says so
            forecast = None
        return present_future(past, forecast, column=self._column, is_long=is_long)

    def rows(self, series: str) -> dict[str, list[Any]]:
        return row_table(self._forecaster.forecast(series), column=self._column)

    def csv(self) -> bytes:
        import pandas as pd

        rows = [row for name in self.names for row in self._forecaster.forecast(name).rows()]
        table = pd.DataFrame(rows)
        return csv_bytes(table if len(self.names) > 1 else table.drop(columns="series"))

    def zipped(self) -> bytes:
        return zip_bytes(self._model)


@st.cache_resource(max_entries=_MOST_OPEN, show_spinner=False)
def _open_desk(workspace: str, forecast_id: str) -> _Desk:
    """Open a finished forecast, which never changes."""
    forecasts = services.studio().forecasts
    return _Desk(
        forecasts.get(forecast_id),
        forecasts.model(forecast_id),
        forecasts.open(forecast_id),
        forecasts.past(forecast_id),
    )

"""Forecasts of the workspace: started, listed, exported, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import DataError
from litmus_core.experiments._background import start_work
from litmus_core.experiments._forecasts.proposal import propose_columns, time_columns
from litmus_core.experiments._forecasts.record import (
    PAST,
    ForecastRecord,
    ForecastRequest,
    progress_message,
)
from litmus_core.experiments._forecasts.rows import read_new, renamed
from litmus_core.experiments._work import MODEL, StoredWork, WorkFolders, WorkSubject
from litmus_core.forecasting import (
    Forecaster,
    ForecastOutlook,
    ForecastReport,
    ForecastSpec,
    PastForecasts,
    SeriesColumns,
    SeriesFacts,
    SeriesRules,
    check_statsforecast,
    learn_forecast,
    load_forecaster,
    load_past,
    metric_title,
    observe_table,
    read_facts,
    read_outlook,
    read_series,
    save_forecaster,
    save_past,
    subject_text,
)
from litmus_core.types import DatasetVersion, Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ForecastsService(StoredWork[ForecastRequest, ForecastReport, ForecastRecord]):
    """Forecasts, each a folder with its request, its report and the model that answers."""

    @property
    def folders(self) -> WorkFolders[ForecastRequest, ForecastReport]:
        """The folder of each forecast."""
        return WorkFolders(
            root=self.context.workspace.forecasts,
            prefix="fc",
            noun="forecast",
            command="litmus forecast",
            request_type=ForecastRequest,
            report_type=ForecastReport,
        )

    def check(self, version: DatasetVersion, spec: ForecastSpec) -> tuple[Finding, ...]:
        """Return what there is to say of the series; raises DataError where they cannot be forecast."""
        return read_series(self._renamed(version, spec.columns), spec)[1]

    def propose(self, version: DatasetVersion) -> SeriesColumns | None:
        """Return which columns to begin with; None where the table has no time or no number."""
        if not time_columns(version):
            return None
        return propose_columns(version, self._all_rows(version))

    def facts(self, version: DatasetVersion, columns: SeriesColumns, rules: SeriesRules) -> SeriesFacts:
        """Return what a table holds as series; raises DataError where it holds none that fit together."""
        return read_facts(self._renamed(version, columns), columns, rules)

    def outlook(self, version: DatasetVersion, spec: ForecastSpec) -> ForecastOutlook:
        """Return what there is to say before training; raises DataError where nothing can be forecast."""
        return read_outlook(self._renamed(version, spec.columns), spec)

    def start(
        self, version: DatasetVersion, spec: ForecastSpec, *, name: str | None = None
    ) -> ForecastRecord:
        """Start a training in a process of its own, which outlives this one.

        What ``check`` refuses is refused here, before anything starts.
        """
        from litmus_core.jobs import forecast_job
        from litmus_core.store import new_id, utc_now

        check_statsforecast()
        self.check(version, spec)
        request = ForecastRequest(
            id=new_id("fc"),
            name=name or version.name,
            created_at=utc_now(),
            dataset_version_id=version.id,
            spec=spec,
        )
        self.folders.add(request)
        start_work(
            forecast_job(self.context.workspace, request.id),
            "forecast",
            request.id,
            context=self.context,
            busy=f"Forecast '{request.id}' is being trained.",
        )
        return self.get(request.id)

    def train(self, forecast_id: str, *, on_progress: Callable[[str], None]) -> ForecastReport:
        """Train a requested forecast in this process, and put its model and its report into its folder."""
        folders = self.folders
        request, folder = folders.request(forecast_id), folders.folder(forecast_id)
        version = self.context.dataset(request.dataset_version_id)
        table = self._renamed(version, request.spec.columns)
        forecaster, report, past = learn_forecast(
            table,
            request.spec,
            report=lambda stage, share: on_progress(progress_message(stage, share)),
        )
        names = request.spec.columns.names
        spelled = tuple(
            column for column in version.columns if {column.name, column.original_name} & {*names}
        )
        save_forecaster(forecaster.spelled_as(spelled), folder / MODEL)
        save_past(past, folder / PAST)
        folders.finish(forecast_id, report)
        return report

    def get(self, work_id: str) -> ForecastRecord:
        """Return a forecast; raises NotFoundError for an unknown id."""
        from litmus_core.jobs import forecast_job

        request, job = self.folders.request(work_id), forecast_job(self.context.workspace, work_id)
        if report := self.folders.report(work_id):
            return ForecastRecord(request=request, state="finished", report=report)
        status = job.status()
        if status is not None:
            return ForecastRecord(request=request, state="running", message=status)
        problem = job.problem()
        if self.folders.report(work_id):  # it ended between the two looks
            return self.get(work_id)
        return ForecastRecord(request=request, state="failed" if problem else "interrupted", message=problem)

    def _subject(self, request: ForecastRequest, report: ForecastReport) -> WorkSubject:
        """Return what a forecast is about, beside the best simple forecast."""
        return WorkSubject(
            predicts=subject_text(request.spec.columns.value, report),
            metric=metric_title(report.verdict.score.metric),
            baseline=report.baseline.title,
            greater_is_better=False,
        )

    def stop(self, work_id: str) -> None:
        """End a training; nothing of it is left but its request."""
        from litmus_core.jobs import forecast_job

        self.folders.folder(work_id)
        forecast_job(self.context.workspace, work_id).stop()

    def model(self, work_id: str) -> Path:
        """Return the folder that answers; it needs NumPy and Litmus alone."""
        self._finished(work_id)
        return self.folders.folder(work_id) / MODEL

    def open(self, forecast_id: str) -> Forecaster:
        """Return what answers of a finished forecast."""
        return load_forecaster(self.model(forecast_id))

    def past(self, forecast_id: str) -> tuple[PastForecasts, ...]:
        """Return the history of each series, and what was forecast of it at the judging origins."""
        return load_past(self.model(forecast_id).with_name(PAST))

    def observe(self, forecaster: Forecaster, source: Path | str) -> Forecaster:
        """Return a forecaster that knows the newer values in a table, without training.

        The table is read as every other one. Its columns are called and spelled as in the training table, or
        are called ``time``, ``value`` and ``series``. Raises DataError or UnknownNameError for what does not
        fit.
        """
        return observe_table(forecaster, read_new(self.context.workspace, source, forecaster.learned))

    def _renamed(self, version: DatasetVersion, columns: SeriesColumns) -> pd.DataFrame:
        return renamed(self._all_rows(version), version, columns)

    def _all_rows(self, version: DatasetVersion) -> pd.DataFrame:
        from litmus_core.data import read_rows

        if not version.n_rows:
            raise DataError(
                f"'{version.name}' has no rows.", hint="Import a table with a row for each value."
            )
        return read_rows(self.context.workspace, version, n_rows=version.n_rows)

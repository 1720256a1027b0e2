"""``litmus forecast`` and ``litmus forecasts``: train a forecast, list, answer, export."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from litmus_core.cli._session import Session, say, studio_command, table
from litmus_core.errors import UsageError, writing
from litmus_core.types import DETECT_ALL, ReadOptions, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import ForecastRecord, Studio
    from litmus_core.forecasting import Forecaster, ForecastServer, SeriesColumns

_NOUN = typer.Typer(no_args_is_help=True, help="Forecasts of this workspace, and what they answer.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("forecast")(forecast)
    _NOUN.command("list")(list_forecasts)
    _NOUN.command("show")(show_forecast)
    _NOUN.command("export")(export)
    _NOUN.command("stop")(stop)
    _NOUN.command("rm")(remove)
    _NOUN.command("answer")(answer)
    app.add_typer(_NOUN, name="forecasts")


@dataclass(frozen=True, kw_only=True)
class SeriesOptions:
    """Which columns are what, and how they become regular series."""

    time: Annotated[str, typer.Option(help="The column of times.")]
    value: Annotated[str, typer.Option(help="The column of numbers to forecast.")]
    id: Annotated[str | None, typer.Option(help="The column that tells series apart.")] = None
    known_future: Annotated[
        list[str] | None, typer.Option(help="A column known ahead (repeat for more).")
    ] = None
    static: Annotated[
        list[str] | None, typer.Option(help="A column that never changes within a series (repeat).")
    ] = None
    frequency: Annotated[
        str | None, typer.Option(help="yearly, quarterly, monthly, weekly, daily, hourly, … Default: found.")
    ] = None
    season: Annotated[int | None, typer.Option(min=1, help="Values in a season. Default: usual.")] = None
    duplicates: Annotated[
        Literal["refuse", "sum", "mean", "last"], typer.Option(help="How rows of one time are merged.")
    ] = "refuse"
    gaps: Annotated[
        Literal["past", "zero"], typer.Option(help="A missing value: a season earlier's, or 0.")
    ] = "past"

    def columns(self) -> SeriesColumns:
        """Return the columns as Python takes them."""
        from litmus_core.forecasting import SeriesColumns

        return SeriesColumns(
            time=self.time,
            value=self.value,
            id=self.id,
            known_future=tuple(self.known_future or ()),
            static=tuple(self.static or ()),
        )


@studio_command
def forecast(
    session: Session,
    file: Annotated[str, typer.Argument(help="A table with a row for each time of each series.")],
    series: SeriesOptions,
    horizon: Annotated[int, typer.Option(min=1, help="How many values ahead.")],
    bar: Annotated[str | None, typer.Option(help='Good enough, such as "mase<=0.9".')] = None,
    level: Annotated[float, typer.Option(help="The share of intervals that hold the truth.")] = 0.8,
    seed: Annotated[int, typer.Option(min=0, help="Repeats the same trees.")] = 0,
    name: Annotated[str | None, typer.Option(help="The forecast's name. Default: the file's.")] = None,
    options: ReadOptions = DETECT_ALL,
) -> None:
    """Train a forecast of series, judge it by their last values, and keep what answers."""
    from litmus_core.experiments import ForecastOptions, forecast_spec

    how = ForecastOptions(
        frequency=series.frequency,
        season=series.season,
        duplicates=series.duplicates,
        gaps=series.gaps,
        level=level,
        seed=seed,
    )
    spec = forecast_spec(series.columns(), horizon=horizon, bar=bar, options=how)
    studio = session.studio
    version = studio.datasets.import_file(file, name=name, options=options)
    started = studio.forecasts.start(version, spec, name=name)
    messages: list[str] = []

    def tell(message: str) -> None:
        if message and message not in messages and not session.as_json:
            messages.append(message)
            say(message)

    record = studio.forecasts.wait(started.id, on_progress=tell)
    session.show(_plain(record), text=lambda: _text(record))


@studio_command
def list_forecasts(session: Session) -> None:
    """List the forecasts of this workspace with their verdicts, the newest first."""
    records = session.studio.forecasts.list()
    session.show([_plain(record) for record in records], text=lambda: table([*map(_row, records)]))


@studio_command
def show_forecast(
    session: Session, forecast: Annotated[str, typer.Argument(help="A forecast (fc_…).")]
) -> None:
    """Say what is known of a forecast: verdict, score, coverage, models."""
    record = session.studio.forecasts.get(forecast)
    session.show(_plain(record), text=lambda: _text(record))


@studio_command
def export(
    session: Session,
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    forecast: Annotated[
        str | None, typer.Option(help="A forecast (fc_…). Default: the newest that is finished.")
    ] = None,
) -> None:
    """Copy what answers into a folder that needs Litmus and NumPy alone."""
    forecasts = session.studio.forecasts
    if forecast is None:
        forecast = forecasts.newest().id
    path = forecasts.export(forecast, folder)
    session.show({"forecast": forecast, "folder": str(path)}, text=lambda: f"Exported {forecast} to {path}.")


@studio_command
def stop(session: Session, forecast: Annotated[str, typer.Argument(help="A forecast (fc_…).")]) -> None:
    """End a training; nothing of it is kept but what was asked for."""
    session.studio.forecasts.stop(forecast)
    session.show({"stopped": forecast}, text=lambda: f"Stopped {forecast}.")


@studio_command
def remove(session: Session, forecast: Annotated[str, typer.Argument(help="A forecast (fc_…).")]) -> None:
    """Remove a forecast with its model."""
    session.studio.forecasts.remove(forecast)
    session.show({"removed": forecast}, text=lambda: f"Removed {forecast}.")


@studio_command
def answer(
    session: Session,
    forecast: Annotated[str, typer.Argument(help="An exported forecast's folder, or a forecast (fc_…).")],
    new: Annotated[
        Path | None, typer.Option(help="A CSV file of newer values: time, value, and series if several.")
    ] = None,
    level: Annotated[float | None, typer.Option(help="The share of intervals that hold the truth.")] = None,
    to: Annotated[Path | None, typer.Option(help="A CSV file for the answers.")] = None,
) -> None:
    """Answer the next values of every series, after newer values where some are given."""
    from litmus_core.forecasting import load_forecaster

    forecaster = load_forecaster(_folder(session.studio, forecast))
    if new is not None:
        forecaster = _observed(forecaster, new)
    rows = [row for name in forecaster.names for row in forecaster.forecast(name, level=level).rows()]
    if to is not None:
        with writing(to), to.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    session.show(rows, text=lambda: f"Written to {to}." if to else table(rows))


def forecast_folder(name: str, workspace: Path | None) -> Path | None:
    """Return the folder of the forecast called ``name``, exported or of a workspace; None: it is none."""
    from litmus_core.experiments import Studio

    if (Path(name) / "forecast.json").is_file():
        return Path(name)
    if Path(name).exists() or not name.startswith("fc_"):
        return None
    with Studio.open(workspace) as studio:
        return Path(_folder(studio, name))


def open_desk(folder: Path) -> ForecastServer:
    """Open the forecast in ``folder`` for a server."""
    from litmus_core.forecasting import ForecastServer, load_forecaster

    name = folder.parent.name if folder.parent.name.startswith("fc_") else folder.name
    version = hashlib.sha256((folder / "forecast.json").read_bytes()).hexdigest()[:16]
    return ForecastServer(load_forecaster(folder), name=name, version=version)


def _folder(studio: Studio, forecast: str) -> str:
    """Return the folder that answers: the one named, or a forecast's of this workspace."""
    if Path(forecast).exists() or not forecast.startswith("fc_"):
        return forecast
    record = studio.forecasts.get(forecast)
    if record.model is None:
        raise UsageError(f"Forecast '{forecast}' is {record.state}.", hint="Wait for its end.")
    return str(record.model)


def _observed(forecaster: Forecaster, path: Path) -> Forecaster:
    """Return the forecaster after the values of a CSV file."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}.", hint="Name a CSV file.") from None
    by_series: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if not row.get("time") or row.get("value") in (None, ""):
            raise UsageError(f"'{path}' has a row without time or value.", hint="Its columns: time, value.")
        by_series.setdefault(row.get("series") or "", []).append(row)
    for name, values in by_series.items():
        numbers = [_number(row["value"], path) for row in values]
        forecaster = forecaster.observe([row["time"] for row in values], numbers, series=name or None)
    return forecaster


def _number(text: str, path: Path) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"'{text}' in '{path}' is no number.", hint="Write values as 12.5.") from None


def _plain(record: ForecastRecord) -> dict[str, Any]:
    from litmus_core.verdicts import grade_of

    plain: dict[str, Any] = to_plain(record.request) | {"state": record.state, "message": record.message}
    if record.report is None:
        return plain
    grade = grade_of(record.report.verdict).key
    return plain | {"grade": grade, "report": to_plain(record.report)}


def _row(record: ForecastRecord) -> dict[str, Any]:
    from litmus_core.verdicts import verdict_headline

    report = record.report
    return {
        "forecast": record.id,
        "name": record.request.name,
        "state": record.state,
        "verdict": None if report is None else verdict_headline(report.verdict),
        "mase": None if report is None else report.scores.mase,
        "created": record.request.created_at,
    }


def _text(record: ForecastRecord) -> str:
    from litmus_core.forecasting import forecast_sentences

    head = f"{record.request.name} ({record.id})"
    if record.report is None:
        return "\n".join(filter(None, (f"{head}: {record.state}", record.message)))
    return "\n".join((head, *forecast_sentences(record.report)))

"""``litmus forecast`` and ``litmus forecasts``: train a forecast, list, answer, export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from litmus_core.cli._session import Session, studio_command
from litmus_core.cli._work import (
    WorkNoun,
    add_commands,
    answering_folder,
    follow,
    show_rows,
)
from litmus_core.errors import check_overlap
from litmus_core.types import DETECT_ALL, ReadOptions

if TYPE_CHECKING:
    from litmus_core.forecasting import SeriesColumns

_COMMANDS = typer.Typer(no_args_is_help=True, help="Forecasts of this workspace, and what they answer.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("forecast")(forecast)
    add_commands(_COMMANDS, NOUN)
    _COMMANDS.command("answer")(answer)
    app.add_typer(_COMMANDS, name="forecasts")


def _sentences(report: Any) -> list[str]:
    from litmus_core.forecasting import forecast_sentences

    return forecast_sentences(report)


NOUN = WorkNoun(
    word="forecasts",
    prefix="fc",
    service=lambda studio: studio.forecasts,
    sentences=_sentences,
)


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
        str | None, typer.Option(help="yearly, monthly, weekly, daily, hourly, … Default: detected.")
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
    record = follow(lambda **options: studio.forecasts.wait(started.id, **options), is_quiet=session.as_json)
    NOUN.show(session, record)


@studio_command
def answer(
    session: Session,
    forecast: Annotated[str, typer.Argument(help="An exported forecast's folder, or a forecast (fc_…).")],
    new: Annotated[
        Path | None, typer.Option(help="A table of newer values, with the columns of the training table.")
    ] = None,
    level: Annotated[float | None, typer.Option(help="The share of intervals that hold the truth.")] = None,
    to: Annotated[Path | None, typer.Option(help="A CSV file for the answers.")] = None,
) -> None:
    """Answer the next values of every series, after newer values where some are given."""
    from litmus_core.forecasting import load_forecaster

    if to is not None and new is not None:
        check_overlap(to, new)
    forecaster = load_forecaster(answering_folder(session.studio, NOUN, forecast))
    if new is not None:
        forecaster = session.studio.forecasts.observe(forecaster, new)
    rows = [row for name in forecaster.names for row in forecaster.forecast(name, level=level).rows()]
    show_rows(session, rows, to=to)

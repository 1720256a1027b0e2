"""The Forecast page: from a table's columns to a judged forecast, and back through its origins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app as cli
from litmus_core.errors import DataError, MissingExtraError
from litmus_core.experiments import EndpointsService, ForecastRecord, ServedModel
from litmus_core.experiments._forecasts import service
from litmus_core.forecasting import Forecaster
from tests.app.certified import stats
from tests.app.forecasts import train_forecast
from tests.app.visit import go, links, text, visit
from tests.forecasting.tables import shops
from tests.session import once


@once()
def trained(folder: Path) -> tuple[Path, str]:
    """A workspace with the table of two shops, and a forecast of it."""
    return folder / "litmus", train_forecast(folder / "litmus")


@pytest.fixture
def judged(trained: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of the trained forecast, in a workspace for tests that only read."""
    monkeypatch.setenv("LITMUS_HOME", str(trained[0]))
    return trained[1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was started, in place of processes."""
    specs: list[Any] = []
    monkeypatch.setattr(service, "start_work", lambda *_, **__: specs.append(1))
    return specs


def add(table: pd.DataFrame, folder: Path) -> str:
    table.to_csv(folder / "units.csv", index=False)
    with Studio.open() as studio:
        return studio.datasets.import_file(folder / "units.csv").id


def test_a_table_is_read_before_anything_is_asked(tmp_path: Path) -> None:
    version = add(shops(), tmp_path)
    app = visit("forecast", dataset=version)
    assert app.selectbox(key=f"forecast.time.{version}").value == "quarter"
    assert app.selectbox(key=f"forecast.value.{version}").value == "units"
    assert app.selectbox(key=f"forecast.series.{version}").value == "shop"
    assert "2 series, quarterly: up to 40 values from 2016-01-01 to 2025-10-01, no gaps." in text(app)
    assert app.number_input[0].label == "How many quarters ahead?"
    assert "Until 2026-10-01." in text(app)
    assert "Simple forecasts of earlier values were off by: last season" in text(app)


def test_numbers_that_leave_doubled_times_are_amounts_and_tell_no_series_apart(tmp_path: Path) -> None:
    issued = np.repeat(pd.date_range("2026-01-01", periods=60, freq="D").strftime("%Y-%m-%d"), 3)
    terms = np.random.default_rng(0).integers(14, 60, 180)
    version = add(pd.DataFrame({"issued": issued, "amount": np.arange(180.0), "terms_days": terms}), tmp_path)
    app = visit("forecast", dataset=version)
    assert app.selectbox(key=f"forecast.value.{version}").value == "amount"
    assert app.selectbox(key=f"forecast.series.{version}").value == ""
    assert "Of one time, add them up" in [each.label for each in app.button]


def test_a_click_starts_a_training_whose_bar_is_the_best_simple_forecast(
    tmp_path: Path, started: list[Any]
) -> None:
    app = visit("forecast", dataset=add(shops(), tmp_path))
    app.button(key="forecast.start").click().run()
    assert len(started) == 1
    with Studio.open() as studio:
        (record,) = studio.forecasts.list()
    assert record.request.spec.columns.id == "shop"
    assert record.request.spec.horizon == 4
    bar = record.request.spec.bar
    assert bar is not None
    assert (bar.metric, bar.is_proposed) == ("wape", True)
    assert app.query_params["forecast"] == record.id


def test_what_cannot_be_forecast_is_said_with_buttons_that_mend_it(tmp_path: Path) -> None:
    doubled = pd.concat([shops(), shops().head(2)])
    version = add(doubled, tmp_path)
    app = visit("forecast", dataset=version)
    assert "occur more than once" in app.warning[0].proto.title
    assert "duplicates=" not in app.warning[0].value
    assert app.selectbox(key=f"forecast.series.{version}").value == "shop"  # it leaves the fewest of them
    app.button(key="forecast.remedy.2").click().run()
    assert app.selectbox(key=f"forecast.duplicates.{version}").value == "last"
    assert not app.warning
    assert app.button(key="forecast.start")


def test_a_horizon_that_is_too_long_offers_the_longest(tmp_path: Path) -> None:
    app = visit("forecast", dataset=add(shops(), tmp_path))
    app.number_input[0].set_value(30).run()
    assert "too short for a horizon of 30" in app.warning[0].proto.title
    (remedy,) = [each for each in app.button if each.label.startswith("Forecast")]
    assert remedy.label == "Forecast 18 quarters ahead"
    remedy.click().run()
    assert app.number_input[0].value == 18
    assert not app.warning


def test_the_decision_comes_first_then_plot_values_and_downloads(judged: str) -> None:
    app = visit("forecast", forecast=judged)
    heads = [each.value for each in app.markdown if each.value.startswith("### ")]
    assert "chance of an error of at most 1.000" in heads[0]
    assert "The best simple forecast, last season, had an error of" in text(app)
    assert "within ranges that promise" in text(app)
    table = app.dataframe[0].value
    assert list(table["Time"]) == ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]
    assert [each.proto.label for each in app.get("download_button")] == [
        "Download as CSV",
        "Export the folder",
    ]
    app.selectbox(key=f"{judged}.series").set_value("south").run()
    assert app.dataframe[0].value["units"][0] < table["units"][0]


def test_columns_known_ahead_that_end_are_said_before_and_after_training(
    judged: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def needs(self: Forecaster, *_: object, **__: object) -> None:
        raise DataError("The next 4 values of promotion are needed.", hint="Add their rows.")

    with monkeypatch.context() as patched:
        patched.setattr(Forecaster, "forecast", needs)
        app = visit("forecast", forecast=judged)
    assert app.warning[0].proto.title == "The next 4 values of promotion are needed."
    assert [each.proto.label for each in app.get("download_button")] == ["Export the folder"]
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "other"))
    version = add(shops().assign(promotion=np.arange(80) % 3), tmp_path)
    app = visit("forecast", dataset=version)
    app.multiselect(key=f"forecast.ahead.{version}").set_value(["promotion"]).run()
    assert "The table ends before the next 4 values of 'promotion'" in text(app)


def test_an_earlier_origin_shows_what_was_forecast_and_what_came(judged: str) -> None:
    app = visit("forecast", forecast=judged)
    slider = app.select_slider(key=f"{judged}.origin.north")
    assert slider.options[-1] == "Now"
    slider.set_value(slider.options[0]).run()
    assert f"Forecast when {slider.options[0]} was the last known time: " in text(app)
    assert "of 4 values came within the range" in text(app)


def test_a_forecast_is_deployed_by_a_click(judged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        EndpointsService, "deploy", lambda _, *what, **how: asked.append((*what, *how.values()))
    )
    app = visit("forecast", forecast=judged)
    assert app.text_input(key="deploy.name.units").value == "units"
    app.button(key="deploy").click().run()
    assert asked == [(judged, "units", None, None, None)]


def test_a_deployed_forecast_shows_its_state_and_how_it_is_called(
    judged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing offers what it cannot have: a certificate, outcomes, a comparison by outcomes."""
    served = ServedModel(
        title="units",
        source="forecast",
        source_id=judged,
        has_certificate=False,
        route="/forecast",
        reply="forecasts",
        page="/schema",
        no_outcomes="No outcomes are joined with forecasts.",
    )
    now = stats(n_versions=2, name="units")
    monkeypatch.setattr(EndpointsService, "all_stats", lambda _: [now])
    monkeypatch.setattr(EndpointsService, "stats", lambda *_: now)
    monkeypatch.setattr(EndpointsService, "list", lambda _: [])
    monkeypatch.setattr(EndpointsService, "log", lambda *_, **__: "Serving.")
    monkeypatch.setattr(EndpointsService, "described", lambda _, ids: dict.fromkeys(ids, served))
    app = visit("forecast", forecast=judged)
    shown = text(app)
    assert "**Answering**" in shown
    assert "Its own documentation: http://127.0.0.1:9/schema" in shown
    assert "No outcomes are joined with forecasts." in shown
    assert "What answers has changed since this was deployed." in shown
    keys = [button.key for button in app.button]
    assert "promote-ep_00000000aa-2" in keys
    assert not [key for key in keys if key and key.startswith("compare")]
    assert not app.button(key="promote-ep_00000000aa-2").disabled
    shell, python = [each.value for each in app.code if "/forecast" in each.value]
    assert """-d '{"new": [], "series": "north"}'""" in shell
    assert '["forecasts"]' in python
    compile(python, "snippet", "exec")


def test_a_trained_forecast_is_listed_and_its_choices_are_taken_up(judged: str) -> None:
    app = visit("forecast")
    assert [each.proto.label for each in app.get("page_link") if each.proto.query_string] == ["units"]
    app = visit("forecast", forecast=judged)
    app.button(key="forecast.again").click().run()
    assert "forecast" not in app.query_params
    assert app.number_input[0].value == 4


def test_a_stopped_training_says_so_and_can_be_deleted(tmp_path: Path, started: list[Any]) -> None:
    app = visit("forecast", dataset=add(shops(), tmp_path))
    app.button(key="forecast.start").click().run()
    assert "The training was stopped before there was a result." in text(app)
    key = app.query_params["forecast"]
    app.checkbox(key=f"{key}.sure").check().run()
    app.button(key=f"{key}.delete").click().run()
    with Studio.open() as studio:
        assert studio.forecasts.list() == []


def test_a_running_training_shows_its_progress_and_stops(
    judged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Studio.open() as studio:
        request = studio.forecasts.get(judged).request
    message = "Step 2 of 3, fitting models to judge: 50% of the series."
    running = ForecastRecord(request=request, state="running", message=message)
    stopped: list[str] = []
    monkeypatch.setattr(service.ForecastsService, "get", lambda self, id_: running)
    monkeypatch.setattr(service.ForecastsService, "stop", lambda self, id_: stopped.append(id_))
    app = visit("forecast", forecast=judged)
    (progress,) = app.get("progress")
    assert progress.proto.value == 50
    app.button(key="forecast.stop").click().run()
    assert stopped == [judged]


def test_without_the_optional_part_the_page_says_how_to_get_it(
    judged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise MissingExtraError(subject="A forecast", extra="forecast")

    monkeypatch.setattr("app.controllers.forecast.check_statsforecast", missing)
    app = visit("forecast")
    assert "pip install" in app.info[0].value
    assert [each.proto.label for each in app.get("page_link") if each.proto.query_string] == ["units"]


def test_the_sample_is_a_click_on_home_or_here(started: list[Any]) -> None:
    for page in ("home", "forecast"):
        app = visit(page)
        app.button(key="sample-homes").click().run()
        assert "The training was stopped" in text(app)
        assert app.query_params["forecast"].startswith("fc_")
        with Studio.open() as studio:
            studio.datasets.delete(studio.datasets.list()[0].dataset_id)
    assert len(started) == 2
    home = [each.proto.query_string for each in visit("home").get("page_link")]
    assert len([each for each in home if each.startswith("forecast=fc_")]) == 2


def test_home_lists_the_newest_as_it_lists_experiments(judged: str) -> None:
    app = visit("home")
    assert "Forecasts and many targets" in text(app)
    assert "units · 4 quarters ahead · 2 series · error " in text(app)
    assert f"forecast={judged}" in [each.proto.query_string for each in app.get("page_link")]


def test_leaderboards_and_the_command_show_it_beside_the_best_simple_forecast(judged: str) -> None:
    app = visit("leaderboards")
    assert "units of 2 series, 4 quarters ahead  \nMASE 0." in text(app)
    assert "etter than last season (" in text(app)
    assert f"forecast={judged}" in [each.proto.query_string for each in app.get("page_link")]
    (line,) = json.loads(CliRunner().invoke(cli, ["leaderboard", "--json"]).stdout)["forecasts"]
    assert (line["id"], line["table"], line["metric"]) == (judged, "units", "mase")
    assert line["baseline"]["name"] == "Last season"
    with Studio.open() as studio:
        report = studio.forecasts.get(judged).report
    assert report is not None
    assert line["baseline"]["test"] == pytest.approx(report.baseline.test)


def test_an_unknown_forecast_is_said_with_ways_back(judged: str) -> None:
    app = visit("forecast", forecast="../../runs")
    assert [each.proto.title for each in app.warning] == [
        "There is no forecast '../../runs' in this workspace."
    ]
    assert "leaderboards" in links(app)[:-1]
    assert "Forecast" in go(app, "forecast").title[0].value

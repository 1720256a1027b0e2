"""``litmus forecast`` from a file to an exported folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core import serving
from litmus_core.cli import app
from litmus_core.forecasting import ForecastServer
from tests.forecasting.tables import shops

_WORDS = ["--time", "quarter", "--value", "units", "--id", "shop", "--horizon", "4"]


def _json(*words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_a_file_becomes_a_judged_forecast_that_answers_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("statsforecast", reason="the optional part 'forecast' is not installed")
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "workspace"))
    shops().to_csv(tmp_path / "units.csv", index=False)
    trained = _json("forecast", str(tmp_path / "units.csv"), *_WORDS, "--bar", "mase<=1")
    assert trained["state"] == "finished"
    assert trained["report"]["frequency"] == "quarterly"
    assert [record["id"] for record in _json("forecasts", "list")] == [trained["id"]]
    assert _json("forecasts", "show", trained["id"])["grade"] == trained["grade"]

    model = str(tmp_path / "model")
    assert _json("forecasts", "export", model)["id"] == trained["id"]
    rows = _json("forecasts", "answer", model)
    assert next(row["time"] for row in rows if row["series"] == "south") == "2026-01-01"
    newer = tmp_path / "newer.csv"
    newer.write_text("series,time,value\nsouth,2026-01-01,99\n")
    rows = _json("forecasts", "answer", model, "--new", str(newer))
    assert next(row["time"] for row in rows if row["series"] == "south") == "2026-04-01"
    desks: list[ForecastServer] = []
    monkeypatch.setattr(serving, "serve_forecast", lambda desk, *_, **__: desks.append(desk))
    for served in (model, trained["id"]):
        assert CliRunner().invoke(app, ["serve", served]).exit_code == 0
    assert [desk.name for desk in desks] == ["model", trained["id"]]
    assert desks[0].version == desks[1].version
    (row,) = desks[1].answer({"new": [], "series": "south", "horizon": 1})["forecasts"]
    assert row["time"] == "2026-01-01"
    _json("forecasts", "rm", trained["id"])
    assert _json("forecasts", "list") == []


def test_what_cannot_be_forecast_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("statsforecast", reason="the optional part 'forecast' is not installed")
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "workspace"))
    shops(7).to_csv(tmp_path / "units.csv", index=False)
    refused = _json("forecast", str(tmp_path / "units.csv"), *_WORDS, code=2)
    assert refused["error"]["hint"] == "The longest horizon that this history can judge is 1."
    assert not list((tmp_path / "workspace" / "forecasts").glob("*"))
    assert _json("forecasts", "show", "fc_0", code=2)["error"]["type"] == "NotFoundError"


def test_a_path_is_not_deployed_but_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "workspace"))
    error = _json("deploy", str(tmp_path), code=2)["error"]
    assert error["message"] == f"'{tmp_path}' is a path, and an endpoint serves models of the workspace."
    assert error["hint"] == f"Deploy a model by its id, or serve this one here: litmus serve {tmp_path}."


@pytest.mark.parametrize("words", [("deploy", "mt_1", "--wait"), ("certify", "fc_1")])
def test_there_is_no_certificate_of_forecasts_or_targets(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "workspace"))
    error = _json(*words, code=2)["error"]
    assert error["message"] == (
        f"'{words[1]}' has no certificate: bundles have one, forecasts and targets do not."
    )

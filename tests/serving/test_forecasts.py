"""A served forecast: newer values in, the next ones out, behind the same checks as a bundle."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from litmus_core.forecasting import ForecastServer
from litmus_core.serving import Access, Limits, RequestLogOptions, create_forecast_app
from tests.forecasting.naive import naive_forecaster
from tests.serving.client import Client


@pytest.fixture(scope="module")
def desk() -> ForecastServer:
    """Two shops whose last value is repeated, so that nothing is trained."""
    return ForecastServer(naive_forecaster(), name="units", version="1")


@pytest.fixture
def client(desk: ForecastServer) -> Iterator[Client]:
    with Client(create_forecast_app(desk, limits=Limits(max_rows=3)), quiet=True) as opened:
        yield opened


def _post(client: Client, **body: Any) -> Any:
    return client.request("POST", "/forecast", json={"new": []} | body)


def test_the_next_values_follow_the_newer_ones_and_no_request_changes_the_next(client: Client) -> None:
    new = [{"series": "north", "time": "2026-01-01", "value": 99.0}]
    answered = _post(client, new=new).json()
    assert answered["level"] == 0.8
    north = [row for row in answered["forecasts"] if row["series"] == "north"]
    assert [row["time"] for row in north] == ["2026-04-01", "2026-07-01", "2026-10-01", "2027-01-01"]
    assert north[0] == {"series": "north", "time": "2026-04-01", "value": 99.0, "low": 95.0, "high": 103.0}
    (south,) = _post(client, series="south", horizon=1).json()["forecasts"]
    assert south["time"] == "2026-01-01"


@pytest.mark.parametrize(
    ("body", "message", "field"),
    [
        ({"new": [{"series": "west", "time": "2026-01-01", "value": 1}]}, "is of no series", "series"),
        ({"new": [{"series": "north", "time": "2026-01-01"}]}, "has no 'value'", "value"),
        ({"new": [{"series": "north", "time": "2026-01-01", "value": "1"}]}, "is not a number", "value"),
        ({"new": [{"series": "north", "time": "soon", "value": 1}]}, "'soon' is not a time", None),
        ({"new": [{"series": "north", "time": "2026-01-02", "value": 1}]}, "is not a time of a series", None),
        ({"new": [{"series": "north", "time": {}, "value": 1}]}, "is not a time", None),
        ({"new": [[]]}, "is not an object", None),
        ({"horizon": 5}, "A horizon of 5 was not trained", None),
        ({"horizon": 1.5}, "'horizon' is not a whole number", None),
        ({"level": "high"}, "'level' is not a number", None),
        ({"series": "west"}, "There is no series 'west'", None),
        ({"future": {"promotion": [1]}}, "There is no column known ahead 'promotion'", None),
        ({"future": [1]}, "'future' is not an object of lists", None),
        ({"steps": 3}, "A request has no 'steps'", None),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    client: Client, body: dict[str, Any], message: str, field: str | None
) -> None:
    refused = _post(client, **body)
    assert refused.status_code == 422
    assert message in refused.json()["detail"]["message"]
    assert refused.json()["detail"]["field"] == field


def test_limits_and_kinds_are_those_of_a_bundle(client: Client) -> None:
    row = {"series": "north", "time": "2026-01-01", "value": 1}
    assert _post(client, new=[row] * 4).status_code == 413
    assert client.request("POST", "/forecast", content=b"{").status_code == 400
    assert client.request("POST", "/forecast", content=b"[]").status_code == 422
    assert client.request("POST", "/forecast", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.request("POST", "/predict", json={"rows": []}).status_code == 404
    assert "POST /forecast" in client.get("/nowhere").json()["detail"]["hint"]


def test_a_schema_holds_a_request_that_fits_and_answers_are_counted(client: Client) -> None:
    schema = client.get("/schema").json()
    assert schema["series"] == {"north": "2025-10-01", "south": "2025-10-01"}
    assert _post(client, **schema["example"]).status_code == 200
    assert client.get("/health").json() == {"status": "ok", "model": "units", "version": "1"}
    metrics = client.get("/metrics").text
    assert 'litmus_requests_total{path="/forecast",status="200"} 1' in metrics
    assert "litmus_rows_total 8" in metrics
    assert "/forecast" in client.get("/openapi.json").json()["paths"]


def test_host_and_key_are_checked_first(desk: ForecastServer) -> None:
    with Client(create_forecast_app(desk, access=Access(key="secret")), quiet=True) as client:
        assert _post(client).status_code == 401
        allowed = client.request("POST", "/forecast", json={"new": []}, headers={"X-API-Key": "secret"})
        assert allowed.status_code == 200
        foreign = client.request("GET", "/schema", headers={"Host": "evil.test"})
        assert foreign.status_code == 403


def test_what_was_asked_is_counted_and_kept_with_the_reply(desk: ForecastServer, tmp_path: Path) -> None:
    log = RequestLogOptions(counts=tmp_path / "counts", samples=tmp_path / "samples", sample_rate=1.0)
    app = create_forecast_app(desk, log_options=log)
    with Client(app, quiet=True) as client:
        replied = _post(client, series="north", horizon=1).json()
        assert _post(client, horizon=9).status_code == 422
        assert client.request("POST", "/outcomes", json={}).json()["detail"]["message"] == (
            "Forecasts are not joined with outcomes."
        )
        asyncio.run(app.state.notes.write())
    counts = json.loads(log.counts.read_text())
    assert (counts["requests"], counts["rows"]) == ({"200": 1, "422": 1}, 1)
    (sample,) = map(json.loads, log.samples.read_text().splitlines())
    assert sample["rows"] == [{"new": [], "series": "north", "horizon": 1}]
    assert sample["predictions"] == [replied]

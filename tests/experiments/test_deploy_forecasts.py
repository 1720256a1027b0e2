"""Forecasts behind a name: they answer, are listed, exchanged and stopped like bundles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from litmus_core.deploy import deploy_bundle
from litmus_core.errors import BusyError, NotFoundError, UsageError
from litmus_core.experiments import Studio
from litmus_core.forecasting import save_forecaster
from tests import tiny
from tests.forecasting.naive import add_naive, naive_forecaster

WHY = "No outcomes are joined with forecasts, so there is no live verdict."


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A workspace with two forecasts; what was deployed is stopped at the end."""
    with Studio.open(tmp_path / "workspace") as opened:
        add_naive(opened.forecasts, "fc_1", "Units: sold")
        add_naive(opened.forecasts, "fc_2", "Units again")
        yield opened
        for endpoint in opened.endpoints.list():
            if endpoint.pid:
                opened.endpoints.stop(endpoint.id)


def ask(url: str, **more: Any) -> httpx.Response:
    body = {"new": [], "series": "north", "horizon": 1}
    return httpx.post(f"{url}/forecast", json=body, trust_env=False, timeout=60, **more)


def test_a_forecast_is_deployed_exchanged_and_stopped(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret")
    opens = {"X-API-Key": "s3cret"}
    endpoint = studio.endpoints.deploy("fc_1", sample_rate=1.0, api_key_file=tmp_path / "key")
    assert (endpoint.name, endpoint.version, endpoint.bundle_id[:5]) == ("units-sold", 1, "fc_1-")
    assert ask(endpoint.url).status_code == 401
    (answered,) = ask(endpoint.url, headers=opens).json()["forecasts"]
    assert (answered["series"], answered["time"]) == ("north", "2026-01-01")
    assert studio.endpoints.deploy("fc_1") == endpoint
    with pytest.raises(BusyError, match="'units-sold' is at work"):
        studio.endpoints.deploy("fc_1", api_key_file=tmp_path / "other")
    with pytest.raises(BusyError, match="'units-sold' answers with 'fc_1'"):
        studio.forecasts.remove("fc_1")

    studio.endpoints.deploy("fc_2", name="units-sold")
    with pytest.raises(BusyError, match="'fc_2' waits as version 2 of 'units-sold'"):
        studio.forecasts.remove("fc_2")
    assert studio.endpoints.promote("units-sold").version == 2
    with pytest.raises(BusyError, match="A rollback of 'units-sold' goes back to 'fc_1', its version 1"):
        studio.forecasts.remove("fc_1")
    assert ask(endpoint.url, headers=opens).status_code == 200
    studio.endpoints.stop("units-sold")
    stats = studio.endpoints.stats("units-sold")
    assert (stats.state, stats.previous, stats.needs_key) == ("stopped", 1, True)
    assert (stats.traffic.n_requests, stats.traffic.n_rows, stats.traffic.n_errors) == (3, 2, 1)
    samples = (tmp_path / "workspace" / "endpoints" / "units-sold" / "samples.jsonl").read_text()
    assert [len(json.loads(line)["rows"]) for line in samples.splitlines()] == [1, 1]
    studio.forecasts.remove("fc_1")
    (described,) = studio.endpoints.described(version.bundle_id for version in stats.versions).values()
    assert (described.title, described.source, described.source_id) == ("Units again", "forecast", "fc_2")
    assert (described.route, described.reply, described.page) == ("/forecast", "forecasts", "/schema")
    assert described.no_outcomes.startswith(WHY)


@pytest.mark.exhaustive
def test_it_goes_back_starts_again_and_is_restarted(studio: Studio) -> None:
    endpoint = studio.endpoints.deploy("fc_1")
    studio.endpoints.deploy("fc_2", name=endpoint.name)
    studio.endpoints.promote(endpoint.name)
    assert studio.endpoints.rollback(endpoint.name).version == 1
    studio.endpoints.stop(endpoint.name)
    again = studio.endpoints.start(endpoint.name)
    assert (again.version, again.url) == (1, endpoint.url)
    assert ask(again.url).status_code == 200


def test_what_needs_outcomes_says_why_there_are_none(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed = studio.endpoints
    monkeypatch.setattr("litmus_core.deploy._endpoints.endpoints._start_as", record_state)
    deployed.deploy("fc_1", name="units")
    for refused in (
        lambda: studio.outcomes.verdict("units"),
        lambda: studio.outcomes.add("units", {"a": 1}),
        lambda: studio.retraining.start("units"),
        lambda: studio.retraining.compare("units"),
        lambda: studio.policies.set("units", "on-alarm"),
        lambda: studio.assertions.live("units"),
    ):
        with pytest.raises(UsageError, match=WHY):
            refused()


def record_state(home: Any, state: Any, *_: Any, **__: Any) -> Any:
    """Write the state of an endpoint without starting its processes."""
    from litmus_core.deploy._endpoints.endpoints import endpoint_of

    home.write(state)
    return endpoint_of(state)


def test_an_endpoint_keeps_what_was_deployed_and_answers_one_kind(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.deploy._endpoints.endpoints._start_as", record_state)
    first = studio.endpoints.deploy("fc_1", name="units")
    model = studio.forecasts.model("fc_1")
    save_forecaster(naive_forecaster(scale=2.0), model)
    second = studio.endpoints.deploy("fc_1", name="units")
    assert first.bundle_id != second.bundle_id
    before, now = studio.endpoints.stats("units").versions
    assert Path(before.path).name == f"units-sold-{before.sha256[:8]}"
    assert now.path != before.path
    assert studio.endpoints.deploy(first.bundle_id, name="units").bundle_id == first.bundle_id
    with pytest.raises(UsageError, match="'units' answers forecasts, and this model answers rows"):
        deploy_bundle(studio.workspace, tiny.bundle(tmp_path / "model"), name="units")
    with pytest.raises(NotFoundError, match="fc_1-00000000"):
        studio.endpoints.deploy("fc_1-00000000")
    with pytest.raises(NotFoundError, match="no forecast 'fc_9'"):
        studio.endpoints.deploy("fc_9")


def test_all_versions_of_a_name_answer_the_same_question(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller of labels would not understand numbers, and outcomes would be those of another question."""
    monkeypatch.setattr("litmus_core.deploy._endpoints.endpoints._start_as", record_state)
    sold = tiny.bundle(tmp_path / "sold")
    deploy_bundle(studio.workspace, sold, name="shop")
    again = replace(sold, id="bd_2")
    number = replace(tiny.bundle(tmp_path / "number", model=tiny.predictor(classes=())), id="bd_3")
    deploy_bundle(studio.workspace, again, name="shop")
    with pytest.raises(
        UsageError, match=r"'shop' answers labels of 'sold', and .* numbers of 'sold'"
    ) as error:
        deploy_bundle(studio.workspace, number, name="shop")
    assert error.value.hint == "Give it another name: --name NAME."
    assert [version.number for version in studio.endpoints.stats("shop").versions] == [1, 2]

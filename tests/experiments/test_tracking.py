"""Runs mirrored to MLflow: what is sent, and what is sent later where the server goes away in the middle."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.errors import UsageError
from litmus_core.experiments._tracking import service
from tests.trained import Trained, copied

SERVER = "http://ada:secret@mlflow.example:5000"
ALL = ("start", "parameters", "metrics", "verdict", "report", "bundle", "end")


class FakeClient:
    """Remembers what it is told; the ``broken`` call raises."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            if name == self.broken:
                raise ConnectionError("the server\nwent away")
            self.calls.append((name, *given, *named.values()))
            return (
                None
                if name == "get_experiment_by_name"
                else SimpleNamespace(info=SimpleNamespace(run_id="m1", lifecycle_stage="active"))
            )

        return call

    def told(self, name: str) -> list[tuple[Any, ...]]:
        return [call[1:] for call in self.calls if call[0] == name]


@pytest.fixture
def mirrored(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A workspace with a run, a server that the environment names, and which client answers for it."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", SERVER)
    own = copied(trained, tmp_path)
    with Studio.open(own.workspace) as studio:

        def answered_by(client: FakeClient) -> Any:
            monkeypatch.setattr(service, "open_client", lambda uri: client)
            return studio.tracking

        yield SimpleNamespace(studio=studio, run=own.run, answered_by=answered_by, folder=own.workspace)


def test_parameters_scores_with_intervals_verdict_report_and_bundle_are_sent_once(mirrored: Any) -> None:
    client = FakeClient()
    sent = mirrored.answered_by(client).mirror(mirrored.run.id)
    assert (sent.parts, sent.is_whole, sent.error) == (ALL, True, "")
    assert sent.sentence == "Mirrored to MLflow at http://mlflow.example:5000: run m1."
    metrics = {name: value for _, name, value in client.told("log_metric")}
    assert metrics["test.roc_auc.low"] < metrics["test.roc_auc"] < metrics["test.roc_auc.high"]
    assert {"validation.roc_auc", "guessing", "chance of the bar", "latency p95 ms", "size MB"} <= set(
        metrics
    )
    params = {name: value for _, name, value in client.told("log_param")}
    assert (params["target"], params["bar"], params["seed"]) == ("sold", "roc_auc >= 0.75", "0")
    tags = {name: value for _, name, value in client.told("set_tag")}
    assert tags["litmus.run"] == mirrored.run.id
    assert tags["litmus.verdict"] == mirrored.run.verdict.outcome
    assert [path for *_, path in client.told("log_text")] == ["report.html"]
    assert [path for *_, path in client.told("log_artifacts")] == ["model"]
    assert client.told("set_terminated") == [("m1", "FINISHED")]
    again = FakeClient()
    assert mirrored.answered_by(again).mirror(mirrored.run.id) == sent
    assert again.calls == [("get_run", "m1")]


def test_what_a_server_did_not_take_is_said_and_sent_later(
    mirrored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracking = mirrored.answered_by(FakeClient(broken="log_text"))
    sent = tracking.mirror(mirrored.run.id)
    assert sent.parts == ALL[:4]
    assert sent.sentence == (
        "MLflow at http://mlflow.example:5000 did not take the run's report, bundle, end "
        "(the server went away). 'litmus mlflow' sends them later."
    )
    assert mirrored.studio.runs.get(mirrored.run.id).status == "finished"
    assert [left.run_id for left in tracking.left()] == [mirrored.run.id]
    client = FakeClient()
    monkeypatch.setitem(service._SENDERS, "bundle", lambda *_: None)
    (later,) = mirrored.answered_by(client).send_left()
    assert later.is_whole
    assert [call[0] for call in client.calls] == ["get_run", "log_text", "set_terminated"]
    assert tracking.left() == []


class LostError(ConnectionError):
    error_code = "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize("broken", ["log_metric", ""])
@pytest.mark.parametrize(
    "answer", [LostError("no such run"), SimpleNamespace(info=SimpleNamespace(lifecycle_stage="deleted"))]
)
def test_a_server_that_no_longer_has_the_run_gets_all_of_it(
    mirrored: Any, monkeypatch: pytest.MonkeyPatch, answer: Any, broken: str
) -> None:
    monkeypatch.setitem(service._SENDERS, "bundle", lambda *_: None)
    assert mirrored.answered_by(FakeClient(broken)).mirror(mirrored.run.id).is_whole == (not broken)
    client = FakeClient()

    def get_run(run: str) -> Any:
        assert run == "m1"
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(client, "get_run", get_run, raising=False)
    later = mirrored.answered_by(client).send(mirrored.run.id)

    assert (later.is_whole, len(client.told("create_run"))) == (True, 1)
    assert client.told("log_param")


def test_a_server_that_is_away_is_not_said_to_have_a_run_that_it_took_before(
    mirrored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service._SENDERS, "bundle", lambda *_: None)
    run = mirrored.run.id
    taken = mirrored.answered_by(FakeClient()).mirror(run)
    away = mirrored.answered_by(FakeClient(broken="get_run"))
    asked = CliRunner().invoke(app, ["mlflow", "--workspace", str(mirrored.folder), run])

    assert asked.exit_code == 1
    assert asked.stdout == (
        "MLflow at http://mlflow.example:5000 took all of run m1 before, but does not answer now "
        f"(the server went away). 'litmus mlflow {run}' asks again whether it still has the run.\n"
    )
    assert (away.send(run).is_whole, away.left()) == (True, [])
    assert mirrored.answered_by(FakeClient()).send(run) == taken


def test_no_credential_is_stored_and_another_server_gets_all(
    mirrored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored.answered_by(FakeClient(broken="log_param")).mirror(mirrored.run.id)
    (path,) = (mirrored.folder / "tracking").glob("*.json")
    assert "secret" not in path.read_text()
    assert json.loads(path.read_text())["parts"] == ["start"]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://elsewhere:5000")
    client = FakeClient(broken="log_metric")
    assert mirrored.answered_by(client).mirror(mirrored.run.id).parts == ("start", "parameters")
    assert len(client.told("create_run")) == 1


def test_the_command_ends_with_status_1_until_all_is_sent(
    mirrored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service._SENDERS, "bundle", lambda *_: None)
    asked = ["mlflow", "--workspace", str(mirrored.folder)]
    mirrored.answered_by(FakeClient(broken="set_tag"))
    first = CliRunner().invoke(app, [*asked, mirrored.run.id])
    assert (first.exit_code, "the run's verdict, report, bundle, end" in first.stdout) == (1, True)
    mirrored.answered_by(FakeClient())
    assert (
        CliRunner().invoke(app, asked).stdout.startswith("Mirrored to MLflow at http://mlflow.example:5000")
    )
    assert CliRunner().invoke(app, asked).stdout == "Nothing is left to send.\n"


def test_without_a_server_nothing_is_sent(mirrored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    tracking = mirrored.answered_by(FakeClient(broken="create_run"))
    assert tracking.mirror(mirrored.run.id) is None
    with pytest.raises(UsageError, match="No tracking server is named"):
        tracking.send(mirrored.run.id)

"""Models at work, from Python and from the command line."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy import endpoint_alive
from litmus_core.errors import BundleError, BusyError, NotFoundError, UsageError
from litmus_core.experiments import BundlesService, Context, Studio
from litmus_core.store import Workspace
from litmus_core.types import (
    BundleCertified,
    BundleExported,
    BundleRecord,
    CandidateTrained,
    Certificate,
    CertificateForm,
    CertificateLine,
    DeploymentEnvironment,
    Endpoint,
    EndpointPromoted,
    EndpointStarted,
    Experiment,
    ExperimentCreated,
    LabReport,
    Task,
)
from tests import tiny
from tests.elsewhere import teach_children
from tests.store import facts
from tests.trained import Trained, opened


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace with an experiment and two bundles; what was deployed is stopped at the end."""
    teach_children(monkeypatch, tmp_path)
    folder = tmp_path / "workspace"
    task = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=("size", "zip", "day", "new"),
    )
    experiment = Experiment(id="ex_1", name="Büro: Shop 1", task=task, created_at="2024-01-01T00:00:00+00:00")
    records = []
    for number in (1, 2):
        record = tiny.bundle(tmp_path / f"model-{number}")
        records.append(replace(record, id=f"bd_{number}", candidate_id=f"run_1-{number}"))
    with Studio.open(folder) as studio:
        studio.context.record(ExperimentCreated(experiment=experiment))
        studio.context.record(*(BundleExported(bundle=each) for each in records))
        studio.context.record(*(BundleCertified(certificate=certificate(each.id)) for each in records))
    yield folder
    with Studio.open(folder) as studio:
        for endpoint in studio.endpoints.list():
            studio.endpoints.stop(endpoint.id)


def certificate(bundle_id: str, *, passed: bool = True, form: CertificateForm = "full") -> Certificate:
    """A certificate with one line, about the golden rows."""
    return Certificate(
        bundle_id=bundle_id,
        bundle_sha256="",
        form=form,
        made_at="2024-01-01T00:00:00+00:00",
        lines=(CertificateLine(key="golden", title="Golden", passed=passed, text="3 answers differ."),),
        report=LabReport(environment=DeploymentEnvironment(name="small"), own_environment=True),
    )


def start_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let endpoints be recorded whose servers nobody asks."""
    numbers = count(1)

    def recorded(_: Workspace, bundle: BundleRecord, *, name: str, **__: object) -> tuple[Endpoint, bool]:
        endpoint = Endpoint(
            id=f"ep_{next(numbers)}", bundle_id=bundle.id, url="", pid=0, started_at="", name=name
        )  # fmt: skip
        return endpoint, True

    monkeypatch.setattr("litmus_core.deploy.deploy_bundle", recorded)


def litmus(workspace: Path, *words: str) -> Any:
    """Run a command with --json and return what it printed."""
    done = CliRunner().invoke(app, [*words, "--workspace", str(workspace), "--json"])
    return json.loads(done.stdout)


def test_a_model_is_deployed_exchanged_and_stopped(workspace: Path) -> None:
    key = workspace / "key"
    key.write_text("s3cret")
    deployed = litmus(workspace, "deploy", "bd_1", "--api-key-file", str(key))
    assert (deployed["state"], deployed["version"]) == ("answering", 1)
    assert httpx.post(f"{deployed['url']}/predict", trust_env=False).status_code == 401

    with Studio.open(workspace) as studio:  # as after a restart of the app
        [endpoint] = studio.endpoints.list()
        assert (endpoint.name, endpoint.version, endpoint.bundle_id) == ("b-ro-shop-1", 1, "bd_1")
        assert studio.endpoints.deploy("bd_1") == endpoint
        rows, opens = {"rows": [tiny.ROW]}, {"Authorization": "Bearer s3cret"}
        answer = httpx.post(f"{endpoint.url}/predict", json=rows, headers=opens, trust_env=False, timeout=60)
        assert answer.json()["predictions"] == tiny.predictor().predict_records([tiny.ROW])
        with pytest.raises(BusyError, match="'b-ro-shop-1' answers with 'bd_1'"):
            studio.bundles.delete("bd_1")
        waiting = studio.endpoints.deploy("bd_2", name="b-ro-shop-1")
        assert (waiting.version, waiting.url) == (1, endpoint.url)

    unproven = litmus(workspace, "endpoints", "promote", "b-ro-shop-1", "2")["error"]
    assert unproven["message"].startswith("Version 2 of 'b-ro-shop-1' was not promoted. ")
    why = ("--because", "It is the same model.")
    assert litmus(workspace, "endpoints", "promote", "b-ro-shop-1", "2", *why)["version"] == 2
    with Studio.open(workspace) as studio:
        assert studio.store.endpoints()[0].bundle_id == "bd_2"
    assert litmus(workspace, "endpoints", "rollback", "b-ro-shop-1")["version"] == 1
    [listed] = litmus(workspace, "endpoints")
    assert (listed["name"], listed["version"], listed["restarts"]["n"]) == ("b-ro-shop-1", 1, 0)
    log = litmus(workspace, "endpoints", "log", "b-ro-shop-1")["lines"]
    assert any("Serving Shop: Tiny" in line for line in log)
    text = CliRunner().invoke(app, ["endpoints", "--workspace", str(workspace)]).stdout.splitlines()
    assert text[0].split()[:4] == ["name", "state", "version", "requests"]
    assert text[1].split()[:3] == ["b-ro-shop-1", "answering", "1"]
    with Studio.open(workspace) as studio:
        assert [each.bundle_id for each in studio.endpoints.stats("b-ro-shop-1").versions] == ["bd_1", "bd_2"]
        facts = [event.fact for event in studio.journal.events()]
        assert [fact.why for fact in facts if isinstance(fact, EndpointPromoted)] == [
            "promoted",
            "rolled back",
        ]

    assert litmus(workspace, "endpoints", "stop", "b-ro-shop-1") == {
        "name": "b-ro-shop-1",
        "state": "stopped",
    }
    assert litmus(workspace, "endpoints")[0]["state"] == "stopped"
    with Studio.open(workspace) as studio:
        assert studio.endpoints.list() == []
        assert [each.alive for each in studio.store.endpoints()] == [False]
    assert litmus(workspace, "endpoints", "promote", "b-ro-shop-1", *why)["error"]["type"] == "BusyError"
    for command in ("stop", "promote", "log", "start"):
        error = litmus(workspace, "endpoints", command, "b-ro-shpo-1")["error"]
        assert (error["type"], error["hint"]) == ("NotFoundError", "Did you mean 'b-ro-shop-1'?")
    assert litmus(workspace, "endpoints", "start", "b-ro-shop-1")["version"] == 1
    with Studio.open(workspace) as studio:
        [endpoint] = studio.endpoints.list()
    os.kill(endpoint.pid, signal.SIGKILL)
    while endpoint_alive(endpoint):
        time.sleep(0.01)
    text = CliRunner().invoke(app, ["endpoints", "--workspace", str(workspace)]).stdout.splitlines()
    assert text[-1].startswith("'b-ro-shop-1': It does not run here: its process was killed")
    assert text[-1].endswith("Start it again: litmus endpoints start b-ro-shop-1")


def test_what_was_found_dead_is_recorded_and_what_lives_unrecorded_is_taken_in(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Studio.open(workspace) as studio:
        with monkeypatch.context() as cut_short:  # the app dies between the start and its record
            cut_short.setattr(Context, "record", lambda *_: None)
            endpoint = studio.endpoints.deploy("bd_1")
        assert studio.store.endpoints() == []
        assert studio.endpoints.list() == [endpoint]
        assert studio.store.endpoints() == [endpoint]
        os.kill(endpoint.pid, signal.SIGKILL)
        while studio.endpoints.list():
            pass
        assert [each.alive for each in studio.store.endpoints()] == [False]


def test_a_bundle_that_is_gone_or_unknown_is_said(workspace: Path, tmp_path: Path) -> None:
    gone = BundleRecord(
        id="bd_3", candidate_id="run_1-3", run_id="run_1", experiment_id="ex_1",
        path=str(tmp_path / "gone.zip"), n_bytes=1, sha256="", created_at="2024-01-01T00:00:00+00:00",
    )  # fmt: skip
    with Studio.open(workspace) as studio:
        studio.context.record(BundleExported(bundle=gone))
        with pytest.raises(BundleError, match="no longer at"):
            studio.endpoints.deploy("bd_3")
        with pytest.raises(NotFoundError, match="no bundle 'bd_4'"):
            studio.endpoints.deploy("bd_4")
        assert not any(isinstance(event.fact, EndpointStarted) for event in studio.journal.events())


def test_a_candidate_is_deployed_by_the_bundle_that_the_workspace_keeps(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def export(service: BundlesService, candidate_id: str) -> BundleRecord:
        to = service.context.workspace.bundles / f"{candidate_id}.zip"
        made = replace(tiny.bundle(to, zipped=True), id="bd_own", candidate_id=candidate_id)
        service.context.record(
            BundleExported(bundle=made), BundleCertified(certificate=certificate("bd_own"))
        )
        written.append(candidate_id)
        return made

    monkeypatch.setattr(BundlesService, "export", export)
    start_nothing(monkeypatch)
    with Studio.open(workspace) as studio:
        trained = CandidateTrained(candidate=facts.candidate("1"))
        studio.context.record(facts.queued(of=studio.experiments.get("ex_1")), trained)
        elsewhere = studio.endpoints.deploy("run_1-1")  # bd_1 lies in a folder of somebody's own
        native = tiny.bundle(studio.workspace.bundles / "native.zip", zipped=True)
        native = replace(native, id="bd_native", candidate_id="run_1-1", form="native")
        studio.context.record(BundleExported(bundle=native))

        again = studio.endpoints.deploy("run_1-1")

        assert (elsewhere.bundle_id, again.bundle_id, written) == ("bd_own", "bd_own", ["run_1-1"])
        assert studio.bundles.stored("run_1-1").id == "bd_own"


def test_a_bundle_that_answers_otherwise_is_not_deployed(workspace: Path) -> None:
    with Studio.open(workspace) as studio:
        studio.context.record(BundleCertified(certificate=certificate("bd_1", passed=False)))
        with pytest.raises(BundleError, match=r"was not deployed\. 3 answers differ"):
            studio.endpoints.deploy("bd_1")
        assert studio.endpoints.list() == []


def test_a_version_without_its_full_certificate_waits(workspace: Path, tmp_path: Path) -> None:
    unproven = replace(tiny.bundle(tmp_path / "model-3"), id="bd_3", candidate_id="run_1-3")
    with Studio.open(workspace) as studio:
        studio.context.record(BundleExported(bundle=unproven))
        studio.endpoints.deploy("bd_1", name="shop")
        studio.endpoints.deploy("bd_3", name="shop", certify=False)
        with pytest.raises(UsageError, match="not earned its full certificate yet"):
            studio.endpoints.promote("shop")
        studio.context.record(BundleCertified(certificate=certificate("bd_3", passed=False)))
        with pytest.raises(UsageError, match=r"did not pass its certificate\. 3 answers differ"):
            studio.endpoints.promote("shop")
        assert studio.endpoints.stats("shop").version == 1


def test_deploying_proves_a_bundle_before_it_answers_and_in_full_behind_it(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(
        "litmus_core.jobs.Background.start", lambda _job, _module, words, **_: begun.append(words[1])
    )
    start_nothing(monkeypatch)
    with opened(trained) as studio:
        bundle = studio.bundles.export(trained.run.chosen_id, to=tmp_path / "model.zip")
        endpoint = studio.endpoints.deploy(bundle.id)
        studio.endpoints.stop(endpoint.name)
        proven = studio.certificates.get(bundle.id)

    assert proven is not None
    assert (proven.form, proven.passed, begun) == ("short", True, [bundle.id])

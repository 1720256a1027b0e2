"""The Dockerfile's steps, in a fresh folder and environment: built from the bundle alone, then asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from importlib import metadata
from pathlib import Path

import httpx
import pytest

from litmus_core.deploy import build_environment, certify_bundle
from litmus_core.latency import LabPlan
from litmus_core.runtime import Golden
from litmus_core.types import Budget, DeploymentEnvironment
from tests import plans


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The image's folder: the bundle in it, and nothing of this checkout."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    bundle = Path(plans.bundle(tmp_path / "made" / "bundle", budget=Budget(max_latency_ms=2_000)).path)
    shutil.move(bundle, tmp_path / "app" / "bundle")
    return tmp_path / "app"


def serve(app: Path, python: Path) -> tuple[subprocess.Popen[bytes], Path]:
    """Run the Dockerfile's command with the environment's Python, on a free port of this machine alone."""
    line = (app / "bundle" / "Dockerfile").read_text().rpartition("\nCMD ")[2].replace("\\\n", "")
    places = {"python": str(python), "/app/bundle": str(app / "bundle"), "0.0.0.0": "127.0.0.1", "8000": "0"}
    command = [places.get(word, word) for word in json.loads(line)]
    ready = app / "ready.json"
    server = subprocess.Popen(
        [*command, "--ready-file", str(ready)],
        cwd=app,
        env={"PATH": os.environ["PATH"], "LITMUS_API_KEY": "s3cret"},
    )
    return server, ready


def url_of(server: subprocess.Popen[bytes], ready: Path) -> str:
    until = time.monotonic() + 60
    while not ready.exists():
        assert server.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    return str(json.loads(ready.read_text())["url"])


def test_a_bundle_alone_is_installed_answers_over_http_and_earns_its_full_certificate(
    app: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    built = build_environment(app / "bundle", tmp_path / "environments", on_progress=told.append)
    installed = {path.name for path in built.folder.glob("lib/python*/site-packages/*")}
    assert {"litmus_core", "numpy", "onnxruntime", "fastapi"} <= installed
    assert not {"autogluon", "sklearn", "pandas", "duckdb", "pip"} & installed
    assert any(line.startswith("Installing collected packages") for line in told)

    golden = Golden.from_json((app / "bundle" / "golden.json").read_bytes())
    server, ready = serve(app, built.python)
    try:
        url = url_of(server, ready)
        assert httpx.get(f"{url}/health", trust_env=False).json()["status"] == "ok"
        answer = httpx.post(
            f"{url}/predict",
            json={"rows": list(golden.rows)},
            headers={"X-API-Key": "s3cret"},
            trust_env=False,
        )
        assert golden.differences(answer.json()["predictions"]) == []
    finally:
        server.terminate()
        server.wait(timeout=30)

    certificate = certify_bundle(
        app / "bundle",
        DeploymentEnvironment(name="small", cpus=1, memory_mb=1000),
        cache=tmp_path / "environments",
        plan=LabPlan(batches=(1, 10), callers=(1, 2), n_single=20, n_starts=1, timeout_s=120.0),
    )
    assert certificate.failures == ()
    assert certificate.report.own_environment
    assert "it was here already" in certificate.lines[0].text
    names = {each.name.lower(): each.version for each in certificate.report.dependencies}
    assert names["numpy"] == metadata.version("numpy")
    assert names["litmus-automl"].startswith("0.1.0+c")
    assert "autogluon.tabular" not in names
